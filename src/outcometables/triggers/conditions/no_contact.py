"""Nobody has seen the person for a while."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import except_people, starts_of_care
from outcometables.triggers.evidence import evidence, last_days


def no_contact(record: Record, *, as_of: int, days: Days, cohort: Cohort = EVERYONE) -> Frame:
    """No attended contact in the last `days` days, in an episode at least that old.

    So it fires on the day the last contact is `days` days ago. Only attended contacts count: a booked
    visit, a missed one or a message is not being seen. Contacts before the open episode began belong to an
    earlier one and do not stop the clock, which then runs from the episode's first day.

    Evidence: LAST_CONTACT (anchor; of several on that day the last entered), or EPISODE_START (anchor) when
    the person has not been seen in this episode at all.
    """
    attended = record.contacts.filter(nw.col("status") == "ATTENDED", nw.col("day") <= as_of)
    starts = starts_of_care(record, as_of=as_of, cohort=cohort).filter(nw.col("start_day") <= as_of - days)
    quiet = except_people(starts, attended.filter(last_days("day", as_of=as_of, days=days)))
    theirs = attended.join(quiet.select("person_id", "start_day"), on="person_id", how="inner")
    theirs = theirs.filter(nw.col("day") >= nw.col("start_day"))
    last = theirs.group_by("person_id").agg(nw.col("day").max())
    contacts = theirs.group_by("person_id", "day").agg(nw.col("row_id").max())
    contacts = contacts.join(last, on=["person_id", "day"], how="inner")
    never = except_people(quiet, last)
    return nw.concat(
        [
            evidence(contacts, role="LAST_CONTACT", source="contacts", anchor=True),
            evidence(never, role="EPISODE_START", source="episodes", day="start_day", anchor=True),
        ]
    )
