"""A signal was raised: how long until a review began, something was done, and it was closed? (R58)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_first
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Step = Literal["BEGUN", "FIRST_ACTION", "CLOSED"]


def signals_answered(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    step: Step,
    within_minutes: Count | None = None,
    severities: Names | None = None,
    triggers: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each signal noticed in the period, met where its review came to the `step` in time.

    BEGUN: somebody began the review. FIRST_ACTION: the first of its actions was done. CLOSED: it was closed. In time
    is `within_minutes` after the signal was noticed, or else its own clock: the time to begin, and for the other two
    the time by which every action should be finished. What one review answers for several signals counts for each.
    REPEAT, a signal inside the quiet period that has no review of its own, is left out.

    Value: minutes from notice to the step, also where that came late (LATE); 0 where the review was there before the
    signal. NOT_YET has none.
    """
    signals = mart["signals"].filter(period.has("noticed_day", as_of=as_of))
    if severities is not None:
        signals = signals.filter(nw.col("severity").is_in(severities))
    if triggers is not None:
        signals = signals.filter(nw.col("trigger").is_in(triggers))
    signals = signals.drop("day").with_columns(
        nw.col("signal_id").alias("row_id"), nw.col("noticed_day").alias("day")
    )
    rows = of_cohort(mart, signals, cohort).join(
        _reviews(mart, step, as_of), on=["person_id", "review_id"], how="left"
    )
    rows = _with_clock(rows, step, within_minutes)
    since = nw.col("step_minute") - nw.col("noticed_minute")
    rows = rows.with_columns(nw.when(since < 0).then(nw.lit(0, nw.Int64)).otherwise(since).alias("waited"))
    in_time = nw.col("step_minute") <= nw.col("deadline")
    return opportunity_rows(
        rows,
        source="signals",
        as_of=as_of,
        met=in_time,
        why_not={"REPEAT": nw.col("is_repeat") == 1},
        reasons={"LATE": ~in_time, "NOT_YET": nw.lit(True)},
        value="waited",
        answer_row_id="review_id",
    )


def _reviews(mart: Mart, step: Step, as_of: int) -> Frame:
    """Each review's person, number and clock, and step_minute: when it came to the step, if it did by `as_of`."""
    reviews = mart["reviews"].filter(nw.col("day") <= as_of)
    own = ["person_id", "review_id", "close_by_minute", "close_by_day"]
    if step == "FIRST_ACTION":
        finished = mart["review_actions"].filter(nw.col("state") == "DONE", nw.col("ended_day") <= as_of)
        of = ["person_id", "review_id"]
        first = place_from_first(finished, "ended_minute", "action_id", of=of).filter(nw.col("place") == 1)
        first = first.select(*of, nw.col("ended_minute").alias("step_minute"))
        return reviews.select(*own).join(first, on=of, how="left")
    day, minute = ("begun_day", "begun_minute") if step == "BEGUN" else ("closed_day", "closed_minute")
    known = nw.when(nw.col(day) <= as_of).then(nw.col(minute))
    return reviews.select(*own, known.alias("step_minute"))


def _with_clock(rows: Frame, step: Step, within: int | None) -> Frame:
    """The rows with deadline and closes_day; without a review, the time to begin is the only clock there is."""
    if within is not None:
        days = -(-within // 1440)  # the day on which so many minutes are over, at the latest
        return rows.with_columns(
            (nw.col("noticed_minute") + within).alias("deadline"),
            (nw.col("day") + days).cast(nw.Int32).alias("closes_day"),
        )
    none = nw.col("close_by_minute").is_null() if step != "BEGUN" else nw.lit(True)
    minute = nw.when(none).then(nw.col("respond_by_minute")).otherwise(nw.col("close_by_minute"))
    last = nw.when(none).then(nw.col("respond_by_day")).otherwise(nw.col("close_by_day"))
    rows = rows.with_columns(minute.alias("deadline"), last.alias("last"))
    # A signal may join a review whose time is over already: then its clock closes on its own day.
    over = nw.when(nw.col("last") < nw.col("day")).then(nw.col("day")).otherwise(nw.col("last"))
    return rows.with_columns(over.cast(nw.Int32).alias("closes_day"))
