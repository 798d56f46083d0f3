"""A referral, and the first contact after it: how long did the person wait? (R21)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, with_age
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.visits import attended_contacts
from outcometables.metrics.windows import marked, waited, with_clock, with_first
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def referrals_followed_by_contact(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    within_days: Days,
    same_day_counts: bool,
    unit: Literal["DAYS", "BUSINESS_DAYS"],
    contact_kinds: Names | None = None,
    media: Names | None = None,
    same_team_only: bool = False,
    urgencies: Names | None = None,
    repeat_within_days: WholeDays = 0,
    seen_before_days: WholeDays = 0,
    declined_leaves: bool = True,
    withdrawn_leaves: bool = True,
    death_leaves: bool = True,
    least_age: int | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each referral, met where an attended contact came within `within_days` of it, counted in the unit.

    Contacts before the referral never answer it; one on its day does where `same_day_counts`. `contact_kinds` and
    `media` say which contacts count (all, unless given), `same_team_only` that it has to be one of the team referred
    to. `urgencies` asks about those referrals alone. Several referrals wait side by side, each for the first contact
    after it.

    Left out by name: REPEAT, a referral within `repeat_within_days` after an earlier one of the person; SEEN_BEFORE,
    an attended contact of any kind in the `seen_before_days` before it, so not a new person; DECLINED and WITHDRAWN,
    where it was closed so inside the window and before a contact; DIED, in the window and before a contact; AGE,
    younger than `least_age` on the day of the referral, and NO_BIRTH_DATE where that is asked. Each rule is off with
    0 or false. A referral declined or withdrawn on a day nobody wrote down is taken to be so inside the window, one
    that was closed after `as_of` not to be so yet.

    Value: the wait, also where it ended after the window (LATE). NOT_SEEN has none.
    """
    known = mart["referrals"].filter(nw.col("day") <= as_of)
    rows = known.filter(period.has("day", as_of=as_of))
    if urgencies is not None:
        rows = rows.filter(nw.col("urgency").is_in(urgencies))
    rows = with_clock(mart, of_cohort(mart, rows, cohort), within=within_days, unit=unit)
    counting = attended_contacts(mart, as_of=as_of, kinds=contact_kinds, media=media)
    rows = _answered(rows, counting, same_day_counts, same_team_only)
    rows = waited(mart, rows, unit=unit, until="answer_day")
    leaves = {"DECLINED": declined_leaves, "WITHDRAWN": withdrawn_leaves}
    why_not = {name: (nw.col("status") == name) & _closed(as_of) for name, applies in leaves.items() if applies}
    if death_leaves:
        rows = rows.join(mart["people"].select("person_id", "died_day"), on="person_id", how="left")
        why_not["DIED"] = (nw.col("died_day") <= as_of) & _came_first("died_day")
    if seen_before_days:
        rows = marked(rows, _before(rows, attended_contacts(mart, as_of=as_of), seen_before_days), "seen_before")
        why_not = {"SEEN_BEFORE": nw.col("seen_before") == 1, **why_not}
    if repeat_within_days:
        rows = marked(rows, _earlier(rows, known, repeat_within_days), "repeats")
        why_not = {"REPEAT": nw.col("repeats") == 1, **why_not}
    if least_age is not None:
        rows = with_age(mart, rows)
        why_not = {**age_reasons(least=least_age, most=None), **why_not}
    return opportunity_rows(
        rows,
        source="referrals",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not=why_not,
        reasons={"LATE": nw.col("answer_day") > nw.col("closes_day"), "NOT_SEEN": nw.col("answer_day").is_null()},
        value="waited",
        answer_row_id="answer_row_id",
    )


def _answered(rows: Frame, contacts: Frame, same_day_counts: bool, same_team_only: bool) -> Frame:
    of = ["person_id", "team_id"] if same_team_only else ["person_id"]
    return with_first(rows, contacts, same_day_counts=same_day_counts, of=of)


def _came_first(day: str) -> nw.Expr:
    """It was in the window, and before any contact that answers."""
    in_window = nw.col("closes_day").is_null() | (nw.col(day) <= nw.col("closes_day"))
    return in_window & (nw.col("answer_day").is_null() | (nw.col(day) < nw.col("answer_day")))


def _closed(as_of: int) -> nw.Expr:
    no_day = nw.col("closed_day").is_null() & nw.col("answer_day").is_null()
    return no_day | ((nw.col("closed_day") <= as_of) & _came_first("closed_day"))


def _earlier(rows: Frame, known: Frame, days: int) -> Frame:
    """The rows' person had been referred in the `days` days before, or earlier that day."""
    others = known.select("person_id", nw.col("row_id").alias("other"), nw.col("day").alias("other_day"))
    pairs = rows.select("row_id", "person_id", "day").join(others, on="person_id", how="inner")
    earlier = (nw.col("other_day") < nw.col("day")) | (
        (nw.col("other_day") == nw.col("day")) & (nw.col("other") < nw.col("row_id"))
    )
    return pairs.filter(earlier, nw.col("other_day") > nw.col("day") - days)


def _before(rows: Frame, attended: Frame, days: int) -> Frame:
    """The rows' person had been seen in the `days` days before."""
    contacts = attended.select("person_id", nw.col("day").alias("other_day"))
    pairs = rows.select("row_id", "person_id", "day").join(contacts, on="person_id", how="inner")
    return pairs.filter(nw.col("other_day") < nw.col("day"), nw.col("other_day") >= nw.col("day") - days)
