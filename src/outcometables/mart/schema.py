"""The mart's tables and columns: the record's (outcometables.record.schema) and what metrics need beside them.

`day` is a whole number of days since 1970-01-01 in the provider's own time zone; `minute` a whole number of minutes
since 1970-01-01 00:00 UTC, for spans shorter than a day; `month` is year * 12 + month - 1; `ymd` is
year * 10000 + month * 100 + day, from which an age on a day is a subtraction and a division. Booleans are 0 and 1.
All calendar logic happened at export, so that no engine has to know a calendar.

A row's number (`row_id`) is `person_id * 2**20 + its place among that person's rows of the table`: it stays what it
is whatever happens to other people's rows, so an export may rewrite only who changed.
"""

from collections.abc import Mapping
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.record.schema import SCHEMA, Column

MART_VERSION = 1
ROWS_A_PERSON = 2**20

_ROW = Column("row_id", nw.Int64, "The row's own number, unique within the table.")
_PERSON = Column("person_id", nw.Int64, "The person.")
_ARRIVED = Column(
    "arrived_day",
    nw.Int32,
    "The day the row first reached Tending; empty in the de-identified variant.",
    nullable=True,
)


def _day(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, nw.Int32, meaning, nullable)


def _minute(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, nw.Int64, meaning, nullable)


def _word(name: str, meaning: str) -> Column:
    return Column(name, nw.String, meaning)


def _yes(name: str, meaning: str) -> Column:
    return Column(name, nw.Int8, f"{meaning} 1 yes, 0 no.")


def _key(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, nw.Int64, meaning, nullable)


_MORE: Mapping[str, tuple[Column, ...]] = {
    "people": (
        Column("birth_ymd", nw.Int32, "The day of birth as year * 10000 + month * 100 + day.", nullable=True),
        _word("sex", "FEMALE, MALE, INTERSEX, UNKNOWN, NOT_ASKED, DECLINED."),
        _word("gender_identity", "In the provider's words, or NOT_ASKED, DECLINED."),
        _word("race_ethnicity", "In the provider's words, or NOT_ASKED, DECLINED."),
        _word("language", "A BCP 47 tag, or NOT_ASKED, DECLINED."),
        _word("payer", "MEDICAID, MEDICARE, COMMERCIAL, SELF_PAY, NONE, OTHER, NOT_ASKED, DECLINED."),
        _word("deprivation_quintile", "1 (most deprived) to 5, or NOT_ASKED, DECLINED."),
    ),
    "episodes": (
        _word("end_reason", "COMPLETED, DROPPED_OUT, MOVED, TRANSFERRED, DIED, OTHER; empty text while open."),
        _key("referral_id", "The row_id of the referral it came from."),
        _yes("derived", "Made from contacts, because the source has no episodes."),
    ),
    "contacts": (
        _minute("minute", "When it began, or should have."),
        Column("minutes", nw.Int32, "How long it took.", nullable=True),
        _word("medium", "IN_PERSON, HOME, VIDEO, PHONE, TEXT; empty text where not said."),
        _day("end_day", "The day it ended: that of its beginning unless its minutes reach past midnight."),
        _word("code", "What was done, as the source coded it (CPT, HCPCS, SNOMED CT); empty text where not said."),
        _ARRIVED,
    ),
    "scores": (
        _ARRIVED,
        Column("hundredths", nw.Int64, "The score in whole hundredths of a point, so that every engine sums alike."),
    ),
    "measures": (
        Column(
            "reliable_hundredths",
            nw.Int64,
            "The smallest whole number of hundredths that is a reliable change; empty where none is published.",
            nullable=True,
        ),
        Column("cutoff_hundredths", nw.Int64, "The clinical cut-off in hundredths of a point.", nullable=True),
    ),
    "crisis": (_minute("minute", "When it was."), _key("organisation_id", "The partner that was contacted.")),
    "stays": (
        _key("organisation_id", "Where the person stayed."),
        _word(
            "destination",
            "HOME, TRANSFER, RESIDENTIAL, HOSPICE, PRISON, DIED, AGAINST_ADVICE, OTHER; empty text: not said.",
        ),
        _word("code", "What kind of stay, as the source coded it (SNOMED CT, CPT); empty text where not said."),
        _minute("admit_minute", "When the person was admitted."),
        _minute("discharge_minute", "When the person was discharged.", nullable=True),
        _minute("notified_minute", "When the provider was told.", nullable=True),
    ),
    "care_plan_events": (_key("staff_id", "Who did it."),),
}

_ALONE: Mapping[str, tuple[Column, ...]] = {
    "calendar": (
        _day("day", "The day."),
        Column("month", nw.Int32, "year * 12 + month - 1."),
        Column("ymd", nw.Int32, "year * 10000 + month * 100 + day."),
        Column("third", nw.Int32, "year * 3 + 0 to April, + 1 to August, + 2 to December: the third of the year."),
        Column("weekday", nw.Int8, "0 Monday to 6 Sunday."),
        _yes("is_business", "A business day: not a weekend, not a holiday on the day it is observed."),
        Column(
            "business_ordinal", nw.Int32, "How many business days there are up to and with this one, from the first."
        ),
        _day("six_months_later", "The same day of the month six months later, or that month's last."),
        _day("twelve_months_later", "The same day of the month twelve months later, or that month's last."),
    ),
    "teams": (
        _key("team_id", "The team.", nullable=False),
        _word("name", "What it is called."),
        _word("programme", "Its programme."),
        _word("service_model", "Its service model."),
        _word("site", "Its site."),
    ),
    "organisations": (
        _key("organisation_id", "The partner.", nullable=False),
        _word("name", "What it is called."),
        _word("kind", "HOSPITAL, CRISIS_LINE, HOUSING, PRIMARY_CARE, OTHER."),
    ),
    "caseload": (
        _ROW,
        _PERSON,
        _key("staff_id", "Who works with the person.", nullable=False),
        _word("caseload_role", "PRIMARY, COORDINATOR, PEER."),
        _day("from_day", "The first day."),
        _day("to_day", "The day it was over; empty while it lasts.", nullable=True),
    ),
    "referrals": (
        _ROW,
        _PERSON,
        _key("organisation_id", "Who referred."),
        _key("team_id", "The team referred to."),
        _day("day", "The day of the referral."),
        _word("urgency", "ROUTINE, URGENT, EMERGENCY; empty text where not said."),
        _word("status", "WAITING, ACCEPTED, DECLINED, WITHDRAWN; empty text where not said."),
        _day("closed_day", "The day it was closed.", nullable=True),
    ),
    "goals": (
        _ROW,
        _PERSON,
        _day("day", "The day the person stated it."),
        _word("domain", "What part of life it is about; empty text where not said."),
        _word("status", "ACTIVE, ACHIEVED, CHANGED, DROPPED."),
        _day("closed_day", "The day it was closed.", nullable=True),
    ),
    "diagnoses": (
        _ROW,
        _PERSON,
        _word("system", "ICD10 or SNOMED."),
        _word("code", "The code, as the source wrote it."),
        _word("plain_code", "The code in capitals without dots and spaces, so that F32.9 and f329 are one."),
        _word("certainty", "CONFIRMED or PROVISIONAL (also unconfirmed and differential)."),
        _word("activity", "ACTIVE or INACTIVE (also in remission, resolved); empty text where not said."),
        _day("onset_day", "From when.", nullable=True),
        _day("end_day", "Until when.", nullable=True),
    ),
    "procedures": (
        _ROW,
        _PERSON,
        _key("staff_id", "Who did or ordered it."),
        _day("day", "The day it was done or ordered, or began."),
        _day("end_day", "The day it ended; the same day where not said."),
        _word("system", "SNOMED, LOINC, CPT, HCPCS or LOCAL."),
        _word("code", "The code, in capitals."),
        _word("status", "DONE or ORDERED."),
    ),
    "consents": (
        _ROW,
        _PERSON,
        _word("kind", "PART_2_TPO, SHARE_WITH_PARTNERS, CONTACT_BY_TEXT, CONTACT_BY_EMAIL."),
        _day("given_day", "From when."),
        _day("expires_day", "When it runs out.", nullable=True),
        _day("revoked_day", "When it was taken back.", nullable=True),
    ),
    "signals": (
        _key("signal_id", "The signal.", nullable=False),
        _PERSON,
        _key("team_id", "The team it was for."),
        _word("trigger", "The trigger's code."),
        _word("severity", "URGENT, HIGH, ROUTINE."),
        _day("day", "The day it was about."),
        _minute("noticed_minute", "When it was noticed."),
        _day("noticed_day", "The day it was noticed."),
        _minute("respond_by_minute", "By when somebody must have begun."),
        _day("respond_by_day", "The day by which somebody must have begun."),
        _yes("is_repeat", "A repeat inside the quiet period: no review of its own."),
        _key("review_id", "The review that answers it."),
    ),
    "reviews": (
        _key("review_id", "The review.", nullable=False),
        _PERSON,
        _key("team_id", "The team it is for."),
        _word("severity", "URGENT, HIGH, ROUTINE, as it is now."),
        _word("state", "OPENED, UNDER_WAY, ACTING, CLOSED, LOOKED_BACK."),
        _day("day", "The day it was opened."),
        _minute("opened_minute", "When it was opened."),
        _minute("respond_by_minute", "By when somebody must have begun: the first clock it had."),
        _minute("close_by_minute", "By when every action should be finished: the first clock it had."),
        _day("close_by_day", "The day of `close_by_minute`."),
        _minute("begun_minute", "When somebody began.", nullable=True),
        _day("begun_day", "The day somebody began.", nullable=True),
        _minute("closed_minute", "When it was closed.", nullable=True),
        _day("closed_day", "The day it was closed.", nullable=True),
        _minute("looked_back_minute", "When somebody looked back.", nullable=True),
        _day("looked_back_day", "The day somebody looked back.", nullable=True),
        _yes("person_took_part", "The person took part."),
        _yes("decided", "A decision was recorded, or the care plan was changed by it."),
    ),
    "review_actions": (
        _key("action_id", "The action.", nullable=False),
        _key("review_id", "The review it belongs to.", nullable=False),
        _PERSON,
        _word("kind", "SAME_DAY_OUTREACH, SAFETY_PLAN, CARE_PLAN, PARTNER, OTHER."),
        _word("state", "OPEN, DONE, DECLINED."),
        _minute("assigned_minute", "When it was assigned."),
        _day("assigned_day", "The day it was assigned."),
        _minute("due_minute", "Its first deadline."),
        _day("due_day", "The day of its first deadline."),
        _minute("ended_minute", "When it was done or declined.", nullable=True),
        _day("ended_day", "The day it was done or declined.", nullable=True),
    ),
    "looks": (
        _ROW,
        _PERSON,
        _day("day", "A day on which somebody opened the person's story, scores or review."),
        Column("times", nw.Int32, "How many times that day."),
    ),
}

MART: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {**{table: (*columns, *_MORE.get(table, ())) for table, columns in SCHEMA.items()}, **_ALONE}
)
