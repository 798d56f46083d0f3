"""What does the delivery hold? One quick look over all its files, before any of them is mapped.

A resource alone cannot say whether its practitioner is in the export, which organisations are the provider's own
teams, or that an appointment is told again by its encounter. The survey can, and it is a function of the delivery's
bytes: a load that was interrupted makes the same survey again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from tending.collect.fhir.datatypes import CodeableConcept, Coding, Element, Identifier, Period, Reference
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.references import Target, identifier_alias, target


class OrganisationSeen(NamedTuple):
    name: str | None
    part_of: str | None


class RoleSeen(NamedTuple):
    practitioner: str | None
    organisation: str | None


@dataclass(slots=True)
class Survey:
    made: bool = False  # False: nobody looked, so nothing can be called absent
    people: set[str] = field(default_factory=set)
    practitioners: set[str] = field(default_factory=set)
    organisations: dict[str, OrganisationSeen] = field(default_factory=dict)
    roles: dict[str, RoleSeen] = field(default_factory=dict)
    care_teams: dict[str, str] = field(default_factory=dict)  # its managing organisation
    teams: set[str] = field(default_factory=set)  # organisations that hold episodes, contacts or care teams
    partners: set[str] = field(default_factory=set)  # organisations where people stay, or that refer
    payers: dict[str, tuple[str, str]] = field(default_factory=dict)  # person: (since, payer)
    told_by_encounter: set[tuple[str, str]] = field(default_factory=set)  # (appointment, person)
    mental_health_conditions: set[str] = field(default_factory=set)
    questionnaires: dict[str, dict[str, str]] = field(default_factory=dict)  # canonical: {linkId: LOINC}
    aliases: dict[str, Target] = field(default_factory=dict)  # what an identifier stands for


class _Seen(Element, tag_field="resourceType"):
    id: str | None = None
    identifier: tuple[Identifier, ...] = ()


class _Patient(_Seen, tag="Patient"):
    pass


class _Practitioner(_Seen, tag="Practitioner"):
    pass


class _Organization(_Seen, tag="Organization"):
    name: str | None = None
    part_of: Reference | None = None


class _PractitionerRole(_Seen, tag="PractitionerRole"):
    practitioner: Reference | None = None
    organization: Reference | None = None


class _CareTeam(_Seen, tag="CareTeam"):
    managing_organization: tuple[Reference, ...] = ()


class _EpisodeOfCare(_Seen, tag="EpisodeOfCare"):
    managing_organization: Reference | None = None


class _ServiceRequest(_Seen, tag="ServiceRequest"):
    requester: Reference | None = None


class _Encounter(_Seen, tag="Encounter"):
    status: str | None = None
    class_: Coding | None = msgspec.field(default=None, name="class")
    service_provider: Reference | None = None
    subject: Reference | None = None
    appointment: tuple[Reference, ...] = ()


class _Condition(_Seen, tag="Condition"):
    code: CodeableConcept | None = None


class _Coverage(_Seen, tag="Coverage"):
    status: str | None = None
    type: CodeableConcept | None = None
    beneficiary: Reference | None = None
    payor: tuple[Reference, ...] = ()
    period: Period | None = None


class _Item(Element):
    link_id: str | None = None
    code: tuple[Coding, ...] = ()
    item: tuple["_Item", ...] = ()


class _Questionnaire(_Seen, tag="Questionnaire"):
    url: str | None = None
    item: tuple[_Item, ...] = ()


_KINDS = (
    _Patient
    | _Practitioner
    | _Organization
    | _PractitionerRole
    | _CareTeam
    | _EpisodeOfCare
    | _ServiceRequest
    | _Encounter
    | _Condition
    | _Coverage
    | _Questionnaire
)
_TYPE = re.compile(rb'"resourceType"\s*:\s*"(\w+)"')
_OF_INTEREST = {kind.__name__[1:].encode() for kind in _KINDS.__args__}
_LOOKED_UP = ("Patient", "Practitioner", "Organization")
_decoder = msgspec.json.Decoder(_KINDS)


def look(resources: Iterable[tuple[bytes, str | None, Mapping[str, Target]]]) -> Survey:
    """The survey of resources given as (JSON, the id a bundle gives it, what the bundle calls its entries)."""
    survey = Survey(made=True)
    for text, given_id, aliases in resources:
        found = _TYPE.search(text)
        if found is None or found[1] not in _OF_INTEREST:
            continue
        try:
            seen = _decoder.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue  # the reading itself says what is wrong with it
        _note(survey, seen, seen.id or given_id, aliases)
    return survey


def _note(survey: Survey, seen: _Seen, key: str | None, aliases: Mapping[str, Target]) -> None:
    if isinstance(seen, _Questionnaire):
        if seen.url:
            survey.questionnaires[seen.url] = dict(_loinc_of(seen.item))
        return
    if not key:
        return
    kind = type(seen).__name__[1:]
    for named in seen.identifier if kind in _LOOKED_UP else ():
        if named.value:
            survey.aliases[identifier_alias(kind, named.system, named.value)] = Target(kind, key)
    _NOTE[type(seen)](survey, seen, key, aliases)


def _id(reference: Reference | None, aliases: Mapping[str, Target], kind: str) -> str | None:
    found = target(reference, aliases)
    return found.id if found and found.type == kind else None


def _patient(survey: Survey, seen: _Patient, key: str, aliases: Mapping[str, Target]) -> None:
    survey.people.add(key)


def _practitioner(survey: Survey, seen: _Practitioner, key: str, aliases: Mapping[str, Target]) -> None:
    survey.practitioners.add(key)


def _organization(survey: Survey, seen: _Organization, key: str, aliases: Mapping[str, Target]) -> None:
    survey.organisations[key] = OrganisationSeen(seen.name, _id(seen.part_of, aliases, "Organization"))


def _role(survey: Survey, seen: _PractitionerRole, key: str, aliases: Mapping[str, Target]) -> None:
    survey.roles[key] = RoleSeen(
        _id(seen.practitioner, aliases, "Practitioner"), _id(seen.organization, aliases, "Organization")
    )


def _care_team(survey: Survey, seen: _CareTeam, key: str, aliases: Mapping[str, Target]) -> None:
    for reference in seen.managing_organization[:1]:
        if held_by := _id(reference, aliases, "Organization"):
            survey.care_teams[key] = held_by
            survey.teams.add(held_by)


def _episode(survey: Survey, seen: _EpisodeOfCare, key: str, aliases: Mapping[str, Target]) -> None:
    if held_by := _id(seen.managing_organization, aliases, "Organization"):
        survey.teams.add(held_by)


def _request(survey: Survey, seen: _ServiceRequest, key: str, aliases: Mapping[str, Target]) -> None:
    if asked_by := _id(seen.requester, aliases, "Organization"):
        survey.partners.add(asked_by)


def _encounter(survey: Survey, seen: _Encounter, key: str, aliases: Mapping[str, Target]) -> None:
    if provider := _id(seen.service_provider, aliases, "Organization"):
        stay = seen.class_ is not None and seen.class_.code in codes.STAY_CLASSES
        (survey.partners if stay else survey.teams).add(provider)
    person = _id(seen.subject, aliases, "Patient")
    for reference in seen.appointment:
        booked = _id(reference, aliases, "Appointment")
        if booked and person and seen.status in codes.HAPPENED:
            survey.told_by_encounter.add((booked, person))


def _condition(survey: Survey, seen: _Condition, key: str, aliases: Mapping[str, Target]) -> None:
    if codes.is_mental_health([seen.code] if seen.code else []):
        survey.mental_health_conditions.add(key)


def _coverage(survey: Survey, seen: _Coverage, key: str, aliases: Mapping[str, Target]) -> None:
    person = _id(seen.beneficiary, aliases, "Patient")
    if seen.status != "active" or person is None:
        return
    since = (seen.period.start if seen.period else None) or ""
    names = [reference.display for reference in seen.payor]
    survey.payers[person] = max(survey.payers.get(person, ("", "")), (since, codes.payer(seen.type, names)))


def _loinc_of(items: tuple[_Item, ...]) -> Iterable[tuple[str, str]]:
    for item in items:
        for coding in item.code:
            if item.link_id and coding.system == codes.LOINC and coding.code:
                yield item.link_id, coding.code
        yield from _loinc_of(item.item)


_NOTE: dict[type[_Seen], Callable[[Survey, Any, str, Mapping[str, Target]], None]] = {
    _Patient: _patient,
    _Practitioner: _practitioner,
    _Organization: _organization,
    _PractitionerRole: _role,
    _CareTeam: _care_team,
    _EpisodeOfCare: _episode,
    _ServiceRequest: _request,
    _Encounter: _encounter,
    _Condition: _condition,
    _Coverage: _coverage,
}
