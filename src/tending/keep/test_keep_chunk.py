"""New, same, corrected, out of date, contradicted, withdrawn: each row ends in exactly one of these."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tending.base.people.models import (
    CaseloadEntry,
    Organisation,
    Person,
    PersonIdentifier,
    Staff,
    StaffRole,
    Team,
    TeamMembership,
)
from tending.collect.mapped import Chunk, Mapped
from tending.collect.models import Submission
from tending.keep import actions
from tending.keep.models import CarePlanEvent, Contact, Episode, Goal, HousingState, PersonHead, Response

T0 = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def submission(db):
    def make(n=1):
        made, _ = Submission.objects.get_or_create(
            sha256=f"{n:064d}",
            source="ehr",
            kind="any",
            defaults={"media_type": "text/csv", "size": 1, "received_at": T0},
        )
        return made

    return make


@pytest.fixture
def keep(world, submission):
    """Keep rows of a submission that was received some days after the first."""

    def kept(*rows, file=1, day=0, source="ehr"):
        return actions.keep_chunk(
            chunk=Chunk(list(rows), [], lines_read=99),
            submission_id=submission(file).pk,
            source=source,
            by=None,
            received_at=T0 + timedelta(days=day),
        )

    return kept


def housing(state, line=2, key="H1", person="pat", **about):
    fields = {"person_id": person, "from_date": date(2024, 5, 1), "state": state}
    return Mapped("housing", key, line, fields, **about)


def states():
    return [row.state for row in HousingState.objects.current().order_by("source_key")]


def test_a_new_row_names_its_place_and_touches_its_person(keep, world, submission):
    kept = keep(housing("STABLE", line=7))
    row = HousingState.objects.get()
    assert (kept.new, kept.same, kept.corrected, kept.faults) == (1, 0, 0, [])
    assert (row.source_key, row.line, row.submission_id) == ("ehr:housing:H1", 7, submission().pk)
    assert row.recorded_at == T0
    assert kept.people == {world.people["pat"].pk}
    assert PersonHead.objects.get().person == world.people["pat"]


def test_the_same_row_again_changes_nothing_but_is_confirmed(keep, world):
    keep(housing("STABLE"))
    token = PersonHead.objects.get().token
    kept = keep(housing("STABLE", line=5), file=2, day=3)
    row = HousingState.objects.get()
    assert (kept.new, kept.same, kept.corrected) == (0, 1, 0)
    assert PersonHead.objects.get().token == token
    assert row.recorded_at == T0
    assert row.confirmed_at == T0 + timedelta(days=3)
    assert row.line == 5


def test_a_correction_supersedes_and_the_old_row_points_to_it(keep, world):
    keep(housing("STABLE"))
    token = PersonHead.objects.get().token
    kept = keep(housing("SHELTER"), file=2, day=1)
    old, new = HousingState.objects.order_by("id")
    assert kept.corrected == 1
    assert old.superseded_by == new
    assert states() == ["SHELTER"]
    assert PersonHead.objects.get().token != token


def test_a_version_that_was_out_of_date_when_it_came_is_history_at_once(keep):
    keep(housing("SHELTER"), file=2, day=5)
    for _again in range(2):
        kept = keep(housing("STABLE"), file=1, day=1)
        assert (kept.new, kept.corrected) == (0, 0)
    old = HousingState.objects.get(state="STABLE")
    assert old.superseded_by == HousingState.objects.get(state="SHELTER")
    assert states() == ["SHELTER"]


def test_what_the_source_says_about_time_comes_before_the_day_of_arrival(keep):
    keep(housing("SHELTER", source_time=T0 - timedelta(days=1)), file=1, day=0)
    keep(housing("STABLE", source_time=T0 - timedelta(days=9)), file=2, day=5)
    assert states() == ["SHELTER"]


def test_a_file_that_comes_back_after_a_correction_is_the_last_word(keep):
    keep(housing("STABLE"), file=1, day=0)
    keep(housing("SHELTER"), file=2, day=1)
    keep(housing("STABLE"), file=1, day=2)
    assert states() == ["STABLE"]


def test_a_confirmed_row_is_not_undone_by_an_older_correction_that_arrives_late(keep):
    keep(housing("STABLE"), file=1, day=0)
    keep(housing("STABLE"), file=1, day=2)
    keep(housing("SHELTER"), file=2, day=1)
    assert states() == ["STABLE"]


@pytest.mark.parametrize("lines", [(2, 9), (9, 2)])
def test_one_identifier_twice_in_a_file_keeps_the_first_and_names_the_other(keep, lines):
    said = {2: "STABLE", 9: "SHELTER"}
    faults = []
    for line in lines:  # in two pieces, whichever is read first
        faults += keep(housing(said[line], line=line)).faults
    assert states() == ["STABLE"]
    assert [(fault.reason, fault.line) for fault in faults] == [("DUPLICATE_ID", 9)]
    assert keep(housing("STABLE", line=2), housing("SHELTER", line=9), day=4).faults[0].line == 9
    assert states() == ["STABLE"]


def test_one_identifier_twice_in_one_piece(keep):
    kept = keep(housing("STABLE", line=2), housing("SHELTER", line=3), housing("STABLE", line=4))
    assert states() == ["STABLE"]
    assert [(fault.reason, fault.line) for fault in kept.faults] == [("DUPLICATE_ID", 3)]
    assert (kept.new, kept.same) == (1, 1)


def test_a_repetition_in_a_later_piece_is_no_contradiction(keep):
    keep(housing("STABLE", line=2))
    faults = keep(housing("SHELTER", line=4), housing("STABLE", line=5)).faults
    assert [(fault.reason, fault.line) for fault in faults] == [("DUPLICATE_ID", 4)]
    assert states() == ["STABLE"]


def test_reading_a_line_again_with_a_better_mapping_corrects_it(keep):
    keep(housing("TEMPORARY", line=2))
    kept = keep(housing("SHELTER", line=2))
    assert (kept.corrected, kept.faults) == (1, [])
    assert states() == ["SHELTER"]


def test_a_withdrawn_row_leaves_the_record_and_stays_readable(keep):
    keep(housing("STABLE"))
    gone = Mapped("housing", "H1", 1, {}, withdrawn=True)
    assert keep(gone, file=2, day=1).corrected == 1
    assert states() == []
    assert HousingState.objects.get(superseded_by__isnull=True).state == "STABLE"
    assert keep(gone, file=2, day=1).same == 1


def test_a_withdrawal_of_something_unknown_waits(keep):
    (fault,) = keep(Mapped("housing", "H1", 1, {}, withdrawn=True)).faults
    assert (fault.reason, fault.reference) == ("UNKNOWN_ROW", "H1")


def test_unknown_references_are_named(keep):
    contact = {
        "person_id": "pat",
        "staff_id": "nobody",
        "team_id": "east",
        "starts_at": T0,
        "minutes": 5,
        "kind": "THERAPY",
        "medium": "VIDEO",
        "status": "ATTENDED",
    }
    faults = keep(
        housing("STABLE", person="stranger"),
        Mapped("contacts", "C1", 3, contact),
        Mapped("contacts", "C2", 4, contact | {"staff_id": "alice", "team_id": "south"}),
        Mapped("contacts", "C3", 5, contact | {"staff_id": None, "team_id": None}),
        Mapped(
            "goal_ratings",
            "G1",
            6,
            {
                "goal_id": "none",
                "person_id": "pat",
                "rated_date": date(2024, 5, 1),
                "rating": 3,
                "rated_by": "PERSON",
            },
        ),
    ).faults
    found = {(fault.line, fault.reason, fault.reference) for fault in faults}
    assert found == {
        (2, "UNKNOWN_PERSON", "stranger"),
        (3, "UNKNOWN_STAFF", "nobody"),
        (4, "UNKNOWN_TEAM", "south"),
        (6, "UNKNOWN_GOAL", "none"),
    }
    assert Contact.objects.get().source_key == "ehr:contacts:C3"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Mapped("housing", "H1", 2, {"person_id": "pat", "from_date": date(2024, 5, 1)}), "MISSING_VALUE"),
        (housing("MANSION"), "UNKNOWN_CODE"),
        (Mapped("housing", "H1", 2, {**housing("STABLE").fields, "from_date": date(2030, 1, 1)}), "FUTURE_DATE"),
        (Mapped("housing", "H1", 2, {**housing("STABLE").fields, "from_date": date(202, 1, 1)}), "BAD_DATE"),
        (Mapped("housing", "H1", 2, {**housing("STABLE").fields, "roof": 1}), "UNKNOWN_FIELD"),
        (Mapped("housing", "H" * 999, 2, housing("STABLE").fields), "BAD_ID"),
        (
            Mapped(
                "stays",
                "S1",
                2,
                {
                    "person_id": "pat",
                    "kind": "DETOX",
                    "admitted_at": T0,
                    "discharged_at": T0 - timedelta(minutes=1),
                },
            ),
            "DATE_ORDER",
        ),
        (
            Mapped(
                "goal_ratings",
                "R1",
                2,
                {
                    "goal_id": "G",
                    "person_id": "pat",
                    "rated_date": date(2024, 5, 1),
                    "rating": 11,
                    "rated_by": "PERSON",
                },
            ),
            "OUT_OF_RANGE",
        ),
        (
            Mapped(
                "contacts",
                "C1",
                2,
                {
                    "person_id": "pat",
                    "starts_at": T0 + timedelta(days=30),
                    "kind": "THERAPY",
                    "medium": "VIDEO",
                    "status": "ATTENDED",
                },
            ),
            "FUTURE_DATE",
        ),
    ],
)
def test_what_cannot_be_true_is_put_aside_with_its_reason(keep, row, reason):
    kept = keep(row)
    (fault,) = kept.faults
    assert (fault.reason, fault.line, kept.new) == (reason, 2, 0)
    assert fault.fix


def test_a_booked_appointment_may_lie_in_the_future(keep):
    fields = {
        "person_id": "pat",
        "starts_at": T0 + timedelta(days=30),
        "kind": "THERAPY",
        "medium": "VIDEO",
        "status": "BOOKED",
    }
    assert keep(Mapped("contacts", "C1", 2, fields)).new == 1


def test_a_day_is_the_providers_day(keep):
    fields = {
        "person_id": "pat",
        "starts_at": datetime(2024, 5, 2, 2, 30, tzinfo=UTC),  # still the first of May in New York
        "kind": "THERAPY",
        "medium": "PHONE",
        "status": "ATTENDED",
    }
    keep(Mapped("contacts", "C1", 2, fields))
    assert Contact.objects.get().date == date(2024, 5, 1)


def person(key, line=2, **details):
    return Mapped("people", key, line, {"person_id": key, **details})


def test_people_become_known_and_are_brought_up_to_date(keep):
    keep(person("P9", given_name="Ada", birth_date=date(1990, 1, 2), payer="MEDICAID"))
    keep(person("P9", given_name="Ada", family_name="Lane", birth_date=date(1990, 2, 1)), file=2, day=1)
    found = PersonIdentifier.objects.get(source="ehr", value="P9").person
    assert (found.code, found.name, found.birth_date) == ("P9", "Ada Lane", date(1990, 2, 1))
    assert found.payer == "NOT_ASKED"  # the later description no longer says it


def test_two_sources_may_use_one_identifier_for_two_people(keep):
    keep(person("P9", given_name="Ada"))
    keep(person("P9", given_name="Bea"), source="lab", file=2)
    names = {one.person.given_name for one in PersonIdentifier.objects.filter(value="P9")}
    assert names == {"Ada", "Bea"}


def test_what_tending_collects_itself_knows_people_by_their_code(keep, world):
    fields = {"person_id": "PAT", "instrument": "PHQ-9", "answered_date": date(2024, 5, 1), "items": {"1": 2}}
    assert keep(Mapped("answers", "ask-1", 1, fields), source="tending").new == 1
    assert Response.objects.get().person == world.people["pat"]


def test_the_providers_shape_is_made_from_names(keep):
    team = {"team_id": "T9", "name": "Harbor", "programme": "Adult services", "service_model": "ACT", "site": "Pier"}
    keep(
        Mapped("organisations", "O1", 2, {"organisation_id": "O1", "name": "General", "kind": "HOSPITAL"}),
        Mapped("teams", "T9", 3, team),
        Mapped("staff", "S9:PEER_WORKER:T9:2024-01-01", 4, staff_row()),
        Mapped("staff", "S9:SUPERVISOR::2024-03-01", 5, staff_row(role="SUPERVISOR", team_id=None, day=3)),
    )
    harbor = Team.objects.get(code="T9")
    assert (harbor.programme.code, harbor.service_model.name, harbor.site.name) == ("adult", "ACT", "Pier")
    assert Organisation.objects.get(code="O1").kind == "HOSPITAL"
    staff = Staff.objects.get(code="S9")
    assert staff.name == "Sam Reed"
    assert set(staff.roles.values_list("role", "team", "to_date")) == {
        ("PEER_WORKER", harbor.pk, None),
        ("SUPERVISOR", None, None),
    }


def staff_row(role="PEER_WORKER", team_id="T9", day=1, **more):
    names = {"given_name": "Sam", "family_name": "Reed"}
    return {"staff_id": "S9", "role": role, "team_id": team_id, "from_date": date(2024, day, 1), **names, **more}


def test_a_role_ends_and_a_withdrawn_role_goes(keep):
    keep(
        Mapped("staff", "S9:PEER_WORKER:east:1", 2, staff_row(team_id="east")),
        Mapped("staff", "S9:SUPERVISOR::3", 3, staff_row(role="SUPERVISOR", team_id=None, day=3)),
    )
    keep(
        Mapped("staff", "S9:PEER_WORKER:east:1", 2, staff_row(team_id="east", to_date=date(2024, 5, 1))),
        Mapped("staff", "S9:SUPERVISOR::3", 3, {}, withdrawn=True),
        file=2,
        day=1,
    )
    (role,) = StaffRole.objects.filter(staff__code="S9")
    assert (role.role, role.to_date) == ("PEER_WORKER", date(2024, 5, 1))


def test_a_later_word_for_one_role_brings_its_description_of_the_person_back(keep):
    east = Mapped("staff", "S9:PEER_WORKER:east:1", 2, staff_row(team_id="east"))
    other = staff_row(role="SUPERVISOR", team_id=None, day=3, given_name="Samuel")
    keep(east, day=0)
    keep(Mapped("staff", "S9:SUPERVISOR::3", 2, other), file=2, day=1)
    assert Staff.objects.get(code="S9").given_name == "Samuel"
    assert keep(east, day=2).same == 1
    assert Staff.objects.get(code="S9").given_name == "Sam"


def test_episodes_make_memberships_and_corrections_take_them_back(keep, world):
    pat = world.people["pat"]
    TeamMembership.objects.filter(person=pat).delete()
    episode = {"person_id": "pat", "team_id": "east", "start_date": date(2024, 3, 1)}
    keep(Mapped("episodes", "E1", 2, episode))
    keep(Mapped("episodes", "E1", 2, episode | {"team_id": "west", "end_date": date(2024, 4, 1)}), file=2, day=1)
    (membership,) = TeamMembership.objects.filter(person=pat)
    assert (membership.team.code, membership.to_date) == ("west", date(2024, 4, 2))  # the day after the last
    assert Episode.objects.current().get().team.code == "west"


def test_caseload_follows_its_rows_and_leaves_other_entries_alone(keep, world):
    pat = world.people["pat"]
    row = {"person_id": "pat", "staff_id": "carl", "caseload_role": "COORDINATOR", "from_date": date(2024, 3, 1)}
    keep(Mapped("caseload", "L1", 2, row))
    keep(Mapped("caseload", "L1", 2, row | {"person_id": "quinn"}), file=2, day=1)
    assert set(CaseloadEntry.objects.filter(person=pat).values_list("staff__code", flat=True)) == {"alice"}
    assert CaseloadEntry.objects.get(person=world.people["quinn"]).staff.code == "carl"


def test_a_piece_is_kept_whole_or_not_at_all(keep, monkeypatch):
    def broken(person_ids):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions.heads, "touch", broken)
    with pytest.raises(RuntimeError):
        keep(housing("STABLE"), person("P9"))
    assert not HousingState.objects.exists()
    assert not Person.objects.filter(code="P9").exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(keep, django_assert_max_num_queries):
    def goals(n, start):
        return [
            Mapped(
                "goals",
                f"G{start + i}",
                i,
                {"person_id": "pat", "stated_date": date(2024, 1, 1), "words": "w", "status": "ACTIVE"},
            )
            for i in range(n)
        ]

    with django_assert_max_num_queries(16):  # inserts go out in statements of about seventy rows
        keep(*goals(300, 0))
    assert Goal.objects.count() == 300
    assert CarePlanEvent.objects.count() == 0
