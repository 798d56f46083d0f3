"""The first weeks of an episode: was the person seen often enough to get going? (R20)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import left_by, starting_episodes
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def early_attendance(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    within_days: Days,
    at_least: Count,
    first_day_counts: bool,
    contact_kinds: Names | None = None,
    same_team_only: bool = False,
    in_care_before_days: WholeDays = 0,
    derived_leaves: bool = False,
    ends_that_leave: Names | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each episode, met where the person attended `at_least` contacts in its first `within_days` days.

    The first day of the episode is one of them, and a contact on it counts where `first_day_counts`. `contact_kinds`
    says which contacts count, `same_team_only` that they have to be with the episode's team.

    Left out by name: IN_CARE_BEFORE, another episode of the person was open in the `in_care_before_days` before, so
    nothing began; DERIVED, the episode was made from contacts and so starts with one, where `derived_leaves`; the
    reason the episode ended with inside the window, if that is one of `ends_that_leave`; DIED, inside the window.

    Value: how many contacts were attended. NOT_MET is for a reason: NEVER_SEEN, DROPPED_OUT or TOO_FEW.
    """
    rows, why_not = starting_episodes(
        mart,
        as_of=as_of,
        period=period,
        cohort=cohort,
        closes_after=within_days - 1,
        in_care_before_days=in_care_before_days,
        derived_leaves=derived_leaves,
        ends_that_leave=ends_that_leave or [],
        death_leaves=death_leaves,
    )
    attended = attended_contacts(mart, as_of=as_of, kinds=contact_kinds)
    of = ["person_id", "team_id"] if same_team_only else ["person_id"]
    seen = rows.select("row_id", *of, nw.col("day").alias("start"), "closes_day").join(
        attended.select("day", *of), on=of, how="inner"
    )
    after = nw.col("day") >= nw.col("start") if first_day_counts else nw.col("day") > nw.col("start")
    seen = seen.filter(after, nw.col("day") <= nw.col("closes_day")).group_by("row_id").agg(nw.len().alias("found"))
    rows = rows.join(seen, on="row_id", how="left")
    times = nw.when(nw.col("found").is_null()).then(nw.lit(0, nw.Int64)).otherwise(nw.col("found").cast(nw.Int64))
    rows = rows.with_columns(times.alias("times"))
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=nw.col("times") >= at_least,
        why_not=why_not,
        reasons={
            "DROPPED_OUT": left_by("DROPPED_OUT", as_of),
            "NEVER_SEEN": nw.col("times") == 0,
            "TOO_FEW": nw.col("times") > 0,
        },
        value="times",
    )
