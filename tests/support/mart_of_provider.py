"""The demonstration provider as a mart, straight from its tables: what was planted, ready to be found by metrics.

Without the import in between: that has its own tests. Scores are the totals of the answers.
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from outcometables.definitions.loading import load_instruments
from outcometables.mart import calendar
from outcometables.record.measures import measures_of
from tending.web.demonstration.provider import Provider
from tending.web.demonstration.signs import phq9_totals
from tests.support.engines import filled

DEFINITIONS = Path(__file__).resolve().parents[2] / "definitions"
EPOCH = date(1970, 1, 1)


def numbered(provider: Provider, table: str, key: str) -> dict[str, int]:
    """The whole number that stands for each code of the provider's teams, staff and organisations."""
    return {code: place for place, code in enumerate(provider.frames[table][key].unique().sort(), start=1)}


def tables_of(provider: Provider) -> dict[str, pl.DataFrame]:
    """The tables of a mart that metrics, triggers and pathways read, complete up to the evening before `today`."""
    frames = provider.frames
    teams = numbered(provider, "teams", "team_id")
    staff = numbered(provider, "staff", "staff_id")
    organisations = numbered(provider, "organisations", "organisation_id")
    team, who = _code("team_id", teams), _code("staff_id", staff)
    partner = _code("organisation_id", organisations)
    first = provider.today - timedelta(days=1500)
    given = {
        "teams": frames["teams"].select(team, "name", "programme", "service_model", "site"),
        "organisations": frames["organisations"].select(partner, "name", "kind"),
        "people": frames["people"].select(
            _id("person_id"),
            _day("birth_date", "birth_day"),
            _day("death_date", "died_day"),
            (pl.col("birth_date").dt.year() * 10_000 + pl.col("birth_date").dt.month().cast(pl.Int32) * 100
             + pl.col("birth_date").dt.day()).alias("birth_ymd"),
            *_words("sex", "gender_identity", "race_ethnicity", "language", "payer", "deprivation_quintile"),
        ),
        "caseload": frames["caseload"].select(
            _id("caseload_id", "row_id"), _id("person_id"), who, *_words("caseload_role"),
            _day("from_date", "from_day"), _day("to_date", "to_day"),
        ),
        "referrals": frames["referrals"].select(
            _id("referral_id", "row_id"), _id("person_id"), team, _day("referred_date"), *_words("urgency", "status"),
            _code("source_organisation_id", organisations, "organisation_id"), _day("closed_date", "closed_day"),
        ),
        "episodes": frames["episodes"].join(
            frames["teams"].select(pl.col("team_id").cast(pl.String), "programme", "service_model"),
            left_on=pl.col("team_id").cast(pl.String), right_on="team_id",
        ).select(
            _id("episode_id", "row_id"), _id("person_id"), team, "programme", "service_model",
            _day("start_date", "start_day"), _day("end_date", "end_day"), *_words("end_reason"),
            _id("referral_id"),
        ),
        "contacts": frames["contacts"].select(
            _id("contact_id", "row_id"), _id("person_id"), team, who, _day("starts_at"), _day("starts_at", "end_day"),
            _minute("starts_at", "minute"), pl.col("minutes").cast(pl.Int32), *_words("kind", "medium", "status"),
        ),
        "crisis": frames["crisis_contacts"].select(
            _id("crisis_id", "row_id"), _id("person_id"), partner, _day("at"), _minute("at", "minute"),
            *_words("kind"),
        ),
        "stays": frames["stays"].select(
            _id("stay_id", "row_id"), _id("person_id"), partner, *_words("kind", "destination"),
            _day("admitted_at", "admit_day"), _day("discharged_at", "discharge_day"),
            _minute("admitted_at", "admit_minute"), _minute("discharged_at", "discharge_minute"),
            _minute("notified_at", "notified_minute"),
        ),
        "housing": frames["housing"].select(
            _id("housing_id", "row_id"), _id("person_id"), _day("from_date"), *_words("state")
        ),
        "goal_ratings": frames["goal_ratings"].select(
            _id("rating_id", "row_id"), _id("person_id"), _id("goal_id"), _day("rated_date"), "rating",
            *_words("rated_by"),
        ),
        **_answered(provider),
        "calendar": calendar(first, provider.today + timedelta(days=400), []),
    }  # fmt: skip
    return filled(given)


def _answered(provider: Provider) -> dict[str, pl.DataFrame]:
    totals = phq9_totals(provider.frames).sort("person_id", "answered_date", "response_id")
    scores = totals.select(
        _id("response_id", "row_id"),
        _id("person_id"),
        pl.lit("PHQ-9").alias("measure"),
        _day("answered_date"),
        pl.int_range(pl.len(), dtype=pl.Int32).over("person_id").alias("ordinal"),
        pl.col("value").cast(pl.Float64),
        (pl.col("value").cast(pl.Int64) * 100).alias("hundredths"),
        _day("answered_date", "arrived_day"),
    )
    risks = totals.filter(pl.col("risk") >= 1).select(
        _id("response_id", "row_id"), _id("person_id"), pl.lit("PHQ-9").alias("instrument"),
        pl.lit("9").alias("item"), _day("answered_date"), pl.col("risk").cast(pl.Int32).alias("value"),
    )  # fmt: skip
    measures = measures_of(load_instruments(DEFINITIONS).values())
    hundredths = (pl.col("reliable_change") * 100).ceil().cast(pl.Int64).alias("reliable_hundredths")
    cutoff = (pl.col("cutoff") * 100).cast(pl.Int64).alias("cutoff_hundredths")
    return {"scores": scores, "risk_answers": risks, "measures": measures.with_columns(hundredths, cutoff)}


def _id(column: str, name: str = "") -> pl.Expr:
    return pl.col(column).cast(pl.Int64).alias(name or column)


def _code(column: str, numbers: dict[str, int], name: str = "") -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return text.replace_strict(numbers, default=None, return_dtype=pl.Int64).alias(name or column)


def _day(column: str, name: str = "day") -> pl.Expr:
    return pl.col(column).cast(pl.Date).cast(pl.Int32).alias(name)


def _minute(column: str, name: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Datetime("ms")).dt.timestamp("ms") // 60_000).alias(name)


def _words(*columns: str) -> list[pl.Expr]:
    return [pl.col(column).cast(pl.String).fill_null("") for column in columns]
