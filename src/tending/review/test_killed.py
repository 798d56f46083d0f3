"""Killed at any write, the next run does the rest: nothing is lost, nothing is doubled."""

from datetime import timedelta

import pytest
from django.db import connection

from tending.base.audit.models import AuditEvent
from tending.notice.models import Signal
from tending.review import actions
from tending.review.models import Escalation, ParticipantState, Review, ReviewSignal, ReviewState
from tending.review.test_opening import NOW, signal


class Killed(Exception):
    """Stands for the process that was ended."""


def state():
    tables = (Review, ReviewState, ReviewSignal, ParticipantState, Escalation)
    return [table.objects.count() for table in tables] + [AuditEvent.objects.filter(kind="WRITE").count()]


@pytest.fixture
def people(world):
    for number in range(6):
        person = world.person(f"n{number}", team="east", practitioner="alice")
        signal(person, world.teams["east"], severity="URGENT", hours=1)
    return world


def run(now):
    actions.open_reviews(now=now)
    actions.escalate(now=now)


@pytest.mark.parametrize("killed_at", range(1, 31))
def test_killed_at_a_write_and_run_again_is_the_same_as_never_killed(people, monkeypatch, killed_at):
    monkeypatch.setattr(actions, "PEOPLE_AT_ONCE", 2)
    writes = 0

    def dying(execute, sql, *rest):
        nonlocal writes
        if sql.startswith(("INSERT", "UPDATE")):
            writes += 1
            if writes == killed_at:
                raise Killed
        return execute(sql, *rest)

    later = NOW + timedelta(hours=2)
    with connection.execute_wrapper(dying), pytest.raises(Killed):
        run(later)
    run(later)
    # Six reviews with five seats each, one step of the ladder for each; one audit line for each of both.
    assert state() == [6, 6, 6, 30, 6, 12]
    run(later)
    assert state() == [6, 6, 6, 30, 6, 12]


def test_the_order_in_which_signals_arrive_does_not_matter(world):
    def story(kinds):
        for trigger, severity, hours, role in kinds:
            signal(
                world.people["pat"],
                world.teams["east"],
                trigger=trigger,
                severity=severity,
                hours=hours,
                owner_role=role,
                key=trigger,
            )
            actions.open_reviews(now=NOW)
        row = ReviewState.objects.get(left_at__isnull=True)
        found = (row.severity, row.respond_by, row.owner.code, Review.objects.count())
        Review.objects.all().delete()
        ReviewSignal.objects.all().delete()
        return found

    kinds = [
        ("a", "ROUTINE", 72, "PRACTITIONER"),
        ("b", "URGENT", 4, "SUPERVISOR"),
        ("c", "HIGH", 24, "CARE_COORDINATOR"),
    ]
    first = story(kinds)
    Signal.objects.all().delete()
    assert story(kinds[::-1]) == first == ("URGENT", NOW + timedelta(hours=4), "sana", 1)
