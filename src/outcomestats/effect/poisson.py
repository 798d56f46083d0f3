"""Counts with exposure: Poisson regression with a logarithmic link by iteratively reweighted least squares.

Source: McCullagh and Nelder (1989), "Generalized Linear Models", chapters 2 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.effect.columns import Floats, design_matrix, figures, positive
from outcomestats.effect.least_squares import independent


@dataclass(frozen=True, slots=True, eq=False)
class PoissonFit:
    """beta: (p,) of the logarithm of the rate. covariance: (p, p), widened by dispersion. fitted: (n,) counts.

    dispersion: Pearson's χ² / (n − p), not below 1: counts less spread than chance narrow nothing.
    """

    beta: Floats
    covariance: Floats
    fitted: Floats
    dispersion: float


def fit_poisson(X: ArrayLike, counts: ArrayLike, exposure: ArrayLike) -> PoissonFit:
    """Fit log(rate) = X beta. X: (n, p). counts, exposure: (n,), exposure above 0.

    Raises ValueError naming the argument for counts below 0, exposure not above 0 and columns that follow from
    others; and when it does not settle: some column is then known for counts of 0 only.

    >>> fit_poisson([[1.0]] * 3, [2, 4, 6], [1.0, 2.0, 3.0]).beta.round(4).tolist()
    [0.6931]
    """
    columns = design_matrix(X)
    n, p = columns.shape
    y, offset = figures(counts, "counts", like=n), np.log(positive(exposure, "exposure", like=n))
    if (y < 0).any() or not y.any():
        raise ValueError("counts holds a number below 0, or nothing above it; give counts, some above 0")
    independent(columns)
    eta = np.log((y + 0.5) / np.exp(offset))
    beta: Floats = np.zeros(p)
    for _ in range(100):
        mean = np.exp(eta + offset)
        working = eta + (y - mean) / mean
        root = np.sqrt(mean)
        found = np.linalg.lstsq(columns * root[:, None], working * root, rcond=None)[0]
        settled, beta = beta, found.astype(np.float64)
        eta = np.clip(columns @ beta, -30, 30)
        if np.abs(beta - settled).max() <= 1e-12 * max(1.0, float(np.abs(beta).max())):
            break
    else:
        raise ValueError("counts does not settle a rate for every column of X; leave out what has no events")
    fitted = np.exp(eta + offset)
    dispersion = max(1.0, float(((y - fitted) ** 2 / fitted).sum()) / (n - p))
    return PoissonFit(beta, dispersion * np.linalg.inv((columns.T * fitted) @ columns), fitted, dispersion)
