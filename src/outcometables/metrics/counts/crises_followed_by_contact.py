"""A person was in a crisis, perhaps in an emergency department: did somebody see them soon? (R89, R91)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, practitioner_then, team_then, with_age, with_death
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import as_answers, first_answers
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def crises_followed_by_contact(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    kinds: Names,
    within_days: Days,
    same_day_counts: bool,
    repeat_within_days: WholeDays = 0,
    admission_within_days: WholeDays | None = None,
    admission_kinds: Names | None = None,
    contact_kinds: Names | None = None,
    media: Names | None = None,
    least_age: int | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each crisis contact of `kinds`, met where the person was seen in the `within_days` days after it.

    A contact on the day of the crisis counts where `same_day_counts`, so that 7 days are 8 in all. Only attended
    contacts count, of `contact_kinds` and `media` if those are given.

    Left out by name: REPEAT, one in the `repeat_within_days` after another of the person (0: none is), or later on
    its day; ADMITTED, where a stay of `admission_kinds` (any but an emergency department, unless given) began from
    its day to `admission_within_days` after it (empty: nobody is); AGE, NO_BIRTH_DATE; DIED, in the window and before
    being seen.

    Value: days until the contact, also where that came late (LATE). NOT_SEEN has none.
    """
    known = mart["crisis"].filter(nw.col("day") <= as_of, nw.col("kind").is_in(kinds))
    keys = known.filter(period.has("day", as_of=as_of)).with_columns(
        (nw.col("day") + within_days).cast(nw.Int32).alias("closes_day")
    )
    keys = keys.select("row_id", "person_id", "day", "closes_day")
    since = nw.col("answer_day") >= nw.col("day") if same_day_counts else nw.col("answer_day") > nw.col("day")
    seen = as_answers(attended_contacts(mart, as_of=as_of, kinds=contact_kinds, media=media))
    rows = keys.join(first_answers(keys, seen, since), on="row_id", how="left")
    rows = rows.join(team_then(mart, keys), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(practitioner_then(mart, keys), on="row_id", how="left"), cohort)
    rows = with_death(mart, with_age(mart, rows), as_of=as_of)
    unseen = nw.col("answer_day").is_null()
    why_not = age_reasons(least=least_age, most=None)
    if repeat_within_days:
        rows = rows.join(_earlier(keys, known, repeat_within_days), on="row_id", how="left")
        why_not = {"REPEAT": nw.col("n_earlier") > 0, **why_not}
    if admission_within_days is not None:
        admitted = _admitted(mart, keys, as_of, admission_within_days, admission_kinds)
        rows = rows.join(admitted, on="row_id", how="left")
        why_not["ADMITTED"] = nw.col("n_admitted") > 0
    if death_leaves:
        died_first = unseen | (nw.col("died_day") < nw.col("answer_day"))
        why_not["DIED"] = (nw.col("died_day") <= nw.col("closes_day")) & died_first
    return opportunity_rows(
        rows.with_columns((nw.col("answer_day") - nw.col("day")).alias("waited")),
        source="crisis",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not=why_not,
        reasons={"LATE": nw.col("answer_day") > nw.col("closes_day"), "NOT_SEEN": unseen},
        staff_id="staff_id",
        value="waited",
        answer_row_id="answer_row_id",
    )


def _earlier(keys: Frame, known: Frame, days: int) -> Frame:
    """row_id, n_earlier: crises in the `days` days before, and earlier entered ones of the same day."""
    others = known.select("person_id", nw.col("row_id").alias("other"), nw.col("day").alias("other_day"))
    pairs = keys.select("row_id", "person_id", "day").join(others, on="person_id", how="inner")
    same_day = (nw.col("other_day") == nw.col("day")) & (nw.col("other") < nw.col("row_id"))
    before = (nw.col("other_day") < nw.col("day")) & (nw.col("other_day") >= nw.col("day") - days)
    return pairs.filter(same_day | before).group_by("row_id").agg(nw.len().alias("n_earlier"))


def _admitted(mart: Mart, keys: Frame, as_of: int, within: int, kinds: list[str] | None) -> Frame:
    stays = mart["stays"].filter(nw.col("admit_day") <= as_of)
    counts = nw.col("kind") != "EMERGENCY_DEPARTMENT" if kinds is None else nw.col("kind").is_in(kinds)
    stays = stays.filter(counts).select("person_id", "admit_day")
    pairs = keys.select("row_id", "person_id", "day").join(stays, on="person_id", how="inner")
    soon = (nw.col("admit_day") >= nw.col("day")) & (nw.col("admit_day") <= nw.col("day") + within)
    return pairs.filter(soon).group_by("row_id").agg(nw.len().alias("n_admitted"))
