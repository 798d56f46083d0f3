"""Procedures, orders and coded assessments; the codes of visits and stays."""

from datetime import date
from typing import Any

import pytest
from tests.support.fhir import PAT, concept, encounter, fault, observation, one, read, rows

SNOMED = "http://snomed.info/sct"
CPT = "http://www.ama-assn.org/go/cpt"


def procedure(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "completed",
        "code": concept("225337009", SNOMED, "Suicide risk assessment"),
        "subject": PAT,
        "performedPeriod": {"start": "2026-03-02T02:30:00Z", "end": "2026-03-04T12:00:00Z"},
        **changes,
    }


def order(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "id": "r1",
        "status": "active",
        "intent": "order",
        "code": concept("385763009", SNOMED, "Hospice care"),
        "subject": PAT,
        "authoredOn": "2026-01-04T18:00:00Z",
        **changes,
    }


def test_what_was_done_has_its_code_and_its_days():
    found = one(procedure(performer=[{"actor": {"reference": "Practitioner/dr"}}]), "procedures")
    assert (found["system"], found["code"], found["label"]) == ("SNOMED", "225337009", "Suicide risk assessment")
    # Half past two in the morning in Greenwich is the evening before where the provider is.
    assert (found["from_date"], found["to_date"]) == (date(2026, 3, 1), date(2026, 3, 4))
    assert (found["status"], found["staff_id"]) == ("DONE", "dr")


@pytest.mark.parametrize("status", ["not-done", "preparation"])
def test_what_was_not_done_is_listed(status):
    _chunk, notes = read(procedure(status=status))
    assert notes == {f"NOT_READ Procedure ({status})": 1}


def test_a_procedure_of_unknown_status_or_without_a_day_is_set_aside():
    assert fault(procedure(status="unknown")) == ("UNKNOWN_STATUS", "status")
    assert fault(procedure(performedPeriod={})) == ("MISSING_VALUE", "performed")
    assert fault(procedure(performedPeriod={"start": "2026-03-02", "end": "2026-03-01"}))[0] == "DATE_ORDER"


def test_one_entered_in_error_is_taken_back_and_one_without_a_code_is_listed():
    assert rows(procedure(status="entered-in-error"))[0].withdrawn
    _chunk, notes = read(procedure(code={"text": "A talk"}))
    assert notes == {"NOT_READ Procedure (no code of a known system)": 1}


def test_an_order_that_refers_nobody_is_an_ordered_procedure_until_it_is_revoked():
    found = one(order(), "procedures")
    assert (found["status"], found["from_date"], found["code"]) == ("ORDERED", date(2026, 1, 4), "385763009")
    (revoked,) = rows(order(status="revoked"))
    assert (revoked.kind, revoked.withdrawn, revoked.if_known) == ("procedures", True, True)
    for changes in ({"intent": "plan"}, {"status": "draft"}, {"doNotPerform": True}, {"code": {"text": "A walk"}}):
        _chunk, notes = read(order(**changes))
        assert notes == {"NOT_READ ServiceRequest (not a referral)": 1}


@pytest.mark.parametrize(("answer", "kept"), [("373066001", True), ("373067005", False)])
def test_being_in_hospice_care_counts_where_the_answer_is_yes(answer, kept):
    said = observation("45755-6", valueCodeableConcept=concept(answer, SNOMED))
    assert [row.withdrawn for row in rows(said)] == [not kept]


def test_an_assessment_counts_because_it_took_place():
    found = one(observation("96777-8"), "procedures")
    assert (found["system"], found["code"], found["status"]) == ("LOINC", "96777-8", "DONE")
    assert rows(observation("96777-8", status="entered-in-error"))[0].withdrawn


def test_a_visit_keeps_its_code_the_billed_one_first():
    both = {"coding": [*concept("185349003", SNOMED)["coding"], *concept("90834", CPT)["coding"]]}
    assert one(encounter(type=[both]), "contacts")["code"] == "90834"
    assert one(encounter(type=[concept("185349003", SNOMED)]), "contacts")["code"] == "185349003"
    assert one(encounter(type=[concept("own", "https://ehr.example.org")]), "contacts")["code"] is None


def test_a_stay_that_ends_in_hospice_care_says_so():
    stay = encounter(
        **{"class": {"code": "IMP"}},
        type=[concept("183452005", SNOMED)],
        hospitalization={"dischargeDisposition": concept("428361000124107", SNOMED)},
    )
    found = one(stay, "stays")
    assert (found["destination"], found["code"]) == ("HOSPICE", "183452005")


def test_loinc_codes_of_other_systems_are_not_assessments():
    _chunk, notes = read(observation("x") | {"code": concept("45755-6", "https://ehr.example.org")})
    assert list(notes) == ["NOT_READ Observation 45755-6"]
