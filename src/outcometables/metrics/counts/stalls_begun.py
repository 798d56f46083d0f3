"""Where does progress stall? At each score: did the best so far stay the best for weeks to come? (R86)"""

from typing import Annotated, Literal

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Name, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import number, place_from_last
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Percent = Annotated[int, msgspec.Meta(ge=1, le=100, description="per cent, 1 to 100")]


def stalls_begun(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measure: Name,
    by: Literal["WEEK", "SESSION"],
    for_days: Days,
    at_least_later: Count,
    least_gain_percent: Percent,
    up_to_days: Days = 365,
    session_kinds: Names | None = None,
    first_score_days_before: WholeDays = 0,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each score of a course that could still get better, met where a stall begins with it: the plateau's hazard.

    A course is an episode's scores of one measure, from `first_score_days_before` days before its first day, up to
    `up_to_days` after it. A stall begins with a score when in the `for_days` after it there are `at_least_later`
    scores, and none of them is better than the best up to and with this one by `least_gain_percent` of the measure's
    reliable change. To come back to what was reached before is no progress.

    At risk are scores until the first stall of the course has begun: those after it are no rows. Left out by name:
    RECOVERED, where the best so far is no case any more; NO_LATER_SCORE, too few in the window to tell; NO_RULE, a
    measure without a published reliable change.

    Value: by WEEK, whole weeks since the episode's first day (0 is the first week); by SESSION, how many contacts
    of `session_kinds` (any, unless given) had been attended by then. The hazard at a week or session is met of
    counted with that value: outcometables.metrics.hazards.
    """
    scores = _courses(mart, as_of, cohort, measure, first_score_days_before, up_to_days)
    known = _best(scores, for_days)
    gained = (nw.col("best") - nw.col("best_later")) * 100 >= nw.col("reliable_hundredths") * least_gain_percent
    recovered = nw.col("best") < nw.col("worst_well")
    closed = nw.col("closes_day") < as_of
    enough = nw.col("n_later") >= at_least_later
    stalls = enough & ~gained & closed & (nw.col("worst_well").is_null() | ~recovered)
    known = known.with_columns(number(stalls).alias("stalls"))
    known = known.with_columns(nw.col("stalls").cum_sum().over("episode", order_by="ordinal").alias("so_far"))
    at_risk = known.filter(nw.col("so_far") - nw.col("stalls") == 0, period.has("day", as_of=as_of))
    rows = _with_value(mart, at_risk, as_of, by, session_kinds)
    return opportunity_rows(
        rows,
        source="scores",
        as_of=as_of,
        met=nw.col("stalls") == 1,
        why_not={
            "NO_RULE": nw.col("reliable_hundredths").is_null(),
            "RECOVERED": recovered,
            "NO_LATER_SCORE": closed & (nw.col("n_later").is_null() | ~enough),
        },
        reasons={"PROGRESS": nw.lit(True)},
        value="value",
    )


def _courses(mart: Mart, as_of: int, cohort: Cohort, measure: str, days_before: int, up_to: int) -> Frame:
    """The measure's scores with the episode they belong to: of several open that day, the one that began last.

    `badness` is lower where things are better, whichever way the measure runs; below `worst_well` is no case.
    """
    rules = mart["measures"].select(
        "measure", nw.col("direction").cast(nw.Int64), "reliable_hundredths", "cutoff_hundredths"
    )
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select("row_id", "person_id", "measure", "day", "ordinal", "hundredths")
    episodes = of_cohort(mart, mart["episodes"].filter(nw.col("start_day") <= as_of), cohort)
    episodes = episodes.select("person_id", "team_id", "start_day", "end_day", nw.col("row_id").alias("episode"))
    pairs = scores.join(episodes, on="person_id", how="inner").filter(
        nw.col("day") >= nw.col("start_day") - days_before,
        nw.col("day") <= nw.col("start_day") + up_to,
        nw.col("end_day").is_null() | (nw.col("end_day") >= nw.col("day")),
    )
    held = place_from_last(pairs, "start_day", "episode").filter(nw.col("place") == 1)
    held = held.join(rules, on="measure", how="left")
    return held.with_columns(
        (nw.col("hundredths") * nw.col("direction")).alias("badness"),
        (nw.col("cutoff_hundredths") * nw.col("direction")).alias("worst_well"),
    )


_OF_SCORE = ("row_id", "person_id", "team_id", "day", "start_day", "episode", "ordinal", "reliable_hundredths")


def _best(scores: Frame, for_days: int) -> Frame:
    """The scores with closes_day, best, best_later, n_later: the best so far, and what came in the days after."""
    others = scores.select(
        "episode", nw.col("day").alias("other_day"), nw.col("ordinal").alias("other_ordinal"), "badness"
    )
    pairs = scores.select(*_OF_SCORE, "worst_well").join(others, on="episode", how="inner")
    so_far = nw.col("other_ordinal") <= nw.col("ordinal")
    later = (nw.col("other_day") > nw.col("day")) & (nw.col("other_day") <= nw.col("day") + for_days)
    pairs = pairs.with_columns(
        nw.when(so_far).then(nw.col("badness")).alias("best"),
        nw.when(later).then(nw.col("badness")).alias("best_later"),
        number(later).alias("n_later"),
    )
    found = pairs.group_by(*_OF_SCORE, "worst_well").agg(
        nw.col("best").min(), nw.col("best_later").min(), nw.col("n_later").sum()
    )
    return found.with_columns((nw.col("day") + for_days).cast(nw.Int32).alias("closes_day"))


def _with_value(mart: Mart, at_risk: Frame, as_of: int, by: str, kinds: list[str] | None) -> Frame:
    if by == "WEEK":
        weeks = nw.when(nw.col("day") >= nw.col("start_day")).then((nw.col("day") - nw.col("start_day")) // 7)
        return at_risk.with_columns(weeks.otherwise(nw.lit(0)).cast(nw.Int64).alias("value"))
    contacts = attended_contacts(mart, as_of=as_of, kinds=kinds)
    pairs = at_risk.select("row_id", "person_id", "day", "start_day").join(
        contacts.select("person_id", nw.col("day").alias("contact_day")), on="person_id", how="inner"
    )
    by_then = (nw.col("contact_day") >= nw.col("start_day")) & (nw.col("contact_day") <= nw.col("day"))
    sessions = pairs.filter(by_then).group_by("row_id").agg(nw.len().alias("n_sessions"))
    rows = at_risk.join(sessions, on="row_id", how="left")
    none = nw.when(nw.col("n_sessions").is_null()).then(nw.lit(0, nw.Int64))
    return rows.with_columns(none.otherwise(nw.col("n_sessions")).alias("value"))
