"""Which people's own lines rise or fall by more than error? The seventh method of reliable change (HLM).

Source: Speer and Greenbaum (1995), Journal of Consulting and Clinical Psychology 63, 1044-1048: each person's
empirical-Bayes slope divided by its standard error. Compared with the others by McGlinchey, Atkins and Jacobson
(2002), Behavior Therapy 33, 529-550, and Atkins et al. (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from outcomestats.change.growth.criterion import shrunken
from outcomestats.change.growth.fit import VERSION, GrowthFit
from outcomestats.change.growth.sums import Floats, GrowthSums, Whole
from outcomestats.change.methods.results import Method, ReliableChanges, critical_index, judged_by
from outcomestats.change.reliable import paired
from outcomestats.change.rules import Direction


@dataclass(frozen=True, slots=True, eq=False)
class PersonLines:
    """The line of each of K people: the mean line, drawn towards the person's own scores the more there are.

    people: (K,) keys; n: (K,) scores each. level: (K,) at time 0; slope: (K,) per unit of time. sd: (K,) of the
    slope, the error of the mean line included. lower, upper: (K,) interval of the slope. from_mean, from_mean_sd:
    (K,) the slope's difference from the mean slope and its conditional standard deviation, as `ranef` of lme4 gives
    them.
    """

    people: Whole
    n: Whole
    level: Floats
    slope: Floats
    sd: Floats
    lower: Floats
    upper: Floats
    from_mean: Floats
    from_mean_sd: Floats
    confidence: float
    method: str
    version: str
    verdict: str


def person_lines(fit: GrowthFit, sums: GrowthSums, *, confidence: float = 0.95) -> PersonLines:
    """Each person's own line by empirical Bayes, for people of the fit or others like them.

    Intervals hold the variances as estimated. Somebody with one score gets the mean slope, with an interval as wide
    as people differ. Raises ValueError where sums have a baseline and the fit has none, or the other way round.

    >>> from outcomestats.change.growth.fit import fit_growth
    >>> rng = np.random.default_rng(1)
    >>> people, weeks = np.repeat(np.arange(50), 6), np.tile(np.arange(6), 50)
    >>> scores = 18 + rng.normal(size=50)[people] * 3 - weeks * (1 + rng.normal(size=50)[people])
    >>> sums = GrowthSums.from_rows(people, weeks, scores + rng.normal(size=300))
    >>> lines = person_lines(fit_growth(sums), sums)
    >>> lines.slope[:3].round(2).tolist(), lines.sd[:3].round(2).tolist()
    ([-1.08, -0.06, -1.68], [0.22, 0.22, 0.22])
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    if (sums.baseline is None) == ("BASELINE" in fit.names):
        wanted = "give the baseline to the sums too" if sums.baseline is None else "leave baseline out"
        raise ValueError(f"sums do not fit a model of {', '.join(fit.names)}; {wanted}")
    n, t = sums.n.astype(np.float64), sums.time_mean
    s12, s22 = n * t, sums.tt + n * t**2
    k11, k12, k22, det = shrunken(n, s12, s22, n * sums.tt, fit.psi)
    m22 = _slope_variance(n, det, fit.psi)
    known = np.zeros(n.size) if sums.baseline is None else sums.baseline - fit.baseline_centre
    fixed = fit.estimate[0] + (fit.estimate[2] * known if "BASELINE" in fit.names else 0.0)
    # The person's own line beyond the mean line, and ΨK of it: u = ΨZ'V⁻¹(y - Xβ) without a difference.
    moved = sums.tt > 0
    own_slope = np.where(moved, sums.ty / np.where(moved, sums.tt, 1.0), 0.0)
    beyond_level = sums.score_mean - own_slope * t - fixed
    beyond_slope = own_slope - fit.estimate[1]
    r1, r2 = k11 * beyond_level + k12 * beyond_slope, k12 * beyond_level + k22 * beyond_slope
    u1, u2 = (fit.psi[row, 0] * r1 + fit.psi[row, 1] * r2 for row in (0, 1))
    # How the person's slope hangs on each coefficient: (0 1 0) - second row of ΨKT.
    by_level = fit.psi[1, 0] * k11 + fit.psi[1, 1] * k12
    by_slope = fit.psi[1, 0] * k12 + fit.psi[1, 1] * k22
    table = np.stack([-by_level, 1 - by_slope, -by_level * known][: fit.estimate.size])
    variance = fit.sigma2 * m22 + np.einsum("ik,ij,jk->k", table, fit.covariance, table)
    slope, sd = fit.estimate[1] + u2, np.sqrt(variance)
    half = float(ndtri((1 + confidence) / 2)) * sd
    beyond = int(((slope - half > 0) | (slope + half < 0)).sum())
    return PersonLines(
        people=sums.people, n=sums.n, level=fixed + u1, slope=slope, sd=sd, lower=slope - half, upper=slope + half,
        from_mean=u2, from_mean_sd=np.sqrt(fit.sigma2 * np.maximum(m22, 0.0)), confidence=confidence,
        method="empirical Bayes", version=VERSION,
        verdict=f"{beyond} of {n.size} people's lines rise or fall by more than error.",
    )  # fmt: skip


def slope_changes(
    lines: PersonLines,
    *,
    direction: Direction,
    first: ArrayLike | None = None,
    last: ArrayLike | None = None,
    cutoff: float | None = None,
    confidence: float = 0.95,
) -> ReliableChanges:
    """Judge each person's slope as the other methods judge a difference; goes beside them in side_by_side.

    first, last: (K,) scores in the order of lines.people, needed with cutoff only. The estimate is the slope, per
    unit of time. Lines drawn to the mean line make people more alike: in a group that got better, more are called
    better. Raises ValueError where cutoff is given without the scores, or these are not one a person.

    >>> from outcomestats.change.growth.fit import fit_growth
    >>> people, weeks = np.repeat([1, 2, 3, 4], 4), np.tile(np.arange(4), 4)
    >>> scores = [18, 15, 13, 9, 14, 14, 15, 14, 20, 14, 9, 3, 16, 15, 16, 14]
    >>> sums = GrowthSums.from_rows(people, weeks, scores)
    >>> found = slope_changes(person_lines(fit_growth(sums), sums), direction=Direction.HIGHER_IS_WORSE)
    >>> found.estimate.round(1).tolist(), [found.change_class(row).value for row in (0, 1)]
    ([-2.8, -0.0, -5.6, -0.5], ['RELIABLE_IMPROVEMENT', 'NO_RELIABLE_CHANGE'])
    """
    if cutoff is not None and (first is None or last is None):
        raise ValueError("cutoff is given without first and last; give both scores, one a person")
    if first is None or last is None:
        scores = np.zeros(lines.people.size), np.zeros(lines.people.size)
    else:
        scores = paired(first, last)
    if scores[0].size != lines.people.size:
        raise ValueError(f"first has {scores[0].size} scores and lines {lines.people.size} people; give one each")
    return judged_by(
        lines.slope, lines.sd, Method.GROWTH_SLOPES, "everybody's lines", first=scores[0], last=scores[1],
        direction=direction, cutoff=cutoff, critical=critical_index(Method.GROWTH_SLOPES, confidence),
    )  # fmt: skip


def slope_reliability(fit: GrowthFit, sums: GrowthSums) -> NDArray[np.float64]:
    """How much of each person's slope is their own: 1 for all, 0 for the mean slope only. (K,), 0 where slopes do not
    differ.

    Raudenbush and Bryk (2002), equation 3.59, with the person's own design.

    >>> from outcomestats.change.growth.fit import fit_growth
    >>> people, weeks = np.repeat([1, 2, 3, 4], 4), np.tile(np.arange(4), 4)
    >>> sums = GrowthSums.from_rows(people, weeks, [18, 15, 13, 9, 14, 14, 15, 14, 20, 14, 9, 3, 16, 15, 16, 14])
    >>> slope_reliability(fit_growth(sums), sums).round(2).tolist()
    [0.99, 0.99, 0.99, 0.99]
    """
    if fit.variance[1, 1] <= 0:
        return np.zeros(sums.people.size)
    n, t = sums.n.astype(np.float64), sums.time_mean
    *_, det = shrunken(n, n * t, sums.tt + n * t**2, n * sums.tt, fit.psi)
    return np.asarray(1 - fit.sigma2 * _slope_variance(n, det, fit.psi) / fit.variance[1, 1])


def _slope_variance(n: Floats, det: Floats, psi: Floats) -> Floats:
    """The slope's conditional variance in units of error: the last entry of Ψ(I + SΨ)⁻¹."""
    between = max(float(psi[0, 0] * psi[1, 1] - psi[0, 1] ** 2), 0.0)
    return np.asarray((psi[1, 1] + between * n) / det)
