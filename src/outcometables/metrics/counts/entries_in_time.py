"""Something happened: how long did it take until it was in the record? (entry lag)"""

from datetime import date
from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import OPPORTUNITY, Period, Reasons, of_cohort, opportunity_rows
from outcometables.metrics.windows import waited, with_clock
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Table = Literal["contacts", "scores"]
_EPOCH = date(1970, 1, 1)


def entries_in_time(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    unit: Literal["DAYS", "BUSINESS_DAYS"],
    tables: Annotated[list[Table], msgspec.Meta(min_length=1)],
    within_days: WholeDays,
    history_after_days: WholeDays,
    routine_since: date | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each row of `tables`, met where it reached Tending within `within_days` of its day, counted in the unit.

    What has not arrived cannot be seen: how late the last weeks' entries are is known only when they are in, and the
    metric's lag says when. Left out by name: HISTORY, it happened before `routine_since`, the day from which entries
    come as things happen, or came more than `history_after_days` days later (0 for never): a load of the past and
    not somebody's entry; AHEAD, it came before its day, as bookings do;
    NOT_RECORDED, an appointment nobody has written the end of. A score has no team, so a cohort that names something
    has none.

    Value: the lag, also where it was LATE.
    """
    history: dict[str, nw.Expr] = {}
    if history_after_days:
        history["HISTORY"] = nw.col("arrived_day") > nw.col("day") + history_after_days
    if routine_since is not None:
        before = nw.col("day") < (routine_since - _EPOCH).days
        history["HISTORY"] = history["HISTORY"] | before if history else before
    found = [_rows(mart, table, as_of, period, cohort, unit, within_days, history) for table in tables]
    return nw.concat(found).select(*OPPORTUNITY)


def _rows(
    mart: Mart, table: str, as_of: int, period: Period, cohort: Cohort, unit: str, within: int, history: Reasons
) -> Frame:
    rows = mart[table].filter(period.has("day", as_of=as_of), nw.col("arrived_day") <= as_of)
    why_not = {**history, "AHEAD": nw.col("arrived_day") < nw.col("day")}
    if table == "contacts":
        why_not["NOT_RECORDED"] = nw.col("status") == "BOOKED"
    else:
        nobody = nw.lit(None, nw.Int64)
        rows = rows.with_columns(nobody.alias("team_id"), nobody.alias("staff_id"))
    rows = with_clock(mart, of_cohort(mart, rows, cohort), within=within, unit=unit)
    rows = waited(mart, rows, unit=unit, until="arrived_day")
    return opportunity_rows(
        rows,
        source=table,
        as_of=as_of,
        met=nw.col("waited") <= within,
        why_not=why_not,
        reasons={"LATE": nw.col("waited") > within},
        staff_id="staff_id",
        value="waited",
    )
