"""A person-month in care: how often was an emergency department or a bed needed? (R90, R99)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Names
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import months_in_care
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.metrics.places import place_from_first
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def months_without_use(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    crisis_kinds: Names | None = None,
    stay_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each whole calendar month of each person in care, met where no crisis contact or stay of these kinds was in it.

    A stay is in the month in which it began. A person in two episodes has one month, with the team of the one
    entered first. A month in which care began, ended or the person died is left out as PART_OF_MONTH. Nothing is met
    before the month is over.

    Value: how many there were, so that 1,000 times the mean is the use per 1,000 person-months.
    """
    months = months_in_care(mart, as_of=as_of, period=period, cohort=cohort)
    months = place_from_first(months, "row_id", of=["person_id", "month"]).filter(nw.col("place") == 1)
    uses = [mart["crisis"].filter(nw.col("kind").is_in(crisis_kinds or [])).select("person_id", "day")]
    stays = mart["stays"].filter(nw.col("kind").is_in(stay_kinds or []))
    uses.append(stays.select("person_id", nw.col("admit_day").alias("day")))
    days = mart["calendar"].select("day", "month")
    used = nw.concat(uses).filter(nw.col("day") <= as_of).join(days, on="day", how="inner")
    times = used.group_by("person_id", "month").agg(nw.len().alias("n_used"))
    rows = months.join(times, on=["person_id", "month"], how="left")
    none = nw.when(nw.col("n_used").is_null()).then(nw.lit(0, nw.Int64))
    rows = rows.with_columns(none.otherwise(nw.col("n_used")).alias("times"))
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=(nw.col("times") == 0) & (nw.col("closes_day") < as_of),
        why_not={"PART_OF_MONTH": nw.col("whole") == 0},
        reasons={"USED": nw.col("times") > 0},
        value="times",
    )
