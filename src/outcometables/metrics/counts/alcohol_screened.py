"""Was somebody asked how they drink, and if it harms them, was it talked about? (ASC)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes, Reasoned
from outcometables.definitions.parameters import Count, Days, Name, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, with_age
from outcometables.metrics.coded import diagnosed, done, marks, recorded_at_all
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_last
from outcometables.metrics.visits import visited
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def alcohol_screened(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    rate: Literal["SCREENED", "COUNSELLED"],
    measure: Name,
    within_days: Days,
    positive_from: Count,
    positive_from_men: Count,
    counselling_codes: Codes,
    at_least_visits: Count = 2,
    least_age: int = 18,
    leaves: Reasoned | None = None,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each person with `at_least_visits` visits in the period, by the last screen up to the latest of them.

    SCREENED: a score of the measure in the `within_days` days up to the latest visit, that day included. COUNSELLED:
    of those whose last such score is positive (`positive_from` points, for men `positive_from_men`), met where a
    procedure with one of `counselling_codes` was done from the day of that screen to the end of the period; the
    others are left out as NOT_SCREENED and NOT_POSITIVE, and where nobody at all has such a procedure everybody is,
    as NOT_RECORDED. Since another visit may come, nothing is met before the period is over.

    Left out by name: TOO_FEW_VISITS; AGE on the period's first day, NO_BIRTH_DATE; `leaves`, a diagnosis from before
    the latest visit. Value: the screen, in hundredths of a point.
    """
    keys = visited(mart, as_of=as_of, period=period, codes=visit_codes, kinds=visit_kinds, closes_after=0)
    keys = of_cohort(mart, keys, cohort).with_columns(nw.lit(period.first_day, nw.Int32).alias("first_day"))
    keys = keys.join(_screens(mart, keys, as_of, measure, within_days), on="row_id", how="left")
    counselling = done(mart, counselling_codes, as_of=as_of)
    spans = {name: diagnosed(mart, codes, as_of=as_of) for name, codes in (leaves or {}).items()}
    rows = with_age(mart, keys, on="first_day").join(
        mart["people"].select("person_id", "sex"), on="person_id", how="left"
    )
    if spans:
        before = nw.col("began").is_null() | (nw.col("began") <= nw.col("last_visit_day"))
        rows = rows.join(marks(keys, spans, before), on="row_id", how="left")
    in_time = (nw.col("began") >= nw.col("screen_day")) & (nw.col("began") <= nw.col("closes_day"))
    rows = rows.join(marks(keys, {"n_counselled": counselling}, in_time), on="row_id", how="left")
    rows = recorded_at_all(rows, counselling, "n_ever")
    men = (nw.col("sex") == "MALE") & (nw.col("screen") >= positive_from_men * 100)
    positive = men | ((nw.col("sex") != "MALE") & (nw.col("screen") >= positive_from * 100))
    screened = ~nw.col("screen_day").is_null()
    why_not = {"TOO_FEW_VISITS": nw.col("n_visits") < at_least_visits, **age_reasons(least=least_age, most=None)}
    why_not |= {name: nw.col(name) > 0 for name in spans}
    if rate == "COUNSELLED":
        why_not |= {"NOT_SCREENED": ~screened, "NOT_POSITIVE": ~positive, "NOT_RECORDED": nw.col("n_ever").is_null()}
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=(screened if rate == "SCREENED" else nw.col("n_counselled") > 0) & (nw.col("closes_day") < as_of),
        why_not=why_not,
        reasons={"NO_SCORE": ~screened, "NOT_COUNSELLED": nw.lit(True)},
        staff_id="staff_id",
        value="screen",
        answer_row_id="screen_row",
    )


def _screens(mart: Mart, keys: Frame, as_of: int, measure: str, within: int) -> Frame:
    """row_id, screen, screen_day, screen_row: the last score up to the latest visit."""
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select(
        "person_id",
        nw.col("hundredths").alias("screen"),
        nw.col("day").alias("screen_day"),
        nw.col("row_id").alias("screen_row"),
        "ordinal",
    )
    pairs = (
        keys.select("row_id", "person_id", "last_visit_day")
        .join(scores, on="person_id", how="inner")
        .filter(
            nw.col("screen_day") <= nw.col("last_visit_day"), nw.col("screen_day") > nw.col("last_visit_day") - within
        )
    )
    last = place_from_last(pairs, "ordinal").filter(nw.col("place") == 1)
    return last.select("row_id", "screen", "screen_day", "screen_row")
