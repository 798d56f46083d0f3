"""Housing is slipping (R44)."""

from typing import Annotated

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import in_care
from outcometables.triggers.evidence import by_role, count, evidence, last_days, place_from_last

# From safe to without a roof. A hospital or prison (INSTITUTION) and UNKNOWN have no place in this order.
LEVEL = {"STABLE": 0, "AT_RISK": 1, "TEMPORARY": 2, "SHELTER": 3, "UNSHELTERED": 4}
_NO_LEVEL = -1


def housing_instability(
    record: Record,
    *,
    as_of: int,
    within_days: Days,
    entered: Annotated[list[str], msgspec.Meta(min_length=1)] | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """In the last `within_days` days housing got worse, or a state named in `entered` was entered.

    The latest state is compared with the one before it, on an earlier day. Worse is further along STABLE,
    AT_RISK, TEMPORARY, SHELTER, UNSHELTERED. A state in `entered` (all but STABLE and AT_RISK unless given)
    fires also where there is nothing to compare: after an institution or an unknown state, or as the first
    state recorded, if that is later than the first day of care. So leaving hospital for a shelter fires,
    moving from the street into one does not, and neither does what was already so at intake. Two states on
    one day: the last entered is the day's state.

    Evidence: NOW (anchor) and, where there is one, BEFORE, each with how far along that order it is: 0 for
    STABLE to 4 for UNSHELTERED, nothing for a state that has no place there.
    """
    named = ["TEMPORARY", "SHELTER", "UNSHELTERED"] if entered is None else entered
    states = _last_two_states(record, as_of, within_days)
    states = states.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    is_now, is_before = nw.col("place") == 1, nw.col("place") == 2
    level, level_before = nw.col("level"), nw.col("level_before")
    worse = (level_before >= 0) & (level > level_before)
    after_intake = (nw.col("n_before") == 0) & (nw.col("day") > nw.col("start_day"))
    after_no_level = (nw.col("n_before") == 1) & (level_before == _NO_LEVEL)
    entered_one = nw.col("state").is_in(named) & (after_intake | after_no_level)
    before = nw.when(is_before).then(level).otherwise(0).sum().over("person_id")
    states = states.with_columns(before.alias("level_before"), count(is_before).alias("n_before"))
    worsened = worse & (nw.col("n_before") == 1)
    states = states.with_columns(count(is_now & (worsened | entered_one)).alias("fired")).filter(nw.col("fired") == 1)
    placed = states.with_columns(nw.when(level >= 0).then(level).alias("value"))
    rows = evidence(by_role(placed, {"NOW": is_now, "BEFORE": is_before}), source="housing", value="value")
    anchor = nw.when(nw.col("role") == "NOW").then(1).otherwise(0).cast(nw.Int8)
    return rows.with_columns(anchor.alias("anchor"))


def _last_two_states(record: Record, as_of: int, within_days: int) -> Frame:
    """The last state (place 1) and the one on the day before it (2), for people whose last one is recent."""
    recent = last_days("day", as_of=as_of, days=within_days)
    known = record.housing.filter(nw.col("day") <= as_of).with_columns(count(recent).alias("n_recent"))
    level = nw.lit(_NO_LEVEL, nw.Int64)
    for state, number in LEVEL.items():
        level = nw.when(nw.col("state") == state).then(nw.lit(number, nw.Int64)).otherwise(level)
    return (
        known.filter(nw.col("n_recent") > 0)
        .with_columns(
            level.alias("level"),
            nw.lit(1, nw.Int64).alias("one"),
        )
        .with_columns(place_from_last("row_id", of=["person_id", "day"]).alias("place_in_day"))
        .filter(nw.col("place_in_day") == 1)
        .with_columns(place_from_last("day").alias("place"))
        .filter(nw.col("place") <= 2)
    )
