"""A symptom score got worse than it was (R41)."""

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
    scores = _latest_and_before(record, as_of, measures, cohort, baseline_days_before, within_days)
    latest = scores.filter(nw.col("ordinal") == nw.col("latest"))
    earlier = scores.filter(nw.col("day") < nw.col("latest_day"))
    worse = _worse(record, earlier, latest, times_reliable_change)
    references = {comparison: _REFERENCE[comparison](worse, earlier) for comparison in dict.fromkeys(against)}
    fired = nw.concat([rows.select(_SERIES) for rows in references.values()]).group_by(_SERIES).agg(nw.len())
    newest = latest.join(fired, on=_SERIES, how="inner")
    return nw.concat(
        [
            anchored(evidence(newest, role="LATEST", source="scores", value="value")),
            *[evidence(rows, role=role, source="scores", value="value") for role, rows in references.items()],
        ]
    )


def _latest_and_before(
    record: Record,
    as_of: int,
    measures: list[str],
    cohort: Cohort,
    baseline_days_before: int,
    within_days: int,
) -> Frame:
    """The scores of this care, each with its series' first and latest ordinal, where the latest is recent."""
    people = in_care(record, as_of=as_of, cohort=cohort)
    scores = record.scores.filter(nw.col("measure").is_in(measures), nw.col("day") <= as_of)
    scores = scores.join(people, on="person_id", how="inner")
    scores = scores.filter(nw.col("day") >= nw.col("start_day") - baseline_days_before)
    ends = scores.group_by(_SERIES).agg(
        nw.col("ordinal").min().alias("first"),
        nw.col("ordinal").max().alias("latest"),
        nw.col("day").max().alias("latest_day"),
    )
    ends = ends.filter(last_days("latest_day", as_of=as_of, days=within_days))
    return scores.join(ends, on=_SERIES, how="inner")


def _worse(record: Record, earlier: Frame, latest: Frame, times_reliable_change: float) -> Frame:
    """The earlier scores that the latest one is worse than, with how much worse in points."""
    now = latest.select(*_SERIES, nw.col("value").alias("latest_value"))
    kinds = record.measures.select("measure", "direction", "reliable_change")
    pairs = earlier.join(now, on=_SERIES, how="inner").join(kinds, on="measure", how="inner")
    worse_by = (nw.col("latest_value") - nw.col("value")) * nw.col("direction").cast(nw.Float64)
    return pairs.with_columns(worse_by.alias("worse_by")).filter(
        nw.col("worse_by") >= nw.col("reliable_change") * times_reliable_change
    )


def _first(worse: Frame, earlier: Frame) -> Frame:
    return worse.filter(nw.col("ordinal") == nw.col("first"))


def _best(worse: Frame, earlier: Frame) -> Frame:
    most = worse.group_by(_SERIES).agg(nw.col("worse_by").max().alias("most"))
    bests = worse.join(most, on=_SERIES, how="inner").filter(nw.col("worse_by") == nw.col("most"))
    recent = bests.group_by(_SERIES).agg(nw.col("ordinal").max().alias("recent"))
    return bests.join(recent, on=_SERIES, how="inner").filter(nw.col("ordinal") == nw.col("recent"))


def _previous(worse: Frame, earlier: Frame) -> Frame:
    last = earlier.group_by(_SERIES).agg(nw.col("ordinal").max().alias("last"))
    return worse.join(last, on=_SERIES, how="inner").filter(nw.col("ordinal") == nw.col("last"))


_REFERENCE = {"FIRST": _first, "BEST": _best, "PREVIOUS": _previous}
