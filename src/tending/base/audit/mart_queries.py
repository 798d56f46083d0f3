"""Looks at people's records, for the mart: how often on which day, never by whom."""

import polars as pl
from django.db.models import F

from outcometables.mart.tables import mart_schema
from tending.base.audit.models import AuditEvent
from tending.base.tables.expressions import EpochSecond
from tending.base.tables.extracts import Extract, local_day, numbered

LOOKS = Extract(
    "looks",
    lambda: AuditEvent.objects.filter(
        kind=AuditEvent.Kind.VIEW, result=AuditEvent.Result.OK, person_id__isnull=False
    ),
    {"person_id": F("person_id"), "at": EpochSecond("at")},
    {"person_id": pl.Int64, "at": pl.Int64},
)


def by_day(raw: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """Looks, counted: one row for a person and a day."""
    days = raw.with_columns(day=local_day("at", zone))
    return days.group_by("person_id", "day").agg(pl.len().cast(pl.Int32).alias("times"))


def looks(counted: pl.DataFrame) -> pl.DataFrame:
    """The table from such counts, of which several may speak of one day."""
    days = counted.group_by("person_id", "day").agg(pl.col("times").sum())
    return numbered(days, ["person_id", "day"]).select(*mart_schema("looks"))
