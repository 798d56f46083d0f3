"""What was done about signals, and how fast? The review's face to the later stages: frozen rows, never a model."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import care_team_ids, person_or_404
from tending.base.people import queries as people
from tending.review.models import (
    Action,
    ActionState,
    Entry,
    ParticipantState,
    Review,
    ReviewSignal,
    ReviewState,
    UnownedSignal,
)


@dataclass(frozen=True, slots=True)
class AnsweredSignal:
    """One signal and the first thing a person did in its review after it came; None: nothing yet."""

    signal_id: int
    review_id: int
    person_id: int
    team_id: int | None
    severity: str
    noticed_at: datetime
    respond_by: datetime
    responded_at: datetime | None

    def in_time(self, *, now: datetime) -> bool | None:
        """None while the window is still open and nothing was done: not yet an answer, either way."""
        if self.responded_at is not None:
            return self.responded_at <= self.respond_by
        return None if now <= self.respond_by else False


@dataclass(frozen=True, slots=True)
class Commitment:
    """One action: the deadline it was first given, and what became of it."""

    action_id: int
    review_id: int
    person_id: int
    team_id: int | None
    kind: str
    assigned_at: datetime
    first_due_at: datetime
    due_at: datetime
    state: str
    left_open_at: datetime | None  # when it was done or declined

    def in_time(self, *, now: datetime) -> bool | None:
        """By the first deadline; declined counts as answered. None while the window is open."""
        if self.left_open_at is not None:
            return self.left_open_at <= self.first_due_at
        return None if now <= self.first_due_at else False


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    review_id: int
    opened_at: datetime
    state: str
    state_words: str
    severity: str
    owner: str
    closed_at: datetime | None
    came_of_it: str
    followed: str
    followed_words: str


def answered_signals(
    *, viewer: Viewer, since: date, until: date, team_id: int | None = None
) -> tuple[AnsweredSignal, ...]:
    """Signals noticed from ``since`` up to and including ``until``: five queries for any number."""
    check_may(viewer, "see_evidence")
    rows = _of_teams(ReviewSignal.objects.all(), viewer, team_id).filter(
        signal__noticed_at__gte=clock.at(since), signal__noticed_at__lt=clock.at(_day_after(until))
    )
    rows = rows.select_related("review", "signal").order_by("signal__noticed_at", "pk")
    found = list(rows)
    acts = _human_acts({row.review_id for row in found})
    return tuple(
        AnsweredSignal(
            signal_id=row.signal_id,
            review_id=row.review_id,
            person_id=row.review.person_id,
            team_id=row.review.team_id,
            severity=row.signal.severity,
            noticed_at=row.signal.noticed_at,
            respond_by=row.signal.respond_by,
            responded_at=_first_from(acts[row.review_id], row.joined_at),
        )
        for row in found
    )


def commitments(*, viewer: Viewer, since: date, until: date, team_id: int | None = None) -> tuple[Commitment, ...]:
    """Actions assigned in a period: two queries for any number."""
    check_may(viewer, "see_evidence")
    actions = _of_teams(Action.objects.all(), viewer, team_id).filter(
        assigned_at__gte=clock.at(since), assigned_at__lt=clock.at(_day_after(until))
    )
    found = list(actions.select_related("review").order_by("assigned_at", "pk"))
    states: dict[int, list[ActionState]] = defaultdict(list)
    for state in ActionState.objects.filter(action_id__in=[action.pk for action in found]).order_by("pk"):
        states[state.action_id].append(state)
    return tuple(_commitment(action, states[action.pk]) for action in found)


def reviews_of_person(*, viewer: Viewer, person_id: int) -> tuple[ReviewSeen, ...]:
    """The reviews of one visible person, the newest first: two queries after the look at who may see."""
    person_or_404(viewer, person_id)
    reviews = Review.objects.filter(person_id=person_id).select_related("look_back").order_by("-opened_at", "-pk")
    states: dict[int, list[ReviewState]] = defaultdict(list)
    rows = ReviewState.objects.filter(review__person_id=person_id).select_related("owner").order_by("pk")
    for row in rows:
        states[row.review_id].append(row)
    return tuple(_seen(review, states[review.pk]) for review in reviews)


def signals_nobody_owns() -> tuple[int, ...]:
    """Signals for which nobody in the provider could be named; health and the administrator's Monday show them."""
    rows = UnownedSignal.objects.filter(resolved_at__isnull=True).order_by("since", "pk")
    return tuple(rows.values_list("signal_id", flat=True))


def owners_who_cannot_sign_in() -> dict[int, str]:
    """Staff who own an open review and have no way to see it: an administrator gives them an account."""
    owners = ReviewState.objects.filter(left_at__isnull=True).exclude(state=ReviewState.State.LOOKED_BACK)
    return people.staff_who_cannot_sign_in(staff_ids=set(owners.values_list("owner_id", flat=True)))


def _of_teams(rows: "QuerySet", viewer: Viewer, team_id: int | None) -> "QuerySet":  # type: ignore[type-arg]
    teams = care_team_ids(viewer, "see_evidence")
    if teams is not None:
        rows = rows.filter(review__team_id__in=teams)
    return rows if team_id is None else rows.filter(review__team_id=team_id)


def _human_acts(review_ids: Collection[int]) -> dict[int, list[datetime]]:
    """Every instant at which a person did something in each review, in order: four queries."""
    acts: dict[int, list[datetime]] = defaultdict(list)
    sources = (
        ReviewState.objects.filter(review_id__in=review_ids, by__isnull=False).values_list("review_id", "entered_at"),
        Entry.objects.filter(review_id__in=review_ids).values_list("review_id", "at"),
        Action.objects.filter(review_id__in=review_ids, by__isnull=False).values_list("review_id", "assigned_at"),
        ParticipantState.objects.filter(participant__review_id__in=review_ids, by__isnull=False).values_list(
            "participant__review_id", "entered_at"
        ),
    )
    for rows in sources:
        for review_id, at in rows:
            acts[review_id].append(at)
    for instants in acts.values():
        instants.sort()
    return acts


def _first_from(instants: list[datetime], since: datetime) -> datetime | None:
    place = bisect_left(instants, since)
    return instants[place] if place < len(instants) else None


def _commitment(action: Action, states: list[ActionState]) -> Commitment:
    first, last = states[0], states[-1]
    still_open = last.state == ActionState.State.OPEN
    return Commitment(
        action_id=action.pk,
        review_id=action.review_id,
        person_id=action.review.person_id,
        team_id=action.review.team_id,
        kind=action.kind,
        assigned_at=action.assigned_at,
        first_due_at=first.due_at,
        due_at=last.due_at,
        state=last.state,
        left_open_at=None if still_open else last.entered_at,
    )


def _seen(review: Review, states: list[ReviewState]) -> ReviewSeen:
    last = states[-1]
    closed = next((row for row in states if row.state == ReviewState.State.CLOSED), None)
    look_back = getattr(review, "look_back", None)
    return ReviewSeen(
        review_id=review.pk,
        opened_at=review.opened_at,
        state=last.state,
        state_words=str(last.get_state_display()),
        severity=last.severity,
        owner=last.owner.name,
        closed_at=closed.entered_at if closed else None,
        came_of_it=closed.why if closed else "",
        followed=look_back.followed if look_back else "",
        followed_words=look_back.words if look_back else "",
    )


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
