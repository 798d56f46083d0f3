"""Diagnoses, goals, care plans and consents."""

from datetime import date
from typing import Any

import pytest
from tests.support.fhir import PAT, concept, fault, one, read, rows


def test_a_condition_is_a_diagnosis_and_says_how_certain_it_is():
    condition = {
        "resourceType": "Condition",
        "id": "c",
        "subject": PAT,
        "code": {
            "coding": [
                {"system": "http://snomed.info/sct", "code": "370143000"},
                {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F32.9", "display": "Depression"},
            ]
        },
        "onsetDateTime": "2024",
        "abatementDateTime": "2025-06-01",
    }
    found = one(condition, "diagnoses")
    assert (found["system"], found["code"], found["label"]) == ("ICD10", "F32.9", "Depression")
    assert (found["onset_date"], found["end_date"]) == (None, date(2025, 6, 1))
    assert (found["certainty"], found["activity"]) == ("CONFIRMED", None)
    suspected = condition | {"verificationStatus": concept("provisional"), "clinicalStatus": concept("remission")}
    found = one(suspected, "diagnoses")
    assert (found["certainty"], found["activity"]) == ("PROVISIONAL", "INACTIVE")
    assert rows(condition | {"verificationStatus": concept("refuted")})[0].withdrawn


@pytest.mark.parametrize(
    ("lifecycle", "achievement", "expected"),
    [
        ("active", None, "ACTIVE"),
        ("active", "improving", "ACTIVE"),
        ("active", "sustaining", "ACHIEVED"),
        ("completed", None, "ACHIEVED"),
        ("completed", "not-achieved", "DROPPED"),
        ("cancelled", None, "DROPPED"),
    ],
)
def test_where_a_goal_stands(lifecycle, achievement, expected):
    goal = {
        "resourceType": "Goal",
        "id": "g",
        "lifecycleStatus": lifecycle,
        "description": {"text": "Walk to the park with my daughter"},
        "subject": PAT,
        "startDate": "2025-01-02",
        "statusDate": "2025-05-02",
    }
    if achievement:
        goal["achievementStatus"] = concept(achievement)
    found = one(goal, "goals")
    assert (found["words"], found["status"]) == ("Walk to the park with my daughter", expected)
    assert found["closed_date"] == (None if expected == "ACTIVE" else date(2025, 5, 2))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "PLAN_AGREED"),
        ({"replaces": [{"reference": "CarePlan/0"}]}, "PLAN_UPDATED"),
        ({"title": "My safety plan"}, "SAFETY_PLAN_AGREED"),
    ],
)
def test_a_care_plan_is_an_event(changes, kind):
    plan = {
        "resourceType": "CarePlan",
        "id": "cp",
        "status": "active",
        "intent": "plan",
        "subject": PAT,
        "period": {"start": "2025-01-02"},
        **changes,
    }
    found = one(plan, "care_plan_events")
    assert (found["kind"], found["event_date"]) == (kind, date(2025, 1, 2))


def consent(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "id": "co",
        "status": "active",
        "scope": concept("patient-privacy"),
        "category": [concept("IDSCL")],
        "patient": PAT,
        "dateTime": "2025-01-02",
        "provision": {"type": "permit", "period": {"end": "2026-01-01"}},
        **changes,
    }


def test_a_consent_is_one_only_when_it_says_so():
    found = one(consent(), "consents")
    assert (found["kind"], found["expires_date"]) == ("SHARE_WITH_PARTNERS", date(2026, 1, 1))
    part_2 = consent(policy=[{"uri": "https://www.ecfr.gov/42-CFR-part-2"}])
    assert one(part_2, "consents")["kind"] == "PART_2_TPO"
    assert fault(consent(provision={}))[0] == "UNCLEAR_CONSENT"
    for refused in (consent(status="rejected"), consent(provision={"type": "deny"})):
        chunk, notes = read(refused)
        assert (chunk.rows, notes) == ([], {"NOT_READ Consent (refused)": 1})
