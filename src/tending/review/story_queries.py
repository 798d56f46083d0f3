"""The reviews of one person as they happened: states with who and when, actions, decisions, what followed.

Who may see the person was asked before.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from tending.review import reasons
from tending.review.models import ActionState, DecisionState, LookBack, Review, ReviewSignal, ReviewState
from tending.review.opening import OPEN_STATES


@dataclass(frozen=True, slots=True)
class StateSeen:
    state: str
    label: str
    entered_at: datetime
    by: str  # empty: the clock
    why: str
    owner: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActionSeen:
    id: int
    kind: str
    what: str
    organisation: str
    assigned_at: datetime
    states: tuple[StateSeen, ...]

    @property
    def now(self) -> StateSeen:
        return self.states[-1]


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    id: int
    kind: str
    what: str
    reason: str
    states: tuple[StateSeen, ...]

    @property
    def now(self) -> StateSeen:
        return self.states[-1]


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    id: int
    opened_at: datetime
    signal_ids: tuple[int, ...]
    states: tuple[StateSeen, ...]
    actions: tuple[ActionSeen, ...]
    decisions: tuple[DecisionSeen, ...]
    followed: str
    followed_words: str
    followed_at: datetime | None
    look_back_due: date | None

    @property
    def open(self) -> bool:
        return self.states[-1].state in OPEN_STATES

    @property
    def begun_at(self) -> datetime | None:
        """When somebody first began to look."""
        return next((state.entered_at for state in self.states if state.state == "UNDER_WAY"), None)

    @property
    def closed_at(self) -> datetime | None:
        return next((state.entered_at for state in reversed(self.states) if state.state == "CLOSED"), None)


def reviews_of_person(*, person_id: int) -> tuple[ReviewSeen, ...]:
    """Every review of one person, the oldest first: six queries."""
    return reviews(ids=Review.objects.filter(person_id=person_id).values_list("pk", flat=True))


def review_of_signal(*, signal_id: int) -> ReviewSeen | None:
    """The review that answers a signal, or nothing yet."""
    found = reviews(ids=ReviewSignal.objects.filter(signal_id=signal_id).values_list("review_id", flat=True))
    return found[0] if found else None


def reviews(*, ids: Collection[int]) -> tuple[ReviewSeen, ...]:
    """These reviews, the oldest first: six queries, or one when there are none."""
    ids = list(ids)
    if not ids:
        return ()
    signals: dict[int, list[int]] = defaultdict(list)
    for review_id, signal_id in (
        ReviewSignal.objects.filter(review_id__in=ids).order_by("pk").values_list("review_id", "signal_id")
    ):
        signals[review_id].append(signal_id)
    states: dict[int, list[StateSeen]] = defaultdict(list)
    for row in ReviewState.objects.filter(review_id__in=ids).select_related("owner", "by__staff").order_by("pk"):
        states[row.review_id].append(_state(row, due_at=row.respond_by))
    actions, decisions = _actions(ids), _decisions(ids)
    followed = {row.review_id: row for row in LookBack.objects.filter(review_id__in=ids)}
    return tuple(
        _review(row, signals[row.pk], states[row.pk], actions[row.pk], decisions[row.pk], followed.get(row.pk))
        for row in Review.objects.filter(pk__in=ids).order_by("opened_at", "pk")
        if states[row.pk]
    )


def _review(
    row: Review,
    signals: list[int],
    states: list[StateSeen],
    actions: list[ActionSeen],
    decisions: list[DecisionSeen],
    followed: LookBack | None,
) -> ReviewSeen:
    return ReviewSeen(
        id=row.pk,
        opened_at=row.opened_at,
        signal_ids=tuple(signals),
        states=tuple(states),
        actions=tuple(actions),
        decisions=tuple(decisions),
        followed=str(LookBack.Followed(followed.followed).label) if followed and followed.followed else "",
        followed_words=followed.words if followed else "",
        followed_at=followed.at if followed else None,
        look_back_due=followed.due_date if followed else None,
    )


def _actions(ids: Collection[int]) -> dict[int, list[ActionSeen]]:
    rows = (
        ActionState.objects.filter(action__review_id__in=ids)
        .select_related("action__organisation", "owner", "by__staff")
        .order_by("action_id", "pk")
    )
    states: dict[int, list[StateSeen]] = defaultdict(list)
    of = {}
    for row in rows:
        states[row.action_id].append(_state(row, due_at=row.due_at))
        of[row.action_id] = row.action
    found: dict[int, list[ActionSeen]] = defaultdict(list)
    for pk, action in of.items():
        where = action.organisation.name if action.organisation else ""
        seen = ActionSeen(pk, action.kind, action.what, where, action.assigned_at, tuple(states[pk]))
        found[action.review_id].append(seen)
    return found


def _decisions(ids: Collection[int]) -> dict[int, list[DecisionSeen]]:
    rows = (
        DecisionState.objects.filter(decision__review_id__in=ids)
        .select_related("decision", "with_staff", "by__staff")
        .order_by("decision_id", "pk")
    )
    states: dict[int, list[StateSeen]] = defaultdict(list)
    of = {}
    for row in rows:
        states[row.decision_id].append(_state(row, due_at=row.due_at))
        of[row.decision_id] = row.decision
    found: dict[int, list[DecisionSeen]] = defaultdict(list)
    for pk, decision in of.items():
        seen = DecisionSeen(pk, decision.kind, decision.what, decision.reason, tuple(states[pk]))
        found[decision.review_id].append(seen)
    return found


def _state(row: ReviewState | ActionState | DecisionState, *, due_at: datetime) -> StateSeen:
    owner = row.with_staff if isinstance(row, DecisionState) else row.owner
    by = row.by
    staff = getattr(by, "staff", None) if by else None
    return StateSeen(
        state=row.state,
        label=str(row.get_state_display()),
        entered_at=row.entered_at,
        by=(staff.name if staff else by.email) if by else "",
        why=reasons.in_words(row.why, {}),
        owner=owner.name,
        due_at=due_at,
    )
