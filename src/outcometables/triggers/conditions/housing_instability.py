"""Housing is slipping (R44)."""

from typing import Annotated

import msgspec
import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import EVERYONE, Cohort, in_care
from outcometables.triggers.evidence import evidence, last_days
from outcometables.triggers.parameters import Days

# From safe to without a roof. A hospital or prison (INSTITUTION) and UNKNOWN have no place in this order.
_LEVEL = {"STABLE": 0, "AT_RISK": 1, "TEMPORARY": 2, "SHELTER": 3, "UNSHELTERED": 4}
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

    Evidence: NOW (anchor) and, where there is one, BEFORE.
    """
    named = ["TEMPORARY", "SHELTER", "UNSHELTERED"] if entered is None else entered
    states = _last_two_states(record, as_of, within_days)
    before = states.filter(nw.col("place") == 2)
    last = before.select("person_id", nw.col("level").alias("level_before"))
    now = states.filter(nw.col("place") == 1).join(last, on="person_id", how="left")
    now = now.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    level, level_before = nw.col("level"), nw.col("level_before")
    worse = (level_before >= 0) & (level > level_before)
    nothing_to_compare = (level_before == _NO_LEVEL) | (
        level_before.is_null() & (nw.col("day") > nw.col("start_day"))
    )
    fired = now.filter(worse | (nw.col("state").is_in(named) & nothing_to_compare))
    return nw.concat(
        [
            evidence(fired, role="NOW", source="housing", anchor=True),
            evidence(
                before.join(fired.select("person_id"), on="person_id", how="inner"),
                role="BEFORE",
                source="housing",
            ),
        ]
    )


def _last_two_states(record: Record, as_of: int, within_days: int) -> Frame:
    """The last state (place 1) and the one on the day before it (2), for people whose last one is recent."""
    known = record.housing.filter(nw.col("day") <= as_of)
    recent = known.filter(last_days("day", as_of=as_of, days=within_days)).group_by("person_id").agg(nw.len())
    rows = known.join(recent.select("person_id"), on="person_id", how="inner")
    ends = rows.group_by("person_id", "day").agg(nw.col("row_id").max()).select("row_id")
    level = nw.lit(_NO_LEVEL, nw.Int64)
    for state, number in _LEVEL.items():
        level = nw.when(nw.col("state") == state).then(nw.lit(number, nw.Int64)).otherwise(level)
    return (
        rows.join(ends, on="row_id", how="inner")
        .with_columns(level.alias("level"), (0 - nw.col("day")).alias("latest_first"), nw.lit(1).alias("one"))
        .with_columns(nw.col("one").cum_sum().over("person_id", order_by="latest_first").alias("place"))
        .filter(nw.col("place") <= 2)
    )
