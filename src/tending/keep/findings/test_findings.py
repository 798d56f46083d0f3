"""What cannot be right is found once, routed to somebody, and gone when the record is mended."""

import pytest
from tests.support.files import a_provider, answers, contact, episode, load, write

from tending.base.audit.models import AuditEvent
from tending.base.people.models import Person
from tending.keep.findings import actions
from tending.keep.models import DataQualityFinding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raw_store")]


@pytest.fixture
def folder(tmp_path):
    return a_provider(tmp_path / "export")


@pytest.fixture
def later(tmp_path):
    """A later delivery of one file."""
    names = iter(range(99))

    def load_later(kind, *rows):
        folder = tmp_path / f"later{next(names)}"
        write(folder, kind, rows)
        load(folder)

    return load_later


def found(kind):
    return list(DataQualityFinding.objects.filter(kind=kind, gone_at__isnull=True))


def about(key):
    return [row for row in found("BEFORE_BIRTH") if row.key.endswith(key)]


def person(key="P1", **details):
    return {"person_id": key, "given_name": "Pat", "family_name": "Example", "birth_date": "1990-05-17"} | details


def test_a_record_in_order_has_no_findings(folder):
    write(folder, "contacts", [contact("C1")])
    load(folder)
    assert not DataQualityFinding.objects.exists()


def test_the_same_name_and_birth_date_are_found_as_a_pair_and_gone_when_one_is_mended(folder, later):
    load(folder)
    later("people", person("P3", given_name=" pat "))
    (pair,) = found("DUPLICATE_PERSON")
    assert pair.person.code == "P1"
    assert "P1 and P3" in pair.message
    assert pair.role == "DATA_STEWARD"
    later("people", person("P3", birth_date="1991-01-01"))
    assert found("DUPLICATE_PERSON") == []
    assert DataQualityFinding.objects.get().gone_at
    later("people", person("P3", given_name="Pat"))
    assert len(found("DUPLICATE_PERSON")) == 1


def test_what_happened_before_birth_is_found_and_gone_when_the_birth_date_is_mended(folder, later):
    write(folder, "contacts", [contact("C1")])
    load(folder)
    later("people", person(birth_date="2024-03-10"))
    assert sorted(finding.key for finding in found("BEFORE_BIRTH")) == ["ehr:contacts:C1", "ehr:episodes:E1"]
    assert "2024-03-05" in found("BEFORE_BIRTH")[0].message
    later("people", person())
    assert found("BEFORE_BIRTH") == []


def test_an_attended_contact_after_death_is_found_and_a_missed_one_is_not(folder, later):
    write(folder, "contacts", [contact("C1"), contact("C2", status="NO_SHOW")])
    load(folder)
    later("people", person(death_date="2024-03-01"))
    assert [finding.key for finding in found("AFTER_DEATH")] == ["ehr:contacts:C1"]


def test_two_primary_practitioners_at_one_time_are_a_supervisors_question(folder, later):
    load(folder)
    primary = {"person_id": "P1", "caseload_role": "PRIMARY"}
    later(
        "caseload",
        primary | {"caseload_id": "L1", "staff_id": "S1", "from_date": "2024-02-01"},
        primary | {"caseload_id": "L2", "staff_id": "S2", "from_date": "2024-03-01"},
    )
    (finding,) = found("TWO_PRIMARY")
    assert finding.role == "SUPERVISOR"
    assert "2024-03-01" in finding.message
    ended = {"caseload_id": "L1", "staff_id": "S1", "from_date": "2024-02-01", "to_date": "2024-03-01"}
    later("caseload", primary | ended)
    assert found("TWO_PRIMARY") == []


def test_overlapping_episodes_with_one_team_are_found(folder, later):
    load(folder)
    later("episodes", episode("E9", start_date="2024-03-01"))
    assert len(found("EPISODES_OVERLAP")) == 1
    later("episodes", episode("E1", end_date="2024-02-20"))
    assert found("EPISODES_OVERLAP") == []


def test_scores_and_answers_an_instrument_does_not_have_are_found(folder, later):
    write(
        folder, "answers", [*answers("R1", [0, 7]), *answers("R2", [0, 3]), *answers("R3", [9], instrument="HOUSE-1")]
    )
    score = {"person_id": "P1", "instrument": "PHQ-9", "scored_date": "2024-03-01"}
    write(folder, "scores", [score | {"score_id": "SC1", "value": 28}, score | {"score_id": "SC2", "value": 27}])
    load(folder)
    assert {finding.key: finding.message for finding in found("OUT_OF_RANGE")} == {
        "ehr:answers:R1": "The PHQ-9 answered on 2024-03-05 has answers it does not offer: 2 = 7.",
        "ehr:scores:SC1": "A PHQ-9 score of 28 on 2024-03-01 lies outside 0 to 27.",
    }
    later("scores", score | {"score_id": "SC1", "value": 18})
    assert [finding.key for finding in found("OUT_OF_RANGE")] == ["ehr:answers:R1"]


def test_a_person_without_a_name_or_birth_date_is_found(folder, later):
    load(folder)
    later("people", {"person_id": "P7"})
    (finding,) = found("NOT_DESCRIBED")
    assert finding.person.code == "P7"


def test_looking_again_at_nothing_new_changes_nothing(folder, later):
    load(folder)
    later("people", person("P3"))
    before = list(DataQualityFinding.objects.values())
    lines = AuditEvent.objects.count()
    assert actions.find() == 0
    assert list(DataQualityFinding.objects.values()) == before
    assert AuditEvent.objects.count() == lines


def test_the_number_of_queries_does_not_grow_with_the_people(folder, later, django_assert_max_num_queries):
    rows = [person(f"P{n}", given_name=f"G{n}") for n in range(10, 210)]
    write(folder, "people", rows)
    load(folder)
    from tending.keep.models import PersonHead

    PersonHead.objects.update(checked_token="")
    with django_assert_max_num_queries(40):
        assert actions.find() == Person.objects.count()


def test_a_finding_follows_its_row_to_whom_it_belongs_to_now(folder, later):
    """An episode was sent under the wrong person: what is wrong with it is wrong with the other one's record."""
    load(folder)
    later("people", person("P1", birth_date="2024-03-15"), person("P2", birth_date="2024-03-15"))
    later("episodes", episode("E9", person_id="P1", start_date="2024-02-01"))
    assert [row.person.code for row in about("E9")] == ["P1"]
    later("episodes", episode("E9", person_id="P2", start_date="2024-02-01"))
    assert [row.person.code for row in about("E9")] == ["P2"]


def test_a_finding_says_the_dates_as_they_are_now(folder, later):
    load(folder)
    later("people", person("P1", birth_date="2024-03-15"))
    later("episodes", episode("E9", person_id="P1", start_date="2024-02-01"))
    (before,) = about("E9")
    later("episodes", episode("E9", person_id="P1", start_date="2024-02-11"))
    after = DataQualityFinding.objects.get(pk=before.pk)
    assert "2024-02-11" in after.message
    assert (after.gone_at, after.found_at) == (None, before.found_at)
