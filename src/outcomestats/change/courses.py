"""One person's dated scores: how does the last compare with the first, the best and the one before?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.change.classes import Change, classify_change
from outcomestats.change.reliable import column
from outcomestats.change.rules import ChangeRule


class Baseline(StrEnum):
    """Which earlier score the last one is compared with."""

    FIRST = "FIRST"
    BEST = "BEST"
    PREVIOUS = "PREVIOUS"


class NoCourseReason(StrEnum):
    NO_SCORE_YET = "NO_SCORE_YET"  # none on or before the day asked about
    ONE_SCORE_ONLY = "ONE_SCORE_ONLY"  # nothing to compare it with


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last score against one earlier score. Rows are positions in the arrays given."""

    baseline: Baseline
    earlier_day: int
    later_day: int
    earlier_row: int
    later_row: int
    change: Change


@dataclass(frozen=True, slots=True)
class Course:
    """The last score against the first, the best earlier and the previous one.

    With two scores all three are the same earlier score. Several equally good earlier scores: the latest of
    them.
    """

    n_scores: int
    first: Comparison
    best: Comparison
    previous: Comparison
    verdict: str


@dataclass(frozen=True, slots=True)
class NoCourse:
    """Why there is nothing to compare."""

    reason: NoCourseReason
    n_scores: int
    verdict: str


def change_over_time(
    days: ArrayLike, scores: ArrayLike, rule: ChangeRule, *, as_of: int | None = None
) -> Course | NoCourse:
    """Judge one person's last score against the first, the best earlier and the previous one.

    days: (n,) whole day numbers, in any order. scores: (n,) in the measure's units. as_of: scores after this
    day are not looked at. Scores of one day keep the order given. Do not mix measures or scales.
    Raises ValueError when the columns differ in length, are empty, hold NaN, an infinite number or part of a
    day.

    >>> from outcomestats.change.rules import ChangeRule, Direction
    >>> rule = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10)
    >>> course = change_over_time([0, 30, 60, 90], [18, 15, 9, 16], rule)
    >>> course.first.change.change_class.value, course.best.change.change_class.value, course.best.earlier_day
    ('NO_RELIABLE_CHANGE', 'RELIABLE_DETERIORATION', 60)
    >>> change_over_time([0, 30], [18, 15], rule, as_of=10).verdict
    'One score only; a change needs two.'
    """
    day, score = column(days, "days"), column(scores, "scores")
    if day.shape != score.shape:
        raise ValueError(f"days has {day.size} rows and scores {score.size}; give one day a score")
    if (day != np.floor(day)).any():
        raise ValueError("days holds part of a day; give whole day numbers")
    order = np.argsort(day, kind="stable")
    if as_of is not None:
        order = order[day[order] <= as_of]
    if order.size < 2:
        return _nothing_to_compare(int(order.size))
    earlier, last = order[:-1], int(order[-1])
    burden = rule.direction.sign * score[earlier]
    best = int(earlier[np.flatnonzero(burden == burden.min())[-1]])

    def against(baseline: Baseline, row: int) -> Comparison:
        change = classify_change(float(score[row]), float(score[last]), rule)
        return Comparison(baseline, int(day[row]), int(day[last]), row, last, change)

    first = against(Baseline.FIRST, int(order[0]))
    return Course(
        n_scores=int(order.size),
        first=first,
        best=against(Baseline.BEST, best),
        previous=against(Baseline.PREVIOUS, int(order[-2])),
        verdict=f"Since the first of {order.size} scores: {first.change.verdict}",
    )


def _nothing_to_compare(n_scores: int) -> NoCourse:
    if n_scores == 0:
        return NoCourse(NoCourseReason.NO_SCORE_YET, 0, "No score yet on the day asked about.")
    return NoCourse(NoCourseReason.ONE_SCORE_ONLY, 1, "One score only; a change needs two.")
