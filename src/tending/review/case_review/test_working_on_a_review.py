from datetime import date, timedelta

import pytest
from django.http import Http404

from tending.base import clock
from tending.base.access.policies import StateRefuses
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Organisation
from tending.review import actions as turning
from tending.review.case_review import actions, commitments
from tending.review.case_review.holding import Incomplete
from tending.review.models import Action, Decision, Entry, Escalation, LookBack, Participant, Review
from tending.review.rows import SomebodyWasFirst
from tending.review.templates import case_review_template
from tending.review.test_opening import NOW, opened, signal

MORNING = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _morning():
    with clock.travelling(to=MORNING):
        yield


def now_of(thing):
    return thing.states.get(left_at__isnull=True)


def begun(world, **kind):
    review = opened(world, **kind)
    actions.begin(review_id=review.pk, leaves=now_of(review).pk, by=world.account("alice"))
    return review


def write(world, review, section="RISK", text="Sleeps badly", token="t1", by="alice"):
    actions.write_entry(
        review_id=review.pk,
        section=section,
        text=text,
        nothing_to_add=not text,
        prefilled=[],
        token=token,
        by=world.account(by),
    )


def assign(world, review, kind="SAFETY_PLAN", token="a1", **more):
    given = {
        "what": "Go through the plan",
        "owner_id": world.staff["alice"].pk,
        "due_date": None,
        "organisation_id": None,
    }
    commitments.add_action(
        review_id=review.pk, kind=kind, token=token, by=world.account("alice"), **{**given, **more}
    )
    return Action.objects.filter(review=review).latest("pk")


def ready_to_close(world, review):
    for number, section in enumerate(case_review_template().sections):
        write(world, review, section.code, text="", token=f"s{number}")
    for seat in Participant.objects.filter(review=review, required=True):
        actions.excuse_seat(
            participant_id=seat.pk, leaves=now_of(seat).pk, why="Agreed by phone", by=world.account("alice")
        )


def test_beginning_stops_the_response_clock_and_a_double_click_doubles_nothing(world):
    review = opened(world)
    leaves = now_of(review).pk
    for _ in range(2):
        actions.begin(review_id=review.pk, leaves=leaves, by=world.account("alice"))

    assert [row.state for row in review.states.order_by("pk")] == ["OPENED", "UNDER_WAY"]
    assert AuditEvent.objects.filter(what="began a review").count() == 1


def test_somebody_else_was_first_is_said_and_changes_nothing(world):
    review = opened(world)
    leaves = now_of(review).pk
    actions.begin(review_id=review.pk, leaves=leaves, by=world.account("alice"))
    with pytest.raises(SomebodyWasFirst, match="changed after you opened the page"):
        actions.begin(review_id=review.pk, leaves=leaves, by=world.account("sana"))
    assert review.states.count() == 2


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_another_teams_review_is_not_there(world, who):
    review = opened(world)
    with pytest.raises(Http404):
        actions.begin(review_id=review.pk, leaves=now_of(review).pk, by=world.account(who))


def test_a_colleague_may_take_it_over_with_a_reason_but_not_hand_it_to_another(world):
    review = begun(world)
    petra, leaves = world.account("petra"), now_of(review).pk
    with pytest.raises(StateRefuses, match="for somebody else to do"):
        actions.hand_over(review_id=review.pk, leaves=leaves, to=world.staff["carl"].pk, why="busy", by=petra)
    with pytest.raises(Incomplete, match="Say why"):
        actions.hand_over(review_id=review.pk, leaves=leaves, to=world.staff["petra"].pk, why=" ", by=petra)
    actions.hand_over(
        review_id=review.pk, leaves=leaves, to=world.staff["petra"].pk, why="Alice is ill today", by=petra
    )

    assert (now_of(review).owner, now_of(review).why) == (world.staff["petra"], "Alice is ill today")


def test_it_cannot_be_handed_to_somebody_outside_the_team(world):
    review = begun(world)
    with pytest.raises(Incomplete, match="works with this team"):
        actions.hand_over(
            review_id=review.pk,
            leaves=now_of(review).pk,
            to=world.staff["bob"].pk,
            why="try",
            by=world.account("alice"),
        )


def test_two_people_writing_at_once_lose_nothing_and_a_form_sent_twice_counts_once(world):
    review = begun(world)
    write(world, review, text="Sleeps badly", token="t1", by="alice")
    write(world, review, text="Sleeps badly", token="t1", by="alice")
    write(world, review, text="Her sister moved in", token="t2", by="sana")
    write(world, review, text="Sleeps badly; new tablets", token="t1", by="alice")  # went back and added words

    texts = [entry.text for entry in Entry.objects.filter(review=review).order_by("pk")]
    assert texts == ["Sleeps badly", "Her sister moved in", "Sleeps badly; new tablets"]


def test_work_waits_for_somebody_to_begin(world):
    review = opened(world)
    with pytest.raises(StateRefuses, match="Begin the review first"):
        write(world, review)


def test_an_action_has_an_owner_and_its_kinds_own_deadline(world):
    review = begun(world)
    for _ in range(2):
        action = assign(world, review, "SAME_DAY_OUTREACH")

    assert Action.objects.count() == 1
    assert now_of(action).due_at == clock.at(date(2026, 3, 2), 23, 59)
    assert now_of(review).state == "ACTING"


def test_partner_coordination_names_the_partner(world):
    review = begun(world)
    with pytest.raises(Incomplete, match="partner organisation"):
        assign(world, review, "PARTNER")
    partner = Organisation.objects.create(code="hospital", name="River Hospital", kind="HOSPITAL")
    assert assign(world, review, "PARTNER", organisation_id=partner.pk).organisation == partner


def test_a_deadline_in_the_past_is_refused_and_a_new_one_is_a_row(world):
    review = begun(world)
    with pytest.raises(Incomplete, match="in the past"):
        assign(world, review, due_date=date(2026, 3, 1))
    action = assign(world, review)
    first = now_of(action)
    commitments.move_action(
        action_id=action.pk,
        leaves=first.pk,
        owner_id=world.staff["carl"].pk,
        due_date=date(2026, 3, 9),
        why="Carl sees her on Monday",
        by=world.account("alice"),
    )
    rows = list(action.states.order_by("pk"))
    assert [row.owner.code for row in rows] == ["alice", "carl"]
    assert rows[0].due_at == clock.at(date(2026, 3, 4), 23, 59)


def test_an_action_is_finished_with_what_came_of_it(world):
    review = begun(world)
    action = assign(world, review)
    act = {"action_id": action.pk, "leaves": now_of(action).pk, "by": world.account("alice")}
    with pytest.raises(Incomplete, match="what came of it"):
        commitments.finish_action(came_of_it="", **act)
    for _ in range(2):
        commitments.finish_action(came_of_it="Agreed a new plan", **act)
    assert [row.state for row in action.states.order_by("pk")] == ["OPEN", "DONE"]


def test_a_decision_beyond_ones_right_waits_for_somebody_who_has_it(world):
    review = begun(world)
    given = {"review_id": review.pk, "what": "Weekly peer visits", "reason": "She asked", "token": "d1"}
    for _ in range(2):
        commitments.propose_decision(kind="PEER_SUPPORT", by=world.account("alice"), **given)
    decision = Decision.objects.get()
    waiting = now_of(decision)
    assert (waiting.state, waiting.with_staff.code) == ("PROPOSED", "sana")

    act = {"decision_id": decision.pk, "leaves": waiting.pk, "agreed": True, "why": "Fits her goal"}
    with pytest.raises(StateRefuses, match="for somebody else"):
        commitments.decide(by=world.account("alice"), **act)
    for _ in range(2):
        commitments.decide(by=world.account("sana"), **act)
    assert [row.state for row in decision.states.order_by("pk")] == ["PROPOSED", "TAKEN"]


def test_a_decision_within_ones_right_is_taken_at_once(world):
    review = begun(world)
    commitments.propose_decision(
        review_id=review.pk,
        kind="CONTACT_FREQUENCY",
        what="Twice a week",
        reason="Worse since February",
        token="d1",
        by=world.account("alice"),
    )
    assert now_of(Decision.objects.get()).state == "TAKEN"


def test_it_closes_only_when_nothing_is_left_and_says_what_is(world):
    review = begun(world)
    action = assign(world, review)
    act = {"review_id": review.pk, "why": "Agreed a plan", "by": world.account("alice")}
    with pytest.raises(StateRefuses) as refused:
        actions.close(leaves=now_of(review).pk, **act)
    for words in ("Practitioner, Care coordinator, Supervisor must have", "Engagement", "Go through the plan"):
        assert words in str(refused.value)

    ready_to_close(world, review)
    commitments.decline_action(
        action_id=action.pk, leaves=now_of(action).pk, why="She prefers June", by=world.account("alice")
    )
    leaves = now_of(review).pk
    for _ in range(2):
        actions.close(leaves=leaves, **act)
    assert now_of(review).state == "CLOSED"
    assert LookBack.objects.get().due_date == date(2026, 4, 1)


def test_a_signal_that_joined_after_the_last_words_keeps_it_open(world):
    review = begun(world)
    ready_to_close(world, review)
    signal(world.people["pat"], world.teams["east"], severity="ROUTINE", trigger="measure-overdue")
    turning.open_reviews(now=MORNING + timedelta(minutes=5))
    with pytest.raises(StateRefuses, match="1 signal joined after anything was written"):
        actions.close(review_id=review.pk, leaves=now_of(review).pk, why="Done", by=world.account("alice"))


def test_looking_back_ends_it_and_a_missed_look_back_climbs_the_ladder(world):
    review = begun(world)
    ready_to_close(world, review)
    actions.close(review_id=review.pk, leaves=now_of(review).pk, why="Done", by=world.account("alice"))
    late = clock.at(date(2026, 4, 2), 9)
    turning.escalate(now=late)
    assert [(step.subject, step.to.code) for step in Escalation.objects.all()] == [("LOOK_BACK", "sana")]

    for _ in range(2):
        actions.look_back(
            review_id=review.pk,
            leaves=review.states.get(state="CLOSED").pk,
            followed="BETTER",
            text="Back at work",
            by=world.account("alice"),
        )
    assert (now_of(review).state, LookBack.objects.get().followed) == ("LOOKED_BACK", "BETTER")
    assert not Review.objects.filter(states__left_at__isnull=True, states__state="CLOSED").exists()


def test_an_overdue_action_is_told_upwards_and_noted_by_the_one_told(world):
    review = begun(world, severity="URGENT")
    assign(world, review, "SAME_DAY_OUTREACH")
    turning.escalate(now=clock.at(date(2026, 3, 3), 8))
    step = Escalation.objects.get(subject__startswith="ACTION:", step=1)
    assert step.to == world.staff["sana"]

    with pytest.raises(StateRefuses, match="told to somebody else"):
        actions.note_escalation(escalation_id=step.pk, by=world.account("alice"))
    actions.note_escalation(escalation_id=step.pk, by=world.account("sana"))
    step.refresh_from_db()
    assert step.seen_at == MORNING


def test_a_more_severe_signal_in_the_middle_asks_somebody_to_begin_again(world):
    review = begun(world)
    signal(world.people["pat"], world.teams["east"], severity="URGENT", owner_role="SUPERVISOR", hours=4, at=MORNING)
    turning.open_reviews(now=MORNING)
    state = now_of(review)
    assert (state.state, state.owner.code, state.respond_by) == ("OPENED", "sana", MORNING + timedelta(hours=4))


def test_every_write_leaves_exactly_one_audit_line(world):
    review = begun(world)
    lines = AuditEvent.objects.filter(kind="WRITE").count()
    write(world, review)
    assign(world, review)
    seat = Participant.objects.get(review=review, role="SUPERVISOR")
    actions.confirm_seat(participant_id=seat.pk, leaves=now_of(seat).pk, by=world.account("alice"))
    assert AuditEvent.objects.filter(kind="WRITE").count() == lines + 3
    assert set(AuditEvent.objects.filter(kind="WRITE").values_list("person_id", flat=True)) == {
        world.people["pat"].pk
    }
