"""Do many acts, in the order of their time: each is allowed or refused as if its person had sent the form.

The rules are those of the single acts: the same tables of states, the same roles, the same closing rules. What is
saved is reading everything anew for each act and writing each row by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.policies import StateRefuses
from tending.base.access.viewer import Viewer
from tending.review import clocks, reasons
from tending.review.case_review.at_once import acts
from tending.review.case_review.at_once.board import Board, OnBoard, Row
from tending.review.case_review.closing import still_missing
from tending.review.case_review.holding import Held, Incomplete, words
from tending.review.models import Action, ActionState, Decision, DecisionState, Entry, LookBack, ReviewState
from tending.review.owners import Ladder, Place
from tending.review.states import ACTION, DECISION, DID, PARTICIPANT, REVIEW
from tending.review.templates import PERSON_SEAT, case_review_template, decision_rights
from tending.review.visibility import reviews_visible

OWNING = ("PRACTITIONER", "CARE_COORDINATOR", "PEER_WORKER", "SUPERVISOR", "CLINICAL_LEAD")


@dataclass(frozen=True, slots=True)
class Refused:
    act: acts.Act
    why: str


@transaction.atomic
def do_all(wanted: Sequence[acts.Act], *, viewers: Mapping[int, Viewer]) -> list[Refused]:
    """Write them all; those that the rules refuse come back with the words their person would have read.

    ``viewers`` is who each account is on that day, by the account's number.
    """
    board = Board({act.review_id for act in wanted})
    people = {found.review.person_id for found in board.reviews.values()}
    ladder = Ladder.of(people, on=clock.today())
    refused = []
    for act in sorted(wanted, key=lambda act: (act.at, act.review_id)):
        found = board.reviews[act.review_id]
        try:
            held = _hold(found, act, viewers[act.by.pk])
            _DO[type(act)](act, found, held, board, ladder)
        except (StateRefuses, Incomplete) as refusal:
            refused.append(Refused(act, str(refusal)))
    board.write()
    return refused


def _hold(found: OnBoard, act: acts.Act, viewer: Viewer) -> Held:
    check_may(viewer, "work_on_review")
    involved = viewer.staff_id in {
        found.state.owner_id,
        *(row.owner_id for row in found.actions.values()),
        *(row.with_staff_id for row in found.decisions.values()),
    }
    if not involved and not reviews_visible(viewer).filter(pk=act.review_id).exists():
        raise StateRefuses(_("No such review among those you work on."))
    return Held(found.review, found.state, viewer, act.by)


def _begin(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    held.check(REVIEW, "begin", found.state.state)
    _step(act, found, board, what="began a review", state=ReviewState.State.UNDER_WAY)


def _step(act: Any, found: OnBoard, board: Board, *, what: str, why: str = "", **changes: Any) -> None:
    found.state = board.next_row(found.state, by=act.by, why=why, at=act.at, **changes)
    board.wrote(found, by=act.by, at=act.at, what=what, why=why)


def _write(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    if case_review_template().section(act.section) is None:
        raise Incomplete(_("There is no such section in this review."))
    held.check_under_way()
    if not held.viewer.holds(*OWNING):
        raise StateRefuses(_("Only those who give support write in a review."))
    token = f"{act.review_id}:{act.section}:{act.at.timestamp():.0f}"
    text = act.text.strip()
    board.add(
        Entry(
            review=found.review,
            section=act.section,
            text=text,
            nothing_to_add=not text,
            prefilled=[],
            at=act.at,
            by=act.by,
            token=token,
        )
    )
    found.sections.add(act.section)
    found.wrote_at = act.at
    board.wrote(found, by=act.by, at=act.at, what="wrote in a review", why=act.section)


def _took_part(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    if found.seats[act.role].staff_id is None and act.role != PERSON_SEAT:
        raise Incomplete(_("Name who it was first."))
    _seat(act, found, held, board, verb="confirm", state="TOOK_PART")


def _excuse(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    why = words(act.why, _("Say why the review goes on without them."))
    _seat(act, found, held, board, verb="excuse", state="EXCUSED", why=why)


def _seat(act: Any, found: OnBoard, held: Held, board: Board, *, verb: str, state: str, why: str = "") -> None:
    held.check_under_way()
    held.check(PARTICIPANT, verb, found.seats[act.role].state)
    found.seats[act.role] = board.next_row(found.seats[act.role], by=act.by, why=why, at=act.at, state=state)
    board.wrote(found, by=act.by, at=act.at, what=DID["participant", verb], why=why)


def _assign(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    defined = case_review_template().action_kind(act.kind)
    if defined is None:
        raise Incomplete(_("Choose what kind of action it is."))
    if defined.needs_organisation and act.organisation_id is None:
        raise Incomplete(_("Choose the partner organisation this is worked out with."))
    what = words(act.what, _("Say what is to be done, so that somebody else could do it."))
    held.check_under_way()
    held.check(ACTION, "assign", "")
    _check_works_here(act.owner_id, found, ladder)
    organisation_id = act.organisation_id if defined.needs_organisation else None
    action = Action(
        review=found.review,
        kind=act.kind,
        what=what,
        organisation_id=organisation_id,
        assigned_at=act.at,
        by=act.by,
        token=act.token,
    )
    board.add(action)
    due_at = clocks.end_of_day_after(act.at, days=defined.due_days)
    if act.due_date is not None:
        due_at = clocks.end_of_day(act.due_date)
    first = ActionState(
        action=action, state="OPEN", owner_id=act.owner_id, due_at=due_at, entered_at=act.at, by=act.by
    )
    found.actions[act.token] = board.enter(first)
    if found.state.state == ReviewState.State.UNDER_WAY:
        held.check(REVIEW, "act", found.state.state)
        acting = {"why": reasons.FIRST_ACTION, "state": ReviewState.State.ACTING}
        found.state = board.next_row(found.state, by=act.by, at=act.at, **acting)
    board.wrote(found, by=act.by, at=act.at, what="assigned an action", why=act.kind)


def _check_works_here(staff_id: int, found: OnBoard, ladder: Ladder) -> None:
    team = found.review.team_id
    reach = (None, team)
    here = any(each.staff_id == staff_id and (team is None or each.team_id in reach) for each in ladder.held)
    person = found.review.person_id
    supports = any(staff_id in staff for (who, _role), staff in ladder.caseload.items() if who == person)
    if not here and not supports:
        raise Incomplete(_("Choose somebody who works with this team today."))


def _answer(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    row = _of_token(found.actions, act.token)
    verb, state = ("finish", "DONE") if act.done else ("decline", "DECLINED")
    why = words(act.why, _("Say what came of it."))
    held.check_under_way()
    held.check(ACTION, verb, row.state, owner_id=row.owner_id)
    found.actions[act.token] = board.next_row(row, by=act.by, why=why, at=act.at, state=state)
    board.wrote(found, by=act.by, at=act.at, what=DID["action", verb], why=why)


def _of_token(rows: Mapping[str, Row], token: str) -> Row:
    if token not in rows:
        raise Incomplete(_("There is no such action or decision in this review."))
    return rows[token]


def _propose(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    """Goes to somebody with the right to take it; taken at once when the proposer has it."""
    defined = decision_rights().kind(act.kind)
    if defined is None:
        raise Incomplete(_("Choose what kind of decision it is."))
    held.check_under_way()
    held.check(DECISION, "propose", "")
    with_staff = ladder.decider(defined.roles, Place(found.review.person_id, found.review.team_id))
    if with_staff is None:
        raise Incomplete(_("Nobody here holds the right to decide this. Ask an administrator to name somebody."))
    decision = Decision(
        review=found.review,
        kind=act.kind,
        what=words(act.what, _("Say what should be decided.")),
        reason=words(act.reason, _("Say why, from what the record and the person show.")),
        may_decide=list(defined.roles),
        proposed_at=act.at,
        by=act.by,
        token=act.token,
    )
    board.add(decision)
    due_at = clocks.end_of_day_after(act.at, days=defined.days_to_decide)
    row = DecisionState(
        decision=decision, state="PROPOSED", with_staff_id=with_staff, due_at=due_at, entered_at=act.at, by=act.by
    )
    found.decisions[act.token] = board.enter(row)
    board.wrote(found, by=act.by, at=act.at, what="proposed a decision", why=act.kind)
    if any(held.viewer.holds_in(found.review.team_id, role) for role in defined.roles):
        mine = {"state": "TAKEN", "with_staff_id": held.viewer.staff_id}
        found.decisions[act.token] = board.next_row(row, by=act.by, why=decision.reason, at=act.at, **mine)


def _decide(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    row = _of_token(found.decisions, act.token)
    verb, state = ("take", "TAKEN") if act.agreed else ("refuse", "REFUSED")
    why = words(act.why, _("Say why, so that the person and the team can follow it."))
    held.check(DECISION, verb, row.state, may_decide=tuple(row.decision.may_decide))
    mine = {"state": state, "with_staff_id": held.viewer.staff_id}
    found.decisions[act.token] = board.next_row(row, by=act.by, why=why, at=act.at, **mine)
    board.wrote(found, by=act.by, at=act.at, what=DID["decision", verb], why=why)


def _close(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    held.check(REVIEW, "close", found.state.state)
    if missing := still_missing(found.facts(case_review_template())):
        raise StateRefuses(" ".join([_("Not yet:"), *missing]))
    why = words(act.why, _("Say in a sentence what came of the review."))
    _step(act, found, board, what="closed a review", why=why, state=ReviewState.State.CLOSED)
    due = clocks.end_of_day_after(act.at, days=case_review_template().look_back_days)
    found.look_back = LookBack(review=found.review, due_date=clock.local_date(due))
    board.add(found.look_back)


def _look_again(act: Any, found: OnBoard, held: Held, board: Board, ladder: Ladder) -> None:
    held.check(REVIEW, "look_back", found.state.state)
    text = words(act.text, _("Say what followed, and what happens next if it is not better."))
    if act.followed not in LookBack.Followed.values:
        raise Incomplete(_("Choose how things are now."))
    _step(act, found, board, what="looked back", why=text, state=ReviewState.State.LOOKED_BACK)
    if found.look_back is not None:
        board.answer(found.look_back, followed=act.followed, words=text, at=act.at, by=act.by)


_DO: dict[type[acts.Act], Callable[[Any, OnBoard, Held, Board, Ladder], None]] = {
    acts.Begin: _begin,
    acts.Write: _write,
    acts.TookPart: _took_part,
    acts.Excuse: _excuse,
    acts.Assign: _assign,
    acts.Answer: _answer,
    acts.Propose: _propose,
    acts.Decide: _decide,
    acts.Close: _close,
    acts.LookAgain: _look_again,
}
