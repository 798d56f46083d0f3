"""Patient -> people."""

from django.utils.translation import gettext as _

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, ContactPoint, Extension, HumanName
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.draft import Draft
from tending.collect.fhir.resources import Communication, Coverage, Patient

_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_RACE = _CORE + "us-core-race"
_ETHNICITY = _CORE + "us-core-ethnicity"
_BIRTH_SEX = _CORE + "us-core-birthsex"
_SEX = _CORE + "us-core-sex"
_GENDER_IDENTITY = (
    _CORE + "us-core-genderIdentity",
    "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity",
    "http://hl7.org/fhir/StructureDefinition/patient-genderIdentity",
)
_SEXES = {
    **dict.fromkeys(("F", "female", "248152002"), "FEMALE"),
    **dict.fromkeys(("M", "male", "248153007"), "MALE"),
    **dict.fromkeys(("UNK", "OTH", "other", "unknown"), "UNKNOWN"),
    **dict.fromkeys(("ASKU", "asked-declined"), "DECLINED"),
}
_RACES = {
    "1002-5": "American Indian or Alaska Native",
    "2028-9": "Asian",
    "2054-5": "Black or African American",
    "2076-8": "Native Hawaiian or Pacific Islander",
    "2106-3": "White",
    "2131-1": "Other",
}
_HISPANIC = "2135-2"
_DECLINED = {"ASKU", "asked-declined"}


def patient(resource: Patient, key: str, draft: Draft) -> None:
    name = _name(resource.name)
    draft.row(
        "people",
        key,
        {
            "person_id": key,
            "given_name": " ".join(part for part in name.given if part) or None,
            "family_name": name.family or (name.text if not any(name.given) else None),
            "birth_date": draft.day_if_whole("birthDate", resource.birth_date),
            "sex": _sex(resource),
            "gender_identity": _gender_identity(resource.extension),
            "race_ethnicity": _race_ethnicity(resource.extension),
            "language": _language(resource.communication),
            "payer": draft.survey.payers[key][1] if key in draft.survey.payers else None,
            "deprivation_quintile": None,
            "phone": _telecom(resource.telecom, "phone"),
            "email": _telecom(resource.telecom, "email"),
            "death_date": draft.day_if_whole("deceasedDateTime", resource.deceased_date_time),
        },
    )
    if resource.deceased_boolean and not resource.deceased_date_time:
        draft.fault(
            faults.Unreadable(
                "deceasedBoolean",
                faults.DEATH_WITHOUT_DATE,
                _("this person has died, but the date is not given; the rest of their details is kept."),
                _("Give deceasedDateTime in the record system and export it again."),
            )
        )


def coverage(resource: Coverage, key: str, draft: Draft) -> None:
    """No row of its own: the survey has read who pays, and the person's row says it."""


def _name(names: tuple[HumanName, ...]) -> HumanName:
    """The name to call somebody by in a record: official, then usual, then the first that is not out of use."""
    for use in ("official", "usual"):
        for name in names:
            if name.use == use:
                return name
    return next((name for name in names if name.use not in ("old", "maiden")), HumanName())


def _sex(resource: Patient) -> str | None:
    for url in (_BIRTH_SEX, _SEX):
        for found in resource.extension:
            given = found.value_code or (found.value_coding.code if found.value_coding else None)
            if found.url == url and isinstance(given, str) and given in _SEXES:
                return _SEXES[given]
    return _SEXES.get(resource.gender or "")


def _gender_identity(extensions: tuple[Extension, ...]) -> str | None:
    for found in extensions:
        if found.url not in _GENDER_IDENTITY:
            continue
        inner = next((part.value_codeable_concept for part in found.extension if part.url == "value"), None)
        concept = found.value_codeable_concept or inner
        if concept is not None:
            return _said(concept)
    return None


def _said(concept: CodeableConcept) -> str | None:
    if _DECLINED & set(codes.codes([concept])):
        return "DECLINED"
    return (concept.text or next((c.display or c.code for c in concept.coding), None) or "")[:100] or None


def _race_ethnicity(extensions: tuple[Extension, ...]) -> str | None:
    """One group for equity: Hispanic or Latino of any race, else the race, else more than one."""
    ethnicities = _categories(extensions, _ETHNICITY)
    races = _categories(extensions, _RACE)
    if _HISPANIC in ethnicities:
        return "Hispanic or Latino"
    known = {_RACES[code] for code in races if code in _RACES}
    if len(known) > 1:
        return "More than one race"
    if known:
        return known.pop()
    return "DECLINED" if _DECLINED & (races | ethnicities) else None


def _categories(extensions: tuple[Extension, ...], url: str) -> set[str]:
    parts = [part for found in extensions if found.url == url for part in found.extension]
    return {
        part.value_coding.code
        for part in parts
        if part.url == "ombCategory" and part.value_coding and part.value_coding.code
    }


def _language(communications: tuple[Communication, ...]) -> str | None:
    spoken = sorted(communications, key=lambda one: not one.preferred)
    for one in spoken:
        if code := codes.first_code(one.language):
            return code[:35]
    return None


_USES = ("mobile", "home", None, "work", "temp")  # the number most likely to reach the person first


def _telecom(points: tuple[ContactPoint, ...], system: str) -> str | None:
    usable = [point for point in points if point.system == system and point.value and point.use in _USES]
    return min(usable, key=lambda point: _USES.index(point.use)).value if usable else None
