"""The measured tables of the mart: scores, risk answers and measures (see keep/mart_queries.py)."""

import math
from collections.abc import Mapping

import polars as pl
from django.db.models import F

from outcometables.mart.tables import mart_schema
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.extracts import Extract, local_day, numbered
from tending.base.tables.reading import count
from tending.keep import mart_queries as keep
from tending.keep import mart_risk_queries as risky
from tending.keep.queries import RiskItem
from tending.measure.definitions import in_force
from tending.measure.frames import measures as measures_in_force
from tending.measure.models import Score, ScoredPerson


def _scores() -> Extract:
    return Extract(
        "scores",
        lambda: Score.objects.filter(superseded_at__isnull=True, value__isnull=False),
        {
            "person_id": F("person_id"),
            "measure": F("measure"),
            "day": DayNumber("date"),
            "instant": EpochSecond("answered_at"),
            "value": F("value"),
            "source_key": F("source_key"),
        },
        {
            "person_id": pl.Int64,
            "measure": pl.String,
            "day": pl.Int32,
            "instant": pl.Int64,
            "value": pl.Float64,
            "source_key": pl.String,
        },
    )


SCORED = Extract(
    "scored",
    ScoredPerson.objects.all,
    {"person_id": F("person_id"), "head": F("head"), "definitions": F("definitions")},
    {"person_id": pl.Int64, "head": pl.String, "definitions": pl.String},
)


def extracts() -> tuple[Extract, ...]:
    """What is read: scores, the answers that carry risk under the definitions in force, and when they arrived."""
    return (_scores(), risky.risk_answers(risk_items()), *keep.ARRIVALS)


def risk_items() -> tuple[RiskItem, ...]:
    return tuple(
        RiskItem(instrument.code, item.code, item.risk.at_least)
        for instrument in in_force().by_code.values()
        for item in instrument.items
        if item.risk is not None
    )


def definitions() -> str:
    """Another fingerprint means that scores and risk answers may be others."""
    return in_force().fingerprint


def rows_in_record() -> dict[str, int]:
    """How many rows each table has, counted by the database itself."""
    return {"scores": count(_scores().rows()), "risk_answers": risky.rows_in_record(risk_items())}


def measures() -> pl.DataFrame:
    """Every measure in force. A change that is not judged has no smallest reliable one: the cell is empty."""
    found = measures_in_force(in_force())
    reliable = pl.when(pl.col("reliable_change") < math.inf).then(pl.col("reliable_change"))
    return found.with_columns(
        reliable_change=reliable,
        # Six decimals first: 0.29 * 100 is 28.999999999999996 in binary.
        reliable_hundredths=(reliable * 100).round(6).ceil().cast(pl.Int64),
        cutoff_hundredths=(pl.col("cutoff") * 100).round(0).cast(pl.Int64),
    ).select(*mart_schema("measures"))


def tables(raw: Mapping[str, pl.DataFrame], *, zone: str) -> dict[str, pl.DataFrame]:
    """The mart's tables from all rows of some people."""
    arrived = keep.first_arrivals(pl.concat([raw["responses_arrived"], raw["totals_arrived"]]))
    scores = numbered(raw["scores"], ["person_id", "day", "instant", "source_key", "measure"])
    scores = scores.join(arrived, on="source_key", how="left").sort("row_id")
    scores = scores.with_columns(
        ordinal=pl.int_range(pl.len()).over("person_id", "measure").cast(pl.Int32),
        arrived_day=local_day("recorded", zone),
        hundredths=(pl.col("value") * 100).round(0).cast(pl.Int64),
    )
    risk = numbered(raw["risk_answers"], ["person_id", "day", "instant", "source_key", "item"])
    return {
        "scores": scores.select(*mart_schema("scores")),
        "risk_answers": risk.select(*mart_schema("risk_answers")),
    }
