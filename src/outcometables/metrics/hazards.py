"""From sums of stalls to a curve: of those who could still make progress, how many stall at each week or session?"""

from dataclasses import dataclass

import polars as pl

from outcomestats.equity.intervals import wilson
from outcometables.metrics.opportunities import MET, NOT_MET
from outcometables.metrics.sums import Sums


@dataclass(frozen=True, slots=True)
class Hazard:
    """At one week or session: how many could stall (`at_risk`), how many did, the share with its 95 % interval."""

    at: int
    at_risk: int
    stalled: int
    share: float
    lower: float
    upper: float


def plateau_hazard(sums: Sums, *, at_least: int = 1) -> list[Hazard]:
    """The discrete-time hazard of a stall, by the value of `stalls_begun`, over everything the sums hold.

    The hazard at t is d_t / n_t: stalls that begin at t of those at risk at t (Singer and Willett, Applied
    Longitudinal Data Analysis, 2003, equation 10.1). Open windows are in neither. Weeks or sessions with fewer than
    `at_least` at risk are left out. Raises ValueError for an `at_least` below 1.

    >>> cells = pl.DataFrame({"outcome": ["MET", "NOT_MET", "OPEN"], "value": [3, 3, 3], "n": [1, 9, 5]})
    >>> [(each.at, each.at_risk, each.share) for each in plateau_hazard(Sums("stalls", 1, (), 20_000, cells))]
    [(3, 10, 0.1)]
    """
    if at_least < 1:
        raise ValueError(f"at_least is {at_least}: a share needs at least 1 at risk.")
    settled = sums.cells.filter(pl.col("outcome").is_in([MET, NOT_MET]), pl.col("value").is_not_null())
    counted = settled.group_by("value").agg(
        pl.col("n").sum().alias("at_risk"), pl.col("n").filter(pl.col("outcome") == MET).sum().alias("stalled")
    )
    return [
        _hazard(at, at_risk, stalled)
        for at, at_risk, stalled in counted.sort("value").select("value", "at_risk", "stalled").iter_rows()
        if at_risk >= at_least
    ]


def _hazard(at: int, at_risk: int, stalled: int) -> Hazard:
    lower, upper = wilson([stalled], [at_risk])
    return Hazard(at, at_risk, stalled, stalled / at_risk, float(lower[0]), float(upper[0]))
