"""An episode that has hardly begun: did the person leave, or fall silent, before it could help? (R23, R26)"""

from functools import reduce
from operator import or_

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import left_by, starting_episodes
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def early_drop_out(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    within_days: Days,
    silent_days: WholeDays,
    drop_out_reasons: Names | None = None,
    in_care_before_days: WholeDays = 0,
    derived_leaves: bool = False,
    ends_that_leave: Names | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each episode, met where the person dropped out within `within_days` days after its first.

    Dropped out is an end for one of `drop_out_reasons` (DROPPED_OUT, unless given) on a day up to then; and, where
    `silent_days` is not 0, an episode still open at the end of the window without one attended contact in its last
    `silent_days` days, because nobody closes the file of somebody who stays away. That can be said once the window
    has closed. Left out by name as in early_attendance.

    Value: how many days after the first day the person was in care, or was last seen before falling silent (0 where
    never); empty for who stayed.
    """
    rows, why_not = starting_episodes(
        mart,
        as_of=as_of,
        period=period,
        cohort=cohort,
        closes_after=within_days,
        in_care_before_days=in_care_before_days,
        derived_leaves=derived_leaves,
        ends_that_leave=ends_that_leave or [],
        death_leaves=death_leaves,
    )
    rows = _with_last_seen(mart, rows, as_of)
    left = reduce(or_, [left_by(reason, as_of) for reason in drop_out_reasons or ["DROPPED_OUT"]])
    in_care = nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("closes_day"))
    closed = nw.col("closes_day") < as_of
    unseen = nw.col("last_seen").is_null() | (nw.col("last_seen") <= nw.col("closes_day") - silent_days)
    silent = in_care & closed & unseen if silent_days else nw.col("row_id").is_null()  # else nobody
    day = nw.when(left).then(nw.col("end_day") - nw.col("day")).when(silent).then(nw.col("seen_after"))
    rows = rows.with_columns(day.otherwise(nw.lit(None, nw.Int32)).cast(nw.Int64).alias("days"))
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=left | silent,
        why_not=why_not,
        reasons={"ENDED_OTHERWISE": nw.col("end_day") <= nw.col("closes_day"), "STAYED": in_care},
        value="days",
    )


def _with_last_seen(mart: Mart, rows: Frame, as_of: int) -> Frame:
    attended = attended_contacts(mart, as_of=as_of)
    attended = attended.select("person_id", nw.col("day").alias("seen"))
    pairs = rows.select("row_id", "person_id", "day", "closes_day").join(attended, on="person_id", how="inner")
    pairs = pairs.filter(nw.col("seen") >= nw.col("day"), nw.col("seen") <= nw.col("closes_day"))
    last = pairs.group_by("row_id").agg(nw.col("seen").max().alias("last_seen"))
    rows = rows.join(last, on="row_id", how="left")
    never = nw.when(nw.col("last_seen").is_null()).then(nw.lit(0, nw.Int32))
    return rows.with_columns(never.otherwise(nw.col("last_seen") - nw.col("day")).alias("seen_after"))
