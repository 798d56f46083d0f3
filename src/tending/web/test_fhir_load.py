"""A FHIR export becomes a record: people with episodes, practitioners and scores, each row with its file and line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tending.base import clock
from tending.base.people.models import CaseloadEntry, Person, StaffRole, TeamMembership
from tending.collect.models import Delivery, QuarantinedRow
from tending.keep.models import CaseloadVersion, Contact, Episode, Response, ScoreReceived, Stay
from tending.measure.models import Score
from tending.web import intake
from tending.web.rebuild import rebuild
from tending.web.turn import turn

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SYNTHEA = SHARED / "synthea_bulk"
PAT = {"reference": "Patient/p1"}


@pytest.fixture(autouse=True)
def _raw_store(db, settings, tmp_path):
    settings.RAW_STORE = tmp_path / "raw"


def load(folder: Path) -> Delivery:
    delivery = intake.receive_folder(folder, source="ehr", form="FHIR", by=None)
    intake.work_off(delivery)
    return Delivery.objects.get(pk=delivery)


def write(folder: Path, **files: list[dict[str, object]]) -> Path:
    folder.mkdir(exist_ok=True)
    for kind, resources in files.items():
        lines = [json.dumps({"resourceType": kind, **one}) + "\n" for one in resources]
        (folder / f"{kind}.000.ndjson").write_text("".join(lines))
    return folder


def visit(key: str, day: str, **changes: object) -> dict[str, object]:
    return {
        "id": key,
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": PAT,
        "period": {"start": f"{day}T15:00:00Z"},
        "participant": [{"individual": {"reference": "Practitioner/dr", "display": "Dr. Ortiz"}}],
        "serviceProvider": {"reference": "Organization/east", "display": "East clinic"},
        **changes,
    }


def total(key: str, day: str, value: int) -> dict[str, object]:
    return {
        "id": key,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]},
        "subject": PAT,
        "effectiveDateTime": day,
        "valueInteger": value,
    }


@pytest.fixture
def export(tmp_path):
    """A server that sends no episodes, no care teams, and neither practitioner nor organisation."""
    today = clock.today()
    return write(
        tmp_path / "export",
        Patient=[{"id": "p1", "name": [{"family": "Ruiz", "given": ["Ana"]}], "birthDate": "1990-05-17"}],
        Encounter=[
            visit("e1", today.replace(day=1).isoformat()),
            visit("e2", today.isoformat(), **{"class": {"code": "EMER"}, "reasonCode": [{"text": "Overdose"}]})
            | {"period": {"start": f"{today.isoformat()}T01:00:00Z", "end": f"{today.isoformat()}T03:00:00Z"}},
        ],
        Observation=[total("o1", today.replace(day=1).isoformat(), 12), total("o2", today.isoformat(), 21)],
    )


def test_a_server_without_episodes_or_staff_still_gives_a_record_to_work_with(export):
    delivery = load(export)
    assert delivery.finished_at
    assert not QuarantinedRow.objects.exists()
    noticed = delivery.notes["noticed"]["Encounter.000.ndjson"]
    assert (noticed["ABSENT Practitioner/dr"], noticed["ABSENT Organization/east"]) == (
        1,
        3,
    )  # a visit, a stay, a crisis
    turn()
    pat = Person.objects.get()
    (episode,) = Episode.objects.current()
    assert (episode.derived, episode.team.name, episode.end_date) == (True, "East clinic", None)
    assert TeamMembership.objects.get(person=pat).team == episode.team
    entry = CaseloadEntry.objects.get(person=pat)
    assert (entry.staff.name, entry.caseload_role) == ("Dr. Ortiz", "PRIMARY")
    assert StaffRole.objects.get(staff=entry.staff).team == episode.team
    assert Stay.objects.get().organisation.code == "east"
    assert sorted(Score.objects.values_list("value", flat=True)) == [12, 21]


def test_the_same_export_again_changes_nothing_and_a_rebuild_gives_the_same_rows(export):
    load(export)
    turn()
    before = set(Episode.objects.values_list("source_key", "content")), Contact.objects.count()
    load(export)
    assert turn().people == 0
    assert (set(Episode.objects.values_list("source_key", "content")), Contact.objects.count()) == before
    rebuilt = rebuild()
    assert [each.table for each in rebuilt.tables if not each.same] == []
    assert {each.table: each.before.rows for each in rebuilt.tables}["Episode"] == 1


def test_a_rebuild_is_the_same_after_the_beginning_of_an_episode_moved(export):
    load(export)
    turn()
    earlier = (clock.today().replace(day=1) - timedelta(days=40)).isoformat()
    load(write(export.parent / "more", Encounter=[visit("e0", earlier)]))
    turn()
    assert [row.source_key for row in Episode.objects.current()] == ["ehr:episodes:derived:e0"]
    assert [row.source_key for row in CaseloadVersion.objects.current()] == ["ehr:caseload:derived:e0"]
    assert [each.table for each in rebuild().tables if not each.same] == []


def role(text: str) -> dict[str, object]:
    return {
        "id": "r1",
        "practitioner": {"reference": "Practitioner/dr"},
        "organization": {"reference": "Organization/east"},
        "code": [{"text": text}],
    }


def test_a_role_that_is_corrected_takes_the_former_one_away_and_leaves_the_name(tmp_path):
    first = write(
        tmp_path / "one",
        Practitioner=[{"id": "dr", "name": [{"family": "Ortiz", "given": ["Rosa"]}]}],
        PractitionerRole=[role("Supervisor"), {**role("Supervisor"), "id": "r2"}],
    )
    load(first)
    assert [each.role for each in StaffRole.objects.all()] == ["SUPERVISOR"]
    load(write(tmp_path / "two", PractitionerRole=[role("Therapist"), {**role("Therapist"), "id": "r2"}]))
    (held,) = StaffRole.objects.all()
    assert (held.role, held.team.code, held.staff.name) == ("PRACTITIONER", "east", "Rosa Ortiz")


def test_items_sent_one_by_one_are_one_response_and_its_risk_is_noticed(tmp_path):
    day = clock.today().isoformat()
    items = [
        {**total(f"i{number}", day, value), "code": {"coding": [{"system": "http://loinc.org", "code": code}]}}
        for number, (code, value) in enumerate({"44250-9": 1, "44255-8": 2, "44260-8": 3}.items())
    ]
    load(write(tmp_path / "items", Patient=[{"id": "p1"}], Observation=items))
    (response,) = Response.objects.current()
    assert response.items == {"1": 1, "2": 2, "9": 3}


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="the shared data folder is not beside this checkout")
def test_the_synthetic_export_is_loaded_and_a_total_is_followed_to_its_line():
    load(SYNTHEA)
    assert not QuarantinedRow.objects.exists()
    turned = turn()
    assert (turned.people, turned.scores) == (50, 215)
    score = ScoreReceived.objects.filter(instrument="PHQ-9").first()
    line = (SYNTHEA / "Observation.000.ndjson").read_text().splitlines()[score.line - 1]
    assert json.loads(line)["id"] == score.source_key.rsplit(":", 1)[-1]
    assert json.loads(line)["valueQuantity"]["value"] == score.value
    assert turn().people == 0
