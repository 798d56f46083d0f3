"""People chosen because they scored badly score better next time without any help: by how much?

Sources: Davis, C. E. (1976), American Journal of Epidemiology 104, 493-498; Barnett and others (2005),
International Journal of Epidemiology 34, 215-220.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfcx
from scipy.stats import t as student

from outcomestats.effect.columns import figures
from outcomestats.effect.verdicts import Better, Estimate

VERSION = "regression to the mean 1"


@dataclass(frozen=True, slots=True)
class RegressionToMean:
    """expected: the change of unhelped people chosen like these. observed: their mean change. beyond: the rest.

    All are later minus earlier.
    """

    expected: float
    observed: float
    beyond: Estimate
    n: int
    method: str
    verdict: str
    version: str = VERSION


def expected_beyond_cutoff(*, mean: float, sd: float, retest: float, cutoff: float, chosen: Better) -> float:
    """How far the mean of people chosen beyond a cut-off drifts back: ∓ sd (1 − retest) φ(z) / Φ(−z).

    mean, sd: of everybody, not of those chosen. retest: correlation of two scores of an unhelped person, 0
    to 1. cutoff: people at or beyond it were chosen. chosen: HIGHER when those scoring higher were, LOWER for
    lower. Scores are taken to be normal. Returns the expected change, later minus earlier.
    Raises ValueError for a retest correlation or standard deviation that cannot be.

    >>> round(expected_beyond_cutoff(mean=10, sd=6, retest=0.7, cutoff=20, chosen=Better.HIGHER), 2)
    -3.75
    """
    _check(retest)
    if not 0 < sd < math.inf:
        raise ValueError(f"sd is {sd}; give the standard deviation of everybody, a finite number above 0")
    if not (math.isfinite(mean) and math.isfinite(cutoff)):
        raise ValueError(f"mean is {mean} and cutoff {cutoff}; give finite scores")
    sign = 1 if chosen is Better.HIGHER else -1
    z = sign * (cutoff - mean) / sd
    # φ(z)/Φ(−z), scaled so that far cut-offs do not divide 0 by 0.
    ratio = math.sqrt(2 / math.pi) / float(erfcx(z / math.sqrt(2)))
    return -sign * sd * (1 - retest) * ratio


def regression_to_mean(
    earlier: ArrayLike, later: ArrayLike, *, mean: float, retest: float, confidence: float = 0.95
) -> RegressionToMean:
    """Split the mean change of chosen people into the drift to be expected and what goes beyond it.

    earlier, later: (n,) scores of the people chosen, by their earlier score. mean: of everybody they were
    chosen from. retest: as expected_beyond_cutoff. Expected is (1 − retest) · (mean − their earlier mean), which
    needs no normal scores, only a linear retest; the interval holds mean and retest for known.
    Raises ValueError naming the argument for fewer than 3 people, lengths that differ, a retest outside 0 to 1.

    >>> found = regression_to_mean([20, 22, 24, 22], [15, 18, 17, 18], mean=10, retest=0.75)
    >>> found.expected, found.observed, found.beyond.value
    (-3.0, -5.0, -2.0)
    >>> found.verdict.partition("; ")[2]
    '-2 (95 % interval -3.95 to -0.0512) is left, which is more than chance.'
    """
    _check(retest)
    if not 0.5 <= confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number from 0.5 to below 1")
    first = figures(earlier, "earlier")
    last = figures(later, "later", like=first.size)
    if first.size < 3:
        raise ValueError(f"earlier has {first.size} scores; fewer than 3 say nothing about a mean change")
    if not math.isfinite(mean):
        raise ValueError(f"mean is {mean}; give the mean of everybody these were chosen from")
    change = last - first
    expected = (1 - retest) * (mean - float(first.mean()))
    # What is left, person by person, so that the interval knows that drift differs with the earlier score.
    left = change - (1 - retest) * (mean - first)
    error = float(left.std(ddof=1)) / math.sqrt(first.size)
    half = float(student.ppf((1 + confidence) / 2, first.size - 1)) * error
    value = float(left.mean())
    beyond = Estimate(value, error, value - half, value + half, float(first.size - 1))
    ending = "which may be chance" if beyond.lower <= 0 <= beyond.upper else "which is more than chance"
    return RegressionToMean(
        expected=expected,
        observed=float(change.mean()),
        beyond=beyond,
        n=int(first.size),
        method="regression to the mean, linear retest",
        verdict=(
            f"Of a mean change of {np.mean(change):.3g}, {expected:.3g} is what people chosen like these drift by "
            f"themselves; {value:.3g} ({100 * confidence:g} % interval {beyond.lower:.3g} to {beyond.upper:.3g}) "
            f"is left, {ending}."
        ),
    )


def _check(retest: float) -> None:
    if not 0 <= retest <= 1:
        raise ValueError(f"retest is {retest}; give the correlation of two scores of an unhelped person, 0 to 1")
