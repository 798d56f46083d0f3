"""The record in the test's database as a mart: what a measure needs, for tests that go from the import to a count."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import polars as pl

from outcometables.mart import Mart, calendar, mart_schema
from tending.base import clock
from tending.base.people.models import Person
from tending.keep import models
from tending.measure.queries import frames as measured_frames

EPOCH = date(1970, 1, 1)


def mart_of_record(*, as_of: int) -> Mart:
    given = {
        "people": _table("people", (_person(one) for one in Person.objects.order_by("pk"))),
        "contacts": _rows("contacts", models.Contact, _contact),
        "stays": _rows("stays", models.Stay, _stay),
        "diagnoses": _rows("diagnoses", models.Diagnosis, _diagnosis),
        "procedures": _rows("procedures", models.Procedure, _procedure),
        "calendar": calendar(date(2020, 1, 1), date(2029, 12, 31), []),
    }
    scores = measured_frames(None)["scores"].to_dicts()
    given["scores"] = _table(
        "scores", (row | {"arrived_day": 0, "hundredths": round(row["value"] * 100)} for row in scores)
    )
    return Mart.from_polars(given, as_of=as_of)


def _rows(table: str, model: Any, row: Any) -> pl.DataFrame:
    current = model.objects.current().order_by("source_key")
    return _table(table, ({"row_id": n, "person_id": one.person_id} | row(one) for n, one in enumerate(current, 1)))


def _table(name: str, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Rows without a column have it empty: no team, no text, nothing told."""
    schema = mart_schema(name)
    texts = {column: "" for column, dtype in schema.items() if dtype == pl.String}
    known = [{column: (texts | row).get(column) for column in schema} for row in rows]
    return pl.DataFrame(known, schema=schema, orient="row")


def _day(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def _person(person: Person) -> dict[str, Any]:
    born = person.birth_date
    ymd = None if born is None else born.year * 10_000 + born.month * 100 + born.day
    return {
        "person_id": person.pk,
        "birth_day": _day(born),
        "died_day": _day(person.death_date),
        "birth_ymd": ymd,
        "sex": person.sex,
    }


def _contact(row: models.Contact) -> dict[str, Any]:
    ended = row.starts_at + timedelta(minutes=row.minutes or 0)
    said = {name: getattr(row, name) for name in ("kind", "medium", "status", "code")}
    return said | {
        "team_id": row.team_id,
        "staff_id": row.staff_id,
        "day": _day(row.date),
        "end_day": _day(clock.local_date(ended)),
        "code": row.code.upper(),
    }


def _stay(row: models.Stay) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "destination": row.destination,
        "code": row.code.upper(),
        "admit_day": _day(row.admitted_date),
        "discharge_day": _day(row.discharged_date),
    }


def _diagnosis(row: models.Diagnosis) -> dict[str, Any]:
    return {
        "system": row.system,
        "code": row.code,
        "plain_code": row.code.upper().replace(".", "").replace(" ", ""),
        "certainty": row.certainty,
        "activity": row.activity,
        "onset_day": _day(row.onset_date),
        "end_day": _day(row.end_date),
    }


def _procedure(row: models.Procedure) -> dict[str, Any]:
    return {
        "day": _day(row.from_date),
        "end_day": _day(row.to_date or row.from_date),
        "system": row.system,
        "code": row.code.upper(),
        "status": row.status,
    }
