"""What does a new review consist of: its owner, its clocks and its seats? Planned first, then written in bulk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from outcometables.definitions.triggers import Severity
from tending.base import clock
from tending.base.audit import actions as audit
from tending.base.tables.rows import add_rows
from tending.notice.queries import SignalToAnswer
from tending.review import clocks, reasons
from tending.review.models import (
    Participant,
    ParticipantState,
    Review,
    ReviewSignal,
    ReviewState,
    UnownedSignal,
)
from tending.review.owners import Ladder, Place
from tending.review.templates import PERSON_SEAT, CaseReviewTemplate

OPEN_STATES = (ReviewState.State.OPENED, ReviewState.State.UNDER_WAY, ReviewState.State.ACTING)


@dataclass(frozen=True, slots=True)
class NewReview:
    signals: tuple[SignalToAnswer, ...]
    review: Review
    state: ReviewState
    seats: tuple[tuple[str, bool, int | None], ...]  # role, required, staff


def severity(signal: SignalToAnswer) -> Severity:
    return Severity(signal.severity)


def by_urgency(signal: SignalToAnswer) -> tuple[int, datetime, int]:
    """Most pressing first."""
    return (-clocks.RANK[signal.severity], signal.respond_by, signal.id)


def current_rows(person_ids: Collection[int]) -> dict[int, ReviewState]:
    """The current state row of each person's open review."""
    rows = ReviewState.objects.filter(
        left_at__isnull=True, state__in=OPEN_STATES, review__person_id__in=person_ids
    ).select_related("review")
    return {row.review.person_id: row for row in rows}


def plan(
    signals: list[SignalToAnswer], ladder: Ladder, *, template: CaseReviewTemplate, now: datetime
) -> NewReview | None:
    """The review these signals of one person ask for; None when nobody in the provider may own it."""
    signals = sorted(signals, key=by_urgency)
    first = signals[0]
    place = Place(first.person_id, first.team_id)
    owner_id = ladder.owner(first.owner_role, place)
    if owner_id is None:
        return None
    review = Review(
        person_id=first.person_id,
        team_id=first.team_id,
        opened_at=now,
        template=template.code,
        template_version=template.version,
    )
    state = ReviewState(
        review=review,
        state=ReviewState.State.OPENED,
        owner_id=owner_id,
        severity=first.severity,
        respond_by=min(signal.respond_by for signal in signals),
        close_by=clocks.end_of_day_after(now, days=template.close_within_days[severity(first)]),
        entered_at=now,
        why=reasons.opened_by(first.trigger),
    )
    seats = tuple(
        (seat.role, seat.required, None if seat.role == PERSON_SEAT else ladder.named(seat.role, place))
        for seat in template.participants
    )
    return NewReview(tuple(signals), review, state, seats)


def write(new: list[NewReview], *, now: datetime) -> None:
    """Everything of all of them, with a fixed number of statements."""
    Review.objects.bulk_create([each.review for each in new])
    for each in new:
        each.state.review_id = each.review.pk
    ReviewState.objects.bulk_create([each.state for each in new])
    add_rows(
        ReviewSignal,
        [{"review_id": e.review.pk, "signal_id": s.id, "joined_at": now} for e in new for s in e.signals],
    )
    _write_seats(new, now)
    resolve_unowned([signal.id for each in new for signal in each.signals], now=now)
    audit.wrote_all(
        lines=[
            audit.Line(
                at=clock.now(),
                by=None,
                what="opened a review",
                person_id=each.review.person_id,
                subject=f"review {each.review.pk}",
                why=", ".join(signal.trigger for signal in each.signals),
            )
            for each in new
        ]
    )


def _write_seats(new: list[NewReview], now: datetime) -> None:
    seats = {f"{each.review.pk}:{seat[0]}": (each.review.pk, *seat) for each in new for seat in each.seats}
    add_rows(
        Participant,
        [
            {"review_id": review_id, "role": role, "required": required, "added_at": now, "token": token}
            for token, (review_id, role, required, _who) in seats.items()
        ],
    )
    made = Participant.objects.filter(review_id__in=[each.review.pk for each in new]).values_list("token", "pk")
    invited = {"state": ParticipantState.State.INVITED.value, "entered_at": now, "why": ""}
    add_rows(ParticipantState, [{**invited, "participant_id": pk, "staff_id": seats[token][3]} for token, pk in made])


def resolve_unowned(signal_ids: Collection[int], *, now: datetime) -> None:
    UnownedSignal.objects.filter(signal_id__in=signal_ids, resolved_at__isnull=True).update(resolved_at=now)
