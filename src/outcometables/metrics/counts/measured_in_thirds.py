"""A third of a year with depression and a visit: was the person measured in it? (DMS-E)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import Codes
from outcometables.definitions.parameters import Name, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, with_age
from outcometables.metrics.coded import diagnosed, during
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_first
from outcometables.metrics.visits import visits
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def measured_in_thirds(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measure: Name,
    diagnoses: Codes,
    least_age: int | None = None,
    visit_codes: Codes | None = None,
    visit_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each person and third of a year (to April, to August, to December) with a visit at which depression is
    diagnosed, met where the measure was used in the same third, before or after the visit.

    The row is the first such visit of the third; its day has to lie in the period, and ages are those on it (AGE,
    NO_BIRTH_DATE). The window closes with the third. Value: how many scores there are in it.
    """
    calendar = mart["calendar"].select("day", "third")
    ends = mart["calendar"].group_by("third").agg(nw.col("day").max().alias("closes_day"))
    known = visits(mart, as_of=as_of, codes=visit_codes, kinds=visit_kinds).filter(
        period.has("visit_day", as_of=as_of)
    )
    known = known.join(diagnosed(mart, diagnoses, as_of=as_of), on="person_id", how="inner")
    known = known.filter(during("visit_day", "visit_until")).with_columns(nw.col("visit_day").alias("day"))
    known = known.group_by("person_id", "visit_row", "day", "team_id", "staff_id").agg(nw.len())
    known = known.join(calendar, on="day", how="inner")
    first = place_from_first(known, "day", "visit_row", of=["person_id", "third"]).filter(nw.col("place") == 1)
    keys = of_cohort(mart, first.with_columns(nw.col("visit_row").alias("row_id")), cohort)
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    times = (
        scores.join(calendar, on="day", how="inner").group_by("person_id", "third").agg(nw.len().alias("n_scores"))
    )
    rows = keys.join(times, on=["person_id", "third"], how="left")
    rows = with_age(mart, rows.join(ends, on="third", how="left"))
    return opportunity_rows(
        rows,
        source="contacts",
        as_of=as_of,
        met=nw.col("n_scores") > 0,
        why_not=age_reasons(least=least_age, most=None),
        reasons={"NO_SCORE": nw.lit(True)},
        staff_id="staff_id",
        value="n_scores",
    )
