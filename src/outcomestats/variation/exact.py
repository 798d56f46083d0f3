"""Limits of a count under a binomial or Poisson law, by mid-P: exact, and one rule for limits and for p-values.

With F(r) = P(R < r) + P(R = r)/2 joined by straight lines between whole numbers, the limit at p is where F reaches p,
so a count lies beyond the limit exactly when its mid-P tail is smaller (Lancaster 1961, JASA 56(294)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaln, ndtri, pdtr, xlog1py, xlogy

from outcomestats.variation.arguments import Floats

WINDOW = 8  # whole numbers looked at around the first guess; the window moves where the limit lies outside it


@dataclass(frozen=True, slots=True, eq=False)
class Poisson:
    """Counts with means (U,) above 0."""

    mean: Floats

    @property
    def most(self) -> Floats:
        """No count is the largest."""
        return np.full(self.mean.shape, np.inf)

    @property
    def shape(self) -> tuple[Floats, Floats, Floats]:
        """Mean, standard deviation and skewness."""
        sd = np.sqrt(self.mean)
        return self.mean, sd, 1 / sd

    def below(self, count: Floats) -> Floats:
        """P(R <= count); 0 for a count below 0."""
        return np.where(count < 0, 0.0, pdtr(np.maximum(count, 0), self.mean))

    def mass(self, count: Floats) -> Floats:
        """P(R = count)."""
        return np.exp(xlogy(count, self.mean) - self.mean - np.asarray(gammaln(count + 1)))

    def next(self, count: Floats) -> Floats:
        """P(R = count + 1) / P(R = count)."""
        return self.mean / (count + 1)

    def of(self, units: NDArray[np.int64]) -> Poisson:
        """The law of some units."""
        return Poisson(self.mean[units])


@dataclass(frozen=True, slots=True, eq=False)
class Binomial:
    """Counts out of n (U,), each with the probability `rate`, between 0 and 1."""

    n: Floats
    rate: float

    @property
    def most(self) -> Floats:
        """All of them."""
        return self.n

    @property
    def shape(self) -> tuple[Floats, Floats, Floats]:
        """Mean, standard deviation and skewness."""
        sd = np.sqrt(self.n * self.rate * (1 - self.rate))
        return self.n * self.rate, sd, (1 - 2 * self.rate) / sd

    def below(self, count: Floats) -> Floats:
        """P(R <= count); 0 for a count below 0."""
        known = bdtr(np.clip(count, 0, self.n), self.n.astype(np.int64), self.rate)
        return np.where(count < 0, 0.0, known)

    def mass(self, count: Floats) -> Floats:
        """P(R = count)."""
        ways = gammaln(self.n + 1) - gammaln(count + 1) - gammaln(self.n - count + 1)
        log = np.asarray(ways) + xlogy(count, self.rate) + np.asarray(xlog1py(self.n - count, -self.rate))
        return np.exp(log)

    def next(self, count: Floats) -> Floats:
        """P(R = count + 1) / P(R = count)."""
        return np.maximum(self.n - count, 0) / (count + 1) * (self.rate / (1 - self.rate))

    def of(self, units: NDArray[np.int64]) -> Binomial:
        """The law of some units."""
        return Binomial(self.n[units], self.rate)


def limit(probability: float, law: Poisson | Binomial) -> Floats:
    """The count at which mid-P reaches `probability`, (U,): 0 or more, and never above what is possible.

    >>> limit(0.975, Poisson(np.array([0.2, 10.0]))).round(2).tolist()
    [1.83, 16.75]
    >>> limit(0.025, Binomial(np.array([5.0, 200.0]), 0.5)).round(2).tolist()
    [0.1, 86.11]
    """
    mean, sd, skew = law.shape
    z = float(ndtri(probability))
    first = np.floor(mean + sd * (z + (z**2 - 1) * skew / 6)) - WINDOW // 2  # Cornish and Fisher's second term
    first = np.clip(first, 0, np.maximum(law.most - WINDOW, 0))
    found = np.full(mean.shape, np.nan)
    left = np.arange(mean.size)
    while left.size:
        found[left], move = _within(probability, law.of(left), first[left])
        first[left] += move * (WINDOW - 1)
        first[left] = np.maximum(first[left], 0)
        left = left[move != 0]
    limited: Floats = np.minimum(found, law.most)
    return limited


def middle(count: Floats, law: Poisson | Binomial) -> tuple[Floats, Floats]:
    """Mid-P below and above each count, (U,) and (U,); they add up to 1.

    >>> [tail.round(4).tolist() for tail in middle(np.array([0.0]), Poisson(np.array([1.0])))]
    [[0.1839], [0.8161]]
    >>> [tail.round(4).tolist() for tail in middle(np.array([5.0]), Binomial(np.array([5.0]), 0.5))]
    [[0.9844], [0.0156]]
    """
    upto, half = law.below(count), law.mass(count) / 2
    return upto - half, 1 - upto + half


def _within(probability: float, law: Poisson | Binomial, first: Floats) -> tuple[Floats, Floats]:
    """The limit if it lies among the counts from `first` on, and else in which direction (-1, +1) it lies."""
    mass = law.mass(first)
    middle_at = law.below(first - 1) + mass / 2
    found = np.where(middle_at >= probability, first, np.nan)
    move = np.where((middle_at > probability) & (first > 0), -1.0, 0.0)
    count = first
    for _ in range(WINDOW):
        mass_after = mass * law.next(count)
        step = (mass + mass_after) / 2
        here = np.isnan(found) & (middle_at + step >= probability)
        found = np.where(here, count + (probability - middle_at) / np.where(step > 0, step, 1), found)
        count, mass, middle_at = count + 1, mass_after, middle_at + step
    found = np.where(np.isnan(found) & (count >= law.most), law.most, found)
    # So far out that nothing is left to add: a float cannot tell this place from the next.
    found = np.where(np.isnan(found) & (mass == 0) & (count > law.shape[0]), count, found)
    return found, np.where(np.isnan(found), 1.0, move)
