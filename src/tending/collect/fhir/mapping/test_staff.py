"""Organisations, staff, caseloads, episodes and referrals."""

from datetime import date
from typing import Any

from tests.support.fhir import PAT, concept, encounter, fault, one, read, rows, surveyed


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
    chunk, notes = read({**role, "period": None})
    assert chunk.rows[-1].fields["from_date"] == date(1900, 1, 1)
    assert notes == {"SINCE_UNKNOWN PractitionerRole": 1}
    chunk, notes = read({**role, "organization": None})
    assert [row for row in chunk.rows if row.fields.get("role")] == []
    assert notes == {"NOT_READ PractitionerRole (no organization)": 1}
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
    assert fault(episode(status="finished")) == ("MISSING_VALUE", "period.end")


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
