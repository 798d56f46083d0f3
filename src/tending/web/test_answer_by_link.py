"""Pat answers by link on a phone. Alice made the link; Bob may not."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.collect.answer import actions
from tending.collect.models import Ask, DraftAnswer, Submission
from tending.keep.models import Response
from tending.notice.models import Signal


@pytest.fixture(autouse=True)
def crisis_text(settings, tmp_path):
    cache.clear()
    settings.RAW_STORE = tmp_path / "raw"
    settings.CRISIS_TEXT = {"en": "Call Riverside on 555 0100.", "es": "Llame a Riverside al 555 0100."}


@pytest.fixture
def token(world):
    return actions.ask(by=world.account("alice"), person_id=world.people["pat"].pk, instrument="PHQ-9", language="en")


def answer(client, token, value, questions=range(1, 10)):
    for number in questions:
        page = client.post(f"/answer/{token}/{number}/", {"answer": str(value)})
        assert page.status_code == 302
    return page


def test_a_person_answers_every_question_and_the_record_has_a_scored_response(world, token):
    phone = Client()
    start = phone.get(f"/answer/{token}/")
    assert start.status_code == 200
    assert "short labels" in start.text  # no official wording was loaded
    assert answer(phone, token, 1, range(1, 9)).url == f"/answer/{token}/9/"
    answer(phone, token, 0, [9])
    check = phone.get(f"/answer/{token}/check/")
    assert "Check your answers" in check.text
    done = phone.post(f"/answer/{token}/check/", follow=True)
    assert "Thank you" in done.text
    response = Response.objects.current().get(person=world.people["pat"])
    assert response.items == {str(n): (1 if n < 9 else 0) for n in range(1, 10)}


def test_a_self_harm_answer_is_on_the_supervisors_monday_before_the_person_sees_the_next_page(world, token):
    phone = Client()
    next_page = phone.post(f"/answer/{token}/9/", {"answer": "2"}, follow=True)
    assert "Call Riverside on 555 0100." in next_page.text
    signal = Signal.objects.get(person=world.people["pat"], severity="URGENT")
    monday = world.client("sana").get("/")
    assert "Pat Test" in monday.text
    answer(phone, token, 3, range(1, 9))
    last = phone.post(f"/answer/{token}/check/", follow=True)
    assert "Call Riverside on 555 0100." in last.text
    assert list(Signal.objects.filter(trigger=signal.trigger)) == [signal]  # the whole set is the same evidence
    assert Response.objects.filter(person=world.people["pat"]).count() == 2  # the later one supersedes


def test_sending_twice_is_the_same_submission(world, token):
    phone = Client()
    answer(phone, token, 1)
    phone.post(f"/answer/{token}/check/")
    phone.post(f"/answer/{token}/check/")
    assert Response.objects.filter(person=world.people["pat"]).current().count() == 1
    assert Submission.objects.filter(kind="ANSWERS").count() <= 2


def test_one_can_stop_come_back_change_and_leave_out(world, token):
    phone = Client()
    answer(phone, token, 1, range(1, 4))
    begun = Client().get(f"/answer/{token}/")
    assert f"/answer/{token}/4/" in begun.text
    phone.post(f"/answer/{token}/2/", {"answer": "none"})
    assert actions.given(ask_id=Ask.objects.get().pk) == {"1": 1, "2": None, "3": 1}
    assert DraftAnswer.objects.count() == 4  # nothing was overwritten


def test_slipping_past_a_question_says_what_to_do(token):
    page = Client().post(f"/answer/{token}/1/", {})
    assert page.status_code == 422
    assert "choose not to answer" in page.text


@pytest.mark.parametrize("bad", ["4", "-1", "x", "1'; DROP TABLE"])
def test_an_answer_that_was_not_offered_is_refused(token, bad):
    assert Client().post(f"/answer/{token}/1/", {"answer": bad}).status_code == 422
    assert not DraftAnswer.objects.exists()


def test_the_page_speaks_spanish_when_the_person_does(world):
    token = actions.ask(
        by=world.account("alice"), person_id=world.people["pat"].pk, instrument="PHQ-9", language="es"
    )
    page = Client().get(f"/answer/{token}/1/")
    assert 'lang="es"' in page.text
    assert "Interés" in page.text


def test_wrong_expired_and_withdrawn_links_say_so_and_open_nothing(world, token):
    assert Client().get("/answer/not-a-token/").status_code == 404
    with clock.travelling(to=clock.now() + timedelta(days=30)):
        assert Client().get(f"/answer/{token}/").status_code == 410
    actions.withdraw(by=world.account("alice"), ask_id=Ask.objects.get().pk, why="made by mistake")
    assert Client().get(f"/answer/{token}/1/").status_code == 410


@pytest.mark.slow
def test_two_thousand_guesses_are_throttled_and_then_even_the_right_link_must_wait(token):
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    states = [guesser.get(f"/answer/guess-{number}/").status_code for number in range(2000)]
    assert states.count(404) == 20
    assert states.count(429) == 1980
    assert guesser.get(f"/answer/{token}/").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.8").get(f"/answer/{token}/").status_code == 200


def test_alice_makes_a_link_once_and_bob_cannot_even_see_that_pat_exists(world):
    pat = world.people["pat"].pk
    page = world.client("alice").post(f"/people/{pat}/ask/", {"instrument": "PHQ-9", "language": "en"})
    link = re.search(r"/answer/([\w-]+)/", page.text).group(1)
    assert Client().get(f"/answer/{link}/").status_code == 200
    assert link not in world.client("alice").get(f"/people/{pat}/ask/").text  # shown once, stored nowhere
    assert world.client("bob").get(f"/people/{pat}/ask/").status_code == 404
    assert world.client("boris").get(f"/people/{pat}/ask/").status_code == 403
    assert AuditEvent.objects.filter(what="made a link to answer PHQ-9", person_id=pat).count() == 1
