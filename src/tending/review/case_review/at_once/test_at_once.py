"""Many acts at once leave the very rows that the same acts leave one by one, and are refused for the same reasons."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tending.base import clock
from tending.base.access.policies import StateRefuses
from tending.base.access.viewer import viewer_of
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Organisation
from tending.review import actions as turning
from tending.review.case_review import actions, commitments
from tending.review.case_review.at_once import acts
from tending.review.case_review.at_once.doing import do_all
from tending.review.case_review.holding import Incomplete
from tending.review.models import (
    Action,
    ActionState,
    Decision,
    DecisionState,
    Entry,
    LookBack,
    Participant,
    ParticipantState,
    ReviewState,
)
from tending.review.templates import case_review_template
from tending.review.test_opening import NOW, opened, signal

SEATS = ("PRACTITIONER", "CARE_COORDINATOR", "SUPERVISOR")


class OneByOne:
    """The same acts through the single actions, each with the row that a form would have carried."""

    def leaves(self, rows, **of):
        return rows.objects.get(left_at__isnull=True, **of).pk

    def do(self, act):
        about = {"review_id": act.review_id, "by": act.by}
        match act:
            case acts.Begin():
                actions.begin(**about, leaves=self.leaves(ReviewState, review_id=act.review_id))
            case acts.Write():
                more = {"section": act.section, "text": act.text, "nothing_to_add": not act.text, "prefilled": []}
                actions.write_entry(**about, **more, token=f"{act.at}{act.section}")
            case acts.TookPart() | acts.Excuse():
                self.seat(act)
            case acts.Assign():
                commitments.add_action(
                    **about,
                    kind=act.kind,
                    what=act.what,
                    owner_id=act.owner_id,
                    due_date=act.due_date,
                    organisation_id=act.organisation_id,
                    token=act.token,
                )
            case acts.Answer():
                self.answer(act)
            case acts.Propose():
                commitments.propose_decision(
                    **about, kind=act.kind, what=act.what, reason=act.reason, token=act.token
                )
            case acts.Decide():
                of = Decision.objects.get(token=act.token).pk
                leaves = self.leaves(DecisionState, decision_id=of)
                commitments.decide(decision_id=of, leaves=leaves, agreed=act.agreed, why=act.why, by=act.by)
            case acts.Close():
                actions.close(**about, leaves=self.leaves(ReviewState, review_id=act.review_id), why=act.why)
            case acts.LookAgain():
                leaves = self.leaves(ReviewState, review_id=act.review_id)
                actions.look_back(**about, leaves=leaves, followed=act.followed, text=act.text)

    def seat(self, act):
        of = Participant.objects.get(review_id=act.review_id, role=act.role).pk
        about = {"participant_id": of, "leaves": self.leaves(ParticipantState, participant_id=of), "by": act.by}
        if isinstance(act, acts.Excuse):
            actions.excuse_seat(**about, why=act.why)
        else:
            actions.confirm_seat(**about)

    def answer(self, act):
        of = Action.objects.get(token=act.token).pk
        about = {"action_id": of, "leaves": self.leaves(ActionState, action_id=of), "by": act.by}
        if act.done:
            commitments.finish_action(**about, came_of_it=act.why)
        else:
            commitments.decline_action(**about, why=act.why)

    def do_all(self, wanted):
        refused = []
        for act in sorted(wanted, key=lambda act: act.at):
            with clock.travelling(act.at):
                try:
                    with transaction.atomic():
                        self.do(act)
                except (StateRefuses, Incomplete) as refusal:
                    refused.append(str(refusal))
        return refused


def story(world, review):
    """Everything that can be done in a review, some of it too early, some of it by the wrong person."""
    alice, sana, carl = (world.account(name) for name in ("alice", "sana", "carl"))
    partner = Organisation.objects.get_or_create(code="H", defaults={"name": "Hospital", "kind": "HOSPITAL"})[0]
    minutes = iter(range(5, 5000, 5))

    def at(**given):
        kind, by = given.pop("kind_of_act"), given.pop("by", alice)
        return kind(review_id=review.pk, at=NOW + timedelta(minutes=next(minutes)), by=by, **given)

    yield at(kind_of_act=acts.Write, section="RISK", text="Too early")
    yield at(kind_of_act=acts.Begin, by=carl)
    yield at(kind_of_act=acts.Begin)
    yield at(kind_of_act=acts.Begin)
    for section in case_review_template().sections:
        yield at(kind_of_act=acts.Write, section=section.code, text="" if section.code == "CONTACTS" else "Told us")
    yield at(kind_of_act=acts.Write, section="NOWHERE", text="Lost")
    yield at(kind_of_act=acts.TookPart, role="PRACTITIONER")
    yield at(kind_of_act=acts.TookPart, role="PERSON")
    yield at(kind_of_act=acts.Excuse, role="CARE_COORDINATOR", why=" ")
    yield at(kind_of_act=acts.Excuse, role="CARE_COORDINATOR", why="On leave")
    yield at(kind_of_act=acts.Close, why="Too early")
    yield at(kind_of_act=acts.TookPart, role="SUPERVISOR", by=sana)
    mine = {"owner_id": world.staff["alice"].pk}
    yield at(kind_of_act=acts.Assign, token="plan", kind="SAFETY_PLAN", what="Go through the plan", **mine)
    yield at(kind_of_act=acts.Assign, token="none", kind="PARTNER", what="Speak with them", **mine)
    yield at(
        kind_of_act=acts.Assign,
        token="partner",
        kind="PARTNER",
        what="Speak with the ward",
        owner_id=world.staff["carl"].pk,
        organisation_id=partner.pk,
        due_date=clock.local_date(NOW) + timedelta(days=5),
    )
    yield at(kind_of_act=acts.Assign, token="bob", kind="OTHER", what="x", owner_id=world.staff["bob"].pk)
    yield at(kind_of_act=acts.Answer, token="plan", done=True, why="Agreed anew")
    yield at(kind_of_act=acts.Answer, token="plan", done=True, why="Again")
    yield at(kind_of_act=acts.Answer, token="partner", done=False, why="They called first", by=carl)
    about = {"what": "Peer support", "reason": "Comes when somebody comes with them"}
    yield at(kind_of_act=acts.Propose, token="peer", kind="PEER_SUPPORT", **about)
    yield at(kind_of_act=acts.Propose, token="focus", kind="THERAPEUTIC_FOCUS", **about)
    yield at(kind_of_act=acts.Close, why="A decision waits")
    yield at(kind_of_act=acts.Decide, token="peer", agreed=True, why="Not mine to say")
    yield at(kind_of_act=acts.Decide, token="peer", agreed=False, why="The group first", by=sana)
    yield at(kind_of_act=acts.LookAgain, followed="BETTER", text="Not closed yet")
    yield at(kind_of_act=acts.Close, why="Done for now")
    yield at(kind_of_act=acts.Write, section="RISK", text="Too late")
    yield at(kind_of_act=acts.LookAgain, followed="WONDERFUL", text="No such word")
    yield at(kind_of_act=acts.LookAgain, followed="BETTER", text="PHQ-9 from 19 to 11")


def rows(review):
    """Everything written about a review, without the numbers and tokens that differ by chance."""
    found = []
    of = {
        ReviewState: "review",
        ParticipantState: "participant__review",
        ActionState: "action__review",
        DecisionState: "decision__review",
        Action: "review",
        Decision: "review",
        Entry: "review",
        LookBack: "review",
    }
    for model, path in of.items():
        names = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "token", "review", "respond_by")]
        names = ["action__what" if n == "action" else "decision__kind" if n == "decision" else n for n in names]
        names = ["participant__role" if n == "participant" else n for n in names]
        found += [(model.__name__, *values) for values in model.objects.filter(**{path: review}).values_list(*names)]
    lines = AuditEvent.objects.filter(subject=f"review {review.pk}", account__isnull=False)
    found += [("audit", *values) for values in lines.values_list("at", "actor", "what", "why", "kind", "result")]
    return sorted(map(repr, found))


@pytest.mark.parametrize("pieces", [1, 3, 40], ids=["all at once", "in three goes", "each by itself"])
def test_many_at_once_are_the_same_as_one_by_one(world, pieces):
    reviews = []
    for name in ("first", "second"):
        world.person(name, team="east", practitioner="alice")
        reviews.append(opened(world, name))
    one, many = reviews

    with clock.travelling(NOW):
        said = OneByOne().do_all(list(story(world, one)))
        wanted = list(story(world, many))
        # Tokens are unique over all reviews.
        wanted = [act if not hasattr(act, "token") else replace(act, token=f"2-{act.token}") for act in wanted]
        size = -(-len(wanted) // pieces)
        viewers = {world.account(name).pk: viewer_of(world.account(name)) for name in ("alice", "sana", "carl")}
        refused = []
        for start in range(0, len(wanted), size):
            refused += do_all(wanted[start : start + size], viewers=viewers)

    assert [each.why for each in refused] == said
    assert len(said) == 14
    assert rows(many) == rows(one)
    assert one.states.get(left_at__isnull=True).state == many.states.get(left_at__isnull=True).state == "LOOKED_BACK"


def test_a_signal_that_joined_after_the_last_word_keeps_it_open(world):
    review = opened(world)
    alice = world.account("alice")

    def at(minute, kind, **more):
        return kind(review_id=review.pk, at=NOW + timedelta(minutes=minute), by=alice, **more)

    wanted = [at(1, acts.Begin)]
    wanted += [at(2, acts.Write, section=section.code, text="") for section in case_review_template().sections]
    wanted += [at(3, acts.Excuse, role=role, why="By phone") for role in SEATS]
    viewers = {alice.pk: viewer_of(alice)}
    with clock.travelling(NOW):
        assert do_all(wanted, viewers=viewers) == []
    later = NOW + timedelta(hours=1)
    signal(world.people["pat"], world.teams["east"], at=later)
    with clock.travelling(later):
        turning.open_reviews(now=later)
        refused = do_all([at(90, acts.Close, why="All well")], viewers=viewers)
    assert "joined after anything was written" in refused[0].why
