"""A symptom score got worse than it was (R41)."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcomestats.change.rules import TOLERANCE
from outcometables.definitions.parameters import Days, Names
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import in_care
from outcometables.triggers.evidence import anchored, by_role, count, evidence, last_days, place_from_last

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
    courses = record.shared(
        ("courses of scores", as_of, cohort, baseline_days_before),
        lambda: _courses(record, as_of, cohort, baseline_days_before),
    )
    recent = last_days("latest_day", as_of=as_of, days=within_days)
    scores = _with_worse(courses.filter(nw.col("measure").is_in(measures), recent), times_reliable_change)
    roles: dict[str, nw.Expr] = {comparison: _IS[comparison] for comparison in against}
    newest = scores.with_columns(count(reduce(or_, roles.values()), _SERIES).alias("n_references"))
    newest = newest.filter(_LATEST, nw.col("n_references") > 0)
    return nw.concat(
        [
            anchored(evidence(newest, role="LATEST", source="scores", value="value")),
            evidence(by_role(scores, roles), source="scores", value="value"),
        ]
    )


def _courses(record: Record, as_of: int, cohort: Cohort, baseline_days_before: int) -> Frame:
    """The scores of this care, of all measures, each with how much worse the latest of its series is.

    `previous` is the ordinal before the latest day. Ordinals count on without a gap, so it is as many below the
    latest as that day has scores.
    """
    people = in_care(record, as_of=as_of, cohort=cohort)
    scores = record.scores.filter(nw.col("day") <= as_of).join(people, on="person_id", how="inner")
    scores = scores.filter(nw.col("day") >= nw.col("start_day") - baseline_days_before)
    ends = scores.group_by(_SERIES).agg(
        nw.col("ordinal").min().alias("first"),
        nw.col("ordinal").max().alias("latest"),
        nw.col("day").max().alias("latest_day"),
    )
    kinds = record.measures.select("measure", "direction", "reliable_change")
    latest_value = nw.when(_LATEST).then(nw.col("value")).otherwise(0.0).sum().over(_SERIES)
    on_latest_day = count(nw.col("day") == nw.col("latest_day"), _SERIES)
    scores = scores.join(ends, on=_SERIES, how="inner").join(kinds, on="measure", how="inner")
    scores = scores.with_columns(
        latest_value.alias("latest_value"), (nw.col("latest") - on_latest_day).alias("previous")
    )
    worse_by = (nw.col("latest_value") - nw.col("value")) * nw.col("direction").cast(nw.Float64)
    return scores.with_columns(worse_by.alias("worse_by")).select(
        *_SERIES, "row_id", "day", "value", "ordinal", "first", "previous", "latest", "latest_day", "worse_by",
        "reliable_change",
    )  # fmt: skip


def _with_worse(scores: Frame, times_reliable_change: float) -> Frame:
    """The series whose latest score is worse than an earlier one: `worse` 1 where it is, `place` 1 at the best."""
    enough = nw.col("worse_by") >= nw.col("reliable_change") * times_reliable_change - TOLERANCE
    worse = ((nw.col("day") < nw.col("latest_day")) & enough).cast(nw.Int64)
    scores = scores.with_columns(worse.alias("worse"), nw.lit(1, nw.Int64).alias("one"))
    scores = scores.with_columns(nw.col("worse").sum().over(_SERIES).alias("n_worse")).filter(nw.col("n_worse") > 0)
    return scores.with_columns(place_from_last("worse", "worse_by", "ordinal", of=_SERIES).alias("place"))


_LATEST = nw.col("ordinal") == nw.col("latest")
_IS: Mapping[Comparison, nw.Expr] = {
    "FIRST": (nw.col("worse") == 1) & (nw.col("ordinal") == nw.col("first")),
    "BEST": nw.col("place") == 1,
    "PREVIOUS": (nw.col("worse") == 1) & (nw.col("ordinal") == nw.col("previous")),
}
