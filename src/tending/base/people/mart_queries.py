"""Who and where, for the mart: people without their names, caseloads, teams and partners."""

from typing import Any

import polars as pl
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from outcometables.mart.tables import mart_schema
from tending.base.people.models import CaseloadEntry, Organisation, Person, Team
from tending.base.tables.expressions import DayNumber
from tending.base.tables.extracts import Extract, numbered
from tending.base.tables.reading import count

_DESCRIBED = ("sex", "gender_identity", "race_ethnicity", "language", "payer", "deprivation_quintile")


def _extract(name: str, rows: Any, columns: dict[str, Any], person: str | None) -> Extract:
    return Extract(name, rows, columns, mart_schema(name), person)


PEOPLE = _extract(
    "people",
    Person.objects.all,
    {
        "person_id": F("pk"),
        "birth_day": DayNumber("birth_date"),
        "died_day": DayNumber("death_date"),
        **{name: F(name) for name in _DESCRIBED},
    },
    "pk",
)
CASELOAD = _extract(
    "caseload",
    CaseloadEntry.objects.all,
    {
        "person_id": F("person_id"),
        "staff_id": F("staff_id"),
        "caseload_role": F("caseload_role"),
        "from_day": DayNumber("from_date"),
        "to_day": DayNumber("to_date"),
    },
    "person_id",
)
TEAMS = _extract(
    "teams",
    Team.objects.all,
    {
        "team_id": F("pk"),
        "name": F("name"),
        "programme": F("programme__code"),
        "service_model": Coalesce("service_model__code", Value("")),
        "site": Coalesce("site__code", Value("")),
    },
    None,
)
ORGANISATIONS = _extract(
    "organisations",
    Organisation.objects.all,
    {"organisation_id": F("pk"), "name": F("name"), "kind": F("kind")},
    None,
)
EXTRACTS = (PEOPLE, CASELOAD, TEAMS, ORGANISATIONS)


def rows_in_record() -> dict[str, int]:
    """How many rows each table has, counted by the database itself."""
    return {each.name: count(each.rows()) for each in EXTRACTS}


def people(raw: pl.DataFrame) -> pl.DataFrame:
    """The people in the order of their numbers."""
    born = pl.col("birth_day").cast(pl.Date)
    ymd = born.dt.year() * 10_000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day().cast(pl.Int32)
    return raw.with_columns(birth_ymd=ymd.cast(pl.Int32)).select(*mart_schema("people")).sort("person_id")


def caseload(raw: pl.DataFrame) -> pl.DataFrame:
    """``to_day`` is the day it was over: no longer one of its days."""
    rows = numbered(raw, ["person_id", "from_day", "staff_id", "caseload_role"])
    return rows.select(*mart_schema("caseload"))
