"""How a person lived, and how a set time later: did they find a home, or keep it? (R99)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import practitioner_then, team_then, with_death
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import number
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def housing_later(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    from_states: Names,
    good_states: Names,
    within_days: Days,
    kept_throughout: bool,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each time a person began to live in one of `from_states`, met by how they live `within_days` later.

    How somebody lives holds until the next row says otherwise; of two rows of a day the one entered last says it.
    Rows that go on in `from_states` start nothing anew. The last state known by the window's last day has to be one
    of `good_states`; with `kept_throughout` every one in between as well, where what began the clock counts too.
    Nothing is met before the window has closed. UNKNOWN at its end leaves it out as NOT_RECORDED; DIED, in the
    window, too.

    Value: days in the window until the first good state, 0 where it began with one.
    """
    states = mart["housing"].filter(nw.col("day") <= as_of)
    last_of_day = states.group_by("person_id", "day").agg(nw.col("row_id").max()).select("row_id")
    of_day = states.join(last_of_day, on="row_id", how="inner")
    known = of_day.with_columns(nw.lit(1, nw.Int64).alias("one"))
    known = known.with_columns(nw.col("one").cum_sum().over("person_id", order_by="day").alias("nth"))
    before = known.select("person_id", (nw.col("nth") + 1).alias("nth"), nw.col("state").alias("state_before"))
    begun = known.filter(nw.col("state").is_in(from_states), period.has("day", as_of=as_of))
    begun = begun.join(before, on=["person_id", "nth"], how="left")
    goes_on = nw.col("state_before").is_in(from_states)
    begun = begun.filter(nw.col("state_before").is_null() | ~goes_on)
    keys = begun.select(
        "row_id", "person_id", "day", (nw.col("day") + within_days).cast(nw.Int32).alias("closes_day")
    )
    rows = keys.join(_ends(keys, of_day, good_states), on="row_id", how="left")
    rows = rows.join(team_then(mart, keys), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(practitioner_then(mart, keys), on="row_id", how="left"), cohort)
    rows = with_death(mart, rows, as_of=as_of)
    good = nw.col("last_state").is_in(good_states)
    if kept_throughout:
        good = good & (nw.col("n_good") == nw.col("n_states"))
    closed = nw.col("closes_day") < as_of
    why_not = {"DIED": nw.col("died_day") <= nw.col("closes_day")} if death_leaves else {}
    return opportunity_rows(
        rows,
        source="housing",
        as_of=as_of,
        met=good & closed,
        why_not=why_not | {"NOT_RECORDED": (nw.col("last_state") == "UNKNOWN") & closed},
        reasons={"LOST_BETWEEN": nw.col("last_state").is_in(good_states), "NOT_GOOD": nw.lit(True)},
        staff_id="staff_id",
        value="days_to_good",
        answer_row_id="answer_row_id",
    )


def _ends(keys: Frame, of_day: Frame, good_states: list[str]) -> Frame:
    """row_id and what was so in its window: the last state, how many there were and were good, the first good one."""
    good = nw.col("later_state").is_in(good_states)
    later = of_day.select(
        "person_id",
        nw.col("day").alias("later_day"),
        nw.col("state").alias("later_state"),
        nw.col("row_id").alias("answer_row_id"),
    )
    inside = keys.join(later, on="person_id", how="inner").filter(
        nw.col("later_day") >= nw.col("day"), nw.col("later_day") <= nw.col("closes_day")
    )
    inside = inside.select(
        "row_id",
        "person_id",
        "day",
        nw.col("later_day"),
        number(good).alias("n_good"),
        number(nw.lit(True)).alias("n_states"),
        nw.when(good).then(nw.col("later_day")).alias("good_day"),
    )
    sums = inside.group_by("row_id", "person_id", "day").agg(
        nw.col("later_day").max(), nw.col("n_good").sum(), nw.col("n_states").sum(), nw.col("good_day").min()
    )
    last = sums.join(later, on=["person_id", "later_day"], how="inner")
    return last.select(
        "row_id",
        "answer_row_id",
        "n_good",
        "n_states",
        nw.col("later_state").alias("last_state"),
        (nw.col("good_day") - nw.col("day")).alias("days_to_good"),
    )
