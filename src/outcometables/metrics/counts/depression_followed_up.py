"""A depression score that was high, and the score a set time later: has it gone? (CMS159, DEP-REM-6, DRR-E)"""

from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes, Reasoned
from outcometables.definitions.parameters import Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, team_then, with_age, with_death
from outcometables.metrics.coded import diagnosed, during, marks
from outcometables.metrics.end_of_life_care import hospice_care, palliative_care
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import number, place_from_first, place_from_last
from outcometables.metrics.visits import visits
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Points = Annotated[int, msgspec.Meta(ge=0, description="whole points of the measure")]
Goal = Literal["BELOW", "HALVED", "SCORED"]


def depression_followed_up(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measure: str,
    above: Points,
    later: Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)],
    months_later: Literal[0, 6, 12],
    which: Literal["LAST", "ANY"],
    goal: Goal,
    diagnoses: Codes,
    below: Points = 5,
    assessed_days_before: WholeDays = 7,
    least_age: int = 12,
    most_age: int | None = None,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    leaves: Reasoned | None = None,
    hospice_codes: Codes | None = None,
    palliative_codes: Codes | None = None,
    end_of_life_diagnoses: Codes | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each person's first score `above` the cut at a visit that ends in the period, with depression diagnosed.

    The score lies from `assessed_days_before` days before the visit to its last day; the diagnosis is there during
    the visit (`visits` says which contacts are one). It is the only one of the person in the period: a later high
    score starts nothing anew. A row's day is that of the visit, its age and window go by
    the score's own day. Who is younger than `least_age` or older than `most_age` is left out as AGE, of whom no birth
    is known as NO_BIRTH_DATE.

    The window goes from `later[0]` to `later[1]` days after the same day of the month `months_later` months later
    (0: after the score itself), both included: [-60, 60] and 12, or [120, 240] and 0. Of the scores in it, the LAST
    or ANY has to be `below` (BELOW), at most half the first (HALVED), or merely there (SCORED). With LAST nothing
    is met before the window has closed.

    Left out by name: `leaves`, a diagnosis from before the window's end, resolved or not; HOSPICE and PALLIATIVE,
    care from the period's first day to the window's end; DIED, up to that end.

    Value, in hundredths: the last score of the window minus the first. NO_LATER_SCORE has none.
    """
    keys = _first_high_scores(
        mart, period, as_of, (measure, above), diagnoses, assessed_days_before, (visit_codes, visit_kinds)
    )
    keys = _with_window(mart, keys, months_later, (later[0], later[1]))
    left = {
        name: diagnosed(mart, codes, as_of=as_of).with_columns(_never()) for name, codes in (leaves or {}).items()
    }
    left["HOSPICE"] = hospice_care(mart, hospice_codes or [], as_of=as_of)
    left["PALLIATIVE"] = nw.concat(
        [
            palliative_care(mart, palliative_codes or [], as_of=as_of),
            diagnosed(mart, end_of_life_diagnoses or [], as_of=as_of),
        ]
    )
    rows = keys.join(_later_scores(mart, keys, as_of, measure, _reached(goal, below)), on="row_id", how="left")
    rows = rows.join(marks(keys, left, during(period.first_day, "closes_day")), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(team_then(mart, keys), on="row_id", how="left"), cohort)
    rows = with_death(mart, with_age(mart, rows, on="scored_day"), as_of=as_of)
    why_not = age_reasons(least=least_age, most=most_age) | {name: nw.col(name) > 0 for name in left}
    if death_leaves:
        why_not["DIED"] = nw.col("died_day") <= nw.col("closes_day")
    closed = nw.col("closes_day") < as_of
    met = (nw.col("last_reached") == 1) & closed if which == "LAST" else nw.col("n_reached") > 0
    return opportunity_rows(
        rows,
        source="scores",
        as_of=as_of,
        met=met,
        why_not=why_not,
        reasons={"NO_LATER_SCORE": nw.col("last_hundredths").is_null(), "NOT_REACHED": nw.lit(True)},
        value="change",
        answer_row_id="answer_row_id",
    )


def _first_high_scores(
    mart: Mart,
    period: Period,
    as_of: int,
    score: tuple[str, int],
    diagnoses: list[str],
    days_before: int,
    which_visits: tuple[list[str] | None, list[str] | None],
) -> Frame:
    """One row a person: the first high score at a visit of the period with the diagnosis, and that visit's day."""
    kept = visits(mart, as_of=as_of, codes=which_visits[0], kinds=which_visits[1])
    kept = kept.filter(period.has("visit_until", as_of=as_of)).select("person_id", "visit_day", "visit_until")
    kept = kept.join(diagnosed(mart, diagnoses, as_of=as_of), on="person_id", how="inner")
    kept = (
        kept.filter(during("visit_day", "visit_until"))
        .group_by("person_id", "visit_day", "visit_until")
        .agg(nw.len())
    )
    measure, above = score
    high = mart["scores"].filter(
        nw.col("measure") == measure, nw.col("hundredths") > above * 100, nw.col("day") <= as_of
    )
    at_a_visit = high.join(kept, on="person_id", how="inner").filter(
        nw.col("day") >= nw.col("visit_day") - days_before, nw.col("day") <= nw.col("visit_until")
    )
    first = place_from_first(at_a_visit, "ordinal", "visit_until", "visit_day", of="person_id")
    return first.filter(nw.col("place") == 1).select(
        "row_id",
        "person_id",
        nw.col("visit_until").alias("day"),
        nw.col("day").alias("scored_day"),
        nw.col("hundredths").alias("first_hundredths"),
        nw.col("ordinal").alias("first"),
    )


def _with_window(mart: Mart, rows: Frame, months_later: int, later: tuple[int, int]) -> Frame:
    middle = {0: "day", 6: "six_months_later", 12: "twelve_months_later"}[months_later]
    days = mart["calendar"].select(nw.col("day").alias("scored_day"), nw.col(middle).alias("middle"))
    rows = rows.join(days, on="scored_day", how="left")
    return rows.with_columns(
        (nw.col("middle") + later[0]).cast(nw.Int32).alias("opens_day"),
        (nw.col("middle") + later[1]).cast(nw.Int32).alias("closes_day"),
    )


def _reached(goal: Goal, below: int) -> nw.Expr:
    """What a score of the window has to be; `score` is its hundredths, `first_hundredths` those it began with."""
    if goal == "BELOW":
        return nw.col("score") < below * 100
    return nw.lit(True) if goal == "SCORED" else nw.col("score") * 2 <= nw.col("first_hundredths")


def _later_scores(mart: Mart, keys: Frame, as_of: int, measure: str, reached: nw.Expr) -> Frame:
    """row_id and what the scores of its window say: the last, whether it and how many of them reached the goal."""
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select(
        "person_id",
        nw.col("day").alias("score_day"),
        nw.col("ordinal").alias("score_ordinal"),
        nw.col("hundredths").alias("score"),
        nw.col("row_id").alias("answer_row_id"),
    )
    started = keys.select("row_id", "person_id", "opens_day", "closes_day", "first", "first_hundredths")
    inside = started.join(scores, on="person_id", how="inner").filter(
        nw.col("score_day") >= nw.col("opens_day"),
        nw.col("score_day") <= nw.col("closes_day"),
        nw.col("score_ordinal") > nw.col("first"),
    )
    inside = place_from_last(inside.with_columns(number(reached).alias("last_reached")), "score_ordinal")
    inside = inside.with_columns(nw.col("last_reached").sum().over("row_id").alias("n_reached"))
    return inside.filter(nw.col("place") == 1).select(
        "row_id",
        "n_reached",
        "last_reached",
        "answer_row_id",
        nw.col("score").alias("last_hundredths"),
        (nw.col("score") - nw.col("first_hundredths")).alias("change"),
    )


def _never() -> nw.Expr:
    """Once had is enough: whether it is resolved is not asked."""
    return nw.lit(None, nw.Int32).alias("ended")
