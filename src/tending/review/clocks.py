"""When is it due, when does it press more, and which steps of the ladder has the clock reached? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tending.base import clock
from tending.review.templates import Rung

RANK = {"ROUTINE": 0, "HIGH": 1, "URGENT": 2}


@dataclass(frozen=True, slots=True)
class Urgency:
    """How pressing a review is: a deadline still running only ever moves to earlier."""

    severity: str
    respond_by: datetime
    close_by: datetime


def end_of_day(day: date) -> datetime:
    """The last minute of a local day: "today" is kept until midnight where the provider is."""
    return clock.at(day, 23, 59)


def end_of_day_after(instant: datetime, *, days: int) -> datetime:
    return end_of_day(clock.local_date(instant) + timedelta(days=days))


def most_pressing(severities: Sequence[str]) -> str:
    return max(severities, key=lambda severity: RANK[severity])


def pressed(now: Urgency, joining: Urgency, *, begun: bool) -> Urgency | None:
    """What a review's clocks become when a signal joins it; None when nothing changes.

    Before anybody has begun, the earlier of the two response clocks holds. Once somebody has begun, the first
    response was given: only a more severe signal asks for another one, by its own clock.
    """
    more_severe = RANK[joining.severity] > RANK[now.severity]
    close_by = min(now.close_by, joining.close_by)
    if begun:
        return Urgency(joining.severity, joining.respond_by, close_by) if more_severe else None
    respond_by = min(now.respond_by, joining.respond_by)
    if not more_severe and respond_by == now.respond_by:
        return None
    return Urgency(most_pressing((now.severity, joining.severity)), respond_by, close_by)


def steps_reached(rungs: Sequence[Rung], *, deadline: datetime, now: datetime) -> tuple[int, ...]:
    """The steps (1, 2, …) whose hour has come; none while the deadline has not passed."""
    if now <= deadline:
        return ()
    passed = now - deadline
    return tuple(n for n, rung in enumerate(rungs, start=1) if passed >= timedelta(hours=rung.after_hours))
