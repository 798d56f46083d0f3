"""A questionnaire was due and has not been answered."""

from typing import Annotated

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import starts_of_care
from outcometables.triggers.evidence import anchored, evidence

_SERIES = ["person_id", "measure"]
_NEWEST_BY = ["overdue_from", "table_number", "row_id"]


def measure_overdue(
    record: Record,
    *,
    as_of: int,
    measures: Names,
    grace_days: Annotated[int, msgspec.Meta(ge=0)],
    due_every_days: Days | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """More than the measure's interval and `grace_days` have passed since its last score in this episode.

    The interval is `due_every_days`, or else the measure's own; a measure that has none is never overdue.
    Without a score since the open episode began, the clock runs from the episode's first day. Due day 14
    and 7 days of grace: day 21 is still in time, day 22 is overdue.

    Evidence: LAST_SCORE (of several on a day the last entered) or EPISODE_START, for each overdue measure
    (anchor: the one that became overdue last).
    """
    scores = record.scores.filter(nw.col("measure").is_in(measures), nw.col("day") <= as_of)
    expected = _expected(record, as_of, measures, due_every_days, cohort)
    last = scores.group_by(_SERIES).agg(nw.col("day").max().alias("last_day"), nw.col("ordinal").max().alias("last"))
    clocks = expected.join(last, on=_SERIES, how="left")
    scored = nw.col("last_day") >= nw.col("start_day")
    scored = nw.when(nw.col("last_day").is_null()).then(0).when(scored).then(1).otherwise(0)
    clocks = clocks.with_columns(scored.alias("table_number"))
    since = nw.when(nw.col("table_number") == 1).then(nw.col("last_day")).otherwise(nw.col("start_day"))
    clocks = clocks.with_columns((since + nw.col("due") + grace_days).alias("overdue_from"))
    overdue = clocks.filter(nw.col("overdue_from") < as_of)
    return anchored(nw.concat([_last_scores(scores, overdue), _starts(overdue)]), newest_by=_NEWEST_BY)


def _expected(record: Record, as_of: int, measures: list[str], due_every_days: int | None, cohort: Cohort) -> Frame:
    """Each person in care with each of the measures and its interval, by way of a column that is always 1."""
    due = nw.col("due_every_days") if due_every_days is None else nw.lit(due_every_days, nw.Int32)
    kinds = record.measures.filter(nw.col("measure").is_in(measures))
    kinds = kinds.select("measure", due.alias("due"), nw.lit(1, nw.Int8).alias("all"))
    people = starts_of_care(record, as_of=as_of, cohort=cohort).with_columns(nw.lit(1, nw.Int8).alias("all"))
    return people.join(kinds.filter(nw.col("due") > 0), on="all", how="inner")


def _last_scores(scores: Frame, overdue: Frame) -> Frame:
    clocks = overdue.filter(nw.col("table_number") == 1)
    clocks = clocks.select(*_SERIES, nw.col("last").alias("ordinal"), "table_number", "overdue_from")
    rows = scores.join(clocks, on=[*_SERIES, "ordinal"], how="inner")
    keep = ["overdue_from", "table_number"]
    return evidence(rows, role="LAST_SCORE", source="scores", value="value", keep=keep)


def _starts(overdue: Frame) -> Frame:
    """The first day of care, once a person however many measures wait since then."""
    rows = overdue.filter(nw.col("table_number") == 0).group_by("person_id", "row_id", "start_day")
    starts = rows.agg(nw.col("overdue_from").max(), nw.col("table_number").max())
    keep = ["overdue_from", "table_number"]
    return evidence(starts, role="EPISODE_START", source="episodes", day="start_day", keep=keep)
