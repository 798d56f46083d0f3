"""A person left a hospital bed: did they have to come back soon? (R90)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, team_then, with_age
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import as_answers, first_answers
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def readmissions(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    kinds: Names,
    within_days: Days,
    transfers: Literal["ONE_STAY", "READMISSIONS"],
    readmission_kinds: Names | None = None,
    same_day_stays_leave: bool = False,
    destinations_that_leave: Names | None = None,
    least_age: int | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each discharge from a stay of `kinds`, met where the person was back in a bed within `within_days`.

    Back is a stay of `readmission_kinds` (those of `kinds`, unless given) that begins on one of the days after the
    discharge. One that begins on the day of discharge is a transfer: with ONE_STAY this discharge is left out as
    TRANSFERRED, and the last stay of the chain has the clock; with READMISSIONS it is back on day 0.

    Left out by name: TRANSFERRED; SAME_DAY, a stay that ended on the day it began, where `same_day_stays_leave`;
    DESTINATION, one of `destinations_that_leave`; AGE and NO_BIRTH_DATE. Whoever dies later was not readmitted.

    Value: days until the person was back, also after the window.
    """
    stays = mart["stays"].filter(nw.col("admit_day") <= as_of)
    keys = stays.filter(nw.col("kind").is_in(kinds), period.has("discharge_day", as_of=as_of)).with_columns(
        nw.col("discharge_day").alias("day"),
        (nw.col("discharge_day") + within_days).cast(nw.Int32).alias("closes_day"),
    )
    keys = keys.select("row_id", "person_id", "day", "closes_day", "admit_day", "destination")
    others = as_answers(stays.filter(nw.col("kind").is_in(readmission_kinds or kinds)), "admit_day")
    same_day = (nw.col("answer_day") == nw.col("day")) & (nw.col("answer_row_id") > nw.col("row_id"))
    next_stay = first_answers(keys, others, same_day | (nw.col("answer_day") > nw.col("day")))
    rows = keys.join(next_stay, on="row_id", how="left").join(team_then(mart, keys), on="row_id", how="left")
    rows = with_age(mart, of_cohort(mart, rows, cohort))
    why_not = {"DESTINATION": nw.col("destination").is_in(destinations_that_leave or [])}
    if transfers == "ONE_STAY":
        why_not["TRANSFERRED"] = nw.col("answer_day") == nw.col("day")
    if same_day_stays_leave:
        why_not["SAME_DAY"] = nw.col("admit_day") == nw.col("day")
    return opportunity_rows(
        rows.with_columns((nw.col("answer_day") - nw.col("day")).alias("waited")),
        source="stays",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not=why_not | age_reasons(least=least_age, most=None),
        reasons={"LATER": nw.col("answer_day") > nw.col("closes_day"), "NOT_BACK": nw.col("answer_day").is_null()},
        value="waited",
        answer_row_id="answer_row_id",
    )
