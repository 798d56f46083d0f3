"""Many comparisons at once: how small must a p value be when the smallest of many is looked at?

Sources: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300; Benjamini and
Yekutieli (2001), Annals of Statistics 29, 1165-1188.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Dependence(StrEnum):
    """How the comparisons hang together."""

    POSITIVE_OR_NONE = "POSITIVE_OR_NONE"  # Benjamini and Hochberg; groups against one reference are of this kind
    ANY = "ANY"  # Benjamini and Yekutieli


def q_values(p_values: ArrayLike, dependence: Dependence = Dependence.POSITIVE_OR_NONE) -> NDArray[np.float64]:
    """For each p value, the share of false findings among all that are at least as strong.

    p_values: (k,) from 0 to 1. Returns (k,), in the same order. Findings with q at or below 0.05 are wrong in
    at most 5 % on average. Raises ValueError for values outside 0 to 1 or none.

    >>> q_values([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    try:
        p = np.asarray(p_values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("p_values must be numbers, one a comparison") from error
    if p.ndim != 1 or not p.size:
        raise ValueError(f"p_values has shape {p.shape}; give one column of at least one p value")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p_values holds something outside 0 to 1; leave out comparisons that could not be made")
    k = p.size
    factor = 1.0 if dependence is Dependence.POSITIVE_OR_NONE else float((1 / np.arange(1, k + 1)).sum())
    order = np.argsort(-p, kind="stable")
    stepped = np.minimum.accumulate(factor * k / np.arange(k, 0, -1) * p[order])
    q = np.empty(k)
    q[order] = np.minimum(stepped, 1.0)
    return q
