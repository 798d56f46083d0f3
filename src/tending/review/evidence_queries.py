"""What was done about the signals of a period, as plain rows, for counting."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from tending.review.models import ActionState, Escalation, ReviewSignal, ReviewState

BEGUN = {ReviewState.State.UNDER_WAY, ReviewState.State.ACTING}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a signal was answered. ``joined``: somebody was at work on the person's review already when it arrived."""

    signal_id: int
    review_id: int
    begun_at: datetime | None
    joined: bool
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as first agreed, and how it stands. ``moved``: how often its deadline was put off."""

    id: int
    review_id: int
    kind: str
    assigned_at: datetime
    first_due_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None  # done or declined
    moved: int


def answers(*, team_ids: Collection[int] | None, since: datetime, until: datetime) -> dict[int, Answer]:
    """By signal, for signals noticed in the period: two queries."""
    joined = _joined(team_ids, since, until)
    states: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for review_id, state, entered_at in _states(joined):
        states[review_id].append((state, entered_at))
    return {
        signal_id: answer(signal_id, review_id, joined_at, states[review_id])
        for signal_id, review_id, joined_at in joined.values_list("signal_id", "review_id", "joined_at")
    }


def answer(signal_id: int, review_id: int, joined_at: datetime, states: Sequence[tuple[str, datetime]]) -> Answer:
    """Begun is the first moment from the signal's arrival on at which somebody was looking.

    A signal that joins a review under way is being looked at from its first second; one that sets the review back
    to OPENED (it was more pressing) waits like any other.
    """
    before = [state for state, entered_at in states if entered_at <= joined_at]
    at_work = bool(before) and before[-1] in BEGUN
    later = (at for state, at in states if state in BEGUN and at > joined_at)
    closed = [at for state, at in states if state == ReviewState.State.CLOSED and at >= joined_at]
    return Answer(
        signal_id=signal_id,
        review_id=review_id,
        begun_at=joined_at if at_work else next(later, None),
        joined=at_work,
        closed_at=closed[0] if closed else None,
    )


def actions(*, team_ids: Collection[int] | None, since: datetime, until: datetime) -> tuple[ActionRow, ...]:
    """The actions of the reviews that answer signals of the period, each once: one query."""
    reviews = _joined(team_ids, since, until).values("review_id")
    rows = (
        ActionState.objects.filter(action__review_id__in=reviews)
        .order_by("action_id", "pk")
        .values_list(
            "action_id", "action__review_id", "action__kind", "action__assigned_at", "state", "entered_at", "due_at"
        )
    )
    of: dict[int, list[_State]] = defaultdict(list)
    for row in rows:
        of[row[0]].append(_State(*row[1:]))
    return tuple(_action(action_id, states) for action_id, states in of.items())


class _State(NamedTuple):
    review_id: int
    kind: str
    assigned_at: datetime
    state: str
    entered_at: datetime
    due_at: datetime


def _action(action_id: int, states: list[_State]) -> ActionRow:
    first, last = states[0], states[-1]
    return ActionRow(
        id=action_id,
        review_id=first.review_id,
        kind=first.kind,
        assigned_at=first.assigned_at,
        first_due_at=first.due_at,
        due_at=last.due_at,
        state=last.state,
        ended_at=last.entered_at if last.state != ActionState.State.OPEN else None,
        moved=sum(1 for one, other in pairwise(states) if other.due_at > one.due_at),
    )


def escalations(*, team_ids: Collection[int] | None, since: datetime, until: datetime) -> dict[int, int]:
    """How many steps of the ladder were climbed, by review, for the reviews of the period: one query."""
    reviews = _joined(team_ids, since, until).values("review_id")
    found: dict[int, int] = defaultdict(int)
    for review_id in Escalation.objects.filter(review_id__in=reviews).values_list("review_id", flat=True):
        found[review_id] += 1
    return dict(found)


def _joined(team_ids: Collection[int] | None, since: datetime, until: datetime) -> "QuerySet[ReviewSignal]":
    noticed = Q(signal__noticed_at__gte=since, signal__noticed_at__lt=until)
    if team_ids is not None:
        noticed &= Q(signal__team_id__in=list(team_ids))
    return ReviewSignal.objects.filter(noticed)


def _states(joined: "QuerySet[ReviewSignal]") -> "QuerySet[ReviewState, tuple[int, str, datetime]]":
    return (
        ReviewState.objects.filter(review_id__in=joined.values("review_id"))
        .order_by("pk")
        .values_list("review_id", "state", "entered_at")
    )


def newest() -> tuple[int, ...]:
    """Grows with everything people do about signals, because every state is a row."""
    tables = (ReviewSignal, ReviewState, ActionState, Escalation)
    return tuple(int(table._default_manager.aggregate(newest=Max("pk"))["newest"] or 0) for table in tables)
