import os

import pytest
from django.conf import settings

from tending.base.access.policies import StateRefuses, check_transition
from tending.base.access.viewer import viewer_of
from tending.review import models, states
from tending.review.states import OWNER, TABLES, open_verbs, roles_towards

CHOICES = {
    "review": models.ReviewState.State,
    "action": models.ActionState.State,
    "decision": models.DecisionState.State,
    "participant": models.ParticipantState.State,
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_can_be_reached_and_no_arrow_leads_to_a_state_that_is_not(table):
    known = set(CHOICES[table.name].values)
    assert {t.target for t in table.transitions} == known
    assert {t.source for t in table.transitions} <= known | {""}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_verb_from_a_state_leads_to_one_place(table):
    arrows = [(t.verb, t.source) for t in table.transitions]
    assert len(arrows) == len(set(arrows))


def test_the_audit_trail_has_words_for_every_step_somebody_can_take():
    steps = {(t.name, step.verb) for t in TABLES for step in t.transitions if step.source and step.roles}
    assert set(states.DID) == {step for step in steps if step[0] != "review"}


def test_the_reference_page_is_the_tables():
    page = settings.DEFINITIONS.parent / "docs" / "reference" / "review-states.md"
    if os.environ.get("TENDING_WRITE_REFERENCE") == "1":
        page.write_text(states.reference(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == states.reference()


def test_a_state_says_which_verbs_are_open():
    with pytest.raises(StateRefuses, match=r"Cannot close while OPENED. Open from here: begin, hand_over"):
        check_transition(states.REVIEW, verb="close", source="OPENED")


def test_a_lead_leads_only_in_their_own_teams(world):
    sana = viewer_of(world.account("sana"))
    east, west = world.teams["east"].pk, world.teams["west"].pk

    assert "SUPERVISOR" in roles_towards(sana, team_id=east)
    assert "SUPERVISOR" not in roles_towards(sana, team_id=west)
    assert OWNER in roles_towards(sana, team_id=west, owner_id=world.staff["sana"].pk)


def test_an_owner_may_begin_and_a_colleague_may_only_take_over(world):
    alice, petra = (viewer_of(world.account(name)) for name in ("alice", "petra"))
    towards = {"team_id": world.teams["east"].pk, "owner_id": world.staff["alice"].pk}

    assert open_verbs(states.REVIEW, source="OPENED", roles=roles_towards(alice, **towards)) == {
        "begin",
        "hand_over",
        "take_over",
    }
    assert open_verbs(states.REVIEW, source="OPENED", roles=roles_towards(petra, **towards)) == {"take_over"}
