"""A Patient becomes a person; what is missing stays missing."""

from datetime import date
from typing import Any

import pytest
from tests.support.fhir import PAT, concept, one, patient, read, surveyed


def race(code: str) -> dict[str, Any]:
    return {
        "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
        "extension": [{"url": "ombCategory", "valueCoding": {"code": code}}],
    }


HISPANIC = {
    "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
    "extension": [{"url": "ombCategory", "valueCoding": {"code": "2135-2"}}],
}


def test_a_patient_becomes_a_person_with_the_details_equity_needs():
    found = one(
        patient(
            name=[
                {"use": "old", "family": "Before"},
                {"use": "official", "family": "Ruiz", "given": ["Ana", None, "Luz"]},
            ],
            gender="female",
            telecom=[
                {"system": "phone", "use": "work", "value": "1"},
                {"system": "phone", "use": "mobile", "value": "2"},
                {"system": "phone", "use": "old", "value": "3"},
                {"system": "email", "value": "ana@example.org"},
            ],
            communication=[
                {"language": concept("en")},
                {"language": concept("es"), "preferred": True},
            ],
            extension=[race("2106-3"), HISPANIC],
            deceasedDateTime="2026-02-01T04:30:00Z",
        ),
        "people",
    )
    assert (found["given_name"], found["family_name"]) == ("Ana Luz", "Ruiz")
    assert found["birth_date"] == date(1990, 5, 17)
    assert (found["sex"], found["language"], found["race_ethnicity"]) == ("FEMALE", "es", "Hispanic or Latino")
    assert (found["phone"], found["email"]) == ("2", "ana@example.org")
    assert found["death_date"] == date(2026, 1, 31)  # still the evening before where the provider is


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ([], None),
        ([race("2054-5")], "Black or African American"),
        ([race("2054-5"), race("2106-3")], "More than one race"),
        ([race("ASKU")], "DECLINED"),
        ([race("UNK")], None),
    ],
)
def test_race_and_ethnicity_are_one_group_and_missing_is_not_a_race(extensions, expected):
    assert one(patient(extension=extensions), "people")["race_ethnicity"] == expected


def test_sex_recorded_at_birth_goes_before_the_administrative_gender_and_other_is_not_intersex():
    birth_sex = {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "M"}
    assert one(patient(gender="female", extension=[birth_sex]), "people")["sex"] == "MALE"
    assert one(patient(gender="other"), "people")["sex"] == "UNKNOWN"
    assert one(patient(), "people")["sex"] is None


def test_a_birth_date_of_which_only_the_year_is_known_is_left_out_and_said():
    chunk, notes = read(patient(birthDate="1990"))
    assert chunk.rows[0].fields["birth_date"] is None
    assert notes == {"PARTIAL_DATE Patient.birthDate": 1}


def test_a_death_without_a_date_is_a_fault_and_the_person_is_kept():
    chunk, _notes = read(patient(deceasedBoolean=True))
    assert [row.kind for row in chunk.rows] == ["people"]
    assert [found.reason for found in chunk.faults] == ["DEATH_WITHOUT_DATE"]


def test_who_pays_comes_from_the_coverage_that_is_active_and_latest():
    survey = surveyed(
        {"resourceType": "Coverage", "id": "1", "status": "cancelled", "beneficiary": PAT, "type": concept("PAY")},
        {
            "resourceType": "Coverage",
            "id": "2",
            "status": "active",
            "beneficiary": PAT,
            "period": {"start": "2020"},
            "payor": [{"display": "State Medicaid"}],
        },
    )
    assert one(patient(), "people", survey)["payer"] == "MEDICAID"
