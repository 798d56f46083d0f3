"""Closing a link asks first; with the dialog's word, or the page's, it is closed once."""

from tending.collect.answer import actions
from tending.collect.models import Ask


def test_closing_a_link_asks_and_then_closes_it(world):
    person = world.people["pat"].pk
    actions.ask(by=world.account("alice"), person_id=person, instrument="PHQ-9", language="en")
    ask, alice = Ask.objects.get(), world.client("alice")
    address = f"/people/{person}/ask/{ask.pk}/withdraw/"

    asked = alice.post(address)

    assert asked.status_code == 200
    assert "Close this link?" in asked.text
    assert f'action="{address}"' in asked.text
    assert Ask.objects.get().withdrawn_at is None
    alice.post(address, {"confirmed": "yes"})
    assert Ask.objects.get().withdrawn_at is not None


def test_another_teams_practitioner_is_not_even_asked(world):
    person = world.people["pat"].pk
    actions.ask(by=world.account("alice"), person_id=person, instrument="PHQ-9", language="en")
    answer = world.client("bob").post(f"/people/{person}/ask/{Ask.objects.get().pk}/withdraw/", {"confirmed": "yes"})
    assert answer.status_code == 404
    assert Ask.objects.get().withdrawn_at is None
