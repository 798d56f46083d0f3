"""Every form of a review sent twice, in turn and both at once: it is done once, and nobody sees an error."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Organisation
from tending.collect.answer import actions as answering
from tending.keep.models import Response
from tending.notice.models import Signal
from tending.review import actions as turning
from tending.review.case_review import actions, commitments
from tending.review.case_review.steps import STEPS
from tending.review.models import Action, Decision, Escalation, Participant, Review
from tending.review.templates import case_review_template
from tending.review.test_opening import NOW, current, opened
from tests.support.world import World, make_world

MORNING = NOW + timedelta(minutes=30)
Sent = tuple[str, int, dict[str, Any]]  # who sends it, what it is about, what it says


def begun(world: World) -> Review:
    review = opened(world)
    actions.begin(review_id=review.pk, leaves=current(review).pk, by=world.account("alice"))
    return review


def seat_of(review: Review, role: str = "SUPERVISOR") -> Participant:
    return Participant.objects.get(review=review, role=role)


def assigned(world: World, review: Review) -> Action:
    about = {"kind": "SAFETY_PLAN", "what": "Go through it", "due_date": None, "organisation_id": None}
    owner = world.staff["alice"].pk
    commitments.add_action(review_id=review.pk, owner_id=owner, token="x", by=world.account("alice"), **about)
    return Action.objects.get(review=review)


def begin(world: World) -> tuple[Review, Sent]:
    review = opened(world)
    return review, ("alice", 0, {"leaves": current(review).pk})


def hand_over(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    said = {"leaves": current(review).pk, "to": world.staff["petra"].pk, "why": "Alice is ill"}
    return review, ("petra", 0, said)


def write(world: World) -> tuple[Review, Sent]:
    return begun(world), ("alice", 0, {"section": "RISK", "text": "Sleeps badly", "token": "t"})


def add_seat(world: World) -> tuple[Review, Sent]:
    return begun(world), ("alice", 0, {"role": "PEER_WORKER", "staff": world.staff["petra"].pk, "token": "t"})


def name_seat(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    seat = seat_of(review, "CARE_COORDINATOR")
    return review, ("alice", seat.pk, {"leaves": current(seat).pk, "staff": world.staff["carl"].pk})


def confirm_seat(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    seat = seat_of(review)
    return review, ("alice", seat.pk, {"leaves": current(seat).pk})


def excuse_seat(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    seat = seat_of(review)
    return review, ("alice", seat.pk, {"leaves": current(seat).pk, "why": "Off this week"})


def correct_seat(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    seat = seat_of(review)
    actions.confirm_seat(participant_id=seat.pk, leaves=current(seat).pk, by=world.account("alice"))
    return review, ("alice", seat.pk, {"leaves": current(seat).pk})


def add_action(world: World) -> tuple[Review, Sent]:
    Organisation.objects.create(code="house", name="Harbour Housing")
    said = {"kind": "PARTNER", "what": "Ask for a bed", "owner": world.staff["carl"].pk, "token": "t"}
    return begun(world), ("alice", 0, said | {"organisation": Organisation.objects.get().pk})


def finish(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    action = assigned(world, review)
    return review, ("alice", action.pk, {"leaves": current(action).pk, "came_of_it": "Went well"})


def decline(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    action = assigned(world, review)
    return review, ("alice", action.pk, {"leaves": current(action).pk, "why": "Not wanted"})


def reopen(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    action = assigned(world, review)
    alice = world.account("alice")
    commitments.finish_action(action_id=action.pk, leaves=current(action).pk, came_of_it="Done", by=alice)
    return review, ("alice", action.pk, {"leaves": current(action).pk, "why": "Not done after all"})


def move(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    action = assigned(world, review)
    said = {"leaves": current(action).pk, "owner": world.staff["carl"].pk, "why": "Carl knows her"}
    return review, ("alice", action.pk, said)


def propose(world: World) -> tuple[Review, Sent]:
    return begun(world), ("alice", 0, {"kind": "STEP_UP", "what": "Day care", "reason": "Worse", "token": "t"})


def decide(world: World) -> tuple[Review, Sent]:
    review = begun(world)
    said = {"kind": "STEP_UP", "what": "Day care", "reason": "Worse"}
    commitments.propose_decision(review_id=review.pk, token="d", by=world.account("alice"), **said)
    decision = Decision.objects.get()
    return review, ("sana", decision.pk, {"leaves": current(decision).pk, "agreed": "yes", "why": "Agreed"})


def note(world: World) -> tuple[Review, Sent]:
    review = begin(world)[0]
    turning.escalate(now=NOW + timedelta(hours=48))
    told = Escalation.objects.filter(to=world.staff["sana"]).first()
    assert told is not None
    return review, ("sana", told.pk, {})


def close(world: World) -> tuple[Review, Sent]:
    review, alice = begun(world), world.account("alice")
    for number, section in enumerate(case_review_template().sections):
        about = {"section": section.code, "text": "", "nothing_to_add": True, "prefilled": []}
        actions.write_entry(review_id=review.pk, token=f"s{number}", by=alice, **about)
    for seat in Participant.objects.filter(review=review, required=True):
        actions.excuse_seat(participant_id=seat.pk, leaves=current(seat).pk, why="Agreed", by=alice)
    return review, ("alice", 0, {"leaves": current(review).pk, "why": "She is safe"})


def look_back(world: World) -> tuple[Review, Sent]:
    review, (_who, _thing, said) = close(world)
    actions.close(review_id=review.pk, by=world.account("alice"), **said)
    return review, ("alice", 0, {"leaves": current(review).pk, "followed": "BETTER", "text": "Settled"})


RECIPES: dict[str, Callable[[World], tuple[Review, Sent]]] = {
    each.__name__: each
    for each in (
        begin,
        hand_over,
        write,
        add_seat,
        name_seat,
        confirm_seat,
        excuse_seat,
        correct_seat,
        add_action,
        finish,
        decline,
        reopen,
        move,
        propose,
        decide,
        note,
        close,
        look_back,
    )
}


def written() -> dict[str, Any]:
    """Every row a form can write, and every line that says so."""
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("review").get_models()
    }
    return rows | {"audit": list(AuditEvent.objects.filter(kind="WRITE").values_list("what", "subject", "why"))}


def form(name: str, review: Review, sent: Sent) -> tuple[str, dict[str, Any]]:
    """The address and the data as a browser sends them."""
    _who, thing, said = sent
    prefix = f"{name}-{thing}" if thing else name
    prefix = f"write-{said['section']}" if name == "write" else prefix
    address = reverse(f"review_{name}", args=[review.pk, thing] if thing else [review.pk])
    data = {f"{prefix}-{key}": value for key, value in said.items()}
    return address, data | {"confirmed": "yes"}


def test_every_form_of_a_review_is_tried():
    assert set(RECIPES) == set(STEPS)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_one_after_the_other(world, name):
    with clock.travelling(to=MORNING):
        review, sent = RECIPES[name](world)
        client = world.client(sent[0])
        before = written()
        address, data = form(name, review, sent)
        assert client.post(address, data).status_code == 302
        once = written()
        assert once != before
        assert client.post(address, data).status_code == 302
        assert written() == once


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(RECIPES))
def test_both_at_once(name):
    world = make_world()
    with clock.travelling(to=MORNING):
        review, sent = RECIPES[name](world)
        account = world.account(sent[0])
        address, data = form(name, review, sent)
        before = written()
    statuses = at_once(account, address, data)
    assert statuses == [302, 302]
    after = written()
    assert after != before
    added = {table: len(after[table]) - len(before[table]) for table in after}
    audit = after["audit"][len(before["audit"]) :]
    assert len(audit) == len(set(audit)) <= 1, audit
    assert max(added.values()) <= 1 or name == "add_action", added


def at_once(account: Account | None, address: str, data: dict[str, Any], times: int = 2) -> list[int]:
    """Several browsers of one person press the button in the same moment."""
    ready, statuses = threading.Barrier(times), []

    def press() -> None:
        try:
            client = Client()
            if account is not None:
                client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
            ready.wait(20)
            with clock.travelling(to=MORNING):
                statuses.append(client.post(address, data).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_answers_handed_in_by_several_presses_at_once_are_one_response(raw_store):
    cache.clear()
    world = make_world()
    pat = world.people["pat"].pk
    with clock.travelling(to=MORNING):
        token = answering.ask(by=world.account("alice"), person_id=pat, instrument="PHQ-9", language="en")
        phone = Client()
        for number in range(1, 10):
            assert phone.post(f"/answer/{token}/{number}/", {"answer": "2"}).status_code == 302
    statuses = at_once(None, f"/answer/{token}/check/", {}, times=4)
    assert statuses == [302] * 4
    assert Response.objects.current().count() == 1
    assert len(Response.objects.current().get().items) == 9
    assert Signal.objects.filter(severity="URGENT").count() == 1
