"""What is left of the rows once nobody needs a person: counts that can be added up, of any part of any provider.

The one table of sums has a line for each group and each way an opportunity can have ended, with the whole number
measured, and how many there were: at once the counts, the reasons, the sums and the histogram. Sums of two parts
that share no row, added line by line, are the sums of the whole; medians and limits are computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.mart.tables import Mart
from outcometables.metrics.evaluation import Metric, MetricError, collected, frames, last_day_asked
from outcometables.metrics.opportunities import Period
from outcometables.metrics.strata import NUMBERS, STRATA, with_strata
from outcometables.record.frames import Frame

# How an opportunity ended: why it does not count, or else its outcome, reason and value; and whether its window
# has closed, because only those say how often something is met (of the open ones the quick successes show first).
ENDED: dict[str, type[pl.DataType]] = {
    "why_not": pl.String,
    "outcome": pl.String,
    "reason": pl.String,
    "closed": pl.Int8,
    "value": pl.Int64,
}
_ADDED: dict[str, type[pl.DataType]] = {"n": pl.Int64, "closes_last": pl.Int32}


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """One metric's opportunities by group, counted. `cells` has the columns `by`, those of `ENDED`, and

    - n: how many such opportunities there are;
    - closes_last: the last day on which one of them could still be met; empty where one never closes.
    """

    metric: str
    version: int
    by: tuple[str, ...]
    as_of: int
    cells: pl.DataFrame

    def merged(self, other: Sums) -> Sums:
        """The sums of both parts together, as of the earlier day. Raises `MetricError` if they are not alike."""
        mine, theirs = (
            f"{each.metric} version {each.version} by {', '.join(each.by) or 'nothing'}" for each in (self, other)
        )
        if mine != theirs:
            raise MetricError(f"Sums of {mine} cannot be added to sums of {theirs}: compute them alike.")
        cells = _added(pl.concat([self.cells, other.cells]), self.by)
        return replace(self, cells=cells, as_of=min(self.as_of, other.as_of))

    def regrouped(self, by: Sequence[str]) -> Sums:
        """The same sums over fewer strata. Raises `MetricError` for a stratum they were not computed by."""
        unknown = [name for name in by if name not in self.by]
        if unknown:
            raise MetricError(
                f"These sums are not by {unknown[0]}: use {', '.join(self.by) or 'nothing'}, or compute them again."
            )
        return replace(self, by=tuple(by), cells=_added(self.cells, tuple(by)))

    def equals(self, other: Sums) -> bool:
        """The same metric, strata, day and counts."""
        alike = (self.metric, self.version, self.by, self.as_of) == (
            other.metric,
            other.version,
            other.by,
            other.as_of,
        )
        return alike and self.cells.equals(other.cells)


def sums(
    mart: Mart, metrics: Iterable[Metric], *, period: Period, as_of: int | None = None, by: Sequence[str] = ()
) -> dict[str, Sums]:
    """The sums of each metric, by its code, over the strata `by` (see `STRATA`), on the mart's own engine.

    Raises as `opportunities` does, and `MetricError` for a stratum there is none of.

    >>> sums(Mart.from_polars({}, as_of=20_000), [], period=Period(19_900, 20_000), by=["team_id", "month"])
    {}
    """
    check_strata(by)
    day, wanted = last_day_asked(mart, as_of), list(metrics)
    built = frames(mart, wanted, period=period, as_of=day)
    return {
        metric.code: Sums(
            metric.code, metric.version, tuple(by), day, _in_order(_counted(mart, built[metric.code], day, by), by)
        )
        for metric in wanted
    }


def check_strata(by: Sequence[str]) -> None:
    """Raise the `MetricError` that `sums` would raise for these strata.

    >>> check_strata(["postcode"])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    outcometables.metrics.evaluation.MetricError: There is no stratum postcode: use month, team_id, staff_id
    """
    unknown = [name for name in by if name not in STRATA]
    if unknown:
        raise MetricError(f"There is no stratum {unknown[0]}: use {', '.join(STRATA)}.")
    if len(set(by)) < len(by):
        raise MetricError(f"A stratum is named twice in {', '.join(by)}: name each once.")


def _counted(mart: Mart, rows: Frame, as_of: int, by: Sequence[str]) -> pl.DataFrame:
    closed = nw.when(nw.col("closes_day") < as_of).then(nw.lit(1, nw.Int8)).otherwise(nw.lit(0, nw.Int8))
    rows = with_strata(mart, rows, by).with_columns(closed.alias("closed"))
    counted = rows.group_by(*by, *ENDED).agg(nw.len().alias("n"), nw.col("closes_day").max().alias("closes_last"))
    return collected(counted)


def _in_order(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    schema = {name: pl.Int64 if name in NUMBERS else pl.String for name in by} | ENDED | _ADDED
    return cells.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(*by, *ENDED)


def _added(cells: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    return _in_order(cells.group_by(*by, *ENDED).agg(pl.col("n").sum(), pl.col("closes_last").max()), by)
