"""A month's end, and everybody in care: who has an answer recent enough to work with? (coverage)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import months_in_care
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

_SHORTEST_MONTH, _LONGEST_MONTH = 28, 31


def months_measured(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measures: Names,
    within_days: Days,
    new_for_days: WholeDays,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each month of each episode, met where on its last day the person has a score not older than `within_days`.

    A score of any of `measures` counts; one of the last day itself is 0 days old. Left out by name: LEFT, the person
    was no longer in care, or alive, on that day; NEW, in care for less than `new_for_days` days by then, so an
    answer was not due yet.

    Value: how many days old the newest score is, also where it is too old but of the month or one that `within_days`
    reaches; empty where there is none.
    """
    rows = months_in_care(mart, as_of=as_of, period=period, cohort=cohort)
    scores = mart["scores"].filter(
        nw.col("measure").is_in(measures),
        nw.col("day") <= as_of,
        nw.col("day") >= period.first_day - _reach(within_days) * _LONGEST_MONTH,
    )
    newest = _newest(mart, scores, within_days)
    rows = rows.join(newest, on=["person_id", "month"], how="left")
    last_rows = scores.group_by("person_id", "day").agg(nw.col("row_id").max().alias("answer_row_id"))
    last_rows = last_rows.select("person_id", nw.col("day").alias("scored"), "answer_row_id")
    rows = rows.join(last_rows, on=["person_id", "scored"], how="left")
    rows = rows.with_columns((nw.col("closes_day") - nw.col("scored")).cast(nw.Int64).alias("age"))
    gone = (nw.col("end_day") <= nw.col("closes_day")) | (nw.col("died_day") <= nw.col("closes_day"))
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=nw.col("age") <= within_days,
        why_not={"LEFT": gone, "NEW": nw.col("start_day") > nw.col("closes_day") - new_for_days},
        reasons={"NEVER_OR_LONG_AGO": nw.col("age").is_null(), "TOO_OLD": nw.col("age") > within_days},
        value="age",
        answer_row_id="answer_row_id",
    )


def _newest(mart: Mart, scores: Frame, within_days: int) -> Frame:
    """person_id, month, `scored`: the newest score up to each month's end, of that month or one not too far before.

    A month's last score may still be recent at the end of the next months: each is handed on to as many months as
    `within_days` can reach, so that no row has to be compared with every other.
    """
    months = mart["calendar"].select("day", "month")
    last = scores.select("person_id", "day").join(months, on="day", how="inner")
    last = last.group_by("person_id", "month").agg(nw.col("day").max().alias("scored"))
    months_on = range(_reach(within_days))
    handed_on = [last.select("person_id", (nw.col("month") + later).alias("month"), "scored") for later in months_on]
    return nw.concat(handed_on).group_by("person_id", "month").agg(nw.col("scored").max())


def _reach(within_days: int) -> int:
    """How many months, its own included, have an end at which a score may still be recent."""
    return within_days // _SHORTEST_MONTH + 2
