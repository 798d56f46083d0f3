"""The person sees their goals moving away."""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import in_care
from outcometables.triggers.evidence import anchored, by_role, count, evidence, last_days, place_from_last

_GOAL = ["person_id", "goal_id"]
_IS_LATEST = nw.col("place") == 1


def goal_ratings_falling(
    record: Record,
    *,
    as_of: int,
    by_at_least: Count,
    within_days: Days,
    look_back_days: Days = 180,
    goals_at_least: Count = 1,
    two_falls: bool = True,
    rated_by: Literal["PERSON", "STAFF"] = "PERSON",
    cohort: Cohort = EVERYONE,
) -> Frame:
    """On at least `goals_at_least` goals the latest rating is lower than before.

    Lower means `by_at_least` points below the highest earlier rating of the last `look_back_days` days, or,
    with `two_falls`, below the one before, which was itself below the one before that. The latest rating
    lies in the last `within_days` days. Ratings by `rated_by` alone count: the person's own view, unless
    said otherwise. Of several ratings of a goal on one day the last entered is that day's rating. The same
    goal going up again ends it.

    Evidence, for each such goal: LATEST (anchor: the last of them) and HIGHEST (the most recent, if several
    are equally high), or PREVIOUS and BEFORE for two falls.
    """
    ratings = _courses(record, as_of, within_days, look_back_days, rated_by)
    ratings = ratings.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    dropped = nw.col("highest") - nw.col("latest") >= by_at_least
    fell_twice = (nw.col("latest") < nw.col("previous")) & (nw.col("previous") < nw.col("before"))
    fell = (dropped | fell_twice) if two_falls else dropped
    goals = ratings.filter(fell).with_columns(count(_IS_LATEST).alias("n_goals"))
    goals = goals.filter(nw.col("n_goals") >= goals_at_least)
    roles = {"HIGHEST": dropped & (nw.col("height") == 1)}
    if two_falls:
        roles["PREVIOUS"] = fell_twice & (nw.col("place") == 2)
        roles["BEFORE"] = fell_twice & (nw.col("place") == 3)
    return nw.concat(
        [
            anchored(evidence(goals.filter(_IS_LATEST), role="LATEST", source="goal_ratings", value="rating")),
            evidence(by_role(goals, roles), source="goal_ratings", value="rating"),
        ]
    )


def _courses(record: Record, as_of: int, within_days: int, look_back_days: int, rated_by: str) -> Frame:
    """One rating a day of each goal that was rated lately.

    `place` counts from the latest, `height` from the highest of those before it; `latest`, `previous`,
    `before` and `highest` are the goal's ratings of those names. One that is not there is 0, and nothing is
    below 0; of a single rating the highest is itself.
    """
    ratings = record.goal_ratings.filter(
        nw.col("rated_by") == rated_by, last_days("day", as_of=as_of, days=look_back_days)
    )
    recent = last_days("day", as_of=as_of, days=within_days)
    ratings = ratings.with_columns(count(recent, _GOAL).alias("n_recent")).filter(nw.col("n_recent") > 0)
    ratings = (
        ratings.with_columns(nw.lit(1, nw.Int64).alias("one"))
        .with_columns(place_from_last("row_id", of=[*_GOAL, "day"]).alias("place_in_day"))
        .filter(nw.col("place_in_day") == 1)
        .with_columns(place_from_last("day", of=_GOAL).alias("place"))
    )
    below_all = nw.when(nw.col("place") == 1).then(-1).otherwise(nw.col("rating"))
    ratings = ratings.with_columns(below_all.alias("rating_before"))
    ratings = ratings.with_columns(place_from_last("rating_before", "day", of=_GOAL).alias("height"))
    return ratings.with_columns(
        _rating("place", 1).alias("latest"),
        _rating("place", 2).alias("previous"),
        _rating("place", 3).alias("before"),
        _rating("height", 1).alias("highest"),
    )


def _rating(order: str, number: int) -> nw.Expr:
    """The goal's rating at that place, on each of its rows."""
    return nw.when(nw.col(order) == number).then(nw.col("rating")).otherwise(0).sum().over(_GOAL)
