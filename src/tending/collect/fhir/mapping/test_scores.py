"""Totals, answers and housing are found by code."""

from datetime import date
from typing import Any

import pytest
from tests.support.fhir import LOINC, PAT, concept, fault, observation, one, read, rows, surveyed


@pytest.mark.parametrize(
    ("code", "instrument"),
    [("44261-6", "PHQ-9"), ("89204-2", "PHQ-9"), ("70274-6", "GAD-7"), ("76504-0", "AUDIT-C"), ("101698-9", "PCL-5")],
)
def test_a_total_is_found_by_its_code_whatever_its_category(code, instrument):
    found = one(observation(code, valueInteger=7), "scores")
    assert (found["instrument"], found["scale"], found["value"]) == (instrument, "TOTAL", 7)
    assert found["scored_date"] == date(2026, 3, 1)  # the local day


@pytest.mark.parametrize("code", ["70221-7", "55758-7", "82667-7"])
def test_another_instruments_total_is_listed_and_never_taken_for_ours(code):
    chunk, notes = read(observation(code, valueInteger=3))
    assert chunk.rows == []
    assert notes == {f"NOT_READ Observation {code}": 1}


def test_a_total_that_is_not_whole_is_kept_as_it_is_and_said():
    chunk, notes = read(observation("44261-6", valueQuantity={"value": 14.25}))
    assert chunk.rows[0].fields["value"] == 14.25
    assert notes == {"NOT_WHOLE Observation PHQ-9": 1}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"valueInteger": 300}, "OUT_OF_RANGE"),
        ({"valueQuantity": {"value": -1}}, "OUT_OF_RANGE"),
        ({"valueString": "nan"}, "OUT_OF_RANGE"),
        ({"valueString": "moderate"}, "BAD_NUMBER"),
        ({"valueQuantity": {"value": 5, "comparator": "<"}}, "BAD_NUMBER"),
        ({"valueCodeableConcept": concept("LA6568-5")}, "BAD_NUMBER"),
    ],
)
def test_a_total_that_cannot_be_is_a_fault(value, reason):
    assert fault(observation("44261-6", **value))[0] == reason


@pytest.mark.parametrize("status", ["preliminary", "registered"])
def test_a_total_that_is_not_final_is_not_read_yet(status):
    chunk, notes = read(observation("44261-6", status=status, valueInteger=3))
    assert chunk.rows == []
    assert notes == {f"NOT_READ Observation ({status})": 1}


def test_a_total_of_unknown_status_is_a_fault_and_one_in_error_is_withdrawn():
    assert fault(observation("44261-6", status="unknown", valueInteger=3))[0] == "UNKNOWN_STATUS"
    (row,) = rows(observation("44261-6", status="entered-in-error", valueInteger=3))
    assert row.withdrawn


def test_a_score_nobody_gave_is_said_to_be_absent_not_zero():
    chunk, notes = read(observation("44261-6", dataAbsentReason=concept("asked-declined")))
    assert chunk.rows == []
    assert notes == {"NOT_READ Observation PHQ-9 without a value (asked-declined)": 1}


def test_a_self_harm_item_sent_alone_is_an_answer():
    answer = concept("LA6570-1", LOINC)
    (row,) = rows(observation("44260-8", valueCodeableConcept=answer))
    assert (row.kind, row.partial, row.fields["instrument"]) == ("answers", True, "PHQ-9")
    assert row.fields["items"] == {"9": 2}


def test_items_of_one_time_are_pieces_of_one_response():
    found = rows(observation("44260-8", valueInteger=1), observation("44250-9", id="o2", valueInteger=0))
    assert len({row.key for row in found}) == 1


def test_the_components_of_a_panel_are_one_response():
    parts = [
        {"code": concept("44250-9", LOINC), "valueCodeableConcept": concept("LA6569-3", LOINC)},
        {"code": concept("44260-8", LOINC), "valueInteger": 0},
    ]
    found = one(observation("44249-1", component=parts), "answers")
    assert found["items"] == {"1": 1, "9": 0}


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ({"valueCodeableConcept": concept("LA30189-7", LOINC)}, "STABLE"),
        ({"valueCodeableConcept": concept("LA30190-5", LOINC)}, "TEMPORARY"),
        ({"valueCodeableConcept": concept("LA31994-9", LOINC)}, "AT_RISK"),
        ({"valueString": "Patient is homeless"}, "TEMPORARY"),
        ({"valueString": "At risk of homelessness"}, "AT_RISK"),
        ({"valueString": "Sleeps on the street"}, "UNSHELTERED"),
    ],
)
def test_housing_is_read_from_its_code_or_its_words(value, state):
    assert one(observation("71802-3", **value), "housing")["state"] == state


def test_housing_in_words_nobody_knows_is_a_fault():
    assert fault(observation("71802-3", valueString="see note"))[0] == "UNKNOWN_CODE"


def response(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "status": "completed",
        "questionnaire": "http://loinc.org/q/44249-1",
        "subject": PAT,
        "authored": "2026-03-02T14:00:00Z",
        "item": [{"linkId": "/44250-9", "answer": [{"valueCoding": {"system": LOINC, "code": "LA6569-3"}}]}],
        **changes,
    }


def item(link: str, **answer: Any) -> dict[str, Any]:
    return {"linkId": link, "answer": [answer]} if answer else {"linkId": link}


def test_answers_are_found_by_loinc_in_groups_and_left_out_is_not_zero():
    group = {
        "linkId": "g",
        "item": [
            item("/44250-9", valueInteger=3),
            item("/44260-8"),
            item("/44261-6", valueDecimal=3),  # the total: computed here, never taken as an answer
        ],
    }
    found = one(response(item=[group]), "answers")
    assert (found["instrument"], found["items"]) == ("PHQ-9", {"1": 3, "9": None})


def test_answers_are_found_by_number_where_the_questionnaire_names_the_instrument():
    numbered = response(questionnaire="https://example.org/Questionnaire/phq-9|2", item=[item("q9", valueInteger=1)])
    assert one(numbered, "answers")["items"] == {"9": 1}


def test_answers_are_found_by_the_questionnaire_that_came_along():
    questionnaire = {
        "resourceType": "Questionnaire",
        "id": "x",
        "url": "https://example.org/mood",
        "item": [{"linkId": "mood-a", "code": [{"system": LOINC, "code": "44260-8"}]}],
    }
    asked = response(questionnaire="https://example.org/mood|1", item=[item("mood-a", valueInteger=2)])
    assert one(asked, "answers", surveyed(questionnaire))["items"] == {"9": 2}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"valueInteger": 4}, "OUT_OF_RANGE"),
        ({"valueDecimal": 1.5}, "OUT_OF_RANGE"),
        ({"valueCoding": {"code": "LA9999-9", "system": LOINC}}, "UNKNOWN_ANSWER"),
        ({"valueString": "often"}, "UNKNOWN_ANSWER"),
    ],
)
def test_an_answer_that_is_none_is_a_fault(answer, reason):
    assert fault(response(item=[item("/44250-9", **answer)]))[0] == reason


def test_an_answer_may_carry_its_weight():
    weight = {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2}
    coded = {"code": "mine", "extension": [weight]}
    assert one(response(item=[item("/44250-9", valueCoding=coded)]), "answers")["items"] == {"1": 2}


def test_the_status_of_a_response():
    chunk, notes = read(response(status="in-progress"))
    assert (chunk.rows, notes) == ([], {"NOT_READ QuestionnaireResponse (in-progress)": 1})
    assert rows(response(status="stopped"))[0].fields["items"] == {"1": 1}
    assert rows(response(status="entered-in-error"))[0].withdrawn


def test_a_response_to_another_questionnaire_is_listed():
    chunk, notes = read(response(questionnaire="https://example.org/falls", item=[item("1", valueInteger=1)]))
    assert chunk.rows == []
    assert notes == {"NOT_READ QuestionnaireResponse (https://example.org/falls)": 1}
