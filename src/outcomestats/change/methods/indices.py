"""Six published ways to say how large a change is beside the measure's error, over whole columns.

Each method has its own estimate of change, its own standard error, and calls a change reliable from a number of those
errors on. Sources are at each method's function; equations as gathered by Bauer, Lambert and Nielsen (2004), Journal
of Personality Assessment 82, 60-70, and Atkins, Bedics, McGlinchey and Beauchaine (2005), Journal of Consulting and
Clinical Psychology 73, 982-989. The seventh, by growth curves, is in outcomestats.change.growth.slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.cutoffs import Norms
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import IN_WORDS, Method, ReliableChanges, critical_index, judged_by
from outcomestats.change.reliable import paired
from outcomestats.change.rules import TOLERANCE, Direction

Floats = NDArray[np.float64]


def reliable_changes(
    earlier: ArrayLike,
    later: ArrayLike,
    norms: PairNorms,
    *,
    method: Method = Method.JACOBSON_TRUAX,
    direction: Direction,
    cutoff: float | None = None,
    confidence: float = 0.95,
) -> ReliableChanges:
    """Judge the change of many people by one published method.

    earlier, later: (n,) scores of the same people in the measure's units. norms: see PairNorms; each method says what
    it needs of them. cutoff: where the clinical range starts, itself included; with it, a reliable improvement that
    left the range is a recovery. confidence: two-sided; Hageman and Arrindell's is one-sided (1.65 at 0.95), as
    published. Use Jacobson and Truax with published norms in routine care; the others take group means into account,
    so that a person's result rests on whom they are compared with.
    Raises ValueError as paired, where norms lack what the method needs, and where confidence lies outside 0 to 1.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), correlation=0.5, source="none")
    >>> for method in list(Method)[:6]:
    ...     found = reliable_changes([25], [18], norms, method=method, direction=Direction.HIGHER_IS_WORSE)
    ...     print(method.value, found.index.round(3).item(), found.change_class(0).value)
    JACOBSON_TRUAX -2.214 RELIABLE_IMPROVEMENT
    EDWARDS_NUNNALLY -2.683 RELIABLE_IMPROVEMENT
    GULLIKSEN_LORD_NOVICK -2.0 RELIABLE_IMPROVEMENT
    HSU_LINN_NORD 0.0 NO_RELIABLE_CHANGE
    NUNNALLY_KOTSCH -1.861 NO_RELIABLE_CHANGE
    HAGEMAN_ARRINDELL -2.566 RELIABLE_IMPROVEMENT
    """
    first, last = paired(earlier, later)
    if cutoff is not None and not math.isfinite(cutoff):
        raise ValueError(f"cutoff is {cutoff}; give a finite score, or None when the measure has none")
    if method not in _INDICES:
        raise ValueError(f"method is {method.value}, which needs every score; use outcomestats.change.growth.slopes")
    estimate, error = _INDICES[method](first, last, norms)
    return judged_by(
        estimate, np.full(first.size, error), method, norms.source, first=first, last=last, direction=direction,
        cutoff=cutoff, critical=critical_index(method, confidence),
    )  # fmt: skip


def jacobson_truax(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """The change, and sd·√(2(1 − r)) (Jacobson and Truax 1991, page 14). Needs: reliability, earlier SD.

    first, last: (n,). Returns the (n,) estimates and their one standard error, as all of this file's methods do.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(40, 7.5), source="Jacobson and Truax 1991")
    >>> estimate, error = jacobson_truax(np.array([32.5]), np.array([47.5]), norms)
    >>> round(estimate.item() / error, 2)
    3.16
    """
    return last - first, math.sqrt(2) * norms.error


def edwards_nunnally(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """The later score less the earlier true score r(x − M) + M, and sd·√(1 − r).

    Edwards, Yarvis, Mueller, Zingale and Wagman (1978), Evaluation Quarterly 2, 275-286; Speer (1992), Journal of
    Consulting and Clinical Psychology 60, 402-408. Needs: reliability, earlier mean and SD. The error of the later
    score only, so it calls more changes reliable than there are.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), source="made up")
    >>> estimate, error = edwards_nunnally(np.array([25.0]), np.array([18.0]), norms)
    >>> estimate.tolist(), round(error, 4)
    ([-6.0], 2.2361)
    """
    return last - _true_score(first, norms), norms.error


def gulliksen_lord_novick(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """The later score less what regression to the mean predicts without change, and sd·√(1 − r²).

    Hsu (1989), Behavioral Assessment 11, 459-467, after Gulliksen (1950) and Lord and Novick (1968). Needs:
    reliability, earlier mean and SD.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), source="made up")
    >>> estimate, error = gulliksen_lord_novick(np.array([25.0]), np.array([18.0]), norms)
    >>> estimate.tolist(), round(error, 4)
    ([-6.0], 3.0)
    """
    return last - _true_score(first, norms), norms.earlier.sd * math.sqrt(1 - norms.reliability**2)


def hsu_linn_nord(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """As Gulliksen, Lord and Novick, less the change everybody made: (x₂ − M₂) − r(x₁ − M₁), and sd·√(1 − r²).

    Hsu (1989); Hsu (1995), Journal of Consulting and Clinical Psychology 63, 141-144. Needs: reliability,
    earlier mean and SD, later mean. It answers "more than the others?", not "has this person changed?": in a group
    that got better, half of the people come out as worse than the others.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), source="made up")
    >>> estimate, error = hsu_linn_nord(np.array([25.0]), np.array([18.0]), norms)
    >>> estimate.tolist(), round(error, 4)
    ([0.0], 3.0)
    """
    later = _later(norms, Method.HSU_LINN_NORD)
    predicted = later.mean + norms.reliability * (first - norms.earlier.mean)
    return last - predicted, norms.earlier.sd * math.sqrt(1 - norms.reliability**2)


def nunnally_kotsch(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """The later score less the earlier true score, and √(r₁²s₁²(1 − r₁) + s₂²(1 − r₂)).

    Nunnally and Kotsch (1983), British Journal of Clinical Psychology 22, 83-93. Needs: reliability at both times
    (the earlier one stands for both unless given), earlier mean and SD, later SD.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), source="made up")
    >>> estimate, error = nunnally_kotsch(np.array([25.0]), np.array([18.0]), norms)
    >>> estimate.tolist(), round(error, 4)
    ([-6.0], 3.2249)
    """
    later, r = _later(norms, Method.NUNNALLY_KOTSCH), norms.reliability
    second = r if norms.later_reliability is None else norms.later_reliability
    error = math.sqrt(r**2 * norms.earlier.sd**2 * (1 - r) + later.sd**2 * (1 - second))
    return last - _true_score(first, norms), error


def hageman_arrindell(first: Floats, last: Floats, norms: PairNorms) -> tuple[Floats, float]:
    """The estimated true change d·r_DD + (M₂ − M₁)(1 − r_DD), and √r_DD · √2 · error of measurement.

    Hageman and Arrindell (1999), Behaviour Research and Therapy 37, 1169-1193, RC(indiv). r_DD is the reliability of
    differences in the group, from both SDs and the correlation. Needs: reliability, earlier and later mean and SD,
    correlation. Raises ValueError where the group's differences are nothing but error (r_DD of 0 or below): then no
    person's true change can be told, by this method.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), correlation=0.5, source="none")
    >>> estimate, error = hageman_arrindell(np.array([25.0]), np.array([18.0]), norms)
    >>> estimate.round(4).tolist(), round(error, 4)
    ([-6.6774], 2.6027)
    """
    r_dd = difference_reliability(norms)
    expected = _later(norms, Method.HAGEMAN_ARRINDELL).mean - norms.earlier.mean
    return (last - first) * r_dd + expected * (1 - r_dd), math.sqrt(2 * r_dd) * norms.error


def difference_reliability(norms: PairNorms) -> float:
    """How much of the spread of differences in the group is not error: (s²_D − 2·error²) / s²_D.

    Hageman and Arrindell (1999), with one error of measurement for both times. Raises ValueError as
    hageman_arrindell.

    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), correlation=0.5, source="none")
    >>> round(difference_reliability(norms), 4)
    0.6774
    """
    later = _later(norms, Method.HAGEMAN_ARRINDELL)
    if norms.correlation is None:
        raise ValueError("norms have no correlation; give that of earlier and later scores")
    s1, s2 = norms.earlier.sd, later.sd
    spread = s1**2 + s2**2 - 2 * s1 * s2 * norms.correlation
    # A difference of squares: what is left of equal ones is rounding, not true change.
    if spread <= 2 * norms.error**2 * (1 + TOLERANCE):
        raise ValueError(
            "norms leave no true differences: people differ in their change by no more than error; use another method"
        )
    return float((spread - 2 * norms.error**2) / spread)


_INDICES: dict[Method, Callable[[Floats, Floats, PairNorms], tuple[Floats, float]]] = {
    Method.JACOBSON_TRUAX: jacobson_truax,
    Method.EDWARDS_NUNNALLY: edwards_nunnally,
    Method.GULLIKSEN_LORD_NOVICK: gulliksen_lord_novick,
    Method.HSU_LINN_NORD: hsu_linn_nord,
    Method.NUNNALLY_KOTSCH: nunnally_kotsch,
    Method.HAGEMAN_ARRINDELL: hageman_arrindell,
}


def _true_score(first: Floats, norms: PairNorms) -> Floats:
    return norms.earlier.mean + norms.reliability * (first - norms.earlier.mean)


def _later(norms: PairNorms, method: Method) -> Norms:
    if norms.later is None:
        raise ValueError(f"norms have no later mean and SD; {IN_WORDS[method]} need them")
    return norms.later
