"""The person sees their goals moving away."""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import EVERYONE, Cohort, in_care
from outcometables.triggers.evidence import anchored, evidence, last_days
from outcometables.triggers.parameters import Count, Days

_GOAL = ["person_id", "goal_id"]


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
    goals = ratings.filter(fell)
    latest = goals.filter(nw.col("place") == 1)
    people = latest.group_by("person_id").agg(nw.len().alias("n_goals"))
    people = people.filter(nw.col("n_goals") >= goals_at_least)
    goals = goals.join(people, on="person_id", how="inner")
    roles = {"HIGHEST": dropped & (nw.col("height") == 1) & (nw.col("place") > 1)}
    if two_falls:
        roles["PREVIOUS"] = fell_twice & (nw.col("place") == 2)
        roles["BEFORE"] = fell_twice & (nw.col("place") == 3)
    newest = evidence(goals.filter(nw.col("place") == 1), role="LATEST", source="goal_ratings", value="rating")
    return nw.concat(
        [
            anchored(newest),
            *[
                evidence(goals.filter(which), role=role, source="goal_ratings", value="rating")
                for role, which in roles.items()
            ],
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
    recent = ratings.filter(last_days("day", as_of=as_of, days=within_days)).group_by(_GOAL).agg(nw.len())
    ratings = ratings.join(recent.select(_GOAL), on=_GOAL, how="inner")
    ends = ratings.group_by(*_GOAL, "day").agg(nw.col("row_id").max()).select("row_id")
    one = nw.lit(1, nw.Int64)
    ratings = ratings.join(ends, on="row_id", how="inner").with_columns(
        one.alias("one"), (0 - nw.col("day")).alias("latest_first")
    )
    place = nw.col("one").cum_sum().over(_GOAL, order_by="latest_first")
    ratings = ratings.with_columns(place.alias("place"))
    rank = nw.when(nw.col("place") == 1).then(1).otherwise(0 - nw.col("rating"))
    ratings = ratings.with_columns(rank.alias("highest_first"))
    height = nw.col("one").cum_sum().over(_GOAL, order_by=["highest_first", "latest_first"])
    ratings = ratings.with_columns(height.alias("height"))
    return ratings.with_columns(
        *[
            nw.when(nw.col(order) == number).then(nw.col("rating")).otherwise(0).sum().over(_GOAL).alias(name)
            for name, order, number in [
                ("latest", "place", 1),
                ("previous", "place", 2),
                ("before", "place", 3),
                ("highest", "height", 1),
            ]
        ]
    )
