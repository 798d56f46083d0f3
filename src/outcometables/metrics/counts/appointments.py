"""An appointment, and what came of it: attended, missed, or cancelled, and by whom? (R20)"""

from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.windows import marked
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Status = Literal["ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER"]


def appointments(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    met_by: Annotated[list[Status], msgspec.Meta(min_length=1)],
    record_within_days: WholeDays,
    left_out: list[Status] | None = None,
    contact_kinds: Names | None = None,
    media: Names | None = None,
    first_days: WholeDays = 0,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each contact that was planned, met where its status is one of `met_by`; the reason is the status otherwise.

    The window is the time to write down what came of it, `record_within_days` after the day; an appointment still
    BOOKED then is left out as NOT_RECORDED, and one with a status of `left_out` by that name. `contact_kinds` and
    `media` ask about those alone. `first_days` asks only about appointments in the first so many days of an episode
    of the person's, its first day included: with 30, up to the day 29 days after it.
    """
    rows = mart["contacts"].filter(period.has("day", as_of=as_of))
    if contact_kinds is not None:
        rows = rows.filter(nw.col("kind").is_in(contact_kinds))
    if media is not None:
        rows = rows.filter(nw.col("medium").is_in(media))
    rows = of_cohort(mart, rows, cohort)
    if first_days:
        rows = marked(rows, _early(mart, rows, first_days), "early").filter(nw.col("early") == 1)
    rows = rows.with_columns((nw.col("day") + record_within_days).cast(nw.Int32).alias("closes_day"))
    status = nw.col("status")
    not_recorded = (status == "BOOKED") & (nw.col("closes_day") < as_of)
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=status.is_in(met_by),
        why_not={"NOT_RECORDED": not_recorded, **{name: status == name for name in left_out or []}},
        reasons={name: status == name for name in _STATUSES},
        staff_id="staff_id",
    )


_STATUSES = ("ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER")


def _early(mart: Mart, rows: Frame, days: int) -> Frame:
    starts = mart["episodes"].select("person_id", "start_day")
    pairs = rows.select("row_id", "person_id", "day").join(starts, on="person_id", how="inner")
    return pairs.filter(nw.col("day") >= nw.col("start_day"), nw.col("day") < nw.col("start_day") + days)
