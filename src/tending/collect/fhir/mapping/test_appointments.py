"""Appointments become contacts, and never the same contact twice."""

from typing import Any

import pytest
from tests.support.fhir import PAT, concept, encounter, fault, one, read, rows, surveyed


def appointment(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "booked",
        "start": "2026-03-02T14:00:00Z",
        "minutesDuration": 30,
        "participant": [{"actor": PAT}, {"actor": {"reference": "Practitioner/dr"}}],
        **changes,
    }


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("booked", None, "BOOKED"),
        ("pending", None, "BOOKED"),
        ("noshow", None, "NO_SHOW"),
        ("fulfilled", None, "ATTENDED"),
        ("checked-in", None, "ATTENDED"),
        ("cancelled", "pat-crs", "CANCELLED_BY_PERSON"),
        ("cancelled", "prov-dch", "CANCELLED_BY_PROVIDER"),
        ("cancelled", None, "CANCELLED_BY_PROVIDER"),
    ],
)
def test_the_status_of_an_appointment(status, reason, expected):
    reasons = {"cancelationReason": concept(reason)} if reason else {}
    found = one(appointment(status=status, **reasons), "contacts")
    assert (found["status"], found["minutes"], found["staff_id"]) == (expected, 30, "dr")


def test_an_appointment_and_its_encounter_are_one_contact():
    visit = encounter(appointment=[{"reference": "Appointment/a1"}])
    kept = appointment(status="fulfilled")
    survey = surveyed(visit)
    told = [row for row in rows(kept, visit, survey=survey) if row.kind == "contacts"]
    assert [(row.key, row.fields["status"]) for row in told] == [("Appointment/a1/p1", "ATTENDED")]
    # Where they come in different deliveries both write the same row, so it is still one.
    apart = [row.key for row in rows(kept, visit) if row.kind == "contacts"]
    assert apart == ["Appointment/a1/p1", "Appointment/a1/p1"]


def test_a_missed_appointment_stays_missed_when_its_encounter_never_took_place():
    never = encounter(status="cancelled", appointment=[{"reference": "Appointment/a1"}])
    missed = appointment(status="noshow")
    chunk, notes = read(missed, never, survey=surveyed(never))
    contacts = [row.fields["status"] for row in chunk.rows if row.kind == "contacts"]
    assert contacts == ["NO_SHOW"]
    assert notes["NOT_READ Encounter (its appointment tells it)"] == 1


def test_an_appointment_for_a_group_is_a_contact_for_each_person():
    group = appointment(participant=[{"actor": PAT}, {"actor": {"reference": "Patient/p2"}}])
    assert [row.fields["person_id"] for row in rows(group)] == ["p1", "p2"]


def test_an_appointment_without_a_person_is_a_fault():
    assert fault(appointment(participant=[{"actor": {"reference": "Location/x"}}]))[0] == "NO_PERSON"
