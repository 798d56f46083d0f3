"""A visit with depression: was the risk of suicide assessed there? (SRA)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes
from outcometables.definitions.parameters import Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, with_age
from outcometables.metrics.coded import diagnosed, done, during, recorded_at_all
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import first_answers
from outcometables.metrics.visits import visits
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def risk_assessed_at_visits(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    diagnoses: Codes,
    assessment_codes: Codes,
    new_after_days: WholeDays = 0,
    least_age: int | None = None,
    most_age: int | None = None,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each visit of the period during which one of `diagnoses` is there, met where the risk was assessed that day.

    Assessed is a procedure with one of `assessment_codes`, done on a day of the visit. With `new_after_days` only
    visits at which an episode is new count: the others, with such a visit in so many days before or earlier that day,
    are left out as NOT_NEW. Ages are those on the period's first day (AGE, NO_BIRTH_DATE). Where nobody at all has
    such a procedure nothing is said: NOT_RECORDED.
    """
    known = visits(mart, as_of=as_of, codes=visit_codes, kinds=visit_kinds)
    known = known.join(diagnosed(mart, diagnoses, as_of=as_of), on="person_id", how="inner")
    known = known.filter(during("visit_day", "visit_until"))
    known = known.group_by("person_id", "visit_row", "visit_day", "visit_until", "team_id", "staff_id").agg(nw.len())
    keys = of_cohort(mart, known.filter(period.has("visit_day", as_of=as_of)), cohort).select(
        nw.col("visit_row").alias("row_id"),
        "person_id",
        nw.col("visit_day").alias("day"),
        nw.col("visit_until").alias("closes_day"),
        "team_id",
        "staff_id",
        nw.lit(period.first_day, nw.Int32).alias("first_day"),
    )
    assessed = done(mart, assessment_codes, as_of=as_of)
    answers = assessed.select(
        "person_id", nw.col("began").alias("answer_day"), nw.col("done_row").alias("answer_row_id")
    )
    that_day = (nw.col("answer_day") >= nw.col("day")) & (nw.col("answer_day") <= nw.col("closes_day"))
    rows = keys.join(first_answers(keys, answers, that_day), on="row_id", how="left")
    rows = recorded_at_all(with_age(mart, rows, on="first_day"), assessed, "n_ever")
    why_not = age_reasons(least=least_age, most=most_age)
    if new_after_days:
        rows = rows.join(_earlier(keys, known, new_after_days), on="row_id", how="left")
        why_not["NOT_NEW"] = nw.col("n_earlier") > 0
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=~nw.col("answer_day").is_null(),
        why_not=why_not | {"NOT_RECORDED": nw.col("n_ever").is_null()},
        reasons={"NOT_ASSESSED": nw.lit(True)},
        staff_id="staff_id",
        answer_row_id="answer_row_id",
    )


def _earlier(keys: Frame, known: Frame, days: int) -> Frame:
    others = known.select("person_id", nw.col("visit_row").alias("other"), nw.col("visit_day").alias("other_day"))
    pairs = keys.select("row_id", "person_id", "day").join(others, on="person_id", how="inner")
    same_day = (nw.col("other_day") == nw.col("day")) & (nw.col("other") < nw.col("row_id"))
    before = (nw.col("other_day") < nw.col("day")) & (nw.col("other_day") >= nw.col("day") - days)
    return pairs.filter(same_day | before).group_by("row_id").agg(nw.len().alias("n_earlier"))
