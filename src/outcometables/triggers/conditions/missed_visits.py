"""Visits were missed again and again (R42)."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import in_care
from outcometables.triggers.evidence import anchored, count, evidence, last_days


def missed_visits(
    record: Record,
    *,
    as_of: int,
    at_least: Count,
    within_days: Days,
    consecutive: bool,
    count_cancellations: bool = False,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """At least `at_least` visits in the last `within_days` days were missed.

    A visit is missed when the person did not come; with `count_cancellations` also when the person
    cancelled it. What the provider cancelled and what is still booked neither counts nor resets. With
    `consecutive` an attended contact starts the count again, also when it was on the same day as a missed
    one: the person was seen that day. Without it attended contacts make no difference. Two visits missed on
    one day are two.

    Evidence: MISSED, each visit counted (anchor: the last).
    """
    statuses = ["NO_SHOW", "CANCELLED_BY_PERSON"] if count_cancellations else ["NO_SHOW"]
    recent = record.contacts.filter(last_days("day", as_of=as_of, days=within_days))
    missed = recent.filter(nw.col("status").is_in(statuses))
    if consecutive:
        missed = _since_last_attended(missed, recent)
    missed = missed.with_columns(count(nw.col("status").is_in(statuses)).alias("n")).filter(nw.col("n") >= at_least)
    missed = missed.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    return anchored(evidence(missed, role="MISSED", source="contacts"))


def _since_last_attended(missed: Frame, contacts: Frame) -> Frame:
    attended = contacts.filter(nw.col("status") == "ATTENDED")
    last = attended.group_by("person_id").agg(nw.col("day").max().alias("seen_day"))
    seen = nw.col("seen_day")
    return missed.join(last, on="person_id", how="left").filter(seen.is_null() | (nw.col("day") > seen))
