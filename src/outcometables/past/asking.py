"""Ask the same question of many people on many days in one run, by the very expressions that ask it today.

Each (person, day) asked about becomes a person of its own whose days are counted from that day, with the rows that
were there then. Conditions compare days only with one another and with the day asked about, and look at one person
at a time (two properties that are tested), so what they say of day 0 of each is what they would have said then.
"""

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from outcometables.past.question import Question
from outcometables.record.frames import Frame, Record
from outcometables.record.holding import held
from outcometables.record.schema import SCHEMA

SPREAD = 2**20  # more than any day number: person_id * SPREAD + day is a number of its own

OPENS: Mapping[str, str] = {"episodes": "start_day", "stays": "admit_day"}  # when a row is known, where not `day`
_MOVED = ("day", "start_day", "end_day", "admit_day", "discharge_day", "birth_day", "died_day")
Reads = Mapping[str, int | None]


def evidence_at(record: Record, question: Question, asked: Frame) -> Frame:
    """The evidence of the question for each (person_id, day) of `asked`, as EVIDENCE with `asked` beside it.

    `asked` holds each pair once. person_id and day of a row are the person's and the record's own again.
    """
    then = as_of_each(record, asked, question.reads)
    condition = question.condition
    found = condition(then, as_of=0, cohort=question.cohort, **question.parameters)
    on = nw.col("person_id") % SPREAD
    return found.select(
        (nw.col("person_id") // SPREAD).alias("person_id"),
        on.cast(nw.Int32).alias("asked"),
        "role",
        "anchor",
        "source",
        "row_id",
        (nw.col("day") + on).cast(nw.Int32).alias("day"),
        "value",
    )


def as_of_each(record: Record, asked: Frame, reads: Reads) -> Record:
    """The record in which each (person_id, day) of `asked` is a person of its own, on day 0.

    Of tables that are not read no row is there; of those that are, the rows of that many days before (None: all).
    """
    asked = asked.select("person_id", nw.col("day").alias("asked"))
    tables: dict[str, Any] = {}
    for table, columns in SCHEMA.items():
        frame: Frame = getattr(record, table)
        if table == "measures":
            tables[table] = frame
            continue
        if table not in {"people", "episodes", *reads}:
            tables[table] = frame.filter(nw.col("person_id") < nw.col("person_id"))
            continue
        rows = _known(table, frame.join(asked, on="person_id", how="inner"), reads.get(table))
        moved = [
            (nw.col(column.name) - nw.col("asked")).cast(column.dtype).alias(column.name)
            for column in columns
            if column.name in _MOVED
        ]
        key = nw.col("person_id") * nw.lit(SPREAD, nw.Int64) + nw.col("asked")
        rows = rows.with_columns(*moved, key.cast(nw.Int64).alias("person_id"))
        tables[table] = held(rows.select([column.name for column in columns]), beside=record.episodes)
    return Record(**tables)


def _known(table: str, rows: Frame, days: int | None) -> Frame:
    """The rows that had begun by the day asked about; episodes that had ended are looked at by nobody."""
    if table == "people":
        return rows
    begun = nw.col(OPENS.get(table, "day"))
    rows = rows.filter(begun <= nw.col("asked"))
    if table == "episodes":
        return rows.filter(nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("asked")))
    return rows if days is None else rows.filter(begun > nw.col("asked") - days)
