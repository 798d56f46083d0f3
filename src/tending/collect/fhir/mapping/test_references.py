"""Every form of reference and of date."""

from datetime import date

import pytest
from tests.support.fhir import encounter, fault, observation, one, patient, read, surveyed

from tending.base import clock


def test_whoever_is_absent_from_the_delivery_is_listed():
    survey = surveyed(patient())
    visit = encounter(
        participant=[{"individual": {"reference": "Practitioner/gone"}}],
        serviceProvider={"reference": "Organization/gone"},
    )
    _chunk, notes = read(visit, survey=survey)
    assert notes == {
        "ABSENT Practitioner": 1,
        "ABSENT Practitioner/gone": 1,
        "ABSENT Organization": 1,
        "ABSENT Organization/gone": 1,
    }


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p1/_history/3",
        "https://ehr.example.org/fhir/Patient/p1",
        "Patient?identifier=urn:mrn|123",
        "Patient?identifier=urn%3Amrn%7C123",
    ],
)
def test_every_form_of_reference_finds_the_person(reference):
    survey = surveyed(patient(identifier=[{"system": "urn:mrn", "value": "123"}]))
    assert one(encounter(subject={"reference": reference}), "contacts", survey)["person_id"] == "p1"


def test_a_date_is_a_day_of_the_provider():
    assert clock.zone().key == "America/New_York"
    late = observation("44261-6", valueInteger=3, effectiveDateTime="2026-03-02T23:30:00-05:00")
    assert one(late, "scores")["scored_date"] == date(2026, 3, 2)
    assert fault(observation("44261-6", valueInteger=3, effectiveDateTime="2026-02-30"))[0] == "BAD_DATE"
    assert fault(observation("44261-6", valueInteger=3, effectiveDateTime="2026-02"))[0] == "PARTIAL_DATE"
