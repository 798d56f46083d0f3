"""Was somebody asked about depression, and if it was there, was something done? (CMS2, CDF, DSF-E)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes, Reasoned
from outcometables.definitions.parameters import Count, Name, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, with_age
from outcometables.metrics.coded import diagnosed, done, marks
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_last
from outcometables.metrics.visits import visited, visits
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def depression_screened(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    rate: Literal["SCREENED", "FOLLOWED_UP", "SCREENED_AND_FOLLOWED_UP"],
    measure: Name,
    positive_from: Count,
    screened_days_before: WholeDays,
    follow_up_days: WholeDays,
    follow_up_events: Names,
    follow_up_codes: Codes | None = None,
    leaves: Reasoned | None = None,
    least_age: int | None = None,
    most_age: int | None = None,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each person with a visit in the period, once, by their most recent screen at a visit of it.

    A screen is a score of the measure on the day of a visit or up to `screened_days_before` days before it; it is
    positive from `positive_from` points. Followed up is a care plan event of `follow_up_events`, or a procedure done
    or ordered with one of `follow_up_codes`, from the day of the screen to `follow_up_days` after the visit it
    belongs to (the first at or after it).

    SCREENED: there was a screen. SCREENED_AND_FOLLOWED_UP: and it was negative, or followed up. FOLLOWED_UP: of those
    whose screen was positive; the others are left out as NOT_SCREENED and NOT_POSITIVE. Because the most recent
    screen counts, nothing is met before the period and the days for following up are over.

    Ages are those on the period's first day (AGE, NO_BIRTH_DATE). `leaves`: a diagnosis from before the screen, or of
    those not screened from before the period's end. A refusal or a medical reason is not in the record.
    """
    closing = 0 if rate == "SCREENED" else follow_up_days
    keys = visited(mart, as_of=as_of, period=period, codes=visit_codes, kinds=visit_kinds, closes_after=closing)
    keys = of_cohort(mart, keys, cohort)
    screens = _last_screens(
        mart, period, as_of, measure, screened_days_before, (visit_codes, visit_kinds), follow_up_days
    )
    keys = keys.join(screens, on="person_id", how="left")
    until = (
        nw.when(nw.col("screen_day").is_null())
        .then(nw.lit(period.last_day, nw.Int32))
        .otherwise(nw.col("screen_day"))
    )
    keys = keys.with_columns(until.alias("judged_day"), nw.lit(period.first_day, nw.Int32).alias("first_day"))
    spans = {name: diagnosed(mart, codes, as_of=as_of) for name, codes in (leaves or {}).items()}
    rows = with_age(mart, keys, on="first_day")
    if spans:
        before = nw.col("began").is_null() | (nw.col("began") <= nw.col("judged_day"))
        rows = rows.join(marks(keys, spans, before), on="row_id", how="left")
    followed = {"n_followed": _follow_ups(mart, as_of, follow_up_events, follow_up_codes or [])}
    in_time = (nw.col("began") >= nw.col("screen_day")) & (nw.col("began") <= nw.col("follow_up_by"))
    rows = rows.join(marks(keys, followed, in_time), on="row_id", how="left")
    screened = ~nw.col("screen_day").is_null()
    positive = nw.col("screen") >= positive_from * 100
    good = {
        "SCREENED": screened,
        "FOLLOWED_UP": positive & (nw.col("n_followed") > 0),
        "SCREENED_AND_FOLLOWED_UP": screened & (~positive | (nw.col("n_followed") > 0)),
    }[rate]
    closed = nw.col("closes_day") < as_of
    why_not = age_reasons(least=least_age, most=most_age) | {name: nw.col(name) > 0 for name in spans}
    if rate == "FOLLOWED_UP":
        why_not |= {"NOT_SCREENED": nw.col("screen_day").is_null(), "NOT_POSITIVE": ~positive}
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=good & closed,
        why_not=why_not,
        reasons={"NO_SCORE": nw.col("screen_day").is_null(), "NOT_FOLLOWED_UP": nw.lit(True)},
        staff_id="staff_id",
        value="screen",
        answer_row_id="screen_row",
    )


def _last_screens(
    mart: Mart,
    period: Period,
    as_of: int,
    measure: str,
    days_before: int,
    which: tuple[list[str] | None, list[str] | None],
    follow_up_days: int,
) -> Frame:
    """person_id, screen, screen_day, screen_row, follow_up_by: the most recent screen of the period's visits."""
    known = visits(mart, as_of=as_of, codes=which[0], kinds=which[1]).filter(period.has("visit_day", as_of=as_of))
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select(
        "person_id",
        nw.col("hundredths").alias("screen"),
        nw.col("day").alias("screen_day"),
        nw.col("row_id").alias("screen_row"),
        "ordinal",
    )
    pairs = scores.join(known.select("person_id", "visit_day"), on="person_id", how="inner").filter(
        nw.col("screen_day") <= nw.col("visit_day"), nw.col("screen_day") >= nw.col("visit_day") - days_before
    )
    # The last screen, and of its visits the first: the later a visit, the lower it ranks.
    pairs = pairs.with_columns((nw.col("visit_day") * -1).alias("soonest"))
    last = place_from_last(pairs, "ordinal", "soonest", of="person_id").filter(nw.col("place") == 1)
    by = (nw.col("visit_day") + follow_up_days).cast(nw.Int32).alias("follow_up_by")
    return last.select("person_id", "screen", "screen_day", "screen_row", by)


def _follow_ups(mart: Mart, as_of: int, events: list[str], codes: list[str]) -> Frame:
    """person_id, began, ended of what follows up on a screen."""
    planned = mart["care_plan_events"].filter(nw.col("kind").is_in(events), nw.col("day") <= as_of)
    planned = planned.select("person_id", nw.col("day").alias("began"), nw.col("day").alias("ended"))
    coded = done(mart, codes, as_of=as_of, statuses=("DONE", "ORDERED")).select("person_id", "began", "ended")
    return nw.concat([planned, coded])
