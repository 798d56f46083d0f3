"""A person left a hospital bed: did somebody see them soon? (R91, R99)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, practitioner_then, team_then, with_age, with_death
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import as_answers, place_from_first
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Readmission = Literal["IGNORED", "LEAVES", "COUNTS_AS_CONTACT"]


def stays_followed_by_contact(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    within_days: Days,
    same_day_counts: bool,
    kinds: Names,
    readmission: Readmission,
    readmission_within_days: WholeDays = 30,
    readmission_kinds: Names | None = None,
    at_least: Count = 1,
    contact_kinds: Names | None = None,
    media: Names | None = None,
    same_team_only: bool = False,
    destinations_that_leave: Names | None = None,
    least_age: int | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each discharge from a stay of `kinds`, met where the person was seen on `at_least` days in the days after it.

    Day 1 is the day after discharge; a contact on the day of discharge counts where `same_day_counts`. Only attended
    contacts count, of `contact_kinds` and `media` if those are given, and of the team that held the person's episode
    on the day of discharge where `same_team_only`. With `at_least` 2, two contacts on one day are one day.

    A stay of `readmission_kinds` (those of `kinds`, unless given) that begins from the day of discharge to
    `readmission_within_days` after it is IGNORED; or LEAVES this discharge out as READMITTED, since the next one has
    a clock of its own (a direct transfer is one on the same day); or COUNTS_AS_CONTACT.

    Left out by name: READMITTED; DESTINATION, one of `destinations_that_leave` (a stay that says nothing of it
    stays); AGE, NO_BIRTH_DATE; DIED, in the window and before being seen.

    Value: days from discharge to the contact that met it, also where that came late (LATE). NOT_SEEN has none.
    """
    stays = mart["stays"].filter(nw.col("admit_day") <= as_of)
    keys = stays.filter(nw.col("kind").is_in(kinds), period.has("discharge_day", as_of=as_of)).with_columns(
        nw.col("discharge_day").alias("day"),
        (nw.col("discharge_day") + within_days).cast(nw.Int32).alias("closes_day"),
    )
    keys = keys.select("row_id", "person_id", "day", "closes_day", "destination")
    readmissions = as_answers(stays.filter(nw.col("kind").is_in(readmission_kinds or kinds)), "admit_day")
    teams = team_then(mart, keys)
    seen = _that_count(mart, as_of, contact_kinds, media)
    if readmission == "COUNTS_AS_CONTACT":
        seen = nw.concat([seen, readmissions.with_columns(nw.lit(None, nw.Int64).alias("seen_by"), _admission(1))])
    started = keys.join(teams, on="row_id", how="left")
    answers = _nth_day(started, seen, at_least, same_day_counts=same_day_counts, same_team_only=same_team_only)
    rows = keys.join(answers, on="row_id", how="left")
    rows = of_cohort(mart, rows.join(teams, on="row_id", how="left"), cohort)
    rows = rows.join(practitioner_then(mart, keys), on="row_id", how="left")
    rows = rows.join(_again(keys, readmissions, readmission_within_days), on="row_id", how="left")
    rows = with_death(mart, with_age(mart, rows), as_of=as_of)
    unseen = nw.col("answer_day").is_null()
    why_not = {"DESTINATION": nw.col("destination").is_in(destinations_that_leave or [])}
    if readmission == "LEAVES":
        why_not = {"READMITTED": nw.col("again") > 0, **why_not}
    why_not |= age_reasons(least=least_age, most=None)
    if death_leaves:
        why_not["DIED"] = (nw.col("died_day") <= nw.col("closes_day")) & (
            unseen | (nw.col("died_day") < nw.col("answer_day"))
        )
    return opportunity_rows(
        rows.with_columns((nw.col("answer_day") - nw.col("day")).alias("waited")),
        source="stays",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not=why_not,
        reasons={"LATE": nw.col("answer_day") > nw.col("closes_day"), "NOT_SEEN": unseen},
        staff_id="staff_id",
        value="waited",
        answer_row_id="answer_row_id",
    )


def _admission(is_one: int) -> nw.Expr:
    return nw.lit(is_one, nw.Int8).alias("admission")


def _that_count(mart: Mart, as_of: int, kinds: list[str] | None, media: list[str] | None) -> Frame:
    attended = attended_contacts(mart, as_of=as_of, kinds=kinds, media=media)
    return as_answers(attended.with_columns(nw.col("team_id").alias("seen_by")), "day", "seen_by").with_columns(
        _admission(0)
    )


def _nth_day(started: Frame, seen: Frame, nth: int, *, same_day_counts: bool, same_team_only: bool) -> Frame:
    """row_id, answer_day, answer_row_id: the nth day on which the person was seen, or later admitted."""
    since = nw.col("answer_day") > nw.col("day")
    if same_day_counts:
        since = since | ((nw.col("answer_day") == nw.col("day")) & (nw.col("admission") == 0))
    pairs = started.join(seen, on="person_id", how="inner").filter(since)
    if same_team_only:
        pairs = pairs.filter((nw.col("seen_by") == nw.col("team_id")) | (nw.col("admission") == 1))
    days = pairs.group_by("row_id", "answer_day").agg(nw.col("answer_row_id").min())
    return place_from_first(days, "answer_day").filter(nw.col("place") == nth).drop("place")


def _again(keys: Frame, readmissions: Frame, within: int) -> Frame:
    """row_id, again: in how many stays the person was next, transfers too.

    Of two stays that begin and end on one day the one entered later is the next.
    """
    pairs = keys.select("row_id", "person_id", "day").join(readmissions, on="person_id", how="inner")
    same_day = (nw.col("answer_day") == nw.col("day")) & (nw.col("answer_row_id") > nw.col("row_id"))
    later = (nw.col("answer_day") > nw.col("day")) & (nw.col("answer_day") <= nw.col("day") + within)
    return pairs.filter(same_day | later).group_by("row_id").agg(nw.len().alias("again"))
