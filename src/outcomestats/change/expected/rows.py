"""From dated scores to what an expected course is made of and tried on, with nobody on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.reliable import column, whole

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LaterScores:
    """The n scores that came after each person's first, in order of person and day. All arrays (n,).

    days: since the first score, 1 or more. baseline: the person's first score. alone: (m,) keys of people who have
    nothing after their first score.
    """

    people: Whole
    days: Whole
    scores: Floats
    baseline: Floats
    alone: Whole

    def __post_init__(self) -> None:
        for name in ("people", "days", "scores", "baseline"):
            given = getattr(self, name)
            if given.shape != self.people.shape or given.ndim != 1:
                raise ValueError(f"{name} has shape {given.shape}; give one a score, {self.people.shape}")
            if not np.isfinite(given).all():
                raise ValueError(f"{name} holds a number that is not finite; leave such scores out")
        if (self.days < 1).any():
            raise ValueError("days holds a day before the first score's next; give days since the first score")

    def sums(self) -> GrowthSums:
        """Their sums over log weeks. Raises ValueError where there is no later score."""
        if not self.people.size:
            raise ValueError("nobody has a later score; an expected course needs two scores of a person")
        return GrowthSums.from_rows(self.people, log_weeks(self.days), self.scores, baseline=self.baseline)


def later_scores(people: ArrayLike, days: ArrayLike, scores: ArrayLike) -> LaterScores:
    """Each person's scores after the first day, beside the first score. Columns (n_rows,), in any order.

    people, days: whole numbers. scores: of one measure. Of several scores on the first day the first given is the
    baseline, and the others are left out. Start a person's clock anew with each course of care by giving each course
    a key of its own; splitting by person then needs keys of people (see Split).
    Raises ValueError when columns differ in length, are empty, or hold NaN or part of a number.

    >>> found = later_scores([7, 8, 7, 7], [10, 3, 24, 17], [18, 9, 11, 15])
    >>> found.people.tolist(), found.days.tolist(), found.baseline.tolist(), found.alone.tolist()
    ([7, 7], [7, 14], [18.0, 18.0], [8])
    """
    person, day, score = whole(people, "people"), whole(days, "days"), column(scores, "scores")
    if not person.shape == day.shape == score.shape:
        raise ValueError(
            f"people has {person.size} rows, days {day.size} and scores {score.size}; give one of each a score"
        )
    order = np.lexsort((day, person))
    person, day, score = person[order], day[order], score[order]
    starts = np.flatnonzero(np.diff(person, prepend=person[:1] - 1))
    sizes = np.diff(starts, append=person.size)
    since, baseline = day - np.repeat(day[starts], sizes), np.repeat(score[starts], sizes)
    later = since > 0
    has_later = np.add.reduceat(later.astype(np.int64), starts) > 0
    return LaterScores(person[later], since[later], score[later], baseline[later], person[starts[~has_later]])


@dataclass(frozen=True, slots=True)
class Split:
    """Which people a course is made of and which are held out to try it on, by each person's key alone.

    The same person falls on the same side in every file, chunk and year, whatever the others. share: held out, above
    0 and below 1. Raises ValueError otherwise.

    >>> Split(seed=1, share=0.3).held_out([5, 6, 7, 8, 9]).tolist()
    [False, False, True, False, False]
    """

    seed: int = 1
    share: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}; give the share of people to hold out, above 0 and below 1")

    def held_out(self, people: ArrayLike) -> NDArray[np.bool_]:
        """Whether each person is held out; (n,) keys, repeated ones alike."""
        mixed = whole(people, "people").astype(np.uint64)
        # Steele, Lea and Flood (2014), splitmix64: neighbouring keys fall apart as if by lot.
        with np.errstate(over="ignore"):
            mixed = mixed + np.uint64(self.seed % 2**64 + 1) * np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
        # 53 bits are what a float holds exactly.
        return np.asarray((mixed >> np.uint64(11)) * 2.0**-53 < self.share)
