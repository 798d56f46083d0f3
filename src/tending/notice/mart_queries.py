"""Signals, for the mart."""

import polars as pl
from django.db.models import Case, F, IntegerField, Value, When

from outcometables.mart.tables import mart_schema
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.extracts import Extract, local_day, minute
from tending.base.tables.reading import count
from tending.notice.models import Signal

SIGNALS = Extract(
    "signals",
    Signal.objects.all,
    {
        "signal_id": F("pk"),
        "person_id": F("person_id"),
        "team_id": F("team_id"),
        "trigger": F("trigger"),
        "severity": F("severity"),
        "day": DayNumber("as_of"),
        "noticed": EpochSecond("noticed_at"),
        "respond_by": EpochSecond("respond_by"),
        "is_repeat": Case(
            When(repeat_of__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField()
        ),
    },
    {**mart_schema("signals"), "noticed": pl.Int64, "respond_by": pl.Int64},
)


def rows_in_record() -> dict[str, int]:
    return {"signals": count(SIGNALS.rows())}


def signals(raw: pl.DataFrame, answered: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """``answered`` says by ``signal_id`` which review answers it."""
    rows = raw.join(answered.select("signal_id", "review_id"), on="signal_id", how="left")
    return (
        rows.with_columns(
            noticed_minute=minute("noticed"),
            noticed_day=local_day("noticed", zone),
            respond_by_minute=minute("respond_by"),
            respond_by_day=local_day("respond_by", zone),
        )
        .select(*mart_schema("signals"))
        .sort("signal_id")
    )
