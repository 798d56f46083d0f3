"""Everybody's dated scores at once: each person's last against their first, best earlier and previous score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.classes import Changes, judged
from outcomestats.change.reliable import column, whole
from outcomestats.change.rules import ChangeRule


@dataclass(frozen=True, slots=True, eq=False)
class PeopleCourses:
    """The courses of the n people who have two scores or more, in order of their keys.

    people: (n,) int64 keys. n_scores: (n,) int64. The rows are (n,) int64 positions in the columns given.
    first, best, previous: the changes up to the last score, each of n people.
    one_score_only: (m,) int64 keys of the people with a single score, who have nothing to compare it with.
    """

    people: NDArray[np.int64]
    n_scores: NDArray[np.int64]
    last_row: NDArray[np.int64]
    first_row: NDArray[np.int64]
    best_row: NDArray[np.int64]
    previous_row: NDArray[np.int64]
    first: Changes
    best: Changes
    previous: Changes
    one_score_only: NDArray[np.int64]


def changes_of_people(
    people: ArrayLike, days: ArrayLike, scores: ArrayLike, rule: ChangeRule, *, as_of: int | None = None
) -> PeopleCourses:
    """change_over_time for many people and one measure, from long columns, one row a score.

    people: (n_rows,) whole number keys. days: (n_rows,) whole day numbers. scores: (n_rows,) in the measure's
    units. Rows may come in any order; scores of one person and day keep the order given. as_of: scores after
    this day are not looked at. Do not mix measures or scales.
    Raises ValueError when the columns differ in length, are empty, hold NaN, an infinite number, or part of a
    day or key.

    >>> from outcomestats.change.rules import ChangeRule, Direction
    >>> rule = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10)
    >>> found = changes_of_people([7, 7, 8, 7, 9, 9], [0, 30, 5, 60, 1, 2], [18, 9, 4, 16, 20, 8], rule)
    >>> found.people.tolist(), found.one_score_only.tolist()
    ([7, 9], [8])
    >>> found.best.change_class(0).value, found.best_row.tolist(), found.first.change_class(1).value
    ('RELIABLE_DETERIORATION', [1, 4], 'RECOVERY')
    """
    person, day = whole(people, "people"), whole(days, "days")
    score = column(scores, "scores")
    if not person.shape == day.shape == score.shape:
        raise ValueError(
            f"people has {person.size} rows, days {day.size} and scores {score.size}; give one of each a score"
        )
    order = np.lexsort((day, person))
    if as_of is not None:
        order = order[day[order] <= as_of]
    starts = np.flatnonzero(np.diff(person[order], prepend=person[order][:1] - 1))
    n_scores = np.diff(starts, append=order.size)
    several = n_scores >= 2
    ends = starts + n_scores
    last = order[ends[several] - 1]
    earlier = {
        "first": order[starts[several]],
        "best": order[_best_earlier(rule.direction.sign * score[order], starts, n_scores)[several]],
        "previous": order[ends[several] - 2],
    }
    changes = {name: judged(score[rows], score[last], rule) for name, rows in earlier.items()}
    return PeopleCourses(
        people=person[last],
        n_scores=n_scores[several],
        last_row=last,
        first_row=earlier["first"],
        best_row=earlier["best"],
        previous_row=earlier["previous"],
        first=changes["first"],
        best=changes["best"],
        previous=changes["previous"],
        one_score_only=person[order[starts[~several]]],
    )


def _best_earlier(
    burden: NDArray[np.float64], starts: NDArray[np.int64], n_scores: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each run, the position of its lowest burden before its last score; the latest of equals."""
    if not starts.size:
        return starts
    before_last = burden.copy()
    before_last[starts + n_scores - 1] = np.inf
    lowest = np.repeat(np.minimum.reduceat(before_last, starts), n_scores)
    position = np.where(before_last == lowest, np.arange(burden.size), -1)
    latest: NDArray[np.int64] = np.maximum.reduceat(position, starts)
    return latest
