"""What a review commits people to: actions with an owner and a deadline, decisions with the right to take them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.models import Account
from tending.base.people.models import Organisation
from tending.review import clocks, reasons
from tending.review.case_review.holding import Held, Incomplete, fresh, hold, sent_before, staff_here, words
from tending.review.models import Action, ActionState, Decision, DecisionState, ReviewState
from tending.review.owners import Ladder, Place
from tending.review.rows import next_row, row_to_leave
from tending.review.states import ACTION, DECISION, DID, REVIEW
from tending.review.templates import ActionKind, case_review_template, decision_rights


@transaction.atomic
def add_action(
    *,
    review_id: int,
    kind: str,
    what: str,
    owner_id: int,
    due_date: date | None,
    organisation_id: int | None,
    token: str,
    by: Account,
) -> None:
    """One owner and one deadline from the first moment; the kind's own deadline when none is given."""
    held = hold(review_id=review_id, by=by)
    defined = case_review_template().action_kind(kind)
    if defined is None:
        raise Incomplete(_("Choose what kind of action it is."))
    what = words(what, _("Say what is to be done, so that somebody else could do it."))
    content = {"kind": kind, "what": what, "organisation_id": _organisation(defined, organisation_id)}
    if sent_before(Action.objects.filter(review=held.review), token=token, **content):
        return
    held.check_under_way()
    held.check(ACTION, "assign", "")
    owner = staff_here(owner_id, held=held)
    now = clock.now()
    token = fresh(Action.objects, token, now=now)
    action = Action.objects.create(review=held.review, assigned_at=now, by=by, token=token, **content)
    ActionState.objects.create(
        action=action,
        state=ActionState.State.OPEN,
        owner=owner,
        due_at=_due(due_date, now, days=defined.due_days),
        entered_at=now,
        by=by,
    )
    _now_acting(held, now)
    held.wrote("assigned an action", kind)


def _organisation(kind: ActionKind, organisation_id: int | None) -> int | None:
    if not kind.needs_organisation:
        return None
    if organisation_id is None or not Organisation.objects.filter(pk=organisation_id).exists():
        raise Incomplete(_("Choose the partner organisation this is worked out with."))
    return organisation_id


def _due(day: date | None, now: datetime, *, days: int) -> datetime:
    if day is None:
        return clocks.end_of_day_after(now, days=days)
    if day < clock.local_date(now):
        raise Incomplete(_("The deadline is in the past: choose today or a later day."))
    return clocks.end_of_day(day)


def _now_acting(held: Held, now: datetime) -> None:
    if held.state.state == ReviewState.State.UNDER_WAY:
        held.check(REVIEW, "act", held.state.state)
        next_row(held.state, by=held.by, why=reasons.FIRST_ACTION, at=now, state="ACTING")


@transaction.atomic
def finish_action(*, action_id: int, leaves: int, came_of_it: str, by: Account) -> None:
    held = _hold_action(action_id, by)
    why = words(came_of_it, _("Say what came of it."))
    _move_action(held, action_id, "finish", leaves=leaves, why=why, state=ActionState.State.DONE)


@transaction.atomic
def decline_action(*, action_id: int, leaves: int, why: str, by: Account) -> None:
    held = _hold_action(action_id, by)
    why = words(why, _("Say why it is not done, and what happens instead."))
    _move_action(held, action_id, "decline", leaves=leaves, why=why, state=ActionState.State.DECLINED)


@transaction.atomic
def reopen_action(*, action_id: int, leaves: int, why: str, by: Account) -> None:
    held = _hold_action(action_id, by)
    why = words(why, _("Say why it is still to do."))
    _move_action(held, action_id, "reopen", leaves=leaves, why=why, state=ActionState.State.OPEN)


@transaction.atomic
def move_action(*, action_id: int, leaves: int, owner_id: int, due_date: date | None, why: str, by: Account) -> None:
    """Another owner or another day is another row, with the reason; the first deadline stays readable."""
    held = _hold_action(action_id, by)
    why = words(why, _("Say why the owner or the day changes."))
    owner = staff_here(owner_id, held=held)
    changes: dict[str, Any] = {"owner_id": owner.pk}
    if due_date is not None:
        changes["due_at"] = _due(due_date, clock.now(), days=0)
    _move_action(held, action_id, "move", leaves=leaves, why=why, **changes)


def _hold_action(action_id: int, by: Account) -> Held:
    review_id = Action.objects.filter(pk=action_id).values_list("review_id", flat=True).first() or 0
    return hold(review_id=review_id, by=by)


def _move_action(held: Held, action_id: int, verb: str, *, leaves: int, why: str, **changes: Any) -> None:
    rows = ActionState.objects.filter(action_id=action_id)
    current = row_to_leave(rows, leaves=leaves, by=held.by, why=why, **changes)
    if current is None:
        return
    held.check_open()
    held.check(ACTION, verb, current.state, owner_id=current.owner_id)
    next_row(current, by=held.by, why=why, at=clock.now(), **changes)
    held.wrote(DID["action", verb], why)


@transaction.atomic
def propose_decision(
    *, review_id: int, kind: str, what: str, reason: str, token: str, by: Account
) -> DecisionState | None:
    """Goes to somebody with the right to take it, by its own clock; taken at once when the proposer has it."""
    held = hold(review_id=review_id, by=by)
    defined = decision_rights().kind(kind)
    if defined is None:
        raise Incomplete(_("Choose what kind of decision it is."))
    content = {
        "kind": kind,
        "what": words(what, _("Say what should be decided.")),
        "reason": words(reason, _("Say why, from what the record and the person show.")),
    }
    if sent_before(Decision.objects.filter(review=held.review), token=token, **content):
        return None
    held.check_under_way()
    held.check(DECISION, "propose", "")
    now = clock.now()
    ladder = Ladder.of([held.review.person_id], on=clock.local_date(now))
    with_staff = ladder.decider(defined.roles, Place(held.review.person_id, held.review.team_id))
    if with_staff is None:
        raise Incomplete(_("Nobody here holds the right to decide this. Ask an administrator to name somebody."))
    token = fresh(Decision.objects, token, now=now)
    decision = Decision.objects.create(
        review=held.review, may_decide=list(defined.roles), proposed_at=now, by=by, token=token, **content
    )
    state = DecisionState.objects.create(
        decision=decision,
        state=DecisionState.State.PROPOSED,
        with_staff_id=with_staff,
        due_at=clocks.end_of_day_after(now, days=defined.days_to_decide),
        entered_at=now,
        by=by,
    )
    held.wrote("proposed a decision", kind)
    if _may_decide(held, decision):
        state = next_row(
            state, by=by, why=content["reason"], at=now, state="TAKEN", with_staff_id=held.viewer.staff_id
        )
    return state


def _may_decide(held: Held, decision: Decision) -> bool:
    return any(held.viewer.holds_in(held.review.team_id, role) for role in decision.may_decide)


@transaction.atomic
def decide(*, decision_id: int, leaves: int, agreed: bool, why: str, by: Account) -> None:
    """Take or refuse it; only with the right, and always with the reason."""
    decision = Decision.objects.filter(pk=decision_id).first()
    held = hold(review_id=decision.review_id if decision else 0, by=by)
    assert decision is not None  # hold raised Http404 otherwise
    why = words(why, _("Say why, so that the person and the team can follow it."))
    target = DecisionState.State.TAKEN if agreed else DecisionState.State.REFUSED
    current = row_to_leave(
        DecisionState.objects.filter(decision=decision), leaves=leaves, by=by, why=why, state=target
    )
    if current is None:
        return
    verb = "take" if agreed else "refuse"
    held.check(DECISION, verb, current.state, may_decide=tuple(decision.may_decide))
    next_row(current, by=by, why=why, at=clock.now(), state=target, with_staff_id=held.viewer.staff_id)
    held.wrote(DID["decision", verb], why)
