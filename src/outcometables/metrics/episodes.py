"""Episodes as clocks: those that start in a period, and the months that people are in care."""

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period, Reasons, of_cohort
from outcometables.metrics.windows import marked
from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame


def starting_episodes(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    cohort: Cohort,
    closes_after: int,
    in_care_before_days: int,
    derived_leaves: bool,
    ends_that_leave: list[str],
    death_leaves: bool,
) -> tuple[Frame, Reasons]:
    """The episodes that start in the period, with `day`, `closes_day` and died_day, and why some do not count.

    The window closes `closes_after` days after the first day. Reasons: IN_CARE_BEFORE, DERIVED, the names of
    `ends_that_leave` and DIED, as the counts that use them describe.
    """
    known = mart["episodes"].filter(nw.col("start_day") <= as_of)
    rows = of_cohort(mart, known.filter(period.has("start_day", as_of=as_of)), cohort)
    rows = rows.with_columns(
        nw.col("start_day").alias("day"), (nw.col("start_day") + closes_after).cast(nw.Int32).alias("closes_day")
    )
    why_not: dict[str, nw.Expr] = {}
    if in_care_before_days:
        rows = marked(rows, _earlier(rows, known, in_care_before_days), "in_care_before")
        why_not["IN_CARE_BEFORE"] = nw.col("in_care_before") == 1
    if derived_leaves:
        why_not["DERIVED"] = nw.col("derived") == 1
    if death_leaves:
        rows = rows.join(mart["people"].select("person_id", "died_day"), on="person_id", how="left")
        died = (nw.col("died_day") <= as_of) & (nw.col("died_day") <= nw.col("closes_day"))
        why_not["DIED"] = died | left_by("DIED", as_of)
    return rows, {**why_not, **{reason: left_by(reason, as_of) for reason in ends_that_leave}}


def left_by(reason: str, as_of: int) -> nw.Expr:
    """The episode ended for this reason inside its window, and by `as_of`. An episode is over on its end_day."""
    end = nw.col("end_day")
    return (nw.col("end_reason") == reason) & (end <= as_of) & (end <= nw.col("closes_day"))


def _earlier(rows: Frame, known: Frame, days: int) -> Frame:
    """The person had another episode that began before and was open in the `days` days before this one, or still is.

    Of two that begin on one day the one entered first is the earlier.
    """
    others = known.select(
        "person_id",
        nw.col("row_id").alias("other"),
        nw.col("start_day").alias("other_start"),
        nw.col("end_day").alias("other_end"),
    )
    pairs = rows.select("row_id", "person_id", "day").join(others, on="person_id", how="inner")
    before = (nw.col("other_start") < nw.col("day")) | (
        (nw.col("other_start") == nw.col("day")) & (nw.col("other") < nw.col("row_id"))
    )
    recent = nw.col("other_end").is_null() | (nw.col("other_end") > nw.col("day") - days)
    return pairs.filter(before, recent)


def months_in_care(mart: Mart, *, as_of: int, period: Period, cohort: Cohort) -> Frame:
    """One row for each episode and each month of the period that it has a day in, with that month's whole window.

    `day` and `closes_day` are the month's first and last, `month` its number; start_day, end_day and died_day as far
    as known by `as_of`; `whole` is 1 where the person was in care, and alive, from the first day to the last.
    """
    months = (
        mart["calendar"]
        .group_by("month")
        .agg(nw.col("day").min().alias("first"), nw.col("day").max().alias("closes_day"))
    )
    months = months.select("month", nw.col("first").alias("day"), "closes_day", nw.lit(1, nw.Int8).alias("all"))
    months = months.filter(period.has("day", as_of=as_of))
    ended = nw.when(nw.col("end_day") <= as_of).then(nw.col("end_day")).otherwise(nw.lit(None, nw.Int32))
    episodes = of_cohort(mart, mart["episodes"].filter(nw.col("start_day") <= as_of), cohort)
    episodes = episodes.select(
        "row_id", "person_id", "team_id", "start_day", ended.alias("end_day"), nw.lit(1, nw.Int8).alias("all")
    )
    dead = mart["people"].filter(nw.col("died_day") <= as_of).select("person_id", "died_day")
    episodes = episodes.join(dead, on="person_id", how="left")
    rows = episodes.join(months, on="all", how="inner").filter(
        nw.col("start_day") <= nw.col("closes_day"),
        nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("day")),
        nw.col("died_day").is_null() | (nw.col("died_day") >= nw.col("day")),
    )
    stayed = nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("closes_day"))
    lived = nw.col("died_day").is_null() | (nw.col("died_day") > nw.col("closes_day"))
    whole = nw.when((nw.col("start_day") <= nw.col("day")) & stayed & lived).then(nw.lit(1, nw.Int8))
    return rows.with_columns(whole.otherwise(nw.lit(0, nw.Int8)).alias("whole"))
