"""A course to be expected: where people are on average after some time, and how widely they lie about it.

Time is ln(1 + weeks since the first score). The first score is no part of the curve: people are put into a band by
it, so it is extreme by its choice, and what comes after starts where regression to the mean has brought people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomestats.change.cutoffs import Norms
from outcomestats.change.growth.fit import GrowthFit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """level + slope · ln(1 + weeks) + per_point · (first score − centre), and the spread of people about it.

    variance: (2, 2) of people's levels and slopes. sigma2: of one score about the person's own line. covariance:
    (3, 3) of (level, slope, per_point) as estimated; zeros where the figures are taken as known.
    Raises ValueError where a figure is not finite, sigma2 is not above 0 or variance is no covariance matrix.
    """

    level: float
    slope: float
    per_point: float
    centre: float
    variance: Floats
    sigma2: float
    covariance: Floats

    def __post_init__(self) -> None:
        for name in ("level", "slope", "per_point", "centre"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"{name} is {getattr(self, name)}; give a finite number")
        if not 0 < self.sigma2 < math.inf:
            raise ValueError(f"sigma2 is {self.sigma2}; give the variance of one score, above 0")
        for name, given, size in (("variance", self.variance, 2), ("covariance", self.covariance, 3)):
            if given.shape != (size, size) or not np.isfinite(given).all() or not np.allclose(given, given.T):
                raise ValueError(f"{name} must be a symmetric ({size}, {size}) table of finite numbers")
            if np.linalg.eigvalsh(given)[0] < -1e-9 * (1 + np.abs(given).max()):
                raise ValueError(f"{name} is no covariance matrix: a variance in it is below 0; mend its figures")

    def at(self, baseline: Floats, time: Floats) -> tuple[Floats, Floats]:
        """Expected score and variance of one new person's score. baseline, time: (n,). Returns (n,) and (n,).

        >>> flat = Curve(14, -2, 0.5, 16, np.diag([9.0, 1.0]), 4.0, np.zeros((3, 3)))
        >>> [part.tolist() for part in flat.at(np.array([16.0, 20.0]), np.array([0.0, 1.0]))]
        [[14.0, 14.0], [13.0, 14.0]]
        """
        design = np.stack([np.ones_like(time), time, baseline - self.centre])
        mean = np.array([self.level, self.slope, self.per_point]) @ design
        between = np.einsum("ik,ij,jk->k", design[:2], self.variance, design[:2])
        estimated = np.einsum("ik,ij,jk->k", design, self.covariance, design)
        return mean, between + estimated + self.sigma2

    @classmethod
    def of_fit(cls, fit: GrowthFit) -> Curve:
        """The curve of a growth model that was fitted with a baseline, on log weeks."""
        if "BASELINE" not in fit.names:
            raise ValueError("fit has no baseline; give each person's first score as baseline to the sums")
        level, slope, per_point = map(float, fit.estimate)
        return cls(level, slope, per_point, fit.baseline_centre, fit.variance, fit.sigma2, fit.covariance)


@dataclass(frozen=True, slots=True, eq=False)
class StatedPrior:
    """A curve somebody stated before there were own data, and where it is from. Raises ValueError without a
    source."""

    curve: Curve
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("source is empty; say who stated this course, and on what grounds")


def prior_from_norms(
    norms: Norms, *, reliability: float, change_per_log_week: float = 0.0, change_sd: float = 0.0, source: str
) -> StatedPrior:
    """A course out of published norms: drift to the mean, and a change per unit of ln(1 + weeks) somebody states.

    norms: mean and SD of first scores. reliability: above 0 and below 1. change_per_log_week: later less earlier, 0
    when nothing is promised; after 6 weeks people have changed by 1.95 of it. change_sd: how much people differ in
    it. A person's own level is known no better than reliability says: sd²·r(1 − r), and one score sd²(1 − r) about
    it. Source: Lord and Novick (1968), section 3.7. Raises ValueError where an argument lies outside its range.

    >>> prior = prior_from_norms(Norms(16, 5), reliability=0.8, change_per_log_week=-2, source="a first guess")
    >>> mean, variance = prior.curve.at(np.array([21.0]), np.array([0.0]))
    >>> mean.tolist(), variance.round(6).tolist()
    ([20.0], [9.0])
    """
    if not 0 < reliability < 1:
        raise ValueError(f"reliability is {reliability}; give the measure's reliability, above 0 and below 1")
    if not 0 <= change_sd < math.inf:
        raise ValueError(f"change_sd is {change_sd}; give 0 or more")
    square = norms.sd**2
    curve = Curve(
        level=norms.mean, slope=change_per_log_week, per_point=reliability, centre=norms.mean,
        variance=np.diag([square * reliability * (1 - reliability), change_sd**2]), sigma2=square * (1 - reliability),
        covariance=np.zeros((3, 3)),
    )  # fmt: skip
    return StatedPrior(curve, source)
