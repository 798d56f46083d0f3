"""Was somebody asked about food, housing, transport, utilities and safety? (SDOH)"""

from typing import Annotated

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes
from outcometables.definitions.parameters import Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import A_YEAR, age_reasons, with_age
from outcometables.metrics.coded import done, marks, recorded_at_all
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.visits import visited
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Needs = Annotated[
    dict[str, list[str]], msgspec.Meta(min_length=1, description="a need, and the codes that ask of it")
]


def needs_screened(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    needs: Needs,
    codes_for_all: Codes,
    housing_rows_ask: str = "",
    least_age: int = 18,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each person with a visit in the period, met where every one of `needs` was asked about in it.

    Asked is a procedure or coded assessment done, with one of the need's codes or of `codes_for_all`, which ask about
    all of them; a row that says how the person lives, and knows, asks of the need named in `housing_rows_ask`. What
    was asked before somebody was `least_age` does not count; nor do those who are younger on the period's last day
    (AGE, NO_BIRTH_DATE). Where nobody at all was ever asked with any of these codes, nothing is said: NOT_RECORDED.

    Value: of how many needs somebody was asked. NOT_MET: NOT_ASKED, or SOME_ONLY.
    """
    keys = visited(mart, as_of=as_of, period=period, codes=visit_codes, kinds=visit_kinds, closes_after=0)
    keys = of_cohort(mart, keys, cohort).with_columns(nw.lit(period.last_day, nw.Int32).alias("last_day"))
    spans = {need: _asked(mart, [*codes, *codes_for_all], as_of) for need, codes in needs.items()}
    every_code = [code for codes in needs.values() for code in codes] + codes_for_all
    ever = done(mart, every_code, as_of=as_of)
    if housing_rows_ask:
        spans[housing_rows_ask] = nw.concat([spans[housing_rows_ask], _told_housing(mart, as_of)])
    spans = {need: _of_age(mart, frame, least_age) for need, frame in spans.items()}
    in_period = (nw.col("began") >= period.first_day) & (nw.col("began") <= period.last_day)
    rows = with_age(mart, keys, on="last_day").join(marks(keys, spans, in_period), on="row_id", how="left")
    rows = recorded_at_all(rows, ever, "n_ever")
    asked = nw.lit(0, nw.Int64)
    for need in spans:
        asked = asked + nw.when(nw.col(need) > 0).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    rows = rows.with_columns(asked.alias("n_asked"))
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=nw.col("n_asked") == len(needs),
        why_not={**age_reasons(least=least_age, most=None), "NOT_RECORDED": nw.col("n_ever").is_null()},
        reasons={"NOT_ASKED": nw.col("n_asked") == 0, "SOME_ONLY": nw.lit(True)},
        staff_id="staff_id",
        value="n_asked",
    )


def _asked(mart: Mart, codes: list[str], as_of: int) -> Frame:
    return done(mart, codes, as_of=as_of).select("person_id", "began", "ended")


def _told_housing(mart: Mart, as_of: int) -> Frame:
    told = mart["housing"].filter(nw.col("day") <= as_of, nw.col("state") != "UNKNOWN")
    return told.select("person_id", nw.col("day").alias("began"), nw.col("day").alias("ended"))


def _of_age(mart: Mart, spans: Frame, least: int) -> Frame:
    return with_age(mart, spans, on="began").filter(nw.col("age_ymd") >= least * A_YEAR)
