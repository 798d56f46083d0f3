"""People in care: does a tool follow their progress, again and again? (Joint Commission CTS.03.01.09, element 1)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then, with_death
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def measured_repeatedly(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    in_care_days: Days,
    at_least: Count,
    measures: Names | None = None,
    first_score_days_before: WholeDays = 0,
    derived_leaves: bool = False,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each episode that starts in the period, met where one tool was used on `at_least` days.

    The window is from `first_score_days_before` days before the first day to `in_care_days` after it. Two scores of
    a day are one day; two tools used once each are no course of either. An episode that ended, or whose person died,
    before its end was too short to ask (ENDED, DIED). DERIVED leaves out episodes made from contacts.

    Value: the days of the tool that was used on most. NO_SCORE, where none was.
    """
    episodes = mart["episodes"].filter(nw.col("start_day") <= as_of)
    keys = of_cohort(mart, episodes, cohort).with_columns(
        nw.col("start_day").alias("day"), (nw.col("start_day") + in_care_days).cast(nw.Int32).alias("closes_day")
    )
    keys = keys.filter(period.has("day", as_of=as_of))
    scores = mart["scores"].filter(nw.col("day") <= as_of)
    if measures is not None:
        scores = scores.filter(nw.col("measure").is_in(measures))
    pairs = keys.select("row_id", "person_id", "day", "closes_day").join(
        scores.select("person_id", "measure", nw.col("day").alias("score_day")), on="person_id", how="inner"
    )
    pairs = pairs.filter(
        nw.col("score_day") >= nw.col("day") - first_score_days_before, nw.col("score_day") <= nw.col("closes_day")
    )
    days = pairs.group_by("row_id", "measure", "score_day").agg(nw.len()).group_by("row_id", "measure")
    most = days.agg(nw.len().alias("n_days")).group_by("row_id").agg(nw.col("n_days").max())
    rows = keys.join(most, on="row_id", how="left").join(practitioner_then(mart, keys), on="row_id", how="left")
    rows = with_death(mart, rows, as_of=as_of)
    left = (nw.col("end_day") <= as_of) & (nw.col("end_day") < nw.col("closes_day"))
    why_not = {"DERIVED": nw.col("derived") == 1} if derived_leaves else {}
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=nw.col("n_days") >= at_least,
        why_not=why_not | {"DIED": nw.col("died_day") <= nw.col("closes_day"), "ENDED": left},
        reasons={"NO_SCORE": nw.col("n_days").is_null(), "NOT_AGAIN": nw.lit(True)},
        staff_id="staff_id",
        value="n_days",
    )
