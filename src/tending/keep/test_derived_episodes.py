"""Episodes, caseloads and roles that no source sent follow from the contacts, whatever the order they came in."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tending.base import clock
from tending.base.people.models import CaseloadEntry, Staff, StaffRole, TeamMembership
from tending.collect.mapped import Chunk, Mapped
from tending.collect.models import Submission
from tending.keep import actions
from tending.keep.derived_episodes import GAP_DAYS, Met, derive, runs
from tending.keep.models import Contact, Episode, PersonHead, Stay

SOURCE = "ehr"
TODAY = date(2026, 3, 31)


def met(day: date, status: str = "ATTENDED", number: int = 0) -> Met:
    key = f"ehr:contacts:{day.isoformat()}-{status}-{number}"
    return Met(1, 1, 1, day, status, key, 1, 1, clock.now(), SOURCE)


def spans(*contacts: Met, as_of: date = TODAY) -> list[tuple[date, date | None]]:
    return [(run.first.day, run.end_date) for run in runs(contacts, as_of=as_of, gap_days=180)]


START = date(2025, 1, 10)


def test_contacts_no_further_apart_than_the_gap_are_one_episode():
    assert spans(met(START), met(START + timedelta(180)), met(START + timedelta(361))) == [
        (START, START + timedelta(180)),
        (START + timedelta(361), None),
    ]


def test_an_episode_is_open_until_the_gap_has_passed_without_a_contact():
    last = TODAY - timedelta(180)
    assert spans(met(last)) == [(last, None)]
    assert spans(met(last), as_of=TODAY + timedelta(1)) == [(last, last)]


def test_a_missed_contact_holds_an_episode_together_and_begins_none():
    missed = met(START + timedelta(100), "NO_SHOW")
    assert spans(met(START), missed, met(START + timedelta(200)), as_of=START + timedelta(500)) == [
        (START, START + timedelta(200))
    ]
    assert spans(missed) == []
    before = met(START - timedelta(30), "CANCELLED_BY_PERSON")
    assert spans(before, met(START), as_of=START + timedelta(500)) == [(START, START)]


def test_a_booked_contact_keeps_an_episode_open():
    booked = met(TODAY + timedelta(10), "BOOKED")
    assert spans(met(TODAY - timedelta(160)), booked) == [(TODAY - timedelta(160), None)]


days = st.integers(0, 2000).map(lambda n: date(2020, 1, 1) + timedelta(n))
contacts = st.builds(met, days, st.sampled_from(["ATTENDED", "NO_SHOW", "BOOKED", "CANCELLED_BY_PERSON"]))


@given(st.lists(contacts, max_size=30, unique_by=lambda one: one.source_key), st.randoms())
def test_the_order_of_arrival_does_not_matter_and_every_kept_contact_is_in_one_episode(together, random):
    as_of = date(2026, 1, 1)
    shuffled = list(together)
    random.shuffle(shuffled)
    found = runs(together, as_of=as_of)
    assert found == runs(shuffled, as_of=as_of)
    assert sum(one.kept for run in found for one in run.contacts) == sum(one.kept for one in together)
    assert len({run.source_key for run in found}) == len(found)
    for run, following in itertools.pairwise(found):
        assert run.end_date is not None
        assert run.end_date < following.first.day


@given(st.lists(contacts, min_size=1, max_size=15, unique_by=lambda one: one.source_key), days)
def test_a_later_contact_never_renames_an_episode(together, day):
    as_of = date(2026, 1, 1)
    later = met(max(one.day for one in together) + timedelta(1 + (day - date(2020, 1, 1)).days % 200), number=9)
    before = {run.source_key for run in runs(together, as_of=as_of)}
    assert before <= {run.source_key for run in runs([*together, later], as_of=as_of)}


def test_the_reference_page_says_how_long_the_gap_is():
    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "fhir-import.md"
    assert f"**{GAP_DAYS} days**" in page.read_text(encoding="utf-8")


# In the record


@pytest.fixture
def keep(world):
    """Keeps rows as one delivery of the record system would."""
    counted = iter(range(1, 1000))

    def keep(*rows: Mapped) -> None:
        number = next(counted)
        submission = Submission.objects.create(
            sha256=f"{number:064d}", source=SOURCE, kind="Encounter", media_type="", size=1, received_at=clock.now()
        )
        kept = actions.keep_chunk(
            chunk=Chunk(list(rows), [], lines_read=len(rows)), submission_id=submission.pk, source=SOURCE, by=None
        )
        assert kept.faults == []

    return keep


def visit(key: str, day: date, staff: str = "alice", team: str = "east", status: str = "ATTENDED") -> Mapped:
    return Mapped(
        "contacts",
        key,
        1,
        {
            "contact_id": key,
            "person_id": "quinn",
            "staff_id": staff,
            "team_id": team,
            "starts_at": clock.at(day, 10),
            "minutes": 50,
            "kind": "THERAPY",
            "medium": "IN_PERSON",
            "status": status,
        },
    )


def people_of(world) -> list[int]:
    return [world.people["quinn"].pk]


def current() -> list[tuple[str, date, date | None, bool]]:
    rows = Episode.objects.filter(superseded_by__isnull=True).order_by("start_date", "pk")
    return [(row.source_key, row.start_date, row.end_date, row.withdrawn) for row in rows]


def test_episodes_are_derived_once_and_again_changes_nothing(world, keep):
    keep(visit("c1", date(2026, 1, 5)), visit("c2", date(2026, 2, 5)))
    assert derive(person_ids=people_of(world), as_of=TODAY) == 1
    assert current() == [("ehr:episodes:derived:c1", date(2026, 1, 5), None, False)]
    (episode,) = Episode.objects.all()
    assert (episode.derived, episode.submission.kind, episode.line) == (True, "Encounter", 1)
    head = PersonHead.objects.get(person=world.people["quinn"]).token
    assert derive(person_ids=people_of(world), as_of=TODAY) == 0
    assert PersonHead.objects.get(person=world.people["quinn"]).token == head


def test_the_team_supports_the_person_and_whoever_met_them_most_is_their_practitioner(world, keep):
    Staff.objects.create(code="new", given_name="Nora")
    keep(
        visit("c1", date(2026, 1, 5), staff="bob"),
        visit("c2", date(2026, 2, 5), staff="new"),
        visit("c3", date(2026, 3, 5), staff="new"),
    )
    derive(person_ids=people_of(world), as_of=TODAY)
    quinn = world.people["quinn"]
    assert TeamMembership.objects.filter(person=quinn, team=world.teams["east"], from_date=date(2026, 1, 5)).exists()
    (entry,) = CaseloadEntry.objects.filter(person=quinn)
    assert (entry.staff.code, entry.from_date, entry.to_date) == ("new", date(2026, 2, 5), None)
    (role,) = StaffRole.objects.filter(staff__code="new")
    assert (role.role, role.team, role.from_date) == ("PRACTITIONER", world.teams["east"], date(2026, 2, 5))
    assert not StaffRole.objects.filter(staff__code="bob", team=world.teams["east"]).exists()  # his role is known


def test_an_earlier_contact_that_comes_late_moves_the_beginning(world, keep):
    keep(visit("c2", date(2026, 2, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    keep(visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    assert current() == [
        ("ehr:episodes:derived:c1", date(2026, 1, 5), None, False),
        ("ehr:episodes:derived:c2", date(2026, 2, 5), None, True),
    ]


def test_time_alone_ends_an_episode_and_a_new_contact_opens_it_again(world, keep):
    keep(visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    later = date(2026, 7, 5)
    assert derive(person_ids=people_of(world), as_of=later) == 1
    assert current() == [("ehr:episodes:derived:c1", date(2026, 1, 5), date(2026, 1, 5), False)]
    (entry,) = CaseloadEntry.objects.filter(person=world.people["quinn"])
    assert entry.to_date == date(2026, 1, 6)
    keep(visit("c2", date(2026, 6, 30)))
    derive(person_ids=people_of(world), as_of=later)
    assert current() == [("ehr:episodes:derived:c1", date(2026, 1, 5), None, False)]


def test_two_teams_are_two_episodes(world, keep):
    keep(visit("c1", date(2026, 1, 5)), visit("c2", date(2026, 1, 6), team="west"))
    derive(person_ids=people_of(world), as_of=TODAY)
    assert len(current()) == 2


def real_episode() -> Mapped:
    fields = {"episode_id": "e1", "person_id": "quinn", "team_id": "east", "start_date": date(2026, 1, 1)}
    return Mapped("episodes", "e1", 1, fields)


def test_an_episode_a_source_sends_takes_the_place_of_what_was_derived(world, keep):
    keep(visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    keep(real_episode())
    derive(person_ids=people_of(world), as_of=TODAY)
    assert [(key, withdrawn) for key, _start, _end, withdrawn in current()] == [
        ("ehr:episodes:e1", False),
        ("ehr:episodes:derived:c1", True),
    ]
    # Nobody has said who their practitioner is, so that stays derived.
    assert [entry.staff.code for entry in CaseloadEntry.objects.filter(person=world.people["quinn"])] == ["alice"]


def test_nothing_is_derived_from_a_source_that_sends_episodes_of_others(world, keep):
    keep(Mapped("episodes", "e9", 1, {**real_episode().fields, "episode_id": "e9", "person_id": "pat"}))
    keep(visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    assert [key for key, *_rest in current()] == ["ehr:episodes:e9"]


@pytest.mark.parametrize(("person", "expected"), [("quinn", ["carl"]), ("pat", [])])
def test_a_source_that_sends_caseloads_is_believed_also_when_it_names_nobody(world, keep, person, expected):
    told = {
        "caseload_id": "k1",
        "person_id": person,
        "staff_id": "carl",
        "caseload_role": "COORDINATOR",
        "from_date": date(2026, 1, 1),
    }
    keep(Mapped("caseload", "k1", 1, told), visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    entries = CaseloadEntry.objects.filter(person=world.people["quinn"])
    assert [entry.staff.code for entry in entries] == expected


def test_a_caseload_that_is_sent_later_takes_the_place_of_the_derived_one(world, keep):
    keep(visit("c1", date(2026, 1, 5)))
    derive(person_ids=people_of(world), as_of=TODAY)
    told = {"person_id": "quinn", "staff_id": "carl", "caseload_role": "PRIMARY", "from_date": date(2026, 2, 1)}
    keep(Mapped("caseload", "k1", 1, {"caseload_id": "k1", **told}))
    derive(person_ids=people_of(world), as_of=TODAY)
    entries = CaseloadEntry.objects.filter(person=world.people["quinn"])
    assert [entry.staff.code for entry in entries] == ["carl"]


# Rows that a source takes back


def test_a_row_that_arrives_after_its_withdrawal_is_withdrawn(world, keep):
    later, earlier = clock.at(date(2026, 2, 1)), clock.at(date(2026, 1, 6))
    keep(replace(visit("c1", date(2026, 1, 5)), withdrawn=True, source_time=later))
    keep(replace(visit("c1", date(2026, 1, 5)), source_time=earlier))
    (row,) = Contact.objects.filter(superseded_by__isnull=True)
    assert row.withdrawn
    assert derive(person_ids=people_of(world), as_of=TODAY) == 0


def test_taking_back_what_never_was_says_nothing(world, keep):
    keep(Mapped("stays", "s1", 1, {"stay_id": "s1"}, withdrawn=True, if_known=True))
    assert not Stay.objects.exists()


def test_a_withdrawal_that_says_too_little_to_be_kept_waits(world):
    submission = Submission.objects.create(
        sha256="0" * 64, source=SOURCE, kind="Encounter", media_type="", size=1, received_at=clock.now()
    )
    row = Mapped("stays", "s1", 1, {"stay_id": "s1"}, withdrawn=True)
    kept = actions.keep_chunk(chunk=Chunk([row], [], 1), submission_id=submission.pk, source=SOURCE, by=None)
    assert [(fault.kind, fault.reference) for fault in kept.faults] == [("stays", "s1")]
