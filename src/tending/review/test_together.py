"""Several at once, in real threads on the real database: one does it, the others find it done; nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.support.world import make_world

from tending.base import clock
from tending.review import actions as turning
from tending.review.case_review import actions, commitments
from tending.review.models import Action, Entry, Escalation, Review, ReviewSignal, ReviewState
from tending.review.rows import SomebodyWasFirst
from tending.review.test_opening import NOW, current, signal

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run them all at the same moment; what each gave, or the refusal it met."""
    ready = Barrier(len(acts))

    def run(act):
        try:
            with clock.travelling(to=NOW):
                ready.wait()
                return act()
        except SomebodyWasFirst as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def review(world):
    signal(world.people["pat"], world.teams["east"], severity="URGENT", hours=1)
    with clock.travelling(to=NOW):
        turning.open_reviews(now=NOW)
        review = Review.objects.get()
        actions.begin(review_id=review.pk, leaves=current(review).pk, by=world.account("alice"))
    return review


def test_four_workers_open_and_escalate_once(world):
    for number in range(8):
        person = world.person(f"n{number}", team="east", practitioner="alice")
        for severity in ("HIGH", "URGENT"):
            signal(person, world.teams["east"], severity=severity, hours=-1)

    def work():
        turning.open_reviews(now=NOW)
        turning.escalate(now=NOW)

    at_once(work, work, work, work)
    assert (Review.objects.count(), ReviewSignal.objects.count()) == (8, 16)
    assert ReviewState.objects.filter(left_at__isnull=True).count() == 8
    assert Escalation.objects.count() == 8


def test_two_people_hand_it_over_at_once_and_one_is_told(world, review):
    leaves = current(review).pk

    def give(to, by):
        return lambda: actions.hand_over(
            review_id=review.pk, leaves=leaves, to=world.staff[to].pk, why=f"to {to}", by=world.account(by)
        )

    met = at_once(give("carl", "alice"), give("petra", "sana"))
    assert sorted(type(each).__name__ for each in met) == ["NoneType", "SomebodyWasFirst"]
    assert current(review).owner.code in ("carl", "petra")


def test_eight_people_write_at_once_and_every_word_is_there(world, review):
    def write(number):
        return lambda: actions.write_entry(
            review_id=review.pk,
            section="RISK",
            text=f"words {number}",
            nothing_to_add=False,
            prefilled=[],
            token=f"t{number}",
            by=world.account("alice" if number % 2 else "sana"),
        )

    at_once(*(write(number) for number in range(8)))
    assert set(Entry.objects.values_list("text", flat=True)) == {f"words {number}" for number in range(8)}


def test_a_double_click_that_arrives_twice_at_once_assigns_once(world, review):
    def assign():
        commitments.add_action(
            review_id=review.pk,
            kind="CARE_PLAN",
            what="Agree on mornings",
            owner_id=world.staff["alice"].pk,
            due_date=None,
            organisation_id=None,
            token="same",
            by=world.account("alice"),
        )

    at_once(assign, assign, assign)
    assert Action.objects.count() == 1
    assert [row.state for row in review.states.order_by("pk")] == ["OPENED", "UNDER_WAY", "ACTING"]
