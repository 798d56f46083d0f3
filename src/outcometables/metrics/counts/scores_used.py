"""A person answered a questionnaire: was it looked at, talked about with them, did it lead to anything? (R114)"""

from typing import Literal

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then, team_then
from outcometables.metrics.coded import recorded_at_all
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import as_answers, first_answers
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

Step = Literal["LOOKED_AT", "DISCUSSED", "DECIDED"]


def scores_used(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    step: Step,
    within_days: WholeDays,
    measures: Names | None = None,
    event_kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each day on which a person answered, met where the answers came to the `step` in the `within_days` after it.

    LOOKED_AT: somebody opened the person's story, scores or review. DISCUSSED: a review in which the person took part
    began. DECIDED: a review began that recorded a decision or changed the care plan, or a care plan event of
    `event_kinds` is there. The same day counts. Several questionnaires of a day (of `measures`, or any) are one row.

    NOT_RECORDED, where nobody at all has such a row, leaves everything out: nothing was written down, so nothing can
    be said. Value: days until it came to the step, also after the window (LATE).
    """
    scores = mart["scores"].filter(period.has("day", as_of=as_of))
    if measures is not None:
        scores = scores.filter(nw.col("measure").is_in(measures))
    days = scores.group_by("person_id", "day").agg(nw.col("row_id").min())
    keys = days.select("row_id", "person_id", "day", (nw.col("day") + within_days).cast(nw.Int32).alias("closes_day"))
    uses = _uses(mart, step, as_of, event_kinds)
    rows = keys.join(first_answers(keys, uses, nw.col("answer_day") >= nw.col("day")), on="row_id", how="left")
    rows = rows.join(team_then(mart, keys), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(practitioner_then(mart, keys), on="row_id", how="left"), cohort)
    rows = recorded_at_all(rows, uses, "n_ever")
    return opportunity_rows(
        rows.with_columns((nw.col("answer_day") - nw.col("day")).alias("waited")),
        source="scores",
        as_of=as_of,
        met=nw.col("answer_day") <= nw.col("closes_day"),
        why_not={"NOT_RECORDED": nw.col("n_ever").is_null()},
        reasons={"LATE": nw.col("answer_day") > nw.col("closes_day"), f"NOT_{step}": nw.lit(True)},
        staff_id="staff_id",
        value="waited",
        answer_row_id="answer_row_id",
    )


def _uses(mart: Mart, step: Step, as_of: int, event_kinds: list[str] | None) -> Frame:
    if step == "LOOKED_AT":
        return as_answers(mart["looks"].filter(nw.col("day") <= as_of))
    flag = "person_took_part" if step == "DISCUSSED" else "decided"
    reviews = mart["reviews"].filter(nw.col(flag) == 1, nw.col("begun_day") <= as_of)
    found = as_answers(reviews.with_columns(nw.col("review_id").alias("row_id")), "begun_day")
    if step == "DISCUSSED" or event_kinds is None:
        return found
    events = mart["care_plan_events"].filter(nw.col("kind").is_in(event_kinds), nw.col("day") <= as_of)
    return nw.concat([found, as_answers(events)])
