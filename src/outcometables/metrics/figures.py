"""From sums to what a person reads: how often, how long, how sure, how complete, and whether it may still change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from outcomestats.equity.intervals import wilson
from outcometables.metrics.histograms import Histogram
from outcometables.metrics.opportunities import MET, MISSING
from outcometables.metrics.sums import Sums

# In these units an empty value is a wait that has not ended, so it lies beyond those that have.
TIMES = frozenset({"DAYS", "BUSINESS_DAYS", "MINUTES"})


class Measured(Protocol):
    """What figures need to know of a metric's definition."""

    @property
    def unit(self) -> str: ...
    @property
    def lag_days(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """One group's figures. `share`, `values` and their like look only at opportunities whose window has closed.

    - n: all opportunities; left_out: how many do not count, by reason; counted: the others;
    - open_windows: those of the counted whose window has not closed, met already or not;
    - met, not_met, reasons: of those whose window has closed;
    - share with lower and upper: met of met and not met, with its 95 per cent interval (Wilson); None without any;
    - values: what was measured, as a histogram;
    - complete: the share of what should be known that is known; None where nothing should be yet;
    - provisional: a window is open, or the data for one that has closed may still be on its way.
    """

    group: dict[str, str | int | None]
    n: int
    counted: int
    left_out: dict[str, int]
    open_windows: int
    met: int
    not_met: int
    reasons: dict[str, int]
    share: float | None
    lower: float | None
    upper: float | None
    values: Histogram
    complete: float | None
    provisional: bool


def figures(sums: Sums, metric: Measured) -> list[Figure]:
    """The figures of each group, in the groups' order; a single one, for everything, where sums are by nothing.

    Small numbers are not hidden here: whoever shows figures outside asks outcomestats.disclosure.
    """
    if not sums.by:
        return [_figure({}, sums.cells, sums.as_of, metric)]
    parts: Sequence[pl.DataFrame] = sums.cells.partition_by(sums.by, maintain_order=True)
    return [_figure(part.select(sums.by).row(0, named=True), part, sums.as_of, metric) for part in parts]


def _figure(group: dict[str, str | int | None], cells: pl.DataFrame, as_of: int, metric: Measured) -> Figure:
    counts, closed = pl.col("why_not") == "", pl.col("closed") == 1
    counted, settled = cells.filter(counts), cells.filter(counts, closed)
    left_out, reasons = _by(cells.filter(~counts), "why_not"), _by(settled, "reason")
    n_settled, met = _n(settled), _n(settled.filter(pl.col("outcome") == MET))
    lower, upper = (None, None) if not n_settled else _limits(met, n_settled)
    unknown = _n(settled.filter(pl.col("reason").is_in(list(MISSING))))
    never_known = _n(cells.filter(pl.col("why_not").is_in(list(MISSING)), closed))
    expected = n_settled + never_known
    last = counted["closes_last"].max()
    return Figure(
        group=group,
        n=_n(cells),
        counted=_n(counted),
        left_out=left_out,
        open_windows=_n(counted) - n_settled,
        met=met,
        not_met=n_settled - met,
        reasons=reasons,
        share=met / n_settled if n_settled else None,
        lower=lower,
        upper=upper,
        values=_histogram(settled, metric.unit),
        complete=(n_settled - unknown) / expected if expected else None,
        provisional=_n(counted) > n_settled or (isinstance(last, int) and last + metric.lag_days >= as_of),
    )


def _n(cells: pl.DataFrame) -> int:
    return int(cells["n"].sum())


def _by(cells: pl.DataFrame, column: str) -> dict[str, int]:
    named = cells.filter(pl.col(column) != "").group_by(column).agg(pl.col("n").sum()).sort(-pl.col("n"), column)
    return dict(named.rows())


def _limits(met: int, of: int) -> tuple[float, float]:
    lower, upper = wilson([met], [of])
    return float(lower[0]), float(upper[0])


def _histogram(settled: pl.DataFrame, unit: str) -> Histogram:
    known = settled.filter(pl.col("value").is_not_null()).group_by("value").agg(pl.col("n").sum()).sort("value")
    waiting = pl.col("value").is_null() & ~pl.col("reason").is_in(list(MISSING))
    return Histogram(dict(known.rows()), beyond=_n(settled.filter(waiting)) if unit in TIMES else 0)
