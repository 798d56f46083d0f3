"""A symptom score got worse than it was (R41)."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import EVERYONE, Cohort, in_care
from outcometables.triggers.evidence import anchored, evidence, last_days
from outcometables.triggers.parameters import Days, Names

Comparison = Literal["FIRST", "BEST", "PREVIOUS"]
_SERIES = ["person_id", "measure"]


def score_worsening(
    record: Record,
    *,
    as_of: int,
    measures: Names,
    against: Annotated[list[Comparison], msgspec.Meta(min_length=1)],
    within_days: Days,
    baseline_days_before: Annotated[int, msgspec.Meta(ge=0)] = 14,
    times_reliable_change: Annotated[float, msgspec.Meta(gt=0)] = 1.0,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """The latest score is worse than the first, best or previous one by the measure's reliable change.

    The latest score lies in the last `within_days` days. Scores count from `baseline_days_before` days
    before the person's open episode began, so an earlier episode is no baseline for this one. Worse by
    exactly the reliable change is worse; `times_reliable_change` 0.5 asks for half of it, a weak sign for a
    combination.

    Several scores on one day: the last entered is the latest; the others of that day are not compared with
    it, because two answers on a day are a correction or a repeat and no course. The first is the first
    entered on the first day; of equally good bests the most recent.

    Evidence: LATEST (anchor: the newest of the measures that fired) and those of FIRST, BEST, PREVIOUS that
    it is worse than, with their values.
    """
    people = in_care(record, as_of=as_of, cohort=cohort)
    scores = record.scores.filter(nw.col("measure").is_in(measures), nw.col("day") <= as_of)
    scores = scores.join(people, on="person_id", how="inner")
    scores = _with_latest(
        scores.filter(nw.col("day") >= nw.col("start_day") - baseline_days_before), as_of, within_days
    )
    kinds = record.measures.select("measure", "direction", "reliable_change")
    worse = _worse(scores.join(kinds, on="measure", how="inner"), times_reliable_change)
    references = {comparison: worse.filter(_IS[comparison]) for comparison in dict.fromkeys(against)}
    fired = nw.concat([rows.select(_SERIES) for rows in references.values()]).group_by(_SERIES).agg(nw.len())
    latest = scores.filter(nw.col("ordinal") == nw.col("latest")).join(fired, on=_SERIES, how="inner")
    return nw.concat(
        [
            anchored(evidence(latest, role="LATEST", source="scores", value="value")),
            *[evidence(rows, role=role, source="scores", value="value") for role, rows in references.items()],
        ]
    )


def _with_latest(scores: Frame, as_of: int, within_days: int) -> Frame:
    """The scores of each series whose latest is recent, with its first, latest and previous ordinal.

    Ordinals count on without a gap, so the one before the latest day is as many below the latest as that
    day has scores.
    """
    ends = scores.group_by(_SERIES).agg(
        nw.col("ordinal").min().alias("first"),
        nw.col("ordinal").max().alias("latest"),
        nw.col("day").max().alias("latest_day"),
    )
    scores = scores.join(ends.filter(last_days("latest_day", as_of=as_of, days=within_days)), on=_SERIES, how="inner")
    on_latest_day = nw.when(nw.col("day") == nw.col("latest_day")).then(1).otherwise(0)
    latest_value = nw.when(nw.col("ordinal") == nw.col("latest")).then(nw.col("value")).otherwise(0.0)
    return scores.with_columns(
        on_latest_day.sum().over(_SERIES).alias("n_latest_day"),
        latest_value.sum().over(_SERIES).alias("latest_value"),
    )


def _worse(scores: Frame, times_reliable_change: float) -> Frame:
    """The earlier scores that the latest one is worse than, the best first."""
    worse_by = (nw.col("latest_value") - nw.col("value")) * nw.col("direction").cast(nw.Float64)
    worse = scores.filter(
        nw.col("day") < nw.col("latest_day"), worse_by >= nw.col("reliable_change") * times_reliable_change
    )
    keys = worse.with_columns(
        (0.0 - worse_by).alias("best_first"), (0 - nw.col("ordinal")).alias("recent_first"), nw.lit(1).alias("one")
    )
    place = nw.col("one").cum_sum().over(_SERIES, order_by=["best_first", "recent_first"])
    return keys.with_columns(place.alias("place"))


_IS: Mapping[Comparison, nw.Expr] = {
    "FIRST": nw.col("ordinal") == nw.col("first"),
    "BEST": nw.col("place") == 1,
    "PREVIOUS": nw.col("ordinal") == nw.col("latest") - nw.col("n_latest_day"),
}
