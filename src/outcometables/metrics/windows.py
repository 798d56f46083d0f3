"""From which day to which day, in calendar or business days, and which event was the first in between."""

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.record.frames import Frame

DAYS, BUSINESS_DAYS = "DAYS", "BUSINESS_DAYS"


def with_clock(mart: Mart, rows: Frame, *, within: int, unit: str) -> Frame:
    """The rows with closes_day, the last day that is `within` days after `day`, in DAYS or BUSINESS_DAYS.

    Business day n after a day is the n-th that is no weekend and no observed holiday; the window stays open through
    the days before the next business day. A window that ends after the mart's calendar has an empty closes_day.
    """
    if unit != BUSINESS_DAYS:
        return rows.with_columns((nw.col("day") + within).cast(nw.Int32).alias("closes_day"))
    starts = mart["calendar"].select("day", nw.col("business_ordinal").alias("start_ordinal"))
    closes = mart["calendar"].group_by("business_ordinal").agg(nw.col("day").max().alias("closes_day"))
    closes = closes.select((nw.col("business_ordinal") - within).alias("start_ordinal"), "closes_day")
    return rows.join(starts, on="day", how="left").join(closes, on="start_ordinal", how="left").drop("start_ordinal")


def waited(mart: Mart, rows: Frame, *, unit: str, until: str) -> Frame:
    """The rows with `waited`: days from `day` to the day in the column `until`; empty where that is.

    In business days a wait from Friday to the next day is 0, and to the Monday 1.
    """
    if unit != BUSINESS_DAYS:
        return rows.with_columns((nw.col(until) - nw.col("day")).cast(nw.Int64).alias("waited"))
    starts = mart["calendar"].select("day", nw.col("business_ordinal").alias("start_ordinal"))
    ends = mart["calendar"].select(nw.col("day").alias(until), nw.col("business_ordinal").alias("end_ordinal"))
    rows = rows.join(starts, on="day", how="left").join(ends, on=until, how="left")
    rows = rows.with_columns((nw.col("end_ordinal") - nw.col("start_ordinal")).cast(nw.Int64).alias("waited"))
    return rows.drop("start_ordinal", "end_ordinal")


def with_first(
    rows: Frame,
    events: Frame,
    *,
    same_day_counts: bool,
    until: str | None = None,
    of: Sequence[str] = ("person_id",),
) -> Frame:
    """The rows with answer_day and answer_row_id: the first event since `day`, empty where there is none.

    `rows` have row_id, day and the columns `of` (one row a row_id); `events` have row_id, day and the same columns,
    which say whose event may answer. Of several events on that day the first entered answers. With `until`, events
    after the day in that column do not.
    """
    since = nw.col("answer_day") >= nw.col("day") if same_day_counts else nw.col("answer_day") > nw.col("day")
    answers = events.select(*of, nw.col("day").alias("answer_day"), nw.col("row_id").alias("answer_row_id"))
    starts = rows.select("row_id", "day", *of, *([] if until is None else [until]))
    after = starts.join(answers, on=list(of), how="inner").filter(since)
    if until is not None:
        after = after.filter(nw.col("answer_day") <= nw.col(until))
    first = after.group_by("row_id", *of).agg(nw.col("answer_day").min())
    entered = first.join(answers, on=[*of, "answer_day"], how="inner")
    first = entered.group_by("row_id", "answer_day").agg(nw.col("answer_row_id").min())
    return rows.join(first, on="row_id", how="left")


def marked(rows: Frame, found: Frame, name: str, *, on: str = "row_id") -> Frame:
    """The rows with a column `name`: 1 where `found` has a row with the same `on`, else 0."""
    marks = found.group_by(on).agg(nw.len().alias(name))
    some = nw.when(nw.col(name) > 0).then(nw.lit(1, nw.Int8)).otherwise(nw.lit(0, nw.Int8))
    return rows.join(marks, on=on, how="left").with_columns(some.alias(name))
