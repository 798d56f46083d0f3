"""The loop: for whatever is not yet as it should be, score, notice, open reviews, escalate.

Level-triggered: it compares what should be with what is and closes the difference, so it may be killed anywhere and
run again, by any number of workers. What arrived is kept by web/intake.py, which the worker calls first.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tending.base import clock
from tending.base.tables.selection import reading
from tending.collect import queries as collected
from tending.keep import derived_episodes
from tending.keep import queries as keep
from tending.measure import actions as measure
from tending.notice import actions as notice
from tending.notice import queries as noticed
from tending.review import actions as review


@dataclass(frozen=True, slots=True)
class Turned:
    """What one turn of the loop did. Turning again at once does nothing."""

    people: int = 0
    scores: int = 0
    scores_superseded: int = 0
    signals: int = 0
    repeats: int = 0
    reviews: int = 0
    signals_without_owner: int = 0
    escalations: int = 0


def turn(*, people: Collection[int] | None = None) -> Turned:
    """Everybody whose record, day or definitions have changed; or these people alone, without what is overdue."""
    today = clock.today()
    # While a file is being read, half of it would be noticed for what the other half says: everybody waits.
    whom = () if people is None and collected.being_read() else people
    waiting = keep.heads(whom, unless=noticed.turned(as_of=today))
    if derived_episodes.derive(person_ids=waiting, as_of=today):
        waiting = keep.heads(whom, unless=noticed.turned(as_of=today))
    scoring = measure.Scoring(waiting)
    with reading(waiting):
        signals = notice.notice_each(parts=scoring, as_of=today)  # some are asked about while others are scored
    opened = review.open_reviews(now=clock.now(), person_ids=people)
    escalated = review.escalate(now=clock.now()) if people is None else review.Escalated()
    return Turned(
        people=len(waiting),
        scores=scoring.done.new,
        scores_superseded=scoring.done.superseded,
        signals=signals.signals,
        repeats=signals.repeats,
        reviews=opened.reviews,
        signals_without_owner=opened.unowned,
        escalations=escalated.told,
    )
