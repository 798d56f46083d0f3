"""What became of each signal: pure functions over plain rows. Every rule is written where it is applied.

Clocks run by the minute, as the reviews' own deadlines do. Windows are counted in whole days where the provider is:
what happened on the day of the signal itself is never counted, because it may be what raised it; the window is the
30 (or 90) days after that day, both ends included.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tending.notice.evidence_queries import AnchorScore, SignalRow
from tending.review.evidence_queries import ActionRow, Answer

WINDOWS = (30, 90)


class Response(StrEnum):
    """How the answer to a signal stands against its deadline."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    OVERDUE = "OVERDUE"  # not begun, and the deadline has passed
    WAITING = "WAITING"  # not begun, and there is still time: no verdict yet


class Done(StrEnum):
    """How an action stands against its first deadline. Putting the deadline off does not make it timely."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    OVERDUE = "OVERDUE"
    NOT_DUE = "NOT_DUE"
    DECLINED = "DECLINED"


class Followed(StrEnum):
    """Whether something happened in the days after a signal."""

    YES = "YES"
    NO = "NO"
    LEFT = "LEFT"  # it did not, but the person left our care before the window was over
    OPEN = "OPEN"  # the window is not over: no verdict yet, whatever has happened so far


class Scored(StrEnum):
    """What the measure that raised a signal said in the days after."""

    BETTER = "BETTER"  # by more than chance explains
    SAME = "SAME"
    WORSE = "WORSE"
    NOT_MEASURED = "NOT_MEASURED"  # nobody asked again, or the person did not answer
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Window:
    """What followed within so many days."""

    crisis: Followed
    stay: Followed
    score: Scored | None  # None: the signal does not rest on a score


@dataclass(frozen=True, slots=True)
class Chain:
    """One signal and everything that followed from it, judged."""

    signal: SignalRow
    answer: Answer | None
    response: Response
    hours: int | None  # until somebody began, rounded up; None: not begun, or at work on the review already
    escalations: int
    windows: Mapping[int, Window]


def response(*, noticed_at: datetime, respond_by: datetime, begun_at: datetime | None, now: datetime) -> Response:
    """In time means begun at the deadline or before."""
    if begun_at is not None and begun_at <= now:
        return Response.IN_TIME if begun_at <= respond_by else Response.LATE
    return Response.OVERDUE if now > respond_by else Response.WAITING


def hours_until(noticed_at: datetime, begun_at: datetime) -> int:
    """Whole hours, rounded up: anything within the first hour is 1, the same moment is 0."""
    return max(0, math.ceil((begun_at - noticed_at) / timedelta(hours=1)))


def done(action: ActionRow, *, now: datetime) -> Done:
    if action.state == "DECLINED":
        return Done.DECLINED
    if action.ended_at is not None:
        return Done.IN_TIME if action.ended_at <= action.first_due_at else Done.LATE
    return Done.OVERDUE if now > action.first_due_at else Done.NOT_DUE


def followed(days: Sequence[date], *, noticed: date, within: int, today: date, left: date | None = None) -> Followed:
    """``days``: when it happened, in order. ``left``: the last day in our care, when care has ended."""
    end = noticed + timedelta(within)
    if today <= end:
        return Followed.OPEN
    if bisect_right(days, end) > bisect_right(days, noticed):
        return Followed.YES
    return Followed.LEFT if left is not None and left < end else Followed.NO


def scored(
    anchor: AnchorScore,
    later: Sequence[tuple[date, float]],
    *,
    sign: int,
    points: float | None,
    noticed: date,
    within: int,
    today: date,
) -> Scored:
    """The last score of the window against the one that raised the signal, by the measure's own reliable change.

    ``later`` in the order answered; ``sign`` +1 where higher is worse. Without a figure for reliable change every
    difference counts as the same.
    """
    end = noticed + timedelta(within)
    if today <= end:
        return Scored.OPEN
    start = max(noticed, anchor.date)
    days = [day for day, _value in later]
    inside = later[bisect_right(days, start) : bisect_right(days, end)]
    if not inside:
        return Scored.NOT_MEASURED
    change = sign * (inside[-1][1] - anchor.value)
    if points is None or abs(change) < points - 1e-9:
        return Scored.SAME
    return Scored.WORSE if change > 0 else Scored.BETTER


def share_within(histogram: Mapping[int, int], part: float) -> int | None:
    """The smallest whole number of hours within which at least ``part`` of the answers began. None without any.

    From counts by hour, so that several providers' counts can be added and give the same answer.
    """
    total = sum(histogram.values())
    if not total:
        return None
    reached = 0
    for hours in sorted(histogram):
        reached += histogram[hours]
        if reached >= part * total - 1e-9:
            return hours
    raise AssertionError("The parts of a histogram add up to its total.")


def last_day(ends: Sequence[tuple[date, date | None]], *, after: date) -> date | None:
    """The last day of care among periods (start, end) that hold on ``after`` or begin later; None: it goes on.

    Somebody of whom no period of care is known at all is not said to have left.
    """
    holding = [(start, end) for start, end in ends if end is None or end >= after]
    if not holding:
        return None
    if any(end is None for _start, end in holding):
        return None
    return max(end for _start, end in holding if end is not None)
