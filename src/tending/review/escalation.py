"""What is past its deadline, and who is told next? Each step of the ladder happens once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from outcometables.definitions.triggers import Severity
from tending.base import clock
from tending.base.access.viewer import live_on
from tending.base.audit import actions as audit
from tending.base.people.models import StaffRole
from tending.review import clocks, reasons
from tending.review.models import ActionState, DecisionState, Escalation, LookBack, ReviewState
from tending.review.opening import OPEN_STATES
from tending.review.owners import Ladder, Place
from tending.review.rows import next_row
from tending.review.templates import CaseReviewTemplate

RESPONSE, CLOSE, LOOK_BACK = "RESPONSE", "CLOSE", "LOOK_BACK"


@dataclass(frozen=True, slots=True)
class Overdue:
    review_id: int
    person_id: int
    team_id: int | None
    severity: str
    subject: str
    deadline: datetime
    holder_id: int


def overdue(*, now: datetime) -> tuple[Overdue, ...]:
    """Everything whose deadline has passed and that is still not done, five queries."""
    return tuple(chain(_reviews(now), _actions(now), _decisions(now), _look_backs(now)))


def _reviews(now: datetime) -> Iterable[Overdue]:
    for row in _current_reviews().filter(state=ReviewState.State.OPENED, respond_by__lt=now):
        yield _of_review(row, RESPONSE, row.respond_by)
    for row in _current_reviews().filter(state__in=OPEN_STATES, close_by__lt=now):
        yield _of_review(row, CLOSE, row.close_by)


def _actions(now: datetime) -> Iterable[Overdue]:
    rows = ActionState.objects.filter(left_at__isnull=True, state=ActionState.State.OPEN, due_at__lt=now)
    for row in rows.select_related("action__review"):
        yield _of_part(row.action.review, f"ACTION:{row.action_id}", row.due_at, row.owner_id)


def _decisions(now: datetime) -> Iterable[Overdue]:
    rows = DecisionState.objects.filter(left_at__isnull=True, state=DecisionState.State.PROPOSED, due_at__lt=now)
    for row in rows.select_related("decision__review"):
        yield _of_part(row.decision.review, f"DECISION:{row.decision_id}", row.due_at, row.with_staff_id)


def _look_backs(now: datetime) -> Iterable[Overdue]:
    late = LookBack.objects.filter(at__isnull=True, due_date__lt=clock.local_date(now)).values("review_id")
    due = dict(LookBack.objects.filter(at__isnull=True).values_list("review_id", "due_date"))
    for row in _current_reviews().filter(state=ReviewState.State.CLOSED, review_id__in=late):
        yield _of_review(row, LOOK_BACK, clocks.end_of_day(due[row.review_id]))


def _current_reviews() -> QuerySet[ReviewState]:
    return ReviewState.objects.filter(left_at__isnull=True).select_related("review")


def _of_review(row: ReviewState, subject: str, deadline: datetime) -> Overdue:
    review = row.review
    return Overdue(review.pk, review.person_id, review.team_id, row.severity, subject, deadline, row.owner_id)


def _of_part(review: Any, subject: str, deadline: datetime, holder_id: int) -> Overdue:
    # The severity is the review's, filled in by steps_to_tell with one query for all.
    return Overdue(review.pk, review.person_id, review.team_id, "", subject, deadline, holder_id)


def steps_to_tell(
    late: Sequence[Overdue], ladder: Ladder, *, template: CaseReviewTemplate, now: datetime
) -> list[tuple[Escalation, int]]:
    """The steps whose hour has come and that were not told yet, each with the person it is about."""
    review_ids = {each.review_id for each in late}
    told = set(
        Escalation.objects.filter(review_id__in=review_ids).values_list("review_id", "subject", "deadline", "step")
    )
    severities = dict(_current_reviews().filter(review_id__in=review_ids).values_list("review_id", "severity"))
    new = []
    for each in late:
        rungs = template.escalation[Severity(each.severity or severities[each.review_id])]
        for step in clocks.steps_reached(rungs, deadline=each.deadline, now=now):
            if (each.review_id, each.subject, each.deadline, step) in told:
                continue
            place = Place(each.person_id, each.team_id)
            to = ladder.owner(rungs[step - 1].role, place, but=each.holder_id) or each.holder_id
            new.append((_step(each, step, to, now), each.person_id))
    return new


def _step(late: Overdue, step: int, to: int, now: datetime) -> Escalation:
    return Escalation(
        review_id=late.review_id, subject=late.subject, step=step, to_id=to, deadline=late.deadline, at=now
    )


def write(new: list[tuple[Escalation, int]]) -> list[tuple[Escalation, int]]:
    """Those that were really new: another worker may have told the same step a moment ago."""
    wrote = []
    for step, person_id in new:
        _row, made = Escalation.objects.get_or_create(
            review_id=step.review_id,
            subject=step.subject,
            deadline=step.deadline,
            step=step.step,
            defaults={"to_id": step.to_id, "at": step.at},
        )
        if made:
            wrote.append((step, person_id))
    return wrote


@dataclass(frozen=True, slots=True)
class OwnedByNobodyHere:
    row: ReviewState | ActionState | DecisionState
    review_id: int
    person_id: int
    team_id: int | None
    holder_id: int


def owned_by_nobody_here(*, on: date) -> tuple[OwnedByNobodyHere, ...]:
    """Open reviews, actions and waiting decisions whose holder has no live role any more."""
    here = StaffRole.objects.filter(live_on(on)).values("staff_id")
    reviews = _current_reviews().exclude(Q(owner_id__in=here) | Q(state=ReviewState.State.LOOKED_BACK))
    actions = ActionState.objects.filter(left_at__isnull=True, state="OPEN").exclude(owner_id__in=here)
    decisions = DecisionState.objects.filter(left_at__isnull=True, state="PROPOSED").exclude(with_staff_id__in=here)
    found = [_left(row, row.review, row.owner_id) for row in reviews]
    found += [_left(row, row.action.review, row.owner_id) for row in actions.select_related("action__review")]
    found += [
        _left(row, row.decision.review, row.with_staff_id) for row in decisions.select_related("decision__review")
    ]
    return tuple(found)


def _left(row: Any, review: Any, holder_id: int) -> OwnedByNobodyHere:
    return OwnedByNobodyHere(row, review.pk, review.person_id, review.team_id, holder_id)


def replace_owner(each: OwnedByNobodyHere, ladder: Ladder, *, now: datetime) -> int:
    """Give it to the next person on the ladder; 0 when nobody may own it (nothing changes, and it stays loud)."""
    place = Place(each.person_id, each.team_id)
    if isinstance(each.row, DecisionState):
        to = ladder.decider(each.row.decision.may_decide, place)
        field = "with_staff_id"
    else:
        to = ladder.owner("PRACTITIONER", place)
        field = "owner_id"
    if to is None:
        return 0
    next_row(each.row, by=None, why=reasons.LEFT, at=now, **{field: to})
    audit.wrote(
        by=None,
        what="gave it to the next person: the one before no longer works here",
        person_id=each.person_id,
        subject=f"review {each.review_id}",
    )
    return 1
