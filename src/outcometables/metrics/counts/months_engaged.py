"""A month in care: was the person seen, and if not, was anything planned? (R23, R27)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import months_in_care
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def months_engaged(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    at_least: Count,
    contact_kinds: Names | None = None,
    media: Names | None = None,
    same_team_only: bool = False,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each month of each episode, met where the person attended `at_least` contacts in it.

    A month counts where the person was in care from its first day to its last; otherwise it is left out as
    PART_OF_MONTH. `contact_kinds`, `media` and `same_team_only` (with the episode's team) say which contacts count.

    Value: how many were attended. NOT_MET is for a reason: NOTHING_PLANNED, no appointment of that kind in the
    month at all, which is the provider's doing; NOT_ATTENDED, there were some and none was attended; TOO_FEW.
    """
    rows = months_in_care(mart, as_of=as_of, period=period, cohort=cohort)
    contacts = mart["contacts"].filter(nw.col("day") <= as_of)
    if contact_kinds is not None:
        contacts = contacts.filter(nw.col("kind").is_in(contact_kinds))
    if media is not None:
        contacts = contacts.filter(nw.col("medium").is_in(media))
    of = ["person_id", "team_id"] if same_team_only else ["person_id"]
    contacts = contacts.filter(nw.col("day") >= period.first_day, nw.col("day") <= period.last_day + 31)
    months = contacts.join(mart["calendar"].select("day", "month"), on="day", how="inner")
    attended = nw.when(nw.col("status") == "ATTENDED").then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    months = months.select(*of, "month", attended.alias("times"), nw.lit(1, nw.Int64).alias("planned"))
    months = months.group_by(*of, "month").agg(nw.col("times").sum(), nw.col("planned").sum())
    rows = rows.join(months, on=[*of, "month"], how="left")
    none = nw.when(nw.col("times").is_null()).then(nw.lit(0, nw.Int64))
    rows = rows.with_columns(none.otherwise(nw.col("times")).alias("times"))
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=nw.col("times") >= at_least,
        why_not={"PART_OF_MONTH": nw.col("whole") == 0},
        reasons={
            "NOTHING_PLANNED": nw.col("planned").is_null(),
            "NOT_ATTENDED": nw.col("times") == 0,
            "TOO_FEW": nw.col("times") > 0,
        },
        value="times",
    )
