"""The record's tables for the mart: what is read of each, and how its rows become the mart's.

Rows are ordered as keep/frames.py orders them, so a trigger sees the same record here and there. What is read is
described once (``EXTRACTS``) and read either whole or for the people who changed; ``tables`` then works on all the
rows of some people, whichever way they came.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce

from outcometables.mart.tables import mart_schema
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.extracts import Extract, local_day, minute, numbered
from tending.base.tables.reading import count
from tending.keep import models as kept

_CURRENT = Case(
    When(superseded_by__isnull=True, withdrawn=False, then=Value(1)), default=Value(0), output_field=IntegerField()
)
# How the columns that are no columns of the mart are typed; the others are as the mart says.
_READ_AS: Mapping[str, type[pl.DataType]] = {
    "source_key": pl.String,
    "instant": pl.Int64,
    "recorded": pl.Int64,
    "current": pl.Int8,
    "goal_key": pl.String,
    "referral_key": pl.String,
    "admitted": pl.Int64,
    "discharged": pl.Int64,
    "notified": pl.Int64,
}


def _extract(name: str, rows: Any, columns: Mapping[str, Any]) -> Extract:
    every = {"person_id": F("person_id"), **columns, "source_key": F("source_key")}
    return Extract(name, rows, every, {**mart_schema(name), **_READ_AS})


def _same(*names: str) -> dict[str, Any]:
    return {name: F(name) for name in names}


def _ratings() -> "QuerySet[Any, Any]":
    """A rating of a goal that was entered in error rates nothing."""
    goals = kept.Goal.objects.current().filter(source_key=OuterRef("goal_key"), person_id=OuterRef("person_id"))
    return kept.GoalRating.objects.current().filter(Exists(goals))


EXTRACTS: tuple[Extract, ...] = (
    _extract(
        "episodes",
        kept.Episode.objects.current,
        {
            "team_id": F("team_id"),
            "programme": Coalesce("team__programme__code", Value("")),
            "service_model": Coalesce("team__service_model__code", Value("")),
            "start_day": DayNumber("start_date"),
            "end_day": DayNumber("end_date"),
            "end_reason": F("end_reason"),
            "referral_key": F("referral_key"),
            "derived": Case(When(derived=True, then=Value(1)), default=Value(0), output_field=IntegerField()),
        },
    ),
    _extract(
        "contacts",
        kept.Contact.objects.all,  # rows that were corrected say when their first version arrived
        {
            "day": DayNumber("date"),
            "instant": EpochSecond("starts_at"),
            "recorded": EpochSecond("recorded_at"),
            "current": _CURRENT,
            **_same("team_id", "staff_id", "kind", "status", "minutes", "medium", "code"),
        },
    ),
    _extract(
        "crisis",
        kept.CrisisContact.objects.current,
        {"day": DayNumber("date"), "instant": EpochSecond("at"), **_same("kind", "organisation_id")},
    ),
    _extract(
        "stays",
        kept.Stay.objects.current,
        {
            "admit_day": DayNumber("admitted_date"),
            "discharge_day": DayNumber("discharged_date"),
            "admitted": EpochSecond("admitted_at"),
            "discharged": EpochSecond("discharged_at"),
            "notified": EpochSecond("notified_at"),
            **_same("kind", "organisation_id", "destination", "code"),
        },
    ),
    _extract("housing", kept.HousingState.objects.current, {"day": DayNumber("from_date"), "state": F("state")}),
    _extract(
        "goals",
        kept.Goal.objects.current,
        {
            "day": DayNumber("stated_date"),
            "closed_day": DayNumber("closed_date"),
            **_same("domain", "status"),
        },
    ),
    _extract("goal_ratings", _ratings, {"day": DayNumber("rated_date"), **_same("goal_key", "rating", "rated_by")}),
    _extract(
        "care_plan_events",
        kept.CarePlanEvent.objects.current,
        {"day": DayNumber("event_date"), **_same("kind", "staff_id")},
    ),
    _extract(
        "referrals",
        kept.Referral.objects.current,
        {
            "day": DayNumber("referred_date"),
            "closed_day": DayNumber("closed_date"),
            **_same("organisation_id", "team_id", "urgency", "status"),
        },
    ),
    _extract(
        "diagnoses",
        kept.Diagnosis.objects.current,
        {
            "onset_day": DayNumber("onset_date"),
            "end_day": DayNumber("end_date"),
            **_same("system", "code", "certainty", "activity"),
        },
    ),
    _extract(
        "procedures",
        kept.Procedure.objects.current,
        {
            "day": DayNumber("from_date"),
            "end_day": Coalesce(DayNumber("to_date"), DayNumber("from_date")),
            **_same("staff_id", "system", "code", "status"),
        },
    ),
    _extract(
        "consents",
        kept.Consent.objects.current,
        {
            "given_day": DayNumber("given_date"),
            "expires_day": DayNumber("expires_date"),
            "revoked_day": DayNumber("revoked_date"),
            "kind": F("kind"),
        },
    ),
)

# By what the rows of one person are ordered; the source's key tells apart what is alike.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "episodes": ("start_day",),
    "crisis": ("day", "instant"),
    "stays": ("admit_day", "admitted"),
    "diagnoses": ("onset_day",),
    "consents": ("given_day",),
}


def rows_in_record() -> dict[str, int]:
    """How many rows each table has, counted by the database itself."""
    counted = {each.name: count(each.rows()) for each in EXTRACTS if each.name != "contacts"}
    return {**counted, "contacts": count(kept.Contact.objects.current())}


def tables(raw: Mapping[str, pl.DataFrame], *, zone: str) -> dict[str, pl.DataFrame]:
    """The mart's tables from all rows of some people, as the extracts gave them."""
    found = {**raw, "contacts": _contacts(raw["contacts"], zone)}
    found = {
        name: numbered(found[name], ["person_id", *_ORDER.get(name, ("day",)), "source_key"])
        for name in (each.name for each in EXTRACTS)
    }
    referrals = found["referrals"].select("person_id", referral_key="source_key", referral_id="row_id")
    found["episodes"] = found["episodes"].join(referrals, on=["person_id", "referral_key"], how="left")
    goals = found["goals"].select("person_id", goal_key="source_key", goal_id="row_id")
    found["goal_ratings"] = found["goal_ratings"].join(goals, on=["person_id", "goal_key"], how="left")
    found["crisis"] = found["crisis"].with_columns(minute=minute("instant"))
    found["stays"] = found["stays"].with_columns(
        admit_minute=minute("admitted"), discharge_minute=minute("discharged"), notified_minute=minute("notified")
    )
    plain = pl.col("code").str.to_uppercase().str.replace_all(r"[.\s]", "")
    found["diagnoses"] = found["diagnoses"].with_columns(plain_code=plain)
    for name in ("contacts", "stays", "procedures"):
        found[name] = found[name].with_columns(pl.col("code").str.to_uppercase())
    return {
        name: frame.select(pl.col(column).cast(dtype) for column, dtype in mart_schema(name).items())
        for name, frame in found.items()
    }


def first_arrivals(rows: pl.DataFrame) -> pl.DataFrame:
    """``source_key`` and the second at which the first of its versions arrived."""
    return rows.group_by("source_key").agg(pl.col("recorded").min())


def _contacts(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    current = rows.filter(pl.col("current") == 1)
    earlier = rows.filter(pl.col("current") == 0)
    if earlier.height:
        first = first_arrivals(earlier).rename({"recorded": "earlier"})
        joined = current.join(first, on="source_key", how="left")
        current = joined.with_columns(recorded=pl.min_horizontal("recorded", "earlier")).drop("earlier")
    ended = local_day("ended", zone)
    return (
        current.with_columns(ended=pl.col("instant") + pl.col("minutes").fill_null(0).cast(pl.Int64) * 60)
        .with_columns(
            minute=minute("instant"),
            arrived_day=local_day("recorded", zone),
            end_day=pl.when(pl.col("minutes").is_null()).then(pl.col("day")).otherwise(ended),
        )
        .drop("ended")
    )


HEADS = Extract(
    "heads",
    kept.PersonHead.objects.all,
    {"person_id": F("person_id"), "token": F("token")},
    {"person_id": pl.Int64, "token": pl.String},
)

ARRIVALS: tuple[Extract, ...] = tuple(
    Extract(
        name,
        model.objects.all,
        {"person_id": F("person_id"), "source_key": F("source_key"), "recorded": EpochSecond("recorded_at")},
        {"person_id": pl.Int64, "source_key": pl.String, "recorded": pl.Int64},
    )
    for name, model in (("responses_arrived", kept.Response), ("totals_arrived", kept.ScoreReceived))
)
