"""Each resource becomes the row it should, and the traps of real servers are seen."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest

from tending.base import clock
from tending.collect.fhir import reading
from tending.collect.fhir.survey import Survey, look
from tending.collect.mapped import Chunk, Mapped

PAT = {"reference": "Patient/p1"}
LOINC = "http://loinc.org"


def concept(code: str, system: str = "", display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def ndjson(*resources: dict[str, Any]) -> BytesIO:
    return BytesIO(b"\n".join(json.dumps(one).encode() for one in resources) + b"\n")


def surveyed(*resources: dict[str, Any]) -> Survey:
    return look((json.dumps(one).encode(), None, {}) for one in resources)


def read(*resources: dict[str, Any], survey: Survey | None = None) -> tuple[Chunk, dict[str, int]]:
    found = reading.read(ndjson(*resources), survey=survey, size=10_000)
    (chunk,) = found.chunks
    return chunk, dict(found.notes)


def rows(*resources: dict[str, Any], survey: Survey | None = None) -> list[Mapped]:
    chunk, _notes = read(*resources, survey=survey)
    assert chunk.faults == []
    return chunk.rows


def one(resource: dict[str, Any], kind: str, survey: Survey | None = None) -> dict[str, Any]:
    (row,) = [row for row in rows(resource, survey=survey) if row.kind == kind]
    assert row.key == row.fields[next(iter(row.fields))]
    return dict(row.fields)


def fault(resource: dict[str, Any]) -> tuple[str, str]:
    chunk, _notes = read(resource)
    (found,) = chunk.faults
    assert found.message.startswith("Line 1")
    assert found.fix
    return found.reason, found.field


def encounter(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": PAT,
        "period": {"start": "2026-03-02T14:00:00Z", "end": "2026-03-02T14:50:00Z"},
        **changes,
    }


# People


def patient(**changes: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "1990-05-17", **changes}


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


# Contacts, stays, crisis contacts


def test_an_ambulatory_encounter_is_a_contact_with_the_primary_performer():
    found = rows(
        encounter(
            type=[concept("90834", display="Psychotherapy, 45 minutes")],
            participant=[
                {"individual": {"reference": "Practitioner/second"}},
                {"type": [concept("PPRF")], "individual": {"reference": "Practitioner/first", "display": "Dr First"}},
            ],
            serviceProvider={"reference": "Organization/clinic", "display": "East clinic"},
        )
    )
    by_kind = {row.kind: row for row in found}
    contact = by_kind["contacts"].fields
    assert (contact["staff_id"], contact["team_id"]) == ("first", "clinic")
    assert (contact["kind"], contact["medium"], contact["status"]) == ("THERAPY", "IN_PERSON", "ATTENDED")
    assert (contact["starts_at"], contact["minutes"]) == (datetime(2026, 3, 2, 14, tzinfo=UTC), 50)
    # Who is named but not in the file gets a stand-in that any other version is later than.
    assert by_kind["staff"].fields["family_name"] == "Dr First"
    assert by_kind["teams"].fields["name"] == "East clinic"
    assert by_kind["staff"].source_time == datetime(1900, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "kinds", "medium"),
    [
        ("VR", [], "VIDEO"),
        ("VR", [concept("x", display="Telephone encounter")], "PHONE"),
        ("HH", [], "HOME"),
        ("FLD", [], "IN_PERSON"),
    ],
)
def test_the_medium_comes_from_class_and_type(code, kinds, medium):
    assert one(encounter(**{"class": {"code": code}}, type=kinds), "contacts")["medium"] == medium


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("planned", "BOOKED"),
        ("in-progress", "ATTENDED"),
        ("finished", "ATTENDED"),
        ("cancelled", "CANCELLED_BY_PROVIDER"),  # it does not say by whom: not counted against the person
    ],
)
def test_the_status_of_a_contact(status, expected):
    assert one(encounter(status=status), "contacts")["status"] == expected


@pytest.mark.parametrize(
    ("code", "types", "reasons", "kind"),
    [
        ("IMP", [], [], "MEDICAL_INPATIENT"),
        ("IMP", [], [concept("F32.9", "http://hl7.org/fhir/sid/icd-10-cm")], "PSYCHIATRIC_INPATIENT"),
        ("ACUTE", [concept("1", display="Admission to psychiatric hospital")], [], "PSYCHIATRIC_INPATIENT"),
        ("NONAC", [concept("1", display="Residential treatment")], [], "RESIDENTIAL"),
        ("IMP", [concept("56876005", display="Drug rehabilitation and detoxification")], [], "DETOX"),
        ("OBSENC", [], [{"text": "Respiratory depression"}], "MEDICAL_INPATIENT"),
        ("EMER", [], [{"text": "Sprained ankle"}], "EMERGENCY_DEPARTMENT"),
    ],
)
def test_a_stay_and_its_kind(code, types, reasons, kind):
    found = rows(encounter(**{"class": {"code": code}}, type=types, reasonCode=reasons))
    assert [(row.kind, row.fields["kind"]) for row in found] == [("stays", kind)]


def test_an_emergency_visit_for_mental_health_is_a_stay_and_a_crisis_contact():
    found = rows(encounter(**{"class": {"code": "EMER"}}, reasonCode=[{"text": "Addiction_Overdose"}]))
    assert {row.kind: row.fields["kind"] for row in found} == {
        "stays": "EMERGENCY_DEPARTMENT",
        "crisis_contacts": "EMERGENCY_DEPARTMENT",
    }


def test_a_diagnosis_elsewhere_in_the_delivery_makes_an_admission_psychiatric():
    bipolar = {"resourceType": "Condition", "id": "c1", "code": concept("13746004", "http://snomed.info/sct")}
    stay = encounter(**{"class": {"code": "IMP"}}, diagnosis=[{"condition": {"reference": "Condition/c1"}}])
    assert one(stay, "stays", surveyed(bipolar))["kind"] == "PSYCHIATRIC_INPATIENT"


@pytest.mark.parametrize(
    ("code", "kinds", "expected"),
    [
        ("AMB", [concept("H2011")], "WALK_IN"),
        ("FLD", [concept("H2011")], "MOBILE_CRISIS"),
        ("VR", [concept("H0030", display="Behavioral health hotline service")], "CRISIS_LINE"),
        ("AMB", [concept("x", display="Mobile crisis team visit")], "MOBILE_CRISIS"),
    ],
)
def test_a_crisis_service_is_a_crisis_contact_and_no_ordinary_one(code, kinds, expected):
    found = rows(encounter(**{"class": {"code": code}}, type=kinds))
    assert [(row.kind, row.fields["kind"]) for row in found] == [("crisis_contacts", expected)]


def test_a_sickle_cell_crisis_is_not_a_mental_health_crisis():
    found = rows(encounter(**{"class": {"code": "EMER"}}, reasonCode=[{"text": "Sickle cell crisis"}]))
    assert [row.kind for row in found] == ["stays"]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (concept("home"), "HOME"),
        (concept("psy"), "TRANSFER"),
        (concept("aadvice"), "AGAINST_ADVICE"),
        (concept("x", display="Discharge to home for hospice care"), "OTHER"),
        (concept("x", display="Discharged to police custody"), "PRISON"),
        (None, None),
    ],
)
def test_where_somebody_went(disposition, expected):
    stay = encounter(**{"class": {"code": "IMP"}}, hospitalization={"dischargeDisposition": disposition or None})
    assert one(stay, "stays")["destination"] == expected


def test_a_stay_that_goes_on_has_no_discharge_and_one_that_is_over_must_say_when():
    going_on = encounter(**{"class": {"code": "IMP"}}, status="in-progress", period={"start": "2026-03-02T14:00:00Z"})
    assert one(going_on, "stays")["discharged_at"] is None
    assert fault(going_on | {"status": "finished"}) == ("MISSING_VALUE", "Encounter/e1 period.end")


def test_a_class_nobody_knows_is_read_by_what_it_is_like_and_said():
    cpt = {"system": "http://www.ama-assn.org/go/cpt", "code": "99205"}
    chunk, notes = read(encounter(**{"class": cpt}))
    assert [row.kind for row in chunk.rows] == ["contacts"]
    assert notes == {"CLASS_NOT_KNOWN Encounter 99205": 1}
    days = {"start": "2026-03-02T14:00:00Z", "end": "2026-03-09T14:00:00Z"}
    assert [row.kind for row in rows(encounter(**{"class": cpt}, period=days))] == ["stays"]


def test_an_encounter_that_changed_its_class_takes_its_former_row_back():
    found = rows(encounter(**{"class": {"code": "IMP"}}, classHistory=[{"class": {"code": "AMB"}}]))
    assert [(row.kind, row.withdrawn) for row in found] == [
        ("stays", False),
        ("contacts", True),
        ("crisis_contacts", True),
    ]


def test_entered_in_error_withdraws_and_the_time_of_the_source_is_kept():
    wrong = encounter(status="entered-in-error", meta={"lastUpdated": "2026-03-03T08:00:00+01:00"})
    (row,) = rows(wrong)
    assert row.withdrawn
    assert row.source_time == datetime(2026, 3, 3, 7, tzinfo=UTC)


def test_an_encounter_of_unknown_status_counts_for_nothing_until_somebody_says():
    assert fault(encounter(status="unknown")) == ("UNKNOWN_STATUS", "Encounter/e1 status")
    assert fault(encounter(status="finall")) == ("UNKNOWN_CODE", "Encounter/e1 status")


def test_an_end_before_the_start_is_a_fault():
    backwards = {"start": "2026-03-02T14:00:00Z", "end": "2026-03-01T14:00:00Z"}
    assert fault(encounter(period=backwards)) == ("DATE_ORDER", "Encounter/e1 period.end")


# Appointments


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


# Scores and answers


def observation(code: str, **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [concept("laboratory")],  # where real systems file them
        "code": concept(code, LOINC),
        "subject": PAT,
        "effectiveDateTime": "2026-03-02T02:30:00Z",
        **changes,
    }


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


# Staff, teams, caseload


def test_organisations_are_teams_where_they_hold_care_and_partners_elsewhere():
    clinic = {
        "resourceType": "Organization",
        "id": "clinic",
        "name": "East",
        "partOf": {"reference": "Organization/us"},
    }
    us = {"resourceType": "Organization", "id": "us", "name": "Our provider"}
    hospital = {"resourceType": "Organization", "id": "hosp", "name": "General Hospital"}
    insurer = {"resourceType": "Organization", "id": "ins", "name": "Payer", "type": [concept("ins")]}
    visits = (
        encounter(serviceProvider={"reference": "Organization/clinic"}),
        encounter(**{"class": {"code": "IMP"}}, serviceProvider={"reference": "Organization/hosp"}),
    )
    survey = surveyed(clinic, us, hospital, insurer, *visits)
    chunk, notes = read(clinic, us, hospital, insurer, survey=survey)
    assert [(row.kind, row.key, row.fields["name"]) for row in chunk.rows] == [
        ("teams", "clinic", "East"),
        ("organisations", "us", "Our provider"),
        ("organisations", "hosp", "General Hospital"),
    ]
    assert chunk.rows[0].fields["programme"] == "Our provider"
    assert chunk.rows[2].fields["kind"] == "HOSPITAL"
    assert notes == {"NOT_READ Organization (who pays)": 1}


def test_a_role_is_staff_with_a_team_and_a_file_never_gives_a_wider_view():
    role = {
        "resourceType": "PractitionerRole",
        "id": "pr",
        "practitioner": {"reference": "Practitioner/dr"},
        "organization": {"reference": "Organization/clinic"},
        "code": [{"text": "Administrator and clinical lead"}],
        "period": {"start": "2024-01-01"},
    }
    found = next(row.fields for row in rows(role) if row.kind == "staff" and row.key == "pr")
    assert (found["staff_id"], found["team_id"], found["role"]) == ("dr", "clinic", "PRACTITIONER")
    peer = role | {"code": [concept("175T00000X")]}
    assert next(row.fields for row in rows(peer) if row.key == "pr")["role"] == "PEER_WORKER"


def test_a_care_team_is_the_caseload():
    team = {
        "resourceType": "CareTeam",
        "id": "ct",
        "status": "active",
        "subject": PAT,
        "period": {"start": "2025-04-01"},
        "participant": [
            {"role": [{"text": "Case manager"}], "member": {"reference": "Practitioner/cm"}},
            {"role": [{"text": "Primary therapist"}], "member": {"reference": "Practitioner/dr"}},
            {"role": [{"text": "Healthcare professional"}], "member": {"reference": "Practitioner/other"}},
            {"role": [{"text": "Patient"}], "member": PAT},
        ],
    }
    chunk, notes = read(team)
    assert notes == {"NOT_READ CareTeam.participant (role not told)": 1}
    found = [row.fields for row in chunk.rows if row.kind == "caseload"]
    assert {one["staff_id"]: one["caseload_role"] for one in found} == {"cm": "COORDINATOR", "dr": "PRIMARY"}
    assert all(len(one["caseload_id"]) <= 80 for one in found)


# Episodes and referrals


def episode(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "EpisodeOfCare",
        "id": "ep",
        "status": "active",
        "patient": PAT,
        "managingOrganization": {"reference": "Organization/clinic"},
        "period": {"start": "2025-01-10"},
        **changes,
    }


def test_an_episode_begins_when_it_became_active_and_its_manager_coordinates():
    history = [
        {"status": "waitlist", "period": {"start": "2025-01-10", "end": "2025-02-01"}},
        {"status": "active", "period": {"start": "2025-02-01"}},
    ]
    found = rows(
        episode(
            statusHistory=history,
            careManager={"reference": "Practitioner/cm"},
            referralRequest=[{"reference": "ServiceRequest/sr"}],
        )
    )
    by_kind = {row.kind: row.fields for row in found}
    assert by_kind["episodes"]["start_date"] == date(2025, 2, 1)
    assert by_kind["episodes"]["referral_id"] == "sr"
    assert (by_kind["caseload"]["staff_id"], by_kind["caseload"]["caseload_role"]) == ("cm", "COORDINATOR")


def test_waiting_is_no_episode_and_one_that_never_began_is_taken_back():
    _chunk, notes = read(episode(status="waitlist"))
    assert notes == {"NOT_READ EpisodeOfCare (waitlist)": 1}
    cancelled = next(row for row in rows(episode(status="cancelled")) if row.kind == "episodes")
    assert cancelled.withdrawn
    assert fault(episode(status="finished")) == ("MISSING_VALUE", "EpisodeOfCare/ep period.end")


def request(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "id": "sr",
        "status": "active",
        "intent": "order",
        "category": [concept("3457005", "http://snomed.info/sct")],
        "subject": PAT,
        "authoredOn": "2025-01-02",
        "requester": {"reference": "Organization/hosp"},
        "performer": [{"reference": "Organization/clinic"}],
        "priority": "stat",
        **changes,
    }


def test_a_referral_starts_the_clock_on_the_day_it_was_written():
    found = one(request(), "referrals")
    assert (found["referred_date"], found["urgency"], found["status"]) == (date(2025, 1, 2), "EMERGENCY", "WAITING")
    assert (found["source_organisation_id"], found["team_id"]) == ("hosp", "clinic")
    _chunk, notes = read(request(category=[], code=concept("385763009", display="Hospice care")))
    assert notes == {"NOT_READ ServiceRequest (not a referral)": 1}


# Diagnoses, goals, plans, consents


def test_a_condition_is_a_diagnosis_once_it_is_confirmed():
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
    _chunk, notes = read(condition | {"verificationStatus": concept("provisional")})
    assert notes == {"NOT_READ Condition (provisional)": 1}
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


# References


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
