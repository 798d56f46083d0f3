"""The record as frames: current rows only, days as whole numbers, the columns of outcometables.record.schema.

A row's number (``row_id``) is its place by person, day and source key, not the database's own number: that one says
when a row happened to arrive, and which of two contacts of one day counts as the later must not depend on it. So the
same record gives the same frames whatever order its files came in, and after a rebuild. ``source_key`` stays beside
the schema's columns, because it leads back to the line a row came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce

from outcometables.record.frames import polars_schema
from tending.base.people.models import Person
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.reading import Schema, read
from tending.base.tables.selection import PersonIds, of_people
from tending.keep.models import (
    CarePlanEvent,
    Contact,
    CrisisContact,
    Episode,
    Goal,
    GoalRating,
    HousingState,
    RecordRow,
    Stay,
)


@dataclass(frozen=True, slots=True)
class _Table:
    """How one frame is read: where each of its columns comes from, and what tells rows of one day apart."""

    model: type[RecordRow]
    columns: Mapping[str, Any]
    day: str
    instant: str | None = None


_TABLES: Mapping[str, _Table] = {
    "episodes": _Table(
        Episode,
        {
            "team_id": F("team_id"),
            "programme": Coalesce("team__programme__code", Value("")),
            "service_model": Coalesce("team__service_model__code", Value("")),
            "start_day": DayNumber("start_date"),
            "end_day": DayNumber("end_date"),
        },
        day="start_day",
    ),
    "contacts": _Table(
        Contact,
        {
            "team_id": F("team_id"),
            "staff_id": F("staff_id"),
            "day": DayNumber("date"),
            "kind": F("kind"),
            "status": F("status"),
        },
        day="day",
    ),
    "crisis": _Table(CrisisContact, {"day": DayNumber("date"), "kind": F("kind")}, day="day", instant="at"),
    "stays": _Table(
        Stay,
        {
            "kind": F("kind"),
            "admit_day": DayNumber("admitted_date"),
            "discharge_day": DayNumber("discharged_date"),
        },
        day="admit_day",
        instant="admitted_at",
    ),
    "housing": _Table(HousingState, {"day": DayNumber("from_date"), "state": F("state")}, day="day"),
    "goal_ratings": _Table(
        GoalRating,
        {
            "goal_key": F("goal_key"),
            "day": DayNumber("rated_date"),
            "rating": F("rating"),
            "rated_by": F("rated_by"),
        },
        day="day",
    ),
    "care_plan_events": _Table(CarePlanEvent, {"day": DayNumber("event_date"), "kind": F("kind")}, day="day"),
}


def keyed_frames(person_ids: PersonIds) -> dict[str, pl.DataFrame]:
    """The record's tables, each with ``source_key``: one query a table, whoever the people are."""
    frames = {name: _frame(name, table, person_ids) for name, table in _TABLES.items()}
    frames["people"] = _people(person_ids)
    return frames


def ranked(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The rows in their natural order, numbered from 1 in ``row_id``."""
    return frame.sort(by, nulls_last=False).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row_id")
    )


def _frame(name: str, table: _Table, person_ids: PersonIds) -> pl.DataFrame:
    query = of_people(table.model.objects.current(), person_ids)
    if table.model is GoalRating:
        # A rating of a goal that was entered in error rates nothing.
        query = query.filter(Exists(Goal.objects.current().filter(source_key=OuterRef("goal_key"))))
    sources: dict[str, Any] = {"person_id": F("person_id"), **table.columns, "source_key": F("source_key")}
    order = ["person_id", table.day]
    if table.instant:
        sources["instant"] = EpochSecond(table.instant)
        order.append("instant")
    found = ranked(read(query.values_list(*sources.values()), _schema(name, sources)), [*order, "source_key"])
    if table.model is GoalRating:
        found = found.with_columns(pl.col("goal_key").rank("dense").cast(pl.Int64).alias("goal_id"))
    return found.select([*polars_schema(name), "source_key"])


def _schema(name: str, sources: Mapping[str, Any]) -> Schema:
    extra: Schema = {"source_key": pl.String, "instant": pl.Int64, "goal_key": pl.String}
    known = {**extra, **polars_schema(name)}
    return {column: known[column] for column in sources}


def _people(person_ids: PersonIds) -> pl.DataFrame:
    query = of_people(Person.objects.all(), person_ids, column="pk")
    return read(
        query.values_list("pk", DayNumber("birth_date"), DayNumber("death_date")), polars_schema("people")
    ).sort("person_id")
