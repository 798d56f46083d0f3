"""Several weak signs make a strong one."""

from typing import Annotated, Any

import msgspec
import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, ParameterError, check_parameters
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.evidence import anchored, count, last_days
from outcometables.triggers.signs import SIGNS

_ROW = ["person_id", "role", "source", "row_id"]


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the other conditions, with the parameters that make it a weak sign."""

    condition: str
    parameters: dict[str, Any]


def combination(
    record: Record,
    *,
    as_of: int,
    signs: Annotated[list[Sign], msgspec.Meta(min_length=2)],
    at_least: Count,
    within_days: Days,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """At least `at_least` of the signs are there, each with an anchor in the last `within_days` days.

    Each sign is one of the other conditions, met or not met for the cohort of this trigger; a sign counts
    once however much evidence it has. The same row may serve two signs, and is then shown once.

    Evidence: that of the signs (anchor: the newest of their anchors; on one day that of the sign named last).
    """
    if at_least > len(signs):
        raise ParameterError(f"combination: at_least is {at_least}, but only {len(signs)} signs are named")
    found = nw.concat(
        [_sign(record, as_of, sign, cohort, within_days, number) for number, sign in enumerate(signs, start=1)]
    )
    rows = found.with_columns(count(nw.col("anchor") == 1).alias("n")).filter(nw.col("n") >= at_least)
    once = rows.group_by(_ROW).agg(
        nw.col("anchor").max(), nw.col("day").max(), nw.col("value").max(), nw.col("number").max()
    )
    return anchored(once, newest_by=["anchor", "day", "number", "row_id"])


def _sign(record: Record, as_of: int, sign: Sign, cohort: Cohort, within_days: int, number: int) -> Frame:
    """The evidence of one sign for the people in whom it is recent."""
    condition = SIGNS.get(sign.condition)
    if condition is None:
        raise ParameterError(f"combination: {sign.condition} is not a sign: use one of {', '.join(SIGNS)}")
    parameters = check_parameters(sign.condition, condition, sign.parameters)
    rows = condition(record, as_of=as_of, cohort=cohort, **parameters)
    recent = (nw.col("anchor") == 1) & last_days("day", as_of=as_of, days=within_days)
    rows = rows.with_columns(count(recent).alias("n_recent")).filter(nw.col("n_recent") == 1)
    # Only an anchor carries its sign's number, so that no two anchors of a person can have the same.
    return rows.with_columns((nw.col("anchor").cast(nw.Int64) * number).alias("number"))
