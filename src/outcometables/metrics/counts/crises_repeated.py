"""A person was in a crisis: did another follow soon? (R89)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then, team_then, with_death
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import as_answers, first_answers
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def crises_repeated(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    kinds: Names,
    within_days: Days,
    same_day_counts: bool,
    death_leaves: bool = False,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each crisis contact of `kinds`, met where another of the person came in the `within_days` days after it.

    One later on the same day is another where `same_day_counts`; otherwise all of a day are one crisis, counted once,
    by the one entered first. Each has a clock of its own, so three crises in a row are two repeated ones.
    DIED, in the window and before another, leaves it out where `death_leaves`.

    Value: days until the next, also after the window.
    """
    known = mart["crisis"].filter(nw.col("day") <= as_of, nw.col("kind").is_in(kinds))
    if not same_day_counts:
        known = known.group_by("person_id", "day").agg(nw.col("row_id").min())
    keys = known.filter(period.has("day", as_of=as_of)).select(
        "row_id", "person_id", "day", (nw.col("day") + within_days).cast(nw.Int32).alias("closes_day")
    )
    same_day = (nw.col("answer_day") == nw.col("day")) & (nw.col("answer_row_id") > nw.col("row_id"))
    again = first_answers(keys, as_answers(known), same_day | (nw.col("answer_day") > nw.col("day")))
    rows = keys.join(again, on="row_id", how="left").join(team_then(mart, keys), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(practitioner_then(mart, keys), on="row_id", how="left"), cohort)
    rows = with_death(mart, rows, as_of=as_of)
    died_first = nw.col("answer_day").is_null() | (nw.col("died_day") < nw.col("answer_day"))
    died = (nw.col("died_day") <= nw.col("closes_day")) & died_first
    return opportunity_rows(
        rows.with_columns((nw.col("answer_day") - nw.col("day")).alias("waited")),
        source="crisis",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not={"DIED": died} if death_leaves else {},
        reasons={"LATER": nw.col("answer_day") > nw.col("closes_day"), "NO_OTHER": nw.col("answer_day").is_null()},
        staff_id="staff_id",
        value="waited",
        answer_row_id="answer_row_id",
    )
