"""Encounters become contacts, stays and crisis contacts."""

from datetime import UTC, datetime

import pytest
from tests.support.fhir import concept, encounter, fault, one, read, rows, surveyed


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
        (concept("x", display="Discharge to home for hospice care"), "HOSPICE"),
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
    assert fault(going_on | {"status": "finished"}) == ("MISSING_VALUE", "period.end")


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
    assert fault(encounter(status="unknown")) == ("UNKNOWN_STATUS", "status")
    assert fault(encounter(status="finall")) == ("UNKNOWN_CODE", "status")


def test_an_end_before_the_start_is_a_fault():
    backwards = {"start": "2026-03-02T14:00:00Z", "end": "2026-03-01T14:00:00Z"}
    assert fault(encounter(period=backwards)) == ("DATE_ORDER", "period.end")
