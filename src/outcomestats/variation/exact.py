"""Limits of a count under a binomial or Poisson law, by mid-P: exact, and one rule for limits and for p-values.

With F(r) = P(R < r) + P(R = r)/2 joined by straight lines between whole numbers, the limit at p is where F reaches p,
so a count lies beyond the limit exactly when its mid-P tail is smaller (Lancaster 1961, JASA 56(294)).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import bdtr, bdtrik, pdtr, pdtrik

from outcomestats.variation.arguments import Floats

Below = Callable[[Floats], Floats]  # P(R <= r) for every unit at its own r, 0 for r below 0


def poisson_limit(probability: float, mean: Floats) -> Floats:
    """The count at which mid-P reaches `probability`, (U,), for means (U,) above 0.

    >>> poisson_limit(0.975, np.array([0.2, 10.0])).round(2).tolist()
    [1.83, 16.75]
    """
    return _reached(
        probability,
        _poisson(mean),
        np.asarray(pdtrik(probability, mean), dtype=np.float64),
        np.full(mean.shape, np.inf),
    )


def binomial_limit(probability: float, n: Floats, rate: float) -> Floats:
    """The same for counts out of n (U,), each with the probability `rate`; never above n.

    >>> binomial_limit(0.025, np.array([5.0, 200.0]), 0.5).round(2).tolist()
    [0.1, 86.11]
    """
    return _reached(probability, _binomial(n, rate), bdtrik(probability, n, rate), n)


def poisson_middle(count: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Mid-P below and above each count, (U,) and (U,); they add up to 1.

    >>> [tail.round(4).tolist() for tail in poisson_middle(np.array([0.0]), np.array([1.0]))]
    [[0.1839], [0.8161]]
    """
    return _middle(count, _poisson(mean))


def binomial_middle(count: Floats, n: Floats, rate: float) -> tuple[Floats, Floats]:
    """Mid-P below and above each count out of n.

    >>> [tail.round(4).tolist() for tail in binomial_middle(np.array([5.0]), np.array([5.0]), 0.5)]
    [[0.9844], [0.0156]]
    """
    return _middle(count, _binomial(n, rate))


def _poisson(mean: Floats) -> Below:
    return lambda r: np.where(r >= 0, pdtr(np.maximum(r, 0), mean), 0.0)


def _binomial(n: Floats, rate: float) -> Below:
    return lambda r: np.where(r < 0, 0.0, bdtr(np.clip(r, 0, n), n.astype(np.int64), rate))


def _middle(count: Floats, below: Below) -> tuple[Floats, Floats]:
    under, upto = below(count - 1), below(count)
    half = (upto - under) / 2
    return under + half, 1 - upto + half


def _reached(probability: float, below: Below, near: Floats, most: Floats) -> Floats:
    """Where mid-P reaches the probability, between the whole numbers around `near`."""
    r = np.minimum(np.floor(np.nan_to_num(near, nan=0.0)), most)
    for _ in range(3):  # the continuous inverse is within two of the place
        r = np.where((r > 0) & (_middle(r, below)[0] > probability), r - 1, r)
    for _ in range(3):
        r = np.where((r < most) & (_middle(r + 1, below)[0] <= probability), r + 1, r)
    low, high = _middle(r, below)[0], _middle(np.minimum(r + 1, most), below)[0]
    part = np.where(high > low, (probability - low) / np.where(high > low, high - low, 1), 0.0)
    limit: Floats = np.where(probability <= _middle(np.zeros_like(r), below)[0], 0.0, r + np.clip(part, 0, 1))
    return limit
