"""Procedure, ServiceRequest that is no referral, Observation of a coded assessment -> procedures."""

from datetime import date

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, Period
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.draft import Draft, ends_before_it_starts
from tending.collect.fhir.resources import Observation, Procedure, ServiceRequest

_DONE = {"completed", "in-progress", "on-hold", "stopped"}
_NOT_DONE = {"not-done", "preparation"}
_ORDERED = {"active", "completed", "on-hold"}
_ORDERS = {"order", "original-order", "reflex-order", "filler-order", "instance-order"}

# Assessments that are no instrument of ours, and that matter because they took place. Of most, any answer will do;
# of some only a yes: 45755-6 asks whether somebody is in hospice care.
ASSESSED = {
    "45755-6": "Hospice care",
    "71007-9": "FACIT-Pal",
    "96777-8": "AHC health-related social needs screening",
    "93025-5": "PRAPARE",
    "88121-9": "Hunger Vital Sign",
    "88124-3": "Food insecurity risk",
    "93030-5": "Transport",
    "96779-4": "Utilities",
    "95614-4": "Safety at home (HITS)",
    "73831-0": "Depression screening, young people",
    "73832-8": "Depression screening, adults",
}
_ONLY_YES = {"45755-6"}
_YES = {"373066001", "LA33-6", "Y"}


def procedure(resource: Procedure, key: str, draft: Draft) -> None:
    if resource.status in _NOT_DONE:
        draft.not_read(f"Procedure ({resource.status})")
        return
    if resource.status == "unknown":
        raise faults.unknown_status("status")
    if resource.status not in _DONE | {"entered-in-error"}:
        raise faults.unknown_code("status", resource.status)
    period = resource.performed_period or Period()
    start = draft.day("performedDateTime", resource.performed_date_time) or draft.day(
        "performedPeriod.start", period.start
    )
    end = draft.day("performedPeriod.end", period.end)
    withdrawn = resource.status == "entered-in-error"
    staff = next((who for one in resource.performer if (who := draft.staff(one.actor))), None)
    _row(key, resource.code, (start, end), "DONE", staff, draft.person("subject", resource.subject), draft, withdrawn)


def order(resource: ServiceRequest, key: str, draft: Draft) -> None:
    """A request that refers nobody elsewhere: an order for something that has a code."""
    if resource.status == "revoked":
        draft.take_back("procedures", key, "procedure_id")
    wanted = resource.status in _ORDERED | {"entered-in-error"} and resource.intent in _ORDERS
    if not wanted or resource.do_not_perform or codes.coded([resource.code] if resource.code else []) is None:
        draft.not_read("ServiceRequest (not a referral)")
        return
    day = draft.day("authoredOn", resource.authored_on)
    person = draft.person("subject", resource.subject)
    withdrawn = resource.status == "entered-in-error"
    _row(key, resource.code, (day, None), "ORDERED", draft.staff(resource.requester), person, draft, withdrawn)


def assessment(resource: Observation, key: str, code: str, day: date | None, draft: Draft) -> None:
    """That it took place counts; where a yes is asked for, any other answer takes back what was said before."""
    withdrawn = resource.status in ("entered-in-error", "cancelled")
    answer = resource.value_codeable_concept
    if code in _ONLY_YES and not withdrawn and not _YES & set(codes.codes([answer] if answer else [])):
        draft.take_back("procedures", key, "procedure_id")
        draft.not_read(f"Observation {ASSESSED[code]} (not a yes)")
        return
    person = draft.person("subject", resource.subject)
    _row(key, resource.code, (day, None), "DONE", None, person, draft, withdrawn)


def _row(
    key: str,
    concept: CodeableConcept | None,
    when: tuple[date | None, date | None],
    status: str,
    staff: str | None,
    person: str,
    draft: Draft,
    withdrawn: bool,
) -> None:
    found = codes.coded([concept] if concept else [])
    if found is None and not withdrawn:
        draft.not_read(f"{draft.type} (no code of a known system)")
        return
    start, end = when
    if start is None and not withdrawn:
        raise faults.missing("performed" if draft.type == "Procedure" else "the date")
    if start and end and end < start:
        raise ends_before_it_starts("performedPeriod.end")
    system, coding = found or (None, None)
    label = (concept and concept.text) or (coding and (coding.display or coding.code)) or ""
    draft.row(
        "procedures",
        key,
        {
            "procedure_id": key,
            "person_id": person,
            "staff_id": staff,
            "from_date": start,
            "to_date": end,
            "system": system,
            "code": coding.code.upper() if coding and coding.code else None,
            "label": label[:250],
            "status": status,
        },
        withdrawn=withdrawn,
    )
