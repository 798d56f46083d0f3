"""A course of care that ended: did the person's own scores change, and by enough? (NHS Talking Therapies' rules)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import number, place_from_first, place_from_last
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Rule = Literal[
    "RELIABLE_IMPROVEMENT",
    "RELIABLE_DETERIORATION",
    "NO_RELIABLE_CHANGE",
    "RECOVERY",
    "RELIABLE_RECOVERY",
    "REMISSION",
]
_SERIES = ["row_id", "measure"]


def courses_changed(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measures: Names,
    rule: Rule,
    first_score_days_before: WholeDays,
    first_score_within_days: WholeDays,
    last_score_days_after: WholeDays,
    value: Literal["CHANGE", "FIRST_SCORE"] = "CHANGE",
    remission_below: WholeDays = 5,
    at_least_contacts: WholeDays = 0,
    contact_kinds: Names | None = None,
    derived_leaves: bool = False,
    ends_that_leave: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each episode that ends in the period, met by how the `measures` changed from the first to the last score of it.

    The first score lies from `first_score_days_before` days before the episode's first day to
    `first_score_within_days` after it; the last at most `last_score_days_after` days after its end, and on a later
    day than the first. Every one of the `measures` needs both. Reliable is a change by the measure's own reliable
    change or more; a case is a score at or beyond its cut-off.

    RELIABLE_IMPROVEMENT: one gets reliably better and none reliably worse. RELIABLE_DETERIORATION: the mirror of it.
    NO_RELIABLE_CHANGE: neither, one better and one worse included. RECOVERY: a case in one of them at first, in none
    at last. RELIABLE_RECOVERY: both. REMISSION: every last score is below `remission_below` points. Because the last
    score decides, nothing is met before the window has closed.

    Left out by name: DERIVED, an episode made from contacts, where `derived_leaves`; `ends_that_leave`, by how it
    ended; TOO_FEW_CONTACTS, fewer attended contacts of `contact_kinds` in it than `at_least_contacts`; NO_RULE, a
    measure nobody has published a reliable change (or cut-off) for that the rule needs; NO_FIRST_SCORE,
    NO_LATER_SCORE; NOT_A_CASE, no case at first, where the rule is about recovery.

    Value, in hundredths of a point of the first measure: last minus first (so better is below 0 where higher is
    worse), or its first score.
    """
    ended = nw.col("end_day")
    keys = mart["episodes"].filter(nw.col("start_day") <= as_of, period.has("end_day", as_of=as_of))
    keys = of_cohort(mart, keys, cohort).with_columns(
        ended.alias("day"), (ended + last_score_days_after).cast(nw.Int32).alias("closes_day")
    )
    scores = _scores(mart, keys, as_of, measures, first_score_days_before)
    changes = _changes(mart, scores, first_score_within_days, measures[0], remission_below)
    rows = keys.join(changes, on="row_id", how="left")
    rows = rows.join(_contacts(mart, keys, as_of, contact_kinds), on="row_id", how="left")
    rows = rows.join(practitioner_then(mart, keys), on="row_id", how="left")
    left = {"DERIVED": nw.col("derived") == 1} if derived_leaves else {}
    left |= {reason: nw.col("end_reason") == reason for reason in ends_that_leave or []}
    if at_least_contacts:
        left["TOO_FEW_CONTACTS"] = nw.col("n_contacts").is_null() | (nw.col("n_contacts") < at_least_contacts)
    closed = nw.col("closes_day") < as_of
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=_met(rule) & closed,
        why_not=left | _not_judged(rule, len(measures), closed),
        reasons={"DETERIORATED": _better("worse", "improved"), "NOT_ENOUGH": nw.lit(True)},
        staff_id="staff_id",
        value="change" if value == "CHANGE" else "first_of_main",
        answer_row_id="last_row",
    )


def _scores(mart: Mart, keys: Frame, as_of: int, measures: list[str], days_before: int) -> Frame:
    """The scores of each episode, from before its first day to the end of its window."""
    scores = (
        mart["scores"]
        .filter(nw.col("measure").is_in(measures), nw.col("day") <= as_of)
        .select(
            "person_id",
            "measure",
            "ordinal",
            "hundredths",
            nw.col("day").alias("score_day"),
            nw.col("row_id").alias("score_row"),
        )
    )
    pairs = keys.select("row_id", "person_id", "start_day", "closes_day").join(scores, on="person_id", how="inner")
    return pairs.filter(
        nw.col("score_day") >= nw.col("start_day") - days_before, nw.col("score_day") <= nw.col("closes_day")
    )


def _changes(mart: Mart, scores: Frame, within: int, main: str, remission_below: int) -> Frame:
    """row_id; of how many measures there is a first score, both ends, and what they say; the main one's values."""
    firsts = scores.filter(nw.col("score_day") <= nw.col("start_day") + within)
    firsts = place_from_first(firsts, "ordinal", of=_SERIES).filter(nw.col("place") == 1)
    lasts = place_from_last(scores, "ordinal", of=_SERIES).filter(nw.col("place") == 1)
    lasts = lasts.select(
        *_SERIES,
        nw.col("score_day").alias("last_day"),
        nw.col("hundredths").alias("last"),
        nw.col("score_row").alias("last_row"),
    )
    rules = mart["measures"].select(
        "measure", nw.col("direction").cast(nw.Int64), "reliable_hundredths", "cutoff_hundredths"
    )
    ends = firsts.join(lasts, on=_SERIES, how="left").join(rules, on="measure", how="left")
    first, last, direction = nw.col("hundredths"), nw.col("last"), nw.col("direction")
    paired = nw.col("last_day") > nw.col("score_day")
    gain = (first - last) * direction
    cutoff = nw.col("cutoff_hundredths") * direction
    flags = {
        "n_first": nw.lit(True),
        "n_paired": paired,
        "n_improved": paired & (gain >= nw.col("reliable_hundredths")),
        "n_worse": paired & (gain <= nw.col("reliable_hundredths") * -1),
        "n_case_first": first * direction >= cutoff,
        "n_case_last": paired & (last * direction >= cutoff),
        "n_not_remitted": paired & (last >= remission_below * 100),
        "n_no_reliable": nw.col("reliable_hundredths").is_null(),
        "n_no_cutoff": nw.col("cutoff_hundredths").is_null(),
    }
    of_main = nw.col("measure") == main
    values = {
        "first_of_main": nw.when(of_main).then(first),
        "change": nw.when(of_main & paired).then(last - first),
        "last_row": nw.when(of_main & paired).then(nw.col("last_row")),
    }
    said = [number(holds).alias(name) for name, holds in flags.items()]
    ends = ends.select("row_id", *said, *[each.alias(name) for name, each in values.items()])
    return ends.group_by("row_id").agg(
        *[nw.col(name).sum() for name in flags], *[nw.col(name).max() for name in values]
    )


def _contacts(mart: Mart, keys: Frame, as_of: int, kinds: list[str] | None) -> Frame:
    """row_id, n_contacts: attended contacts from the episode's first day to its last."""
    contacts = attended_contacts(mart, as_of=as_of, kinds=kinds)
    pairs = keys.select("row_id", "person_id", "start_day", "end_day").join(
        contacts.select("person_id", nw.col("day").alias("contact_day")), on="person_id", how="inner"
    )
    inside = pairs.filter(nw.col("contact_day") >= nw.col("start_day"), nw.col("contact_day") <= nw.col("end_day"))
    return inside.group_by("row_id").agg(nw.len().alias("n_contacts"))


def _better(one: str, other: str) -> nw.Expr:
    """At least one measure reliably one way, and none the other."""
    return (nw.col(f"n_{one}") > 0) & (nw.col(f"n_{other}") == 0)


def _met(rule: Rule) -> nw.Expr:
    recovered = (nw.col("n_case_first") > 0) & (nw.col("n_case_last") == 0)
    improved = _better("improved", "worse")
    rules = {
        "RELIABLE_IMPROVEMENT": improved,
        "RELIABLE_DETERIORATION": _better("worse", "improved"),
        "NO_RELIABLE_CHANGE": (nw.col("n_improved") > 0) == (nw.col("n_worse") > 0),
        "RECOVERY": recovered,
        "RELIABLE_RECOVERY": recovered & improved,
        "REMISSION": nw.col("n_not_remitted") == 0,
    }
    return rules[rule]


def _not_judged(rule: Rule, n_measures: int, closed: nw.Expr) -> dict[str, nw.Expr]:
    """Why nothing can be said of an episode: of the last score only once it could no longer come."""
    about_recovery = rule in ("RECOVERY", "RELIABLE_RECOVERY")
    no_rule = {"RECOVERY": nw.col("n_no_cutoff"), "REMISSION": nw.lit(0, nw.Int64)}.get(rule, nw.col("n_no_reliable"))
    missing = {
        "NO_FIRST_SCORE": nw.col("n_first").is_null() | (nw.col("n_first") < n_measures),
        "NO_RULE": no_rule > 0,
    }
    if about_recovery:
        missing["NOT_A_CASE"] = nw.col("n_case_first") == 0
    return missing | {"NO_LATER_SCORE": (nw.col("n_paired") < n_measures) & closed}
