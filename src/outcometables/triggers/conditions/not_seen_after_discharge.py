"""Nobody saw the person after they left a psychiatric bed."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import except_people, in_care
from outcometables.triggers.evidence import evidence


def not_seen_after_discharge(
    record: Record,
    *,
    as_of: int,
    days: Days,
    same_day_counts: bool,
    kinds: Names | None = None,
    discharged_within_days: Days = 60,
    later_contact_clears: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """No attended contact in the `days` days after the person's last discharge from one of `kinds`.

    `kinds` is PSYCHIATRIC_INPATIENT unless given. Day 1 is the day after discharge, so with 7 days the
    window is days 1 to 7 and closes at the end of day 7: on day 7 itself nothing fires, because the person
    may still be seen. With `same_day_counts` a contact on the day of discharge counts as well; national
    follow-up measures differ here, so it is always said. Discharges longer ago than
    `discharged_within_days` do not fire. With `later_contact_clears` a contact after the window takes the
    signal away: somebody did see the person, if late.

    Somebody who is back in a bed, of any kind, since that discharge is not waiting to be seen. Of two
    discharges on one day the later entered counts; a transfer is the discharge from the last bed.

    Evidence: DISCHARGE (anchor).
    """
    discharged = ["PSYCHIATRIC_INPATIENT"] if kinds is None else kinds
    waiting = _last_discharges(record, discharged, as_of).filter(
        nw.col("discharge_day") + days < as_of, nw.col("discharge_day") > as_of - discharged_within_days
    )
    waiting = waiting.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    until = nw.lit(as_of, nw.Int32) if later_contact_clears else nw.col("discharge_day") + days
    first_day = nw.col("discharge_day") + (0 if same_day_counts else 1)
    contacts = record.contacts.filter(nw.col("status") == "ATTENDED", nw.col("day") <= as_of)
    contacts = contacts.join(waiting.select("person_id", "discharge_day"), on="person_id", how="inner")
    seen = contacts.filter(nw.col("day") >= first_day, nw.col("day") <= until)
    back = _back_in_a_bed(record, waiting, as_of)
    unseen = except_people(except_people(waiting, seen), back)
    return evidence(unseen, role="DISCHARGE", source="stays", day="discharge_day", anchor=True)


def _last_discharges(record: Record, kinds: list[str], as_of: int) -> Frame:
    stays = record.stays.filter(nw.col("kind").is_in(kinds), nw.col("discharge_day") <= as_of)
    last = stays.group_by("person_id").agg(nw.col("discharge_day").max())
    rows = stays.group_by("person_id", "discharge_day").agg(nw.col("row_id").max())
    return rows.join(last, on=["person_id", "discharge_day"], how="inner")


def _back_in_a_bed(record: Record, waiting: Frame, as_of: int) -> Frame:
    """Stays, of any kind, that began on or after the discharge and have not ended."""
    left = nw.col("discharge_day")
    stays = record.stays.filter(nw.col("admit_day") <= as_of, left.is_null() | (left > as_of))
    since = waiting.select("person_id", nw.col("discharge_day").alias("waiting_since"))
    return stays.join(since, on="person_id", how="inner").filter(nw.col("admit_day") >= nw.col("waiting_since"))
