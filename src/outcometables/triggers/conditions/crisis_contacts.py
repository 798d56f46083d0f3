"""Crisis contacts are many, or more than before (R43)."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Days, Names
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import in_care
from outcometables.triggers.evidence import anchored, count, evidence, last_days


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
    crisis = crisis.filter(last_days("day", as_of=as_of, days=2 * within_days))
    now = nw.col("day") > as_of - within_days
    crisis = crisis.with_columns(count(now).alias("n"), count(~now).alias("n_before"))
    crisis = crisis.filter(nw.col("n") >= at_least)
    if rising:
        crisis = crisis.filter(nw.col("n") > nw.col("n_before"))
    crisis = crisis.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    rows = [anchored(evidence(crisis.filter(now), role="CRISIS", source="crisis"))]
    if rising:
        rows.append(evidence(crisis.filter(~now), role="BEFORE", source="crisis"))
    return nw.concat(rows)
