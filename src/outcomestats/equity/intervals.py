"""Intervals of shares, of their differences and of their ratios that hold for small groups and for none or all.

Sources: Wilson (1927), Journal of the American Statistical Association 22, 209-212; Newcombe (1998), Statistics
in Medicine 17, 873-890, method 10; Donner and Zou (2012), Statistical Methods in Medical Research 21, 347-359.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
MOST = 1e12  # more than there are people


def wilson(events: ArrayLike, totals: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper limit of a share by its score. events, totals: (k,). Returns (k,) and (k,).

    Raises ValueError as counted.

    >>> lower, upper = wilson([0, 81], [20, 263])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.0, 0.2553], [0.1611, 0.3662])
    """
    x, n = counted(events, totals)
    z = float(ndtri((1 + confidence) / 2))
    middle, half = x + z**2 / 2, z * np.sqrt(x * (n - x) / n + z**2 / 4)
    # None and all have their exact ends: rounding must not cross them.
    lower = np.where(x == 0, 0.0, (middle - half) / (n + z**2))
    return lower, np.where(x == n, 1.0, (middle + half) / (n + z**2))


def difference_limits(
    share: Floats, own: tuple[Floats, Floats], other: Floats, others: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Limits of share − other from the limits of each (square-and-add). All (k,), or (1,) to stand for all.

    >>> ends = wilson([56], [70]), wilson([48], [80])
    >>> lower, upper = difference_limits(np.array([0.8]), ends[0], np.array([0.6]), ends[1])
    >>> lower.round(4).item(), upper.round(4).item()
    (0.0524, 0.3339)
    """
    gap = share - other
    lower = gap - np.hypot(share - own[0], others[1] - other)
    return lower, gap + np.hypot(own[1] - share, other - others[0])


def ratio_limits(
    share: Floats, own: tuple[Floats, Floats], other: Floats, others: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Limits of share / other from the limits of each (MOVER-R). other must be above 0.

    >>> ends = wilson([30], [100]), wilson([15], [100])
    >>> lower, upper = ratio_limits(np.array([0.3]), ends[0], np.array([0.15]), ends[1])
    >>> lower.round(2).item(), upper.round(2).item()
    (1.16, 3.46)
    """
    product = share * other
    low = others[1] * (2 * other - others[1])
    high = others[0] * (2 * other - others[0])
    lower = _end(product, own[0] * (2 * share - own[0]), low, -1)
    return np.maximum(lower, 0.0), _end(product, own[1] * (2 * share - own[1]), high, 1)


def _end(product: Floats, above: Floats, below: Floats, sign: int) -> Floats:
    root = np.sqrt(np.maximum(product**2 - above * below, 0.0))
    # (product ± root) / below, written so that a below of 0 divides nothing away.
    if sign < 0:
        ratio = np.zeros(np.shape(product + root))
        np.divide(above, product + root, out=ratio, where=product + root > 0)
        return ratio
    return np.asarray((product + root) / below, dtype=np.float64)


def counted(events: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    """Counts out of totals, checked: whole, from 0 to the total, and a total above 0.

    Raises ValueError naming the argument and row.

    >>> counted([3], [2])
    Traceback (most recent call last):
    ValueError: events is 3 of 2 in row 0; count each person once
    """
    x, n = people(events, "events"), people(totals, "totals")
    if x.ndim != 1 or x.shape != n.shape or not x.size:
        raise ValueError(f"events has shape {x.shape} and totals {n.shape}; give one of each a group, at least one")
    if (n == 0).any():
        raise ValueError(f"totals is 0 in row {int(np.flatnonzero(n == 0)[0])}; leave out groups without people")
    if (x > n).any():
        row = int(np.flatnonzero(x > n)[0])
        raise ValueError(f"events is {x[row]:g} of {n[row]:g} in row {row}; count each person once")
    return x, n


def people(values: ArrayLike, name: str) -> Floats:
    """Whole numbers of people, 0 and above, of any shape; ValueError naming them.

    >>> people([3, -1], "totals")
    Traceback (most recent call last):
    ValueError: totals holds -1 in row 1; give whole numbers of people, from 0 to 1e+12
    """
    try:
        given = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, one a group") from error
    bad = ~np.isfinite(given) | (given < 0) | (given != np.floor(given)) | (given > MOST)
    if bad.any():
        at = tuple(int(place) for place in np.argwhere(bad)[0])
        row = f" in row {at[0]}" if at else ""
        raise ValueError(f"{name} holds {given[at]:g}{row}; give whole numbers of people, from 0 to {MOST:g}")
    return given
