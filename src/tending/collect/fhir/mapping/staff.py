"""Organization -> organisations and teams. Practitioner, PractitionerRole -> staff. CareTeam -> caseload."""

import re

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, ContactPoint, HumanName
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.draft import LONG_AGO, Draft, composed
from tending.collect.fhir.references import target
from tending.collect.fhir.resources import CareTeam, CareTeamParticipant, Organization, Practitioner, PractitionerRole

_PAYER_TYPES = {"ins", "pay"}
_KINDS = (
    (re.compile(r"crisis|hotline|988"), "CRISIS_LINE"),
    (re.compile(r"hospital|medical cent(er|re)|infirmary"), "HOSPITAL"),
    (re.compile(r"housing|shelter|homeless"), "HOUSING"),
    (
        re.compile(r"primary care|family (medicine|practice)|internal medicine|internist|general practice"),
        "PRIMARY_CARE",
    ),
)


def organization(resource: Organization, key: str, draft: Draft) -> None:
    """A team where it holds episodes, contacts or care teams; a partner where it refers, or people stay, or else."""
    kinds = set(codes.codes(resource.type))
    if kinds & _PAYER_TYPES:
        draft.not_read("Organization (who pays)")
        return
    is_team = key in draft.survey.teams or bool(kinds & {"team", "dept"})
    if is_team:
        parent = target(resource.part_of, draft.aliases)
        held = draft.survey.organisations.get(parent.id) if parent else None
        draft.row("teams", key, {"team_id": key, "name": resource.name, "programme": held.name if held else None})
    if not is_team or key in draft.survey.partners:
        said = f"{resource.name or ''} {codes.words(resource.type)}".lower()
        kind = next((kind for pattern, kind in _KINDS if pattern.search(said)), "OTHER")
        draft.row("organisations", key, {"organisation_id": key, "name": resource.name, "kind": kind})


def practitioner(resource: Practitioner, key: str, draft: Draft) -> None:
    name = next((name for name in resource.name if name.use not in ("old", "maiden")), HumanName())
    draft.row(
        "staff",
        key,
        {
            "staff_id": key,
            "given_name": " ".join(part for part in name.given if part) or None,
            "family_name": name.family or name.text,
            "email": _email(resource.telecom),
        },
    )


def _email(points: tuple[ContactPoint, ...]) -> str | None:
    return next((point.value for point in points if point.system == "email" and point.value), None)


# Roles that see more than a team's people are never given by a file: an administrator gives them.
_STAFF_ROLES = (
    (re.compile(r"peer"), "PEER_WORKER"),
    (re.compile(r"supervisor"), "SUPERVISOR"),
    (re.compile(r"coordinat|case manage|care manage"), "CARE_COORDINATOR"),
)
_STAFF_ROLE_CODES = {"171M00000X": "CARE_COORDINATOR", "175T00000X": "PEER_WORKER"}


def practitioner_role(resource: PractitionerRole, key: str, draft: Draft) -> None:
    staff = draft.staff(resource.practitioner)
    if staff is None:
        raise faults.missing("practitioner")
    concepts = [*resource.code, *resource.specialty]
    start, end = draft.days("period", resource.period)
    if resource.active is False and end is None:
        draft.not_read("PractitionerRole (no longer active, end not given)")
        return
    team = draft.team(resource.organization)
    if team is None:  # a role in no team would be one in the whole provider, and no file gives that
        draft.not_read("PractitionerRole (no organization)")
        return
    if start is None:
        draft.note("SINCE_UNKNOWN", "PractitionerRole")
    draft.row(
        "staff",
        key,
        {
            "staff_id": staff,
            "role": _staff_role(concepts),
            "team_id": team,
            "from_date": start or LONG_AGO.date(),
            "to_date": end,
        },
    )


def _staff_role(concepts: list[CodeableConcept]) -> str:
    for code in codes.codes(concepts):
        if code in _STAFF_ROLE_CODES:
            return _STAFF_ROLE_CODES[code]
    said = codes.words(concepts)
    return next((role for pattern, role in _STAFF_ROLES if pattern.search(said)), "PRACTITIONER")


_TEAM_ROLES = (
    (re.compile(r"peer"), "PEER"),
    (re.compile(r"coordinat|case manage|care manage"), "COORDINATOR"),
    (re.compile(r"primary|lead|keyworker|key worker|psychiatrist|psychologist|therapist|counsel"), "PRIMARY"),
)
_NOT_STARTED = {"proposed"}
_STATUSES = {"proposed", "active", "suspended", "inactive", "entered-in-error"}


def care_team(resource: CareTeam, key: str, draft: Draft) -> None:
    """One caseload row for each practitioner whose role tells what they are to the person."""
    if resource.status is not None and resource.status not in _STATUSES:
        raise faults.unknown_code("status", resource.status)
    if resource.status in _NOT_STARTED:
        draft.not_read("CareTeam (proposed)")
        return
    members = _members(resource.participant, draft)
    if not members:
        return
    person = draft.person("subject", resource.subject)
    withdrawn = resource.status == "entered-in-error"
    start, end = draft.days("period", resource.period)
    start = start or (draft.day("meta.lastUpdated", resource.meta.last_updated) if resource.meta else None)
    if start is None and not withdrawn:
        raise faults.missing("period.start")
    if resource.status == "inactive" and end is None:
        raise faults.missing("period.end")
    for staff, role, participant in members:
        own_start, own_end = draft.days("participant.period", participant.period)
        row = composed(key, staff, role)
        draft.row(
            "caseload",
            row,
            {
                "caseload_id": row,
                "person_id": person,
                "staff_id": staff,
                "caseload_role": role,
                "from_date": own_start or start,
                "to_date": own_end or end,
            },
            withdrawn=withdrawn,
        )


def _members(
    participants: tuple[CareTeamParticipant, ...], draft: Draft
) -> list[tuple[str, str, CareTeamParticipant]]:
    """The practitioners whose role tells what they are to the person, each once in each caseload role.

    A role that tells nothing makes nobody primary: the person's contacts do (keep/derived_support.py).
    """
    found: dict[tuple[str, str], CareTeamParticipant] = {}
    for participant in participants:
        member = target(participant.member, draft.aliases)
        if member is None or member.type not in ("Practitioner", "PractitionerRole"):
            continue
        said = codes.words(participant.role)
        role = next((role for pattern, role in _TEAM_ROLES if pattern.search(said)), None)
        if role is None:
            draft.not_read("CareTeam.participant (role not told)")
        elif (staff := draft.staff(participant.member)) is not None:
            found.setdefault((staff, role), participant)
    return [(staff, role, participant) for (staff, role), participant in found.items()]
