"""Better, worse, recovered or no reliable change: one pair of scores, or whole columns of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.reliable import paired
from outcomestats.change.rules import TOLERANCE, ChangeRule, Direction


class ChangeClass(StrEnum):
    """What a change amounts to. Recovery is a reliable improvement that also left the clinical range."""

    NO_RELIABLE_CHANGE = "NO_RELIABLE_CHANGE"
    RELIABLE_IMPROVEMENT = "RELIABLE_IMPROVEMENT"
    RELIABLE_DETERIORATION = "RELIABLE_DETERIORATION"
    RECOVERY = "RECOVERY"


CLASSES = tuple(ChangeClass)
VERSION = "change.classes/1"


@dataclass(frozen=True, slots=True)
class Change:
    """One judged change. change is later minus earlier; points_needed and method say how it was judged.

    lower, upper: change ± points_needed, what the change may be beyond the measure's own error (the 95 % interval of
    the true change where the points are 1.96 standard errors of a difference, as those of reliable change are).
    """

    earlier: float
    later: float
    change: float
    lower: float
    upper: float
    points_needed: float
    change_class: ChangeClass
    method: str
    version: str
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Judged changes of n people.

    change: (n,) later minus earlier. classes: (n,) int8, position in CLASSES.
    """

    change: NDArray[np.float64]
    classes: NDArray[np.int8]
    points_needed: float
    method: str
    version: str

    @property
    def n(self) -> int:
        """How many people."""
        return int(self.classes.size)

    @property
    def verdict(self) -> str:
        """How many of them improved, recovered and got worse, in words."""
        found = self.counts()
        recovered, worse = found[ChangeClass.RECOVERY], found[ChangeClass.RELIABLE_DETERIORATION]
        better = found[ChangeClass.RELIABLE_IMPROVEMENT] + recovered
        return (
            f"{better} of {self.n} people improved reliably, {recovered} of them out of the clinical range; "
            f"{worse} got reliably worse ({self.method})."
        )

    def change_class(self, row: int) -> ChangeClass:
        """What the change in one row amounts to."""
        return CLASSES[int(self.classes[row])]

    def counts(self) -> dict[ChangeClass, int]:
        """How many people in each class; the parts add up to all of them."""
        found = np.bincount(self.classes, minlength=len(CLASSES))
        return {each: int(n) for each, n in zip(CLASSES, found, strict=True)}


def classify_changes(earlier: ArrayLike, later: ArrayLike, rule: ChangeRule) -> Changes:
    """Judge the change of many people at once (Jacobson and Truax 1991, with fixed norms or points).

    earlier, later: (n,) scores of the same people, in the measure's units.
    A change of exactly the points needed counts. Not for pre-selected extremes: people chosen for a high
    first score drift back towards the mean, so count beside them what an unselected group did.
    Raises ValueError when the columns differ in length, are empty, or hold NaN or an infinite number.

    >>> from outcomestats.change.rules import ChangeRule, Direction
    >>> rule = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10)
    >>> changes = classify_changes([18, 18, 18, 10], [8, 12, 13, 16], rule)
    >>> [changes.change_class(row).value for row in range(4)]
    ['RECOVERY', 'RELIABLE_IMPROVEMENT', 'NO_RELIABLE_CHANGE', 'RELIABLE_DETERIORATION']
    """
    return judged(*paired(earlier, later), rule)


def judged(first: NDArray[np.float64], last: NDArray[np.float64], rule: ChangeRule) -> Changes:
    """classify_changes for columns that are known to be good, and may be empty.

    >>> from outcomestats.change.rules import ChangeRule, Direction
    >>> none = np.array([])
    >>> judged(none, none, ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6)).classes.size
    0
    """
    change = last - first
    burden = rule.direction.sign * change
    needed = rule.points - TOLERANCE
    classes = np.select(
        [
            burden >= needed,
            (burden <= -needed) & left_clinical_range(first, last, rule.direction, rule.cutoff),
            burden <= -needed,
        ],
        [
            CLASSES.index(ChangeClass.RELIABLE_DETERIORATION),
            CLASSES.index(ChangeClass.RECOVERY),
            CLASSES.index(ChangeClass.RELIABLE_IMPROVEMENT),
        ],
        default=CLASSES.index(ChangeClass.NO_RELIABLE_CHANGE),
    ).astype(np.int8)
    return Changes(change=change, classes=classes, points_needed=rule.points, method=rule.method, version=VERSION)


def classify_change(earlier: float, later: float, rule: ChangeRule) -> Change:
    """Judge one change; as classify_changes, with the verdict in words.

    >>> from outcomestats.change.rules import ChangeRule, Direction
    >>> classify_change(18, 8, ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10)).verdict
    'Better by 10, from 18 to 8, where 6 exceeds measurement error, and left the clinical range: recovery.'
    """
    changes = classify_changes([earlier], [later], rule)
    change_class = changes.change_class(0)
    return Change(
        earlier=float(earlier),
        later=float(later),
        change=float(changes.change[0]),
        lower=float(changes.change[0]) - rule.points,
        upper=float(changes.change[0]) + rule.points,
        points_needed=rule.points,
        change_class=change_class,
        method=rule.method,
        version=VERSION,
        verdict=_verdict(float(earlier), float(later), change_class, rule),
    )


def left_clinical_range(
    first: NDArray[np.float64], last: NDArray[np.float64], direction: Direction, cutoff: float | None
) -> NDArray[np.bool_]:
    """Who was in the clinical range (the cut-off included) and is no longer. All (n,); nobody without a cut-off.

    >>> left_clinical_range(np.array([10.0, 9.0]), np.array([9.0, 8.0]), Direction.HIGHER_IS_WORSE, 10).tolist()
    [True, False]
    """
    if cutoff is None:
        return np.zeros(first.shape, dtype=bool)
    line = direction.sign * cutoff - TOLERANCE
    left: NDArray[np.bool_] = (direction.sign * first >= line) & (direction.sign * last < line)
    return left


_ENDINGS = {
    ChangeClass.NO_RELIABLE_CHANGE: "where {points:g} would exceed measurement error: no reliable change.",
    ChangeClass.RELIABLE_IMPROVEMENT: "where {points:g} exceeds measurement error: reliable improvement.",
    ChangeClass.RELIABLE_DETERIORATION: "where {points:g} exceeds measurement error: reliable deterioration.",
    ChangeClass.RECOVERY: ("where {points:g} exceeds measurement error, and left the clinical range: recovery."),
}


def _verdict(earlier: float, later: float, change_class: ChangeClass, rule: ChangeRule) -> str:
    points = round(rule.points, 2)
    size = round(abs(later - earlier), 2)
    if size == 0:
        return f"The same score, {later:g}: no reliable change."
    word = "Worse" if rule.direction.sign * (later - earlier) > 0 else "Better"
    return f"{word} by {size:g}, from {earlier:g} to {later:g}, {_ENDINGS[change_class].format(points=points)}"
