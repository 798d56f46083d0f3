"""The bias constants of control charts, exact for every subgroup size rather than from a table.

Source: Montgomery, D. C., "Introduction to Statistical Quality Control", appendix VI; Wheeler, D. J. (2000),
"Understanding Variation", for the two factors of the XmR chart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

# The published, rounded factors: 3 / 1.128 and 1 + 3 · 0.853 / 1.128. Every printed XmR chart uses them.
XMR_FACTOR = 2.66
MOVING_RANGE_LIMIT = 3.267
# d2 for two values: the average moving range over this is the standard deviation.
D2_OF_TWO = 1.128
STIRLING = 150.0  # from here on six terms of the series are exact to rounding
SERIES = (1 / 8, -1 / 128, -5 / 1024, 21 / 32768, 399 / 262144, -869 / 4194304)  # of 1 − Γ(x + ½) / (Γ(x) √x)
LARGEST_SIZE = 1e15


def c4(sizes: ArrayLike) -> NDArray[np.float64]:
    """The mean of the standard deviation of n values over the true one: √(2/(n−1)) · Γ(n/2) / Γ((n−1)/2).

    sizes: (k,) subgroup sizes, whole numbers of 2 and above. Returns (k,).
    Raises ValueError for a size below 2.

    >>> c4([2, 5, 25]).round(4).tolist()
    [0.7979, 0.94, 0.9896]
    """
    return 1 - _short_of_one(sizes)


def spread_of_s(sizes: ArrayLike) -> NDArray[np.float64]:
    """The standard deviation of the standard deviation of n values over the true one: √(1 − c4²).

    sizes and errors as c4. A3 is 3 / (c4 √n), B3 and B4 are 1 ∓ 3 · spread_of_s / c4.

    >>> (1 + 3 * spread_of_s([5]) / c4([5])).round(3).tolist()
    [2.089]
    """
    short = _short_of_one(sizes)
    spread: NDArray[np.float64] = np.sqrt(short * (2 - short))
    return spread


def _short_of_one(sizes: ArrayLike) -> NDArray[np.float64]:
    """1 − c4, by Stirling's series where the logarithms of large factorials would leave no digits of it."""
    try:
        n = np.asarray(sizes, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("sizes must be numbers, one a subgroup") from error
    if not ((n >= 2) & (n <= LARGEST_SIZE)).all():
        raise ValueError("sizes holds a subgroup of fewer than 2 values; leave those subgroups out as gaps")
    x = (n - 1) / 2
    small = np.minimum(x, STIRLING)
    exact = 1 - np.exp(gammaln(small + 0.5) - gammaln(small)) / np.sqrt(small)
    series = sum(part / x**power for power, part in enumerate(SERIES, start=1))
    short: NDArray[np.float64] = np.where(x <= STIRLING, exact, series)
    return short
