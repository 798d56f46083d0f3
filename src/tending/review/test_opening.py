from datetime import date, datetime, timedelta

import pytest

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.base.people.models import CaseloadEntry, StaffRole
from tending.notice.models import Signal, TriggerVersion
from tending.review import actions, reasons
from tending.review.models import Escalation, Review, ReviewSignal, ReviewState, UnownedSignal

NOW = clock.at(date(2026, 3, 2), 9)


def signal(
    person,
    team=None,
    *,
    trigger="score-worsening",
    severity="HIGH",
    owner_role="PRACTITIONER",
    hours=24,
    at: datetime = NOW,
    key=None,
):
    version, _ = TriggerVersion.objects.get_or_create(
        code=trigger, fingerprint=trigger, defaults={"version": 1, "body": {}, "since": at}
    )
    return Signal.objects.create(
        trigger_version=version,
        trigger=trigger,
        person=person,
        team=team,
        evidence_key=key or f"scores:{Signal.objects.count()}",
        severity=severity,
        owner_role=owner_role,
        noticed_at=at,
        as_of=clock.local_date(at),
        respond_by=at + timedelta(hours=hours),
    )


def current(review):
    return review.states.get(left_at__isnull=True)


def opened(world, person="pat", team="east", **kind):
    signal(world.people[person], world.teams[team], **kind)
    actions.open_reviews(now=NOW)
    return Review.objects.filter(person=world.people[person]).latest("pk")


@pytest.mark.parametrize(
    ("person", "team", "role", "owner"),
    [
        ("pat", "east", "PRACTITIONER", "alice"),  # the primary practitioner
        ("pat", "east", "SUPERVISOR", "sana"),  # the supervisor of the signal's team
        ("quinn", "east", "PRACTITIONER", "sana"),  # no practitioner named: up to the supervisor
        ("pat", "east", "CARE_COORDINATOR", "sana"),  # no coordinator named for Pat
        ("wren", "west", "SUPERVISOR", "lena"),  # West has no supervisor: the clinical lead
    ],
)
def test_a_signal_opens_a_review_owned_by_one_named_person(world, person, team, role, owner):
    review = opened(world, person, team, owner_role=role)

    assert current(review).owner == world.staff[owner]
    assert current(review).state == "OPENED"


def test_roles_that_have_ended_own_nothing(world):
    StaffRole.objects.filter(staff=world.staff["alice"]).update(to_date=date(2026, 3, 2))
    assert current(opened(world)).owner == world.staff["sana"]


def test_the_whole_ladder_empty_leaves_anybody_who_gives_care(world):
    StaffRole.objects.exclude(staff__code__in=["petra", "boris"]).delete()
    assert current(opened(world)).owner == world.staff["petra"]


def test_nobody_at_all_is_said_loudly_once_and_mended_by_itself(world):
    held = list(StaffRole.objects.exclude(role__in=["BOARD_MEMBER", "ADMINISTRATOR"]))
    StaffRole.objects.filter(pk__in=[role.pk for role in held]).delete()
    signal(world.people["pat"], world.teams["east"])

    for _ in range(2):
        assert actions.open_reviews(now=NOW).unowned == 1
    assert UnownedSignal.objects.filter(resolved_at__isnull=True).count() == 1
    assert not Review.objects.exists()

    StaffRole.objects.bulk_create(held)
    assert actions.open_reviews(now=NOW).reviews == 1
    assert not UnownedSignal.objects.filter(resolved_at__isnull=True).exists()


def test_a_review_begins_with_its_seats_named_by_role_and_the_empty_one_shown(world):
    CaseloadEntry.objects.create(
        person=world.people["pat"],
        staff=world.staff["petra"],
        caseload_role="PEER",
        from_date=date(2025, 1, 1),
    )
    review = opened(world)
    seats = {
        seat.role: (seat.states.get().staff, seat.required) for seat in review.participants.prefetch_related("states")
    }

    assert seats == {
        "PRACTITIONER": (world.staff["alice"], True),
        "CARE_COORDINATOR": (None, True),
        "SUPERVISOR": (world.staff["sana"], True),
        "PERSON": (None, False),
        "PEER_WORKER": (world.staff["petra"], False),
    }


def test_opening_twice_changes_nothing_and_each_review_leaves_one_line(world):
    for name, team in (("pat", "east"), ("wren", "west")):
        signal(world.people[name], world.teams[team])

    assert actions.open_reviews(now=NOW).reviews == 2
    assert actions.open_reviews(now=NOW) == actions.Opened()
    assert (Review.objects.count(), ReviewState.objects.count(), ReviewSignal.objects.count()) == (2, 2, 2)
    assert AuditEvent.objects.filter(what="opened a review").count() == 2


def test_two_signals_of_one_person_open_one_review_by_the_most_pressing(world):
    signal(world.people["pat"], world.teams["east"], severity="ROUTINE", hours=72)
    signal(
        world.people["pat"], world.teams["east"], severity="URGENT", hours=4, owner_role="SUPERVISOR", trigger="risk"
    )
    actions.open_reviews(now=NOW)
    state = current(Review.objects.get())

    assert (state.severity, state.owner.code, state.respond_by) == ("URGENT", "sana", NOW + timedelta(hours=4))
    assert ReviewSignal.objects.filter(review=state.review).count() == 2


def test_a_later_more_severe_signal_joins_and_moves_the_clock_to_earlier_by_a_new_row(world):
    review = opened(world, severity="HIGH", hours=24)
    signal(
        world.people["pat"],
        world.teams["east"],
        severity="URGENT",
        owner_role="SUPERVISOR",
        hours=4,
        trigger="risk",
        at=NOW + timedelta(hours=1),
    )
    actions.open_reviews(now=NOW + timedelta(hours=1))
    rows = list(review.states.order_by("pk"))

    assert Review.objects.count() == 1
    assert [(row.state, row.severity, row.owner.code) for row in rows] == [
        ("OPENED", "HIGH", "alice"),
        ("OPENED", "URGENT", "sana"),
    ]
    assert rows[0].left_at == rows[1].entered_at
    assert rows[1].respond_by == NOW + timedelta(hours=5)
    assert rows[1].close_by < rows[0].close_by


def test_a_later_milder_signal_joins_and_moves_nothing(world):
    review = opened(world, severity="URGENT", hours=4)
    signal(world.people["pat"], world.teams["east"], severity="ROUTINE", hours=72, trigger="measure-overdue")
    assert actions.open_reviews(now=NOW).joined == 1

    assert review.states.count() == 1
    assert review.signals.count() == 2


def test_a_missed_deadline_climbs_the_ladder_once_a_step(world):
    review = opened(world, severity="URGENT", hours=4)
    told = []
    for hours in (3, 5, 5, 9, 40, 40):
        actions.escalate(now=NOW + timedelta(hours=hours))
        told.append(
            list(Escalation.objects.filter(review=review).order_by("step").values_list("to__code", flat=True))
        )

    assert told == [
        [],
        ["sana"],
        ["sana"],
        ["sana", "lena"],
        ["sana", "lena", "mona"],
        ["sana", "lena", "mona"],
    ]


def test_an_overdue_review_of_a_supervisor_goes_to_the_one_above(world):
    opened(world, severity="URGENT", hours=4, owner_role="SUPERVISOR")
    actions.escalate(now=NOW + timedelta(hours=5))
    assert Escalation.objects.get().to == world.staff["lena"]


def test_an_owner_who_leaves_is_replaced_by_the_next_person(world):
    review = opened(world)
    StaffRole.objects.filter(staff=world.staff["alice"]).update(to_date=date(2026, 3, 3))
    later = NOW + timedelta(days=1)

    assert actions.escalate(now=later).owners_replaced == 1
    assert actions.escalate(now=later).owners_replaced == 0
    assert current(review).owner == world.staff["sana"]
    assert current(review).why == reasons.LEFT


def test_opening_costs_the_same_number_of_reads_for_one_person_and_for_forty(world, django_assert_max_num_queries):
    for number in range(40):
        person = world.person(f"n{number}", team="east", practitioner="alice")
        signal(person, world.teams["east"])
    with django_assert_max_num_queries(20 + 40):  # one audit line a review
        assert actions.open_reviews(now=NOW).reviews == 40
