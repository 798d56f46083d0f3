"""One row for each course of care: first and last score, who was there, and what people brought with them.

Everything is a whole number (scores in hundredths of a point), so that sums are exact and the same on every engine.
"""

from collections.abc import Mapping
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.record.frames import Frame

# What case mix may be adjusted for: whole numbers, and yes (1) or no (0), where -1 is not known.
NUMBERS = ("first_score", "age")
YES_OR_NO: Mapping[str, str] = MappingProxyType(
    {
        "female": "sex is FEMALE",
        "most_deprived": "deprivation quintile 1 or 2",
        "not_english": "the language is another than English",
        "medicaid": "Medicaid pays",
    }
)
COVARIATES = (*NUMBERS, *YES_OR_NO)
_UNKNOWN = ("", "UNKNOWN", "NOT_ASKED", "DECLINED")


def changes(
    mart: Mart, *, measure: str, period: Period, as_of: int, at_least_days: int = 28, days_before: int = 14
) -> Frame:
    """One row for each person: their first episode with a first score of the measure in the period and a later one.

    A score belongs to an episode from `days_before` days before its first day until the day before it ends. The last
    is the last by `as_of`, `at_least_days` days or more after the first; of several scores on one day the last
    entered counts. staff_id is the primary practitioner on the day of the first score (of two, the earlier entry),
    0 where nobody was. Columns: team_id, staff_id, change (last minus first) and COVARIATES.
    """
    pairs = _first_and_last(mart, measure, as_of, days_before)
    pairs = pairs.filter(
        nw.col("first_day") >= period.first_day,
        nw.col("first_day") <= period.last_day,
        nw.col("last_day") - nw.col("first_day") >= at_least_days,
    )
    earliest = pairs.group_by("person_id").agg(nw.col("first_day").min())
    pairs = pairs.join(earliest, on=["person_id", "first_day"], how="inner")
    one = pairs.group_by("person_id").agg(nw.col("episode").min())
    pairs = pairs.join(one, on=["person_id", "episode"], how="inner")
    known = _about_people(mart, _with_practitioner(mart, pairs))
    return known.select(
        nw.col("team_id"),
        nw.col("staff_id"),
        (nw.col("last_score") - nw.col("first_score")).alias("change"),
        *COVARIATES,
    )


def _first_and_last(mart: Mart, measure: str, as_of: int, days_before: int) -> Frame:
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select("person_id", "day", "ordinal", "hundredths")
    end = nw.col("end_day")
    episodes = mart["episodes"].filter(~nw.col("team_id").is_null(), nw.col("start_day") <= as_of)
    episodes = episodes.select("person_id", nw.col("row_id").alias("episode"), "team_id", "start_day", "end_day")
    own = scores.join(episodes, on="person_id", how="inner")
    own = own.filter(nw.col("day") >= nw.col("start_day") - days_before, end.is_null() | (nw.col("day") < end))
    last_of_day = own.group_by("episode", "day").agg(nw.col("ordinal").max())
    own = own.join(last_of_day, on=["episode", "day", "ordinal"], how="inner")
    ends = own.group_by("episode").agg(nw.col("ordinal").min().alias("first"), nw.col("ordinal").max().alias("last"))
    own = own.join(ends, on="episode", how="inner")
    firsts = own.filter(nw.col("ordinal") == nw.col("first")).select(
        "episode",
        "person_id",
        "team_id",
        nw.col("day").alias("first_day"),
        nw.col("hundredths").alias("first_score"),
    )
    lasts = own.filter(nw.col("ordinal") == nw.col("last")).select(
        "episode", nw.col("day").alias("last_day"), nw.col("hundredths").alias("last_score")
    )
    return firsts.join(lasts, on="episode", how="inner")


def _with_practitioner(mart: Mart, pairs: Frame) -> Frame:
    held = mart["caseload"].filter(nw.col("caseload_role") == "PRIMARY")
    held = held.select("person_id", "row_id", "staff_id", "from_day", "to_day")
    until = nw.col("to_day")
    then = pairs.select("episode", "person_id", "first_day").join(held, on="person_id", how="inner")
    then = then.filter(nw.col("from_day") <= nw.col("first_day"), until.is_null() | (until > nw.col("first_day")))
    first = then.group_by("episode").agg(nw.col("row_id").min())
    who = then.join(first, on=["episode", "row_id"], how="inner").select("episode", nw.col("staff_id").alias("who"))
    somebody = nw.when(nw.col("who").is_null()).then(nw.lit(0, nw.Int64)).otherwise(nw.col("who"))
    return pairs.join(who, on="episode", how="left").with_columns(somebody.alias("staff_id"))


def _about_people(mart: Mart, pairs: Frame) -> Frame:
    days = mart["calendar"].select(nw.col("day").alias("first_day"), "ymd")
    people = mart["people"].select("person_id", "birth_ymd", "sex", "language", "payer", "deprivation_quintile")
    rows = pairs.join(people, on="person_id", how="left").join(days, on="first_day", how="left")
    no_age = nw.col("birth_ymd").is_null() | nw.col("ymd").is_null()
    age = ((nw.col("ymd") - nw.col("birth_ymd")) // 10_000).cast(nw.Int64)
    return rows.with_columns(
        nw.when(no_age).then(nw.lit(-1, nw.Int64)).otherwise(age).alias("age"),
        _mark("sex", ["FEMALE"]).alias("female"),
        _mark("deprivation_quintile", ["1", "2"]).alias("most_deprived"),
        (1 - _mark("language", ["en"])).alias("english"),
        _mark("payer", ["MEDICAID"]).alias("medicaid"),
    ).with_columns(
        nw.when(nw.col("english") == 2).then(nw.lit(-1, nw.Int64)).otherwise(nw.col("english")).alias("not_english")
    )


def _mark(column: str, words: list[str]) -> nw.Expr:
    """1 for one of the words, 0 for another, -1 where it is not known."""
    value = nw.col(column)
    known = nw.when(value.is_in(words)).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    unknown = value.is_null() | value.is_in(list(_UNKNOWN))
    return nw.when(unknown).then(nw.lit(-1, nw.Int64)).otherwise(known)
