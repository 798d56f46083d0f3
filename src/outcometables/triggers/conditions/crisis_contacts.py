"""Crisis contacts are many, or more than before (R43)."""

import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import EVERYONE, Cohort, in_care
from outcometables.triggers.evidence import anchored, evidence, last_days
from outcometables.triggers.parameters import Count, Days, Names


def crisis_contacts(
    record: Record,
    *,
    as_of: int,
    at_least: Count,
    within_days: Days,
    rising: bool = False,
    kinds: Names | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """At least `at_least` crisis contacts in the last `within_days` days.

    With `rising` they must also be more than in the period of equal length just before. Contacts are
    counted as recorded: a call and the emergency visit it led to, on one day, are two. `kinds` names the
    kinds that count; none named means all. What happened before the person's open episode counts: a crisis
    does not wait for us.

    Evidence: CRISIS, the contacts of the period (anchor: the last), and with `rising` BEFORE, those of the
    one before.
    """
    crisis = record.crisis if kinds is None else record.crisis.filter(nw.col("kind").is_in(kinds))
    now = crisis.filter(last_days("day", as_of=as_of, days=within_days))
    before = crisis.filter(last_days("day", as_of=as_of - within_days, days=within_days))
    people = now.group_by("person_id").agg(nw.len().cast(nw.Int64).alias("n"))
    people = people.filter(nw.col("n") >= at_least)
    if rising:
        people = _more_than(people, before)
    people = people.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    rows = [anchored(evidence(now.join(people, on="person_id", how="inner"), role="CRISIS", source="crisis"))]
    if rising:
        earlier = before.join(people, on="person_id", how="inner")
        rows.append(evidence(earlier, role="BEFORE", source="crisis"))
    return nw.concat(rows)


def _more_than(people: Frame, before: Frame) -> Frame:
    counts = before.group_by("person_id").agg(nw.len().cast(nw.Int64).alias("n_before"))
    n_before = nw.when(nw.col("n_before").is_null()).then(0).otherwise(nw.col("n_before"))
    return people.join(counts, on="person_id", how="left").filter(nw.col("n") > n_before)
