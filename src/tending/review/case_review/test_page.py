import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Organisation
from tending.review import actions as turning
from tending.review.models import Action, Decision, Entry, Participant
from tending.review.templates import case_review_template
from tending.review.test_opening import NOW, current, opened

MORNING = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _morning():
    with clock.travelling(to=MORNING):
        yield


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def url(review, name="review", *more):
    return reverse(name, args=[review.pk, *more])


def post(world, who, review, name, thing=None, **said):
    """Send a form of the page as a browser would: with the prefix the page gave it."""
    prefix = f"{name}-{thing}" if thing else name
    prefix = f"write-{said['section']}" if name == "write" else prefix
    data = {f"{prefix}-{key}": value for key, value in said.items()}
    data["confirmed"] = "yes"
    more = [thing] if thing else []
    return world.client(who).post(url(review, f"review_{name}", *more), data)


def begun(world):
    review = opened(world)
    assert post(world, "alice", review, "begin", leaves=current(review).pk).status_code == 302
    return review


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_another_teams_review_is_not_there_for_any_form(world, who):
    review = begun(world)
    assert world.client(who).get(url(review)).status_code == 404
    for name in ("begin", "hand_over", "write", "add_seat", "add_action", "propose", "close", "look_back"):
        assert world.client(who).post(url(review, f"review_{name}")).status_code == 404, name


@pytest.mark.parametrize("who", ["boris", "rita", "paolo", "ada", "dara"])
def test_reviews_are_closed_to_those_who_give_no_support(world, who):
    review = opened(world)
    assert world.client(who).get(url(review)).status_code == 403
    assert world.client(who).get(reverse("reviews")).status_code == 403


def test_the_page_says_why_who_owns_it_and_what_to_do_first(world):
    review = opened(world)
    page = text_of(world.client("alice").get(url(review)))
    for words in (
        "Nobody has begun yet",
        "Alice Cast",
        "Due in 23 hours",
        "Begin this review",
        "No score in the record",
    ):
        assert words in page


def test_each_look_is_one_line_and_names_the_person(world):
    review = opened(world)
    world.client("sana").get(url(review))
    lines = AuditEvent.objects.filter(kind="VIEW")
    assert [(line.what, line.person_id) for line in lines] == [("case review", world.people["pat"].pk)]


def test_a_whole_review_is_worked_through_by_its_forms(world):
    review = begun(world)
    partner = Organisation.objects.create(code="house", name="Harbour Housing")
    for number, section in enumerate(case_review_template().sections):
        said = {"section": section.code, "text": f"words {number}", "token": f"t{number}"}
        assert post(world, "alice", review, "write", **said).status_code == 302
    post(
        world,
        "alice",
        review,
        "add_action",
        kind="PARTNER",
        what="Ask for a bed",
        owner=world.staff["carl"].pk,
        organisation=partner.pk,
        token="a",
    )
    action = Action.objects.get()
    post(world, "alice", review, "propose", kind="STEP_UP", what="Day care", reason="Worse", token="d")
    decision = Decision.objects.get()
    page = text_of(world.client("sana").get(url(review)))
    assert "Before it can close" in page
    assert "Still to do: “Ask for a bed”" in page
    assert "Harbour Housing" in page

    leaves = current(decision).pk
    post(world, "sana", review, "decide", decision.pk, leaves=leaves, agreed="yes", why="Agreed with her")
    post(world, "carl", review, "finish", action.pk, leaves=current(action).pk, came_of_it="A bed from Friday")
    for seat in Participant.objects.filter(review=review, required=True):
        name = "excuse_seat" if seat.role == "CARE_COORDINATOR" else "confirm_seat"
        post(world, "alice", review, name, seat.pk, leaves=current(seat).pk, why="Off this week")
    assert "Nothing is left open" in text_of(world.client("alice").get(url(review)))
    closing = post(world, "alice", review, "close", leaves=current(review).pk, why="Bed and day care")
    assert closing.status_code == 302
    assert current(review).state == "CLOSED"

    with clock.travelling(to=MORNING + timedelta(days=30)):
        page = world.client("alice").get("/")
        assert page.context["first"].kind == "LOOK_BACK"
        post(world, "alice", review, "look_back", leaves=current(review).pk, followed="BETTER", text="Settled")
    assert current(review).state == "LOOKED_BACK"
    history = text_of(world.client("alice").get(url(review)))
    for words in ("Review: Under way", "Ask for a bed: Done, Carl Cast", "Day care: Decided", "Looked back: Better"):
        assert words in history


def test_words_that_could_not_be_saved_stay_in_the_form(world):
    review = opened(world)
    answer = post(world, "alice", review, "write", section="RISK", text="Sleeps badly", token="t1")
    assert answer.status_code == 422
    assert "Begin the review first" in text_of(answer)

    post(world, "alice", review, "begin", leaves=current(review).pk)
    answer = post(
        world,
        "alice",
        review,
        "add_action",
        kind="PARTNER",
        what="Ring the clinic",
        owner=world.staff["alice"].pk,
        token="a",
    )
    assert answer.status_code == 422
    assert "Choose the partner organisation" in text_of(answer)
    assert "Ring the clinic" in answer.content.decode()
    assert not Action.objects.exists()


def test_one_press_keeps_what_was_written_in_every_section(world):
    review = begun(world)
    data = {"write-RISK-text": "Sleeps badly", "write-RISK-token": "t1"}
    data |= {"write-ENGAGEMENT-text": "Buses stop at six", "write-ENGAGEMENT-token": "t2"}
    data |= {"write-CONTACTS-nothing_to_add": "on", "write-CONTACTS-token": "t3"}
    answer = world.client("alice").post(url(review, "review_write"), data | {"write-ADHERENCE-token": "t4"})
    assert answer.status_code == 302
    kept = Entry.objects.order_by("section").values_list("section", "text", "nothing_to_add")
    assert list(kept) == [
        ("CONTACTS", "", True),
        ("ENGAGEMENT", "Buses stop at six", False),
        ("RISK", "Sleeps badly", False),
    ]


def test_when_one_section_cannot_be_kept_none_is_and_all_words_stay(world):
    review = begun(world)
    data = {"write-RISK-text": "x" * 10_001, "write-RISK-token": "t1"}
    data |= {"write-ENGAGEMENT-text": "Buses stop at six", "write-ENGAGEMENT-token": "t2"}
    answer = world.client("alice").post(url(review, "review_write"), data)
    assert answer.status_code == 422
    assert "Something here could not be kept. Nothing was saved yet." in text_of(answer)
    assert "Buses stop at six" in answer.content.decode()
    assert not Entry.objects.exists()


def test_nothing_written_anywhere_is_said(world):
    answer = world.client("alice").post(url(begun(world), "review_write"), {"write-RISK-token": "t1"})
    assert "Write what you know, or tick that there is nothing to add." in text_of(answer)


def test_closing_is_asked_once_more(world):
    review = begun(world)
    client = world.client("alice")
    answer = client.post(url(review, "review_close"), {"close-leaves": current(review).pk, "close-why": "Done"})
    assert "Are you sure?" in text_of(answer)
    assert current(review).state == "UNDER_WAY"


def test_a_form_sent_twice_writes_once(world):
    review = begun(world)
    for _ in range(2):
        assert post(world, "alice", review, "write", section="RISK", text="Once", token="same").status_code == 302
    assert Entry.objects.count() == 1


def test_what_the_record_showed_is_kept_beside_what_was_written(world):
    review = begun(world)
    post(world, "alice", review, "write", section="RISK", text="Talked it through", token="t1")
    labels = [line["label"] for line in Entry.objects.get().prefilled]
    assert "Housing" in labels


def test_a_manager_who_was_told_sees_the_duty_and_not_the_record(world):
    review = opened(world, severity="URGENT", hours=4)
    turning.escalate(now=NOW + timedelta(hours=40))
    page = text_of(world.client("mona").get(url(review)))
    assert "The record stays with those who give support" in page
    assert "You were told because a deadline passed" in page
    assert "Pat" not in page


def test_nothing_is_changed_by_looking(world):
    review = opened(world)
    for name in ("begin", "hand_over", "write", "close"):
        assert world.client("alice").get(url(review, f"review_{name}")).status_code == 405


def test_the_list_shows_the_state_the_owner_and_the_clock(world):
    opened(world)
    page = text_of(world.client("sana").get(reverse("reviews")))
    for words in ("Pat Test", "Opened", "Alice Cast", "Due in 23 hours"):
        assert words in page
    assert "Pat Test" not in text_of(world.client("bob").get(reverse("reviews")))
    for show in ("mine", "late", "look-back", "closed"):
        assert "No review here" in text_of(world.client("sana").get(reverse("reviews"), {"show": show}))


def test_the_page_costs_the_same_whatever_happened_in_it(world, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    review = begun(world)
    client = world.client("alice")

    def fill(first, last):
        for number in range(first, last):
            post(world, "alice", review, "write", section="RISK", text=f"{number}", token=f"t{number}")
            post(
                world,
                "alice",
                review,
                "add_action",
                kind="OTHER",
                what=f"{number}",
                owner=world.staff["alice"].pk,
                token=f"a{number}",
            )
            post(world, "alice", review, "propose", kind="STEP_UP", what=f"{number}", reason="x", token=f"d{number}")

    fill(0, 1)
    with CaptureQueriesContext(connection) as one:
        client.get(url(review))
    most = len(one)
    fill(1, 8)
    with django_assert_max_num_queries(most):
        client.get(url(review))
    assert most <= 60
