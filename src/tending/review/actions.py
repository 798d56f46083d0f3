"""What the clock and the signals do: open what must be opened, tell whom must be told. Safe to run again, anywhere.

Both compare what should be with what is, and write the difference. Killed half-way, the next run does the rest.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from tending.base import clock
from tending.base.audit import actions as audit
from tending.base.people.models import Person
from tending.notice import queries as notice
from tending.notice.queries import SignalToAnswer
from tending.review import clocks, escalation, opening, reasons
from tending.review.clocks import Urgency
from tending.review.models import ReviewSignal, ReviewState, UnownedSignal
from tending.review.owners import Ladder, Place
from tending.review.rows import next_row
from tending.review.templates import case_review_template

Thing = TypeVar("Thing")
PEOPLE_AT_ONCE = 200  # one short transaction each: other writers wait milliseconds


@dataclass(frozen=True, slots=True)
class Opened:
    reviews: int = 0
    joined: int = 0
    unowned: int = 0

    def __add__(self, other: "Opened") -> "Opened":
        return Opened(self.reviews + other.reviews, self.joined + other.joined, self.unowned + other.unowned)


@dataclass(frozen=True, slots=True)
class Escalated:
    told: int = 0
    owners_replaced: int = 0


def open_reviews(*, now: datetime, person_ids: Collection[int] | None = None) -> Opened:
    """Every signal gets a review with one named owner: a new one, or the one already open for that person.

    ``person_ids`` names whose signals; None is everybody's.
    """
    waiting = notice.signals_to_answer(answered=ReviewSignal.objects.values("signal_id"), person_ids=person_ids)
    by_person: dict[int, list[SignalToAnswer]] = {}
    for signal in waiting:
        by_person.setdefault(signal.person_id, []).append(signal)
    opened = Opened()
    for person_ids in _chunks(sorted(by_person)):
        opened += _open_for(person_ids, by_person, now=now)
    return opened


@transaction.atomic
def _open_for(person_ids: Sequence[int], by_person: dict[int, list[SignalToAnswer]], *, now: datetime) -> Opened:
    # Two workers take turns on the same person; the second finds the signals answered.
    list(Person.objects.select_for_update().filter(pk__in=person_ids).order_by("pk").values_list("pk"))
    signal_ids = [signal.id for person_id in person_ids for signal in by_person[person_id]]
    answered = set(ReviewSignal.objects.filter(signal_id__in=signal_ids).values_list("signal_id", flat=True))
    current = opening.current_rows(person_ids)
    ladder = Ladder.of(person_ids, on=clock.local_date(now))
    new: list[opening.NewReview] = []
    joined = unowned = 0
    for person_id in person_ids:
        signals = [signal for signal in by_person[person_id] if signal.id not in answered]
        if not signals:
            continue
        if person_id in current:
            _join(current[person_id], signals, ladder, now=now)
            joined += len(signals)
            continue
        planned = opening.plan(signals, ladder, template=case_review_template(), now=now)
        if planned is None:
            unowned += _nobody(signals, now=now)
        else:
            new.append(planned)
    opening.write(new, now=now)
    return Opened(len(new), joined, unowned)


def _join(state: ReviewState, signals: list[SignalToAnswer], ladder: Ladder, *, now: datetime) -> None:
    """Later signals belong to the review that is open; a more pressing one asks somebody to begin again."""
    ReviewSignal.objects.bulk_create(
        [ReviewSignal(review_id=state.review_id, signal_id=signal.id, joined_at=now) for signal in signals]
    )
    opening.resolve_unowned([signal.id for signal in signals], now=now)
    template = case_review_template()
    for signal in sorted(signals, key=opening.by_urgency):
        days = template.close_within_days[opening.severity(signal)]
        joining = Urgency(signal.severity, signal.respond_by, clocks.end_of_day_after(now, days=days))
        was = Urgency(state.severity, state.respond_by, state.close_by)
        becomes = clocks.pressed(was, joining, begun=state.state != ReviewState.State.OPENED)
        if becomes is None:
            continue
        owner = state.owner_id
        if clocks.RANK[becomes.severity] > clocks.RANK[was.severity]:
            owner = ladder.owner(signal.owner_role, Place(signal.person_id, signal.team_id)) or owner
        state = next_row(
            state,
            by=None,
            at=now,
            why=reasons.pressed_by(signal.trigger),
            state=ReviewState.State.OPENED,
            owner_id=owner,
            severity=becomes.severity,
            respond_by=becomes.respond_by,
            close_by=becomes.close_by,
        )
    audit.wrote(
        by=None,
        what="signals joined a review",
        person_id=signals[0].person_id,
        subject=f"review {state.review_id}",
        why=", ".join(signal.trigger for signal in signals),
    )


def _nobody(signals: list[SignalToAnswer], *, now: datetime) -> int:
    """Nobody in the whole provider may own a review: said loudly, once a signal, until somebody can."""
    known = set(
        UnownedSignal.objects.filter(signal_id__in=[signal.id for signal in signals]).values_list(
            "signal_id", flat=True
        )
    )
    new = [signal for signal in signals if signal.id not in known]
    UnownedSignal.objects.bulk_create([UnownedSignal(signal_id=signal.id, since=now) for signal in new])
    for signal in new:
        audit.wrote(by=None, what="nobody can own this signal", person_id=signal.person_id, subject=signal.trigger)
    return len(signals)


def escalate(*, now: datetime) -> Escalated:
    """Whatever is past its deadline is told to the next person on the ladder, each step once."""
    replaced = _replace_owners(now)
    told = 0
    overdue = escalation.overdue(now=now)
    for part in _chunks(overdue):
        told += _tell(part, now=now)
    return Escalated(told, replaced)


@transaction.atomic
def _tell(overdue: Sequence[escalation.Overdue], *, now: datetime) -> int:
    ladder = Ladder.of({each.person_id for each in overdue}, on=clock.local_date(now))
    new = escalation.steps_to_tell(overdue, ladder, template=case_review_template(), now=now)
    told = escalation.write(new)
    for step, person_id in told:
        audit.wrote(
            by=None,
            what="told the next person that a deadline has passed",
            person_id=person_id,
            subject=f"review {step.review_id}",
            why=f"{step.subject}, step {step.step}",
        )
    return len(told)


def _replace_owners(now: datetime) -> int:
    """Whoever no longer works here owns nothing: the next person on the ladder does, from the same moment."""
    replaced = 0
    for part in _chunks(escalation.owned_by_nobody_here(on=clock.local_date(now))):
        with transaction.atomic():
            ladder = Ladder.of({each.person_id for each in part}, on=clock.local_date(now))
            for each in part:
                replaced += escalation.replace_owner(each, ladder, now=now)
    return replaced


def _chunks(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), PEOPLE_AT_ONCE):
        yield things[start : start + PEOPLE_AT_ONCE]
