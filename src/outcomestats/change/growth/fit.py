"""Everybody's lines together: the mean line, how much people differ in level and slope, and what is error.

Source: Laird and Ware (1982); Raudenbush and Bryk (2002), Hierarchical Linear Models, chapter 6. Restricted maximum
likelihood, from sums only (see criterion).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from outcomestats.change.growth.criterion import ready
from outcomestats.change.growth.descent import lowest
from outcomestats.change.growth.sums import GrowthSums

Floats = NDArray[np.float64]
VERSION = "change.growth/1"
NEGLIGIBLE = 1e-12  # of the spread of all scores: what rounding leaves of lines that fit exactly


class Boundary(StrEnum):
    """Where the variances of level and slope ended."""

    NONE = "NONE"
    ONE_DIMENSION = "ONE_DIMENSION"  # level and slope go together without exception: correlation 1 or -1
    SLOPES_ALIKE = "SLOPES_ALIKE"  # people differ in level only
    ALL_ALIKE = "ALL_ALIKE"  # people differ by error only


class NoGrowthReason(StrEnum):
    TOO_FEW_PEOPLE = "TOO_FEW_PEOPLE"
    TOO_FEW_SCORES_EACH = "TOO_FEW_SCORES_EACH"  # nobody has three: slope and error cannot be told apart
    ALL_TIMES_EQUAL = "ALL_TIMES_EQUAL"
    ALL_SCORES_EQUAL = "ALL_SCORES_EQUAL"
    ALL_BASELINES_EQUAL = "ALL_BASELINES_EQUAL"
    NO_ERROR = "NO_ERROR"  # every person's scores lie on a straight line


@dataclass(frozen=True, slots=True, eq=False)
class GrowthFit:
    """A fitted growth model with p coefficients: LEVEL (at time 0), SLOPE (per unit of time), BASELINE where given.

    estimate, lower, upper: (p,), with Wald's interval of `confidence`. covariance: (p, p) of the estimates.
    baseline_centre: the baseline that LEVEL is at; the coefficient is per unit above it. variance: (2, 2) of people's
    levels and slopes. sigma2: error variance. criterion: -2 times the restricted log-likelihood.
    """

    names: tuple[str, ...]
    estimate: Floats
    lower: Floats
    upper: Floats
    covariance: Floats
    variance: Floats
    sigma2: float
    baseline_centre: float
    criterion: float
    boundary: Boundary
    confidence: float
    n_people: int
    n_rows: int
    method: str
    version: str
    verdict: str

    @property
    def psi(self) -> Floats:
        """variance / sigma2, (2, 2)."""
        return self.variance / self.sigma2


@dataclass(frozen=True, slots=True)
class NoGrowth:
    """Why there is no growth model."""

    reason: NoGrowthReason
    n_people: int
    n_rows: int
    verdict: str


def fit_growth(sums: GrowthSums, *, confidence: float = 0.95) -> GrowthFit | NoGrowth:
    """Fit the mean line and the spread of people's lines.

    The intervals are Wald's, for the variances as estimated: with fewer than about 30 people they are too narrow.
    Not where scores are missing because of what they would have been, and not for scores that pile up at an end of
    their scale. Raises ValueError where confidence lies outside 0 to 1.

    >>> rng = np.random.default_rng(1)
    >>> people, weeks = np.repeat(np.arange(50), 6), np.tile(np.arange(6), 50)
    >>> scores = 18 + rng.normal(size=50)[people] * 3 - weeks * (1 + rng.normal(size=50)[people] * 0.3)
    >>> found = fit_growth(GrowthSums.from_rows(people, weeks, scores + rng.normal(size=300)))
    >>> found.names, found.estimate.round(1).tolist(), found.boundary.value
    (('LEVEL', 'SLOPE'), [17.8, -1.0], 'NONE')
    >>> fit_growth(GrowthSums.from_rows([1, 2], [0, 1], [10, 9])).reason.value
    'TOO_FEW_PEOPLE'
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    reason = _why_not(sums)
    if reason is not None:
        said = f"No line for everybody: {_SAID[reason]}."
        return NoGrowth(reason, int(sums.people.size), sums.n_rows, said)
    of = ready(sums)
    psi, value = lowest(of)
    time, score, baseline = zip(of.centre, of.spread, strict=True)
    p = value.beta.size
    back = np.diag([1.0, 1 / time[1], 1 / baseline[1]][:p])
    back[0, 1] = -time[0] / time[1]
    estimate = score[1] * back @ value.beta
    estimate[0] += score[0]
    sigma2 = score[1] ** 2 * value.rss / (of.n_rows - p)
    covariance = sigma2 * back @ np.linalg.inv(value.A) @ back.T
    z = float(ndtri((1 + confidence) / 2)) * np.sqrt(np.diagonal(covariance))
    free, boundary = of.n_rows - p, _boundary(psi)
    names = ("LEVEL", "SLOPE", "BASELINE")[:p]
    return GrowthFit(
        names=names, estimate=estimate, lower=estimate - z, upper=estimate + z, covariance=covariance,
        variance=sigma2 * back[:2, :2] @ psi @ back[:2, :2].T, sigma2=float(sigma2),
        baseline_centre=float(baseline[0]), boundary=boundary, confidence=confidence,
        criterion=float(value.criterion + 2 * np.log(time[1] * (baseline[1] if p > 2 else 1.0))
                        + 2 * free * np.log(score[1])),
        n_people=int(sums.people.size), n_rows=of.n_rows, method="growth curves by REML, from sums", version=VERSION,
        verdict=f"On average {estimate[1]:+.3g} per unit of time ({estimate[1] - z[1]:+.3g} to "
        f"{estimate[1] + z[1]:+.3g}), from {of.n_rows} scores of {sums.people.size} people; {_ENDED[boundary]}.",
    )  # fmt: skip


def _why_not(sums: GrowthSums) -> NoGrowthReason | None:
    fixed = 2 if sums.baseline is None else 3
    if sums.people.size <= fixed:
        return NoGrowthReason.TOO_FEW_PEOPLE
    about = ready_spreads(sums)
    if about[0] == 0:
        return NoGrowthReason.ALL_TIMES_EQUAL
    if about[1] == 0:
        return NoGrowthReason.ALL_SCORES_EQUAL
    if sums.baseline is not None and about[2] == 0:
        return NoGrowthReason.ALL_BASELINES_EQUAL
    moved = sums.tt > NEGLIGIBLE * about[0] ** 2
    if int((sums.n - 1 - moved).sum()) < 1:
        return NoGrowthReason.TOO_FEW_SCORES_EACH
    own = np.where(moved, sums.yy - sums.ty**2 / np.where(moved, sums.tt, 1.0), sums.yy)
    if own.sum() <= NEGLIGIBLE * sums.n_rows * about[1] ** 2:
        return NoGrowthReason.NO_ERROR
    return None


def ready_spreads(sums: GrowthSums) -> tuple[float, float, float]:
    """Spreads of time, score and baseline over all rows; 0 where there is none.

    >>> ready_spreads(GrowthSums.from_rows([1, 1], [0, 2], [3, 3]))
    (1.0, 0.0, 0.0)
    """
    n, total = sums.n.astype(np.float64), float(sums.n_rows)

    def spread(mean: Floats, within: Floats) -> float:
        if np.ptp(mean) == 0 and not within.any():
            return 0.0
        return float(np.sqrt((within.sum() + n @ (mean - n @ mean / total) ** 2) / total))

    zero = np.zeros(sums.people.size)
    known = 0.0 if sums.baseline is None else spread(sums.baseline, zero)
    return spread(sums.time_mean, sums.tt), spread(sums.score_mean, sums.yy), known


def _boundary(psi: Floats) -> Boundary:
    if not psi.any():
        return Boundary.ALL_ALIKE
    if psi[1, 1] == 0:
        return Boundary.SLOPES_ALIKE
    singular = psi[0, 0] * psi[1, 1] - psi[0, 1] ** 2 <= NEGLIGIBLE * psi[0, 0] * psi[1, 1]
    return Boundary.ONE_DIMENSION if singular else Boundary.NONE


_SAID = {
    NoGrowthReason.TOO_FEW_PEOPLE: "too few people",
    NoGrowthReason.TOO_FEW_SCORES_EACH: "nobody has three scores, so slope and error cannot be told apart",
    NoGrowthReason.ALL_TIMES_EQUAL: "all scores are of one time",
    NoGrowthReason.ALL_SCORES_EQUAL: "all scores are equal",
    NoGrowthReason.ALL_BASELINES_EQUAL: "all baselines are equal; leave baseline out",
    NoGrowthReason.NO_ERROR: "every person's scores lie on a straight line",
}
_ENDED = {
    Boundary.NONE: "people differ in level and slope",
    Boundary.ONE_DIMENSION: "people differ in level and slope, and the two go together without exception (at the "
    "boundary: too few scores to tell them apart)",
    Boundary.SLOPES_ALIKE: "people differ in level; no difference in slope shows (at the boundary)",
    Boundary.ALL_ALIKE: "no difference between people shows beyond error (at the boundary)",
}
