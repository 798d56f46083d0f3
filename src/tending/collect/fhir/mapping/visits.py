"""Encounter -> contacts, stays, crisis_contacts. Appointment -> contacts.

An appointment and the encounter that came of it are one contact: both write the row "Appointment/…" of the person,
the encounter only when it took place, and a kept appointment not at all when the delivery holds its encounter.
"""

from datetime import datetime, timedelta

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, Period, Reference
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.draft import Draft, composed, ends_before_it_starts
from tending.collect.fhir.references import target
from tending.collect.fhir.resources import Appointment, Encounter

_STATUSES = codes.HAPPENED | {"planned", "cancelled", "entered-in-error", "unknown"}
_A_DAY = timedelta(days=1)
_PERFORMERS = ("PPRF", "ATND", "SPRF")


def encounter(resource: Encounter, key: str, draft: Draft) -> None:
    if resource.status not in _STATUSES:
        raise faults.unknown_code("status", resource.status)
    if resource.status == "unknown":
        raise faults.unknown_status("status")
    person = draft.person("subject", resource.subject)
    period = resource.period or Period()
    start, end = draft.instant("period.start", period.start), draft.instant("period.end", period.end)
    if start and end and end < start:
        raise ends_before_it_starts("period.end")
    if start is None and resource.status != "entered-in-error":
        raise faults.missing("period.start")
    about = _About(resource, draft)
    if _is_stay(resource, start, end, draft):
        _stay(resource, key, person, (start, end), about, draft)
    elif about.crisis is None:
        _contact(resource, key, person, (start, end), about, draft)
    if about.crisis is not None:
        _crisis(resource, key, person, start, about.crisis, draft)
    _take_back_other_kinds(resource, key, about, draft)


class _About:
    """What an encounter was about, from its types, reasons and diagnoses."""

    __slots__ = ("crisis", "mental_health", "types")

    def __init__(self, resource: Encounter, draft: Draft) -> None:
        service = [resource.service_type] if resource.service_type else []
        self.types: list[CodeableConcept] = [*resource.type, *service]
        self.mental_health = False
        code = resource.class_.code if resource.class_ else None
        if code in codes.STAY_CLASSES:
            self.mental_health = codes.is_mental_health([*self.types, *resource.reason_code]) or any(
                found.id in draft.survey.mental_health_conditions
                for one in (*resource.reason_reference, *(one.condition for one in resource.diagnosis))
                if (found := target(one, draft.aliases))
            )
        self.crisis = codes.crisis_kind(code, self.types)
        if self.crisis is None and code == "EMER" and self.mental_health:
            self.crisis = "EMERGENCY_DEPARTMENT"


def _is_stay(resource: Encounter, start: datetime | None, end: datetime | None, draft: Draft) -> bool:
    """By class; a class FHIR does not know is a stay when it has a discharge or lasted more than a day."""
    code = resource.class_.code if resource.class_ else None
    if code in codes.STAY_CLASSES:
        return True
    if code in codes.CONTACT_CLASSES:
        return False
    draft.note("CLASS_NOT_KNOWN", f"Encounter {code or ''}")
    return resource.hospitalization is not None or bool(start and end and end - start > _A_DAY)


def _contact(
    resource: Encounter,
    key: str,
    person: str,
    when: tuple[datetime | None, datetime | None],
    about: _About,
    draft: Draft,
) -> None:
    row = key
    if booked := _appointment_of(resource, draft):
        if resource.status not in codes.HAPPENED and resource.status != "entered-in-error":
            draft.not_read("Encounter (its appointment tells it)")
            return
        row = composed("Appointment", booked, person)
    code = resource.class_.code if resource.class_ else None
    status = "ATTENDED"
    if resource.status in ("planned", "cancelled"):
        # An encounter does not say who cancelled it; nobody's absence is counted on a guess.
        status = "BOOKED" if resource.status == "planned" else "CANCELLED_BY_PROVIDER"
    draft.row(
        "contacts",
        row,
        {
            "contact_id": row,
            "person_id": person,
            "staff_id": _performer(resource, draft),
            "team_id": draft.team(resource.service_provider),
            "starts_at": when[0],
            "minutes": minutes(*when),
            "kind": codes.contact_kind(about.types),
            "medium": codes.contact_medium(code, about.types),
            "status": status,
            "code": codes.visit_code(about.types),
        },
        withdrawn=resource.status == "entered-in-error",
    )


def _stay(
    resource: Encounter,
    key: str,
    person: str,
    when: tuple[datetime | None, datetime | None],
    about: _About,
    draft: Draft,
) -> None:
    if resource.status == "planned":
        draft.not_read("Encounter (a stay that is planned)")
        return
    if resource.status == "finished" and when[1] is None:
        draft.fault(faults.missing("period.end"))  # a crisis contact told by the same encounter stays
        return
    code = resource.class_.code if resource.class_ else None
    discharged = resource.hospitalization.discharge_disposition if resource.hospitalization else None
    draft.row(
        "stays",
        key,
        {
            "stay_id": key,
            "person_id": person,
            "organisation_id": draft.organisation(resource.service_provider),
            "kind": codes.stay_kind(code, about.types, mental_health=about.mental_health),
            "admitted_at": when[0],
            "discharged_at": when[1] if resource.status in ("finished", "cancelled") else None,
            "destination": codes.destination(discharged),
            "notified_at": None,
            "code": codes.visit_code(about.types),
        },
        withdrawn=resource.status in ("cancelled", "entered-in-error"),
    )


def _crisis(resource: Encounter, key: str, person: str, start: datetime | None, kind: str, draft: Draft) -> None:
    if resource.status == "planned":
        draft.not_read("Encounter (a crisis contact that is planned)")
        return
    draft.row(
        "crisis_contacts",
        key,
        {
            "crisis_id": key,
            "person_id": person,
            "at": start,
            "kind": kind,
            "organisation_id": draft.organisation(resource.service_provider),
            "outcome": None,
        },
        withdrawn=resource.status in ("cancelled", "entered-in-error"),
    )


_IDENTIFIER = {"contacts": "contact_id", "stays": "stay_id", "crisis_contacts": "crisis_id"}


def _take_back_other_kinds(resource: Encounter, key: str, about: _About, draft: Draft) -> None:
    """An encounter that changed its class was another kind of row before: that row is taken back."""
    if not resource.class_history:
        return
    written = {row.kind for row in draft.rows if row.line == draft.line and row.key == key}
    for kind, identifier in _IDENTIFIER.items():
        if kind not in written and not (kind == "crisis_contacts" and about.crisis):
            draft.take_back(kind, key, identifier)


def _appointment_of(resource: Encounter, draft: Draft) -> str | None:
    found = (target(one, draft.aliases) for one in resource.appointment)
    return next((one.id for one in found if one and one.type == "Appointment"), None)


def _performer(resource: Encounter, draft: Draft) -> str | None:
    """The primary performer, else the attending, else whichever practitioner is named first."""
    ranked: list[tuple[int, Reference]] = []
    for participant in resource.participant:
        given = codes.codes(participant.type)
        rank = min((_PERFORMERS.index(code) for code in given if code in _PERFORMERS), default=len(_PERFORMERS))
        if participant.individual:
            ranked.append((rank, participant.individual))
    for _rank, individual in sorted(ranked, key=lambda one: one[0]):
        if staff := draft.staff(individual):
            return staff
    return None


def minutes(start: datetime | None, end: datetime | None) -> int | None:
    """How long, where both ends are told; a zero-length or day-long contact tells nothing."""
    if start is None or end is None or not timedelta(0) < end - start <= _A_DAY:
        return None
    return int((end - start).total_seconds() // 60)


_APPOINTMENT_STATUSES = {
    "pending": "BOOKED",
    "booked": "BOOKED",
    "arrived": "ATTENDED",
    "checked-in": "ATTENDED",
    "fulfilled": "ATTENDED",
    "noshow": "NO_SHOW",
    "cancelled": "CANCELLED_BY_PROVIDER",
    "entered-in-error": "BOOKED",
}
_NOT_BOOKED = {"proposed", "waitlist"}


def appointment(resource: Appointment, key: str, draft: Draft) -> None:
    """One contact for each person the appointment is for."""
    if resource.status in _NOT_BOOKED:
        draft.not_read(f"Appointment ({resource.status})")
        return
    if resource.status not in _APPOINTMENT_STATUSES:
        raise faults.unknown_code("status", resource.status)
    withdrawn = resource.status == "entered-in-error" or _booked_in_error(resource)
    start, end = draft.instant("start", resource.start), draft.instant("end", resource.end)
    if start is None and not withdrawn:
        raise faults.missing("start")
    actors = [participant.actor for participant in resource.participant if participant.actor]
    people = [one for one in actors if (found := target(one, draft.aliases)) and found.type == "Patient"]
    if not people:
        draft.person("participant.actor", None)
    staff = next((who for one in actors if (who := draft.staff(one))), None)
    team = next((where for one in actors if (where := draft.team(one))), None)
    status = _appointment_status(resource)
    kinds = _kinds(resource)
    for one in people:
        person = draft.person("participant.actor", one)
        if status == "ATTENDED" and (key, person) in draft.survey.told_by_encounter:
            draft.not_read("Appointment (its encounter tells it)")
            continue
        row = composed("Appointment", key, person)
        draft.row(
            "contacts",
            row,
            {
                "contact_id": row,
                "person_id": person,
                "staff_id": staff,
                "team_id": team,
                "starts_at": start,
                "minutes": resource.minutes_duration or minutes(start, end),
                "kind": codes.contact_kind(kinds),
                "medium": codes.contact_medium(None, kinds),
                "status": status,
                "code": codes.visit_code(kinds),
            },
            withdrawn=withdrawn,
        )


def _kinds(resource: Appointment) -> list[CodeableConcept]:
    kind = [resource.appointment_type] if resource.appointment_type else []
    return [*resource.service_type, *resource.service_category, *kind]


def _booked_in_error(resource: Appointment) -> bool:
    return resource.status == "cancelled" and codes.first_code(resource.cancelation_reason) == "oth-err"


def _appointment_status(resource: Appointment) -> str:
    """By the person only where the reason says so: nobody's cancellation is counted on a guess."""
    status = _APPOINTMENT_STATUSES[resource.status or ""]
    reason = codes.first_code(resource.cancelation_reason) or ""
    if resource.status == "cancelled" and (reason == "pat" or reason.startswith("pat-")):
        return "CANCELLED_BY_PERSON"
    return status
