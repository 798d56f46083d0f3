"""What may a row say? The kinds of row and their columns: the one list that files, FHIR and the record agree on.

The CSV templates, their documentation, the reader's conversions and the record's last check all come from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from tending.base.people.models import CaseloadRole, Role

ID_LENGTH = 80  # with a source of 40 letters, the longest composite key still fits the record's column
SOURCE_LENGTH = 40
NOT_GIVEN = ("NOT_ASKED", "DECLINED")


class Type(Enum):
    ID = "identifier"
    TEXT = "text"
    CODE = "one of the codes"
    DATE = "date"
    INSTANT = "date and time"
    INTEGER = "whole number"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: Type
    meaning: str
    required: bool = False
    codes: tuple[str, ...] = ()
    length: int = ID_LENGTH
    least: int | None = None
    most: int | None = None
    refers_to: str = ""  # the kind whose identifier this is
    may_be_later: bool = False  # may lie after the day the file arrived


@dataclass(frozen=True, slots=True)
class Template:
    kind: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # the columns that identify a row
    order: tuple[tuple[str, str], ...] = ()  # pairs of which the first may not lie after the second
    together: tuple[tuple[str, str], ...] = ()  # pairs of which the first needs the second

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _id(name: str, meaning: str) -> Column:
    return Column(name, Type.ID, meaning, required=True)


def _reference(name: str, kind: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.ID, meaning, required=required, refers_to=kind)


def _person() -> Column:
    return _reference("person_id", "people", "The person, as in people.csv.", required=True)


def _text(name: str, meaning: str, length: int, *, required: bool = False) -> Column:
    return Column(name, Type.TEXT, meaning, required=required, length=length)


def _code(name: str, meaning: str, codes: str, *, required: bool = True) -> Column:
    return Column(name, Type.CODE, meaning, required=required, codes=tuple(codes.split()))


def _date(name: str, meaning: str, *, required: bool = False, may_be_later: bool = False) -> Column:
    return Column(name, Type.DATE, meaning, required=required, may_be_later=may_be_later)


def _instant(name: str, meaning: str, *, required: bool = False, may_be_later: bool = False) -> Column:
    return Column(name, Type.INSTANT, meaning, required=required, may_be_later=may_be_later)


def _demographic(name: str, meaning: str, *codes: str, length: int = 60) -> Column:
    words = f"{meaning} NOT_ASKED or DECLINED where that is the answer; empty means NOT_ASKED."
    if codes:
        return Column(name, Type.CODE, words, codes=(*codes, *NOT_GIVEN), length=length)
    return Column(name, Type.TEXT, words, length=length)


_TEMPLATES = (
    Template(
        "organisations",
        "Partner organisations: hospitals, crisis lines, housing agencies, primary care.",
        (
            _id("organisation_id", "Your identifier of the organisation."),
            _text("name", "Its name.", 200, required=True),
            _code("kind", "What it is.", "HOSPITAL CRISIS_LINE HOUSING PRIMARY_CARE OTHER"),
        ),
        ("organisation_id",),
    ),
    Template(
        "teams",
        "The provider's teams. Programmes, service models and sites are made from their names here.",
        (
            _id("team_id", "Your identifier of the team."),
            _text("name", "Its name.", 200, required=True),
            _text("programme", "The programme it belongs to.", 120),
            _text("service_model", "How it works, for example Outpatient therapy.", 120),
            _text("site", "Where it is.", 120),
        ),
        ("team_id",),
    ),
    Template(
        "staff",
        "Staff, one row for each dated role. A row without a role only gives the name.",
        (
            _id("staff_id", "Your identifier of the member of staff."),
            _text("given_name", "Given name.", 100),
            _text("family_name", "Family name.", 100),
            _text("email", "Work e-mail address.", 254),
            _code("role", "The role; empty: none is known.", " ".join(Role.values), required=False),
            _reference("team_id", "teams", "The team; empty: the whole provider."),
            _date("from_date", "First day in the role.", may_be_later=True),
            _date("to_date", "The day the role ended; empty: it holds.", may_be_later=True),
        ),
        ("staff_id", "role", "team_id", "from_date"),
        (("from_date", "to_date"),),
        (("role", "from_date"),),
    ),
    Template(
        "people",
        "People receiving support, with the details equity is measured by.",
        (
            _id("person_id", "Your identifier of the person."),
            _text("given_name", "Given name.", 100),
            _text("family_name", "Family name.", 100),
            _date("birth_date", "Date of birth."),
            _demographic("sex", "Sex.", "FEMALE", "MALE", "INTERSEX", "UNKNOWN"),
            _demographic("gender_identity", "Gender, in the person's own words.", length=100),
            _demographic("race_ethnicity", "Race and ethnicity, in the person's own words.", length=100),
            _demographic("language", "Preferred language as a BCP 47 tag, for example en or es.", length=35),
            _demographic("payer", "Who pays.", "MEDICAID", "MEDICARE", "COMMERCIAL", "SELF_PAY", "NONE", "OTHER"),
            _demographic("deprivation_quintile", "1 (most deprived) to 5.", "1", "2", "3", "4", "5", length=10),
            _text("phone", "Telephone number.", 40),
            _text("email", "E-mail address.", 254),
            _date("death_date", "Date of death, if the person has died."),
        ),
        ("person_id",),
        (("birth_date", "death_date"),),
    ),
    Template(
        "caseload",
        "Who works with whom.",
        (
            _id("caseload_id", "Your identifier of this row."),
            _person(),
            _reference("staff_id", "staff", "The member of staff.", required=True),
            _code("caseload_role", "In which role.", " ".join(CaseloadRole.values)),
            _date("from_date", "First day.", required=True, may_be_later=True),
            _date("to_date", "The day it ended; empty: it holds.", may_be_later=True),
        ),
        ("caseload_id",),
        (("from_date", "to_date"),),
    ),
    Template(
        "referrals",
        "Referrals received.",
        (
            _id("referral_id", "Your identifier of the referral."),
            _person(),
            _date("referred_date", "The day it was received: where waiting begins.", required=True),
            _reference("source_organisation_id", "organisations", "Who referred; empty: the person or family."),
            _reference("team_id", "teams", "The team referred to."),
            _code("urgency", "How urgent.", "ROUTINE URGENT EMERGENCY"),
            _code("status", "What became of it.", "WAITING ACCEPTED DECLINED WITHDRAWN"),
            _date("closed_date", "The day it was decided."),
        ),
        ("referral_id",),
        (("referred_date", "closed_date"),),
    ),
    Template(
        "episodes",
        "Episodes of care: a person with a team, from a day to a day.",
        (
            _id("episode_id", "Your identifier of the episode."),
            _person(),
            _reference("team_id", "teams", "The team."),
            Column("referral_id", Type.ID, "The referral it followed from, as in referrals.csv."),
            _date("start_date", "First day.", required=True),
            _date("end_date", "Last day; empty: it is open."),
            _code(
                "end_reason", "Why it ended.", "COMPLETED DROPPED_OUT MOVED TRANSFERRED DIED OTHER", required=False
            ),
        ),
        ("episode_id",),
        (("start_date", "end_date"),),
    ),
    Template(
        "contacts",
        "Appointments and contacts, also those that were missed or cancelled.",
        (
            _id("contact_id", "Your identifier of the contact."),
            _person(),
            _reference("staff_id", "staff", "The member of staff."),
            _reference("team_id", "teams", "The team."),
            _instant("starts_at", "When it began, or was to begin.", required=True, may_be_later=True),
            Column("minutes", Type.INTEGER, "How long it lasted.", least=0, most=1440),
            _code(
                "kind",
                "What it was.",
                "ASSESSMENT THERAPY MEDICATION CARE_COORDINATION PEER_SUPPORT OUTREACH GROUP OTHER",
            ),
            _code("medium", "How.", "IN_PERSON HOME VIDEO PHONE TEXT"),
            _code(
                "status", "What became of it.", "BOOKED ATTENDED NO_SHOW CANCELLED_BY_PERSON CANCELLED_BY_PROVIDER"
            ),
            _text("code", "The code of what was done (CPT, HCPCS or SNOMED CT), if your system has one.", 40),
        ),
        ("contact_id",),
    ),
    Template(
        "scores",
        "Totals your record system already computed.",
        (
            _id("score_id", "Your identifier of the score."),
            _person(),
            _text("instrument", "The instrument's code, for example PHQ-9.", 40, required=True),
            _text("scale", "The scale; empty: the total.", 40),
            _date("scored_date", "The day the person answered.", required=True),
            Column("value", Type.NUMBER, "The score.", required=True),
        ),
        ("score_id",),
    ),
    Template(
        "answers",
        "Answers to questionnaires, one row for each item. Keep one response's rows together.",
        (
            _id("response_id", "Your identifier of the completed questionnaire."),
            _person(),
            _text("instrument", "The instrument's code, for example PHQ-9.", 40, required=True),
            _date("answered_date", "The day the person answered.", required=True),
            _text("item", "The item's code: its number in the instrument.", 40, required=True),
            Column("value", Type.INTEGER, "The answer; empty: left out.", least=-1000, most=1000),
        ),
        ("response_id",),
    ),
    Template(
        "crisis_contacts",
        "Contacts in a crisis, with any service.",
        (
            _id("crisis_id", "Your identifier of the crisis contact."),
            _person(),
            _instant("at", "When.", required=True),
            _code("kind", "With whom.", "CRISIS_LINE MOBILE_CRISIS WALK_IN EMERGENCY_DEPARTMENT POLICE"),
            _reference("organisation_id", "organisations", "The organisation."),
            _text("outcome", "What came of it, in words.", 200),
        ),
        ("crisis_id",),
    ),
    Template(
        "stays",
        "Hospital and residential stays.",
        (
            _id("stay_id", "Your identifier of the stay."),
            _person(),
            _reference("organisation_id", "organisations", "Where."),
            _code(
                "kind",
                "What kind.",
                "PSYCHIATRIC_INPATIENT MEDICAL_INPATIENT EMERGENCY_DEPARTMENT RESIDENTIAL DETOX",
            ),
            _instant("admitted_at", "When it began.", required=True),
            _instant("discharged_at", "When it ended; empty: the person is there."),
            _code(
                "destination",
                "Where the person went.",
                "HOME TRANSFER RESIDENTIAL HOSPICE PRISON DIED AGAINST_ADVICE OTHER",
                required=False,
            ),
            _instant("notified_at", "When the provider was told."),
            _text("code", "The code of the kind of stay (SNOMED CT or CPT), if your system has one.", 40),
        ),
        ("stay_id",),
        (("admitted_at", "discharged_at"),),
    ),
    Template(
        "housing",
        "How a person lives, from a day on.",
        (
            _id("housing_id", "Your identifier of this row."),
            _person(),
            _date("from_date", "First day.", required=True),
            _code("state", "How.", "STABLE AT_RISK TEMPORARY SHELTER UNSHELTERED INSTITUTION UNKNOWN"),
        ),
        ("housing_id",),
    ),
    Template(
        "goals",
        "What people are working towards, in their own words.",
        (
            _id("goal_id", "Your identifier of the goal."),
            _person(),
            _date("stated_date", "The day it was agreed.", required=True),
            _text("words", "The goal in the person's words.", 4000, required=True),
            _text("domain", "The part of life it is about.", 60),
            _code("status", "Where it stands.", "ACTIVE ACHIEVED CHANGED DROPPED"),
            _date("closed_date", "The day it was closed."),
        ),
        ("goal_id",),
        (("stated_date", "closed_date"),),
    ),
    Template(
        "goal_ratings",
        "How near a goal is, from 0 to 10.",
        (
            _id("rating_id", "Your identifier of the rating."),
            _reference("goal_id", "goals", "The goal.", required=True),
            _person(),
            _date("rated_date", "The day.", required=True),
            Column("rating", Type.INTEGER, "0 (not at all) to 10 (fully).", required=True, least=0, most=10),
            _code("rated_by", "By whom.", "PERSON STAFF"),
        ),
        ("rating_id",),
    ),
    Template(
        "care_plan_events",
        "What happened to care plans, safety plans and medication.",
        (
            _id("event_id", "Your identifier of the event."),
            _person(),
            _date("event_date", "The day.", required=True),
            _code(
                "kind",
                "What happened.",
                "PLAN_AGREED PLAN_REVIEWED PLAN_UPDATED SAFETY_PLAN_AGREED SAFETY_PLAN_UPDATED MEDICATION_CHANGED",
            ),
            _reference("staff_id", "staff", "By whom."),
        ),
        ("event_id",),
    ),
    Template(
        "diagnoses",
        "Diagnoses.",
        (
            _id("diagnosis_id", "Your identifier of the diagnosis."),
            _person(),
            _code("system", "The code system.", "ICD10 SNOMED"),
            _text("code", "The code.", 40, required=True),
            _text("label", "The code in words.", 250),
            _date("onset_date", "The day it began, if known."),
            _date("end_date", "The day it was resolved, if it was."),
            _code("certainty", "How certain; empty: confirmed.", "CONFIRMED PROVISIONAL", required=False),
            _code("activity", "Whether it is active now; empty: not said.", "ACTIVE INACTIVE", required=False),
        ),
        ("diagnosis_id",),
        (("onset_date", "end_date"),),
    ),
    Template(
        "procedures",
        "What was done or ordered and has a code: assessments, screenings, counselling, hospice or palliative care.",
        (
            _id("procedure_id", "Your identifier of this row."),
            _person(),
            _reference("staff_id", "staff", "By whom."),
            _date("from_date", "The day it was done or ordered, or began.", required=True),
            _date("to_date", "The day it ended, if that was another."),
            _code("system", "The code system.", "SNOMED LOINC CPT HCPCS LOCAL"),
            _text("code", "The code.", 40, required=True),
            _text("label", "The code in words.", 250),
            _code("status", "Whether it was done, or only ordered.", "DONE ORDERED"),
        ),
        ("procedure_id",),
        (("from_date", "to_date"),),
    ),
    Template(
        "consents",
        "Consents a person has given.",
        (
            _id("consent_id", "Your identifier of the consent."),
            _person(),
            _code("kind", "To what.", "PART_2_TPO SHARE_WITH_PARTNERS CONTACT_BY_TEXT CONTACT_BY_EMAIL"),
            _date("given_date", "The day it was given.", required=True),
            _date("expires_date", "The day it ends by itself.", may_be_later=True),
            _date("revoked_date", "The day it was taken back."),
        ),
        ("consent_id",),
        (("given_date", "expires_date"), ("given_date", "revoked_date")),
    ),
)

# In the order in which they refer to one another: read so, nothing has to wait.
TEMPLATES: Mapping[str, Template] = MappingProxyType({template.kind: template for template in _TEMPLATES})
