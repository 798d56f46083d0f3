"""Who has an end point, why the others have none, and what came of everybody counted both ways.

Completers flatter, last available scores hide who left: neither is ever given alone. Beside them stands what the
figure would be if nobody, or everybody, without an end point had improved: nothing that is assumed can leave that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.classes import ChangeClass, judged
from outcomestats.change.reliable import column, whole
from outcomestats.change.rules import ChangeRule
from outcomestats.change.shares import NoShare, Share, share_of

VERSION = "change.end_points/1"
Whole = NDArray[np.int64]


class EndPoint(StrEnum):
    """Whether a course of care has an end point, or why it has none. The first that holds, in this order."""

    STILL_OPEN = "STILL_OPEN"
    NO_SCORE = "NO_SCORE"  # none in the course
    ONE_SCORE_ONLY = "ONE_SCORE_ONLY"  # nothing to compare it with
    LEFT_BEFORE_THE_END = "LEFT_BEFORE_THE_END"  # ended for another reason than planned
    NOT_MEASURED_AT_THE_END = "NOT_MEASURED_AT_THE_END"  # ended as planned, the last score is too old
    HAS_END_POINT = "HAS_END_POINT"


STATES = tuple(EndPoint)


@dataclass(frozen=True, slots=True, eq=False)
class EndPoints:
    """n courses of care. states: (n,) int8, position in STATES. reasons: (n,) the end reasons as given.

    two: (k,) int64 positions of the courses with two scores or more; first, last: (k,) their first and last score.
    There is no NaN in it: a course without two scores has no row in these.
    """

    states: NDArray[np.int8]
    reasons: NDArray[np.str_]
    two: Whole
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    n: int

    def state(self, row: int) -> EndPoint:
        """Whether one course has an end point, or why not."""
        return STATES[int(self.states[row])]

    def counts(self) -> dict[EndPoint, int]:
        """How many courses in each state; the parts add up to n."""
        found = np.bincount(self.states, minlength=len(STATES))
        return {each: int(n) for each, n in zip(STATES, found, strict=True)}


@dataclass(frozen=True, slots=True)
class BothWays:
    """Reliable improvement of courses that ended, counted both ways, and the bounds no assumption can leave.

    completers: of those with an end point. last_available: of all that ended with two scores or more. lowest,
    highest: of all that ended, if nobody, or everybody, without an end point had improved. worse_*: reliable
    deterioration. without: how many ended courses have no end point, by reason. still_open: courses that cannot be
    counted yet.
    """

    completers: Share | NoShare
    last_available: Share | NoShare
    lowest: Share | NoShare
    highest: Share | NoShare
    worse_completers: Share | NoShare
    worse_last_available: Share | NoShare
    without: dict[EndPoint, int]
    still_open: int
    n: int
    method: str
    version: str
    verdict: str


def end_points(
    people: ArrayLike,
    days: ArrayLike,
    scores: ArrayLike,
    *,
    course_people: ArrayLike,
    start_days: ArrayLike,
    end_days: ArrayLike,
    end_reasons: ArrayLike,
    planned: tuple[str, ...] = ("COMPLETED",),
    within_days: int = 30,
    before_days: int = 14,
) -> EndPoints:
    """First and last score of each course of care, and why a course has no end point.

    people, days, scores: (n_rows,) dated scores of one measure, whole keys and days, in any order; may be empty.
    course_people, start_days, end_days, end_reasons: (n,) courses; end_days is NaN while a course is open, and
    end_reasons then anything. A score belongs to a course from before_days before its start until within_days after
    its end. An end point is a last score at most within_days from the end of a course with a planned reason.
    Scores of one day keep the order given. Courses of one person that lie closer than the margins share scores.
    Raises ValueError where columns of a table differ in length, hold NaN or part of a number, and where a course ends
    before it starts.

    >>> found = end_points([1, 1, 2, 3, 3, 4, 4], [0, 60, 3, 0, 50, 0, 7], [18, 9, 15, 20, 12, 16, 15],
    ...     course_people=[1, 2, 3, 4, 5, 6], start_days=[0, 0, 0, 0, 0, 0], end_days=[61, 40, 55, 90, 80, np.nan],
    ...     end_reasons=["COMPLETED", "COMPLETED", "DROPPED_OUT", "COMPLETED", "DIED", ""])
    >>> for row in range(6):
    ...     print(found.state(row).value)
    HAS_END_POINT
    ONE_SCORE_ONLY
    LEFT_BEFORE_THE_END
    NOT_MEASURED_AT_THE_END
    NO_SCORE
    STILL_OPEN
    >>> found.two.tolist(), found.first.tolist(), found.last.tolist()
    ([0, 2, 3], [18.0, 20.0, 16.0], [9.0, 12.0, 15.0])
    """
    for name, margin in (("within_days", within_days), ("before_days", before_days)):
        if margin < 0:
            raise ValueError(f"{name} is {margin}; give 0 or more days")
    rows = _score_rows(people, days, scores)
    person, start, end, reasons = _courses(course_people, start_days, end_days, end_reasons)
    still_open = np.isnan(end)
    until = np.where(still_open, np.inf, end + within_days)
    low, high = _ranges(rows, person, start - before_days, until)
    n_scores = high - low
    two = np.flatnonzero(n_scores >= 2)
    last_day = np.full(person.size, -np.inf)
    last_day[two] = rows[1][high[two] - 1]
    measured = np.zeros(person.size, dtype=bool)
    measured[two] = np.abs(last_day[two] - np.where(still_open, 0, end)[two]) <= within_days
    states = np.select(
        [still_open, n_scores == 0, n_scores == 1, ~np.isin(reasons, planned), ~measured],
        [STATES.index(each) for each in STATES[:5]],
        default=STATES.index(EndPoint.HAS_END_POINT),
    ).astype(np.int8)
    return EndPoints(states, reasons, two, rows[2][low[two]], rows[2][high[two] - 1], int(person.size))


def improved_both_ways(found: EndPoints, rule: ChangeRule, *, confidence: float = 0.95) -> BothWays:
    """Reliable improvement and deterioration by end point and by last available score, side by side.

    Source for showing both, and the bounds: National Research Council (2010), The Prevention and Treatment of Missing
    Data in Clinical Trials; Manski (1990), American Economic Review 80, 319-323. Filling in a score that was not
    taken is not offered. Raises ValueError where confidence lies outside 0 to 1.

    >>> found = end_points([1, 1, 3, 3], [0, 60, 0, 50], [18, 9, 20, 19], course_people=[1, 2, 3],
    ...     start_days=[0, 0, 0], end_days=[61, 40, 55], end_reasons=["COMPLETED", "DIED", "DROPPED_OUT"])
    >>> from outcomestats.change.rules import Direction
    >>> both = improved_both_ways(found, ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6))
    >>> both.completers.in_words, both.last_available.in_words
    ('100 % (1 of 1; 21 to 100 %)', '50 % (1 of 2; 9 to 91 %)')
    >>> both.lowest.events, both.highest.events, both.highest.n
    (1, 3, 3)
    """
    open_state, end_state = STATES.index(EndPoint.STILL_OPEN), STATES.index(EndPoint.HAS_END_POINT)
    ended = int(np.count_nonzero(found.states != open_state))
    changes = judged(found.first, found.last, rule)
    better = np.isin(
        changes.classes, [list(ChangeClass).index(each) for each in (ChangeClass.RELIABLE_IMPROVEMENT,
                                                                      ChangeClass.RECOVERY)]
    )  # fmt: skip
    worse = changes.classes == list(ChangeClass).index(ChangeClass.RELIABLE_DETERIORATION)
    state = found.states[found.two]
    complete, available = state == end_state, state != open_state

    def share(flags: NDArray[np.bool_], of: NDArray[np.bool_]) -> Share | NoShare:
        return share_of(int((flags & of).sum()), int(of.sum()), confidence=confidence)

    completers, last_available = share(better, complete), share(better, available)
    improved, without = int((better & complete).sum()), ended - int(complete.sum())
    counts = found.counts()
    lowest = share_of(improved, ended, confidence=confidence)
    highest = share_of(improved + without, ended, confidence=confidence)
    return BothWays(
        completers=completers, last_available=last_available, lowest=lowest, highest=highest,
        worse_completers=share(worse, complete), worse_last_available=share(worse, available),
        without={each: counts[each] for each in STATES[1:5]}, still_open=counts[EndPoint.STILL_OPEN], n=found.n,
        method=f"reliable improvement by {rule.method}, end points and last available scores", version=VERSION,
        verdict=f"Improved reliably, with an end point: {completers.in_words}; by the last available score: "
        f"{last_available.in_words}. {without} of {ended} that ended have no end point.",
    )  # fmt: skip


def _score_rows(people: ArrayLike, days: ArrayLike, scores: ArrayLike) -> tuple[Whole, Whole, NDArray[np.float64]]:
    """The scores in order of person and day; scores of one day in the order given."""
    if all(_is_empty(each) for each in (people, days, scores)):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    person, day, score = whole(people, "people"), whole(days, "days"), column(scores, "scores")
    if not person.shape == day.shape == score.shape:
        raise ValueError(
            f"people has {person.size} rows, days {day.size} and scores {score.size}; give one of each a score"
        )
    order = np.lexsort((day, person))
    return person[order], day[order], score[order]


def _is_empty(values: ArrayLike) -> bool:
    return getattr(values, "shape", None) == (0,) or (isinstance(values, list | tuple) and not values)


def _courses(
    people: ArrayLike, starts: ArrayLike, ends: ArrayLike, reasons: ArrayLike
) -> tuple[Whole, Whole, NDArray[np.float64], NDArray[np.str_]]:
    person, start = whole(people, "course_people"), whole(starts, "start_days")
    end, reason = _days_or_open(ends), np.asarray(reasons, dtype=np.str_)
    if not person.shape == start.shape == end.shape == reason.shape:
        raise ValueError(
            f"course_people has {person.size} rows, start_days {start.size}, end_days {end.size} and end_reasons "
            f"{reason.size}; give one of each a course"
        )
    if (end < start).any():
        row = int(np.flatnonzero(end < start)[0])
        raise ValueError(f"end_days is {end[row]:g} in row {row}, before the start {start[row]}; mend one of them")
    return person, start, end, reason


def _days_or_open(ends: ArrayLike) -> NDArray[np.float64]:
    fix = "give one day a course, as a number, and NaN while it is open"
    if np.ma.is_masked(ends):
        raise ValueError(f"end_days has masked rows; {fix}")
    try:
        given = np.asarray(ends)
        if given.dtype.kind not in "biufO":
            raise TypeError(given.dtype)
        end = given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"end_days must be numbers; {fix}") from error
    if end.ndim != 1:
        raise ValueError(f"end_days has shape {end.shape}; {fix}")
    if np.isinf(end).any():
        raise ValueError("end_days holds an infinite number; give NaN while a course is open")
    return end


def _ranges(
    rows: tuple[Whole, Whole, NDArray[np.float64]], person: Whole, since: Whole, until: NDArray[np.float64]
) -> tuple[Whole, Whole]:
    """For each course, from which to before which of the ordered rows its scores lie."""
    keys = np.unique(rows[0])
    place = np.minimum(np.searchsorted(keys, person), max(keys.size - 1, 0))
    known = np.zeros(person.size, dtype=bool) if not keys.size else keys[place] == person
    low, high = np.zeros(person.size, dtype=np.int64), np.zeros(person.size, dtype=np.int64)
    if not known.any():
        return low, high
    earliest = int(rows[1].min())
    width = int(rows[1].max()) - earliest + 2
    # One sorted number a row out of person and day, so that both ends of every course are found at once.
    number = np.searchsorted(keys, rows[0]) * width + (rows[1] - earliest)
    at = place[known] * width
    first_day = np.clip(since[known] - earliest, 0, width - 1)
    end_day = np.clip(np.where(np.isinf(until[known]), width, until[known] - earliest + 1), 0, width - 1)
    low[known] = np.searchsorted(number, at + first_day)
    high[known] = np.maximum(np.searchsorted(number, at + end_day.astype(np.int64)), low[known])
    return low, high
