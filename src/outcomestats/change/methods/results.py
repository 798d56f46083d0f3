"""What a method of reliable change says of n people: estimates, errors, classes, and where its own line lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from outcomestats.change.classes import CLASSES, ChangeClass, left_clinical_range
from outcomestats.change.rules import TOLERANCE, Direction

VERSION = "change.methods/1"
Floats = NDArray[np.float64]


class Method(StrEnum):
    """A published way to judge whether a change is more than error."""

    JACOBSON_TRUAX = "JACOBSON_TRUAX"
    EDWARDS_NUNNALLY = "EDWARDS_NUNNALLY"
    GULLIKSEN_LORD_NOVICK = "GULLIKSEN_LORD_NOVICK"
    HSU_LINN_NORD = "HSU_LINN_NORD"
    NUNNALLY_KOTSCH = "NUNNALLY_KOTSCH"
    HAGEMAN_ARRINDELL = "HAGEMAN_ARRINDELL"
    GROWTH_SLOPES = "GROWTH_SLOPES"


@dataclass(frozen=True, slots=True, eq=False)
class ReliableChanges:
    """Changes of n people judged by one method. All arrays (n,).

    estimate: the method's own estimate of change, in the measure's units. standard_error: of that, (n,).
    index: estimate / standard_error, in the direction of the change. lower, upper: estimate ± critical errors, so a
    change is reliable exactly where 0 lies outside or on an end. classes: int8, position in CLASSES.
    critical: errors from which on a change is reliable.
    """

    estimate: Floats
    standard_error: Floats
    index: Floats
    lower: Floats
    upper: Floats
    classes: NDArray[np.int8]
    critical: float
    n: int
    method: Method
    norms: str
    version: str
    verdict: str

    def change_class(self, row: int) -> ChangeClass:
        """What the change in one row amounts to."""
        return CLASSES[int(self.classes[row])]

    def counts(self) -> dict[ChangeClass, int]:
        """How many people in each class; the parts add up to n."""
        found = np.bincount(self.classes, minlength=len(CLASSES))
        return {each: int(n) for each, n in zip(CLASSES, found, strict=True)}


def critical_index(method: Method, confidence: float = 0.95) -> float:
    """From how many standard errors on a change is reliable. Raises ValueError where confidence is not in 0 to 1.

    >>> round(critical_index(Method.JACOBSON_TRUAX), 2), round(critical_index(Method.HAGEMAN_ARRINDELL), 3)
    (1.96, 1.645)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    one_sided = method is Method.HAGEMAN_ARRINDELL  # as published: the risk of calling one direction wrongly
    if one_sided and confidence <= 0.5:
        raise ValueError(f"confidence is {confidence}; this method's is one-sided, so give more than 0.5")
    return float(ndtri(confidence if one_sided else (1 + confidence) / 2))


def judged_by(
    estimate: Floats, error: Floats, method: Method, source: str, *, first: Floats, last: Floats,
    direction: Direction, cutoff: float | None, critical: float,
) -> ReliableChanges:  # fmt: skip
    """Estimates and errors, (n,) each, put into classes. first, last: (n,) scores, for the cut-off only.

    >>> one = np.array([1.0])
    >>> judged_by(-3 * one, one, Method.JACOBSON_TRUAX, "made up", first=one, last=one, cutoff=None,
    ...           direction=Direction.HIGHER_IS_WORSE, critical=1.96).verdict
    '1 of 1 people improved reliably, 0 got reliably worse (Jacobson and Truax, norms: made up).'
    """
    index = estimate / error
    burden, needed = direction.sign * index, critical - TOLERANCE
    better = burden <= -needed
    classes = np.full(index.size, CLASSES.index(ChangeClass.NO_RELIABLE_CHANGE), dtype=np.int8)
    classes[burden >= needed] = CLASSES.index(ChangeClass.RELIABLE_DETERIORATION)
    classes[better] = CLASSES.index(ChangeClass.RELIABLE_IMPROVEMENT)
    if cutoff is not None:
        classes[better & left_clinical_range(first, last, direction, cutoff)] = CLASSES.index(ChangeClass.RECOVERY)
    worse = int(np.count_nonzero(burden >= needed))
    return ReliableChanges(
        estimate=estimate, standard_error=error, index=index, lower=estimate - critical * error,
        upper=estimate + critical * error, classes=classes, critical=critical, n=int(index.size), method=method,
        norms=source, version=VERSION,
        verdict=f"{int(better.sum())} of {index.size} people improved reliably, {worse} got reliably worse "
        f"({IN_WORDS[method]}, norms: {source}).",
    )  # fmt: skip


IN_WORDS = {
    Method.JACOBSON_TRUAX: "Jacobson and Truax",
    Method.EDWARDS_NUNNALLY: "Edwards and Nunnally",
    Method.GULLIKSEN_LORD_NOVICK: "Gulliksen, Lord and Novick",
    Method.HSU_LINN_NORD: "Hsu, Linn and Nord",
    Method.NUNNALLY_KOTSCH: "Nunnally and Kotsch",
    Method.HAGEMAN_ARRINDELL: "Hageman and Arrindell",
    Method.GROWTH_SLOPES: "growth curves",
}
