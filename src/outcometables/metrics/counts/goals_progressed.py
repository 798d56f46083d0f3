"""What a person works towards: did they come nearer to it, by their own rating?"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then, team_then
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_first, place_from_last
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def goals_progressed(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    within_days: Days,
    at_least_points: Count,
    first_rating_within_days: WholeDays,
    rated_by: Names,
    statuses_that_leave: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each goal stated in the period, met where it was reached or rated higher by `at_least_points`.

    Reached is a goal ACHIEVED by the window's last day. Otherwise the last rating in the `within_days` after it was
    stated is compared with the first, given at most `first_rating_within_days` after it and on an earlier day, both
    by one of `rated_by` (PERSON, STAFF); of several on a day the one entered first is the first, the one entered last
    the last. A rating decides only once the window has closed; reaching the goal, at once.

    Left out by name: CHANGED or DROPPED, a goal the person closed so in the window, if `statuses_that_leave` names
    it: people may change their minds. NO_FIRST_SCORE, NO_LATER_SCORE, where it was not reached.

    Value: the last rating minus the first.
    """
    goals = mart["goals"].filter(period.has("day", as_of=as_of))
    keys = goals.select(
        "row_id", "person_id", "day", (nw.col("day") + within_days).cast(nw.Int32).alias("closes_day")
    )
    closed_day = goals.select("row_id", "status", nw.col("closed_day").alias("ended"))
    rows = keys.join(closed_day, on="row_id", how="left")
    rows = rows.join(_ratings(mart, keys, as_of, first_rating_within_days, rated_by), on="row_id", how="left")
    rows = rows.join(team_then(mart, keys), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(practitioner_then(mart, keys), on="row_id", how="left"), cohort)
    in_window = (nw.col("ended") <= nw.col("closes_day")) & (nw.col("ended") <= as_of)
    reached = (nw.col("status") == "ACHIEVED") & in_window
    not_reached = nw.col("status").is_in(["ACTIVE", "CHANGED", "DROPPED"]) | nw.col("ended").is_null() | ~in_window
    closed = nw.col("closes_day") < as_of
    higher = (nw.col("change") >= at_least_points) & closed
    why_not = {status: (nw.col("status") == status) & in_window for status in statuses_that_leave or []}
    why_not["NO_FIRST_SCORE"] = nw.col("first_rating").is_null() & not_reached & closed
    why_not["NO_LATER_SCORE"] = nw.col("change").is_null() & not_reached & closed
    return opportunity_rows(
        rows,
        source="goals",
        as_of=as_of,
        met=reached | higher,
        why_not=why_not,
        reasons={"FURTHER_AWAY": nw.col("change") < 0, "NOT_ENOUGH": nw.lit(True)},
        staff_id="staff_id",
        value="change",
        answer_row_id="answer_row_id",
    )


def _ratings(mart: Mart, keys: Frame, as_of: int, first_within: int, rated_by: list[str]) -> Frame:
    """row_id, first_rating, change, answer_row_id: the first rating and, of a later day, the last."""
    given = (
        mart["goal_ratings"]
        .filter(nw.col("rated_by").is_in(rated_by), nw.col("day") <= as_of)
        .select(
            "person_id",
            nw.col("goal_id").alias("row_id"),
            nw.col("day").alias("rated_day"),
            nw.col("rating").cast(nw.Int64),
            nw.col("row_id").alias("rating_row"),
        )
    )
    inside = keys.join(given, on=["person_id", "row_id"], how="inner").filter(
        nw.col("rated_day") <= nw.col("closes_day")
    )
    early = inside.filter(nw.col("rated_day") <= nw.col("day") + first_within)
    firsts = place_from_first(early, "rated_day", "rating_row").filter(nw.col("place") == 1)
    firsts = firsts.select("row_id", nw.col("rating").alias("first_rating"), nw.col("rated_day").alias("first_day"))
    lasts = place_from_last(inside, "rated_day", "rating_row").filter(nw.col("place") == 1)
    ends = firsts.join(lasts.select("row_id", "rating", "rated_day", "rating_row"), on="row_id", how="left")
    later = nw.col("rated_day") > nw.col("first_day")
    return ends.select(
        "row_id",
        "first_rating",
        nw.when(later).then(nw.col("rating") - nw.col("first_rating")).alias("change"),
        nw.when(later).then(nw.col("rating_row")).alias("answer_row_id"),
    )
