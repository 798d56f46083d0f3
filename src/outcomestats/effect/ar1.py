"""Regression with AR(1) errors by exact REML, gaps allowed.

Source: Pinheiro and Bates (2000), "Mixed-Effects Models in S and S-PLUS", section 5.3; equals gls(…, corAR1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from outcomestats.effect.columns import Floats, design_matrix, figures
from outcomestats.effect.least_squares import fit_ols, independent

# Closer to ±1 than this, level and error can no longer be told apart.
FURTHEST = 0.9999
EXACT = 1e-12  # of the largest y: what is left is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Ar1Fit:
    """beta: (p,). covariance: (p, p). autocorrelation: φ. variance: of an error. criterion: −2 log REML."""

    beta: Floats
    covariance: Floats
    autocorrelation: float
    variance: float
    criterion: float


def fit_ar1(periods: ArrayLike, X: ArrayLike, y: ArrayLike) -> Ar1Fit:
    """Maximise the restricted likelihood over φ; coefficients and variance follow from it.

    periods: (n,) whole and rising; errors d periods apart correlate φ^d. X: (n, p). y: (n,).
    Raises ValueError naming the argument for periods out of order, columns that follow from others, and a y that X
    explains exactly.

    >>> fit = fit_ar1(range(6), [[1.0]] * 6, [1, 2, 2, 3, 2, 1])
    >>> 0 < fit.autocorrelation < 1
    True
    """
    at, columns = _checked(periods, X)
    outcome = figures(y, "y", like=at.size)
    left = outcome - columns @ fit_ols(columns, outcome).beta
    if np.abs(left).max() <= EXACT * np.abs(outcome).max():
        raise ValueError("y is explained exactly by X; nothing is left that could hang together")
    # The likelihood may have two tops, so a grid finds the higher one first.
    grid = np.linspace(-0.98, 0.98, 50)
    best = int(np.argmin([_criterion(phi, at, columns, outcome) for phi in grid]))
    low = grid[best - 1] if best else -FURTHEST
    high = grid[best + 1] if best < grid.size - 1 else FURTHEST
    found = minimize_scalar(
        _criterion, bounds=(low, high), args=(at, columns, outcome), method="bounded", options={"xatol": 1e-10}
    )
    phi = float(found.x)
    beta, rss, half, _ = _solved(phi, at, columns, outcome)
    variance = rss / (outcome.size - columns.shape[1])
    return Ar1Fit(beta, variance * half, phi, variance, float(found.fun))


def standard_errors_of_ar1(periods: ArrayLike, X: ArrayLike, autocorrelation: float, variance: float) -> Floats:
    """The covariance (p, p) of the coefficients for known φ and variance, of data yet to come as well.

    Raises ValueError as fit_ar1.

    >>> standard_errors_of_ar1(range(4), [[1.0]] * 4, 0.0, 2.0).tolist()
    [[0.5]]
    """
    at, columns = _checked(periods, X)
    _, _, half, _ = _solved(autocorrelation, at, columns, np.zeros(at.size))
    return variance * half


def _checked(periods: ArrayLike, X: ArrayLike) -> tuple[Floats, Floats]:
    columns = design_matrix(X)
    at = figures(periods, "periods", like=len(columns))
    if (at != np.floor(at)).any() or (np.diff(at) <= 0).any():
        raise ValueError("periods is not whole and rising; number the weeks or months, each once, in order")
    independent(columns)
    return at, columns


def _whitened(phi: float, at: Floats, columns: Floats) -> tuple[Floats, float]:
    """Rows made independent with variance 1 in units of the error's, and the log determinant of that step."""
    carried = np.sign(phi) ** np.diff(at) * np.abs(phi) ** np.diff(at)
    left = np.sqrt(1 - carried**2)
    out = columns.copy()
    out[1:] = (columns[1:] - carried[:, None] * columns[:-1]) / left[:, None]
    return out, 2 * float(np.log(left).sum())


def _solved(phi: float, at: Floats, columns: Floats, y: Floats) -> tuple[Floats, float, Floats, float]:
    both, determinant = _whitened(phi, at, np.column_stack((columns, y)))
    q, r = np.linalg.qr(both[:, :-1])
    beta = np.linalg.solve(r, q.T @ both[:, -1])
    rss = float(((both[:, -1] - both[:, :-1] @ beta) ** 2).sum())
    inverse = np.linalg.inv(r)
    log_bread = 2 * float(np.log(np.abs(np.diag(r))).sum())
    return beta, rss, inverse @ inverse.T, determinant + log_bread


def _criterion(phi: float, at: Floats, columns: Floats, y: Floats) -> float:
    _, rss, _, determinants = _solved(phi, at, columns, y)
    left = y.size - columns.shape[1]
    criterion: float = left * (1 + math.log(2 * math.pi * max(rss, 1e-300) / left)) + determinants
    return criterion
