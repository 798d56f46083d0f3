"""The history replayed: every alert on the day it would have been given, as if every day had been asked about."""

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.metrics.opportunities import Period
from outcometables.past.days import anchors_at, days_to_ask
from outcometables.past.question import Question
from outcometables.past.quiet import Quiet, firsts_and_repeats
from outcometables.past.together import days_to_ask_together
from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame, Record
from outcometables.record.schema import SCHEMA
from outcometables.triggers.evaluation import Trigger, checked

PEOPLE_AT_ONCE = 20_000
ALERTS = {
    "person_id": pl.Int64,
    "day": pl.Int32,  # the day it would have been given
    "source": pl.String,  # the table of the row that made it new …
    "row_id": pl.Int64,  # … and the row
    "value": pl.Float64,  # its value, where it has one
    "standing": pl.Boolean,  # already so on the first day of the replay
    "repeat": pl.Boolean,  # inside the quiet period of an earlier one: shown beside it, asks for nothing
}


def replay(record: Record, trigger: Trigger, *, period: Period, quiet: Quiet) -> pl.DataFrame:
    """Every alert of the trigger from `period.first_day` to `period.last_day`, in the columns of ALERTS.

    As if the trigger had been switched on on the first day and asked about everybody at the end of each day. What
    was already so on the first day is `standing`. The same evidence never alerts twice, whatever happened between;
    newer evidence inside the quiet period is a repeat, as in the app.
    Only days on which an answer may have become another are asked about; a test compares with asking every day.
    Raises `ParameterError` for a condition or parameters there are not.
    """
    question = question_of(trigger)
    found = [
        part.run([anchors_at(part, question, _days(part, question, period))])[0]
        for part in parts(record, ["people", "episodes", *question.reads])
    ]
    alerts = (
        pl.concat(found)
        .group_by("person_id", "source", "row_id")
        .agg(pl.col("asked").min().alias("day"), pl.col("value").first())
    )
    alerts = alerts.with_columns(standing=pl.col("day") == period.first_day)
    return firsts_and_repeats(alerts, quiet).select(list(ALERTS))


def question_of(trigger: Trigger) -> Question:
    """The trigger's condition, parameters and cohort, checked. Raises `ParameterError`."""
    _, parameters = checked(trigger)
    cohort = Cohort(tuple(trigger.cohort.programmes), tuple(trigger.cohort.service_models))
    return Question(trigger.condition, parameters, cohort)


def parts(record: Record, tables: Sequence[str]) -> Iterator[Record]:
    """On Polars so many people at a time, with their rows of these tables, that memory stays flat; elsewhere all."""
    if not record.episodes.implementation.is_polars():
        yield record
        return
    people = [getattr(record, table).select("person_id") for table in tables if table != "measures"]
    everybody = nw.to_native(nw.concat(people).group_by("person_id").agg(nw.len().alias("n")).collect())["person_id"]
    sorted_people = everybody.sort()
    for start in range(0, max(len(everybody), 1), PEOPLE_AT_ONCE):
        some = sorted_people[start : start + PEOPLE_AT_ONCE]
        yield _between(record, tables, some.min() or 0, some.max() or 0)


def _between(record: Record, tables: Sequence[str], low: int, high: int) -> Record:
    person = nw.col("person_id")
    wanted = [getattr(record, table).filter(person >= low, person <= high) for table in tables]
    rows = dict(zip(tables, record.run(wanted), strict=True))
    empty = Record.from_polars({})
    frames: dict[str, Any] = {
        table: nw.from_native(rows[table].lazy()) if table in rows else getattr(empty, table) for table in SCHEMA
    }
    return Record(**(frames | {"measures": record.measures}))


def _days(record: Record, question: Question, period: Period) -> Frame:
    if question.name == "combination":
        return days_to_ask_together(record, question, period)
    return days_to_ask(record, question, period)
