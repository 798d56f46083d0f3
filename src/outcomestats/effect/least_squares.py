"""Ordinary least squares, with covariances that hold when errors hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.effect.columns import Floats, design_matrix, figures

DEPENDENT = 1e-10  # of a column: a smaller share of its own is rounding


@dataclass(frozen=True, slots=True, eq=False)
class OlsFit:
    """beta: (p,). residuals: (n,). variance: of an error, RSS / (n − p). bread: (p, p) inverse of X'X."""

    beta: Floats
    residuals: Floats
    variance: float
    bread: Floats

    @property
    def covariance(self) -> Floats:
        """(p, p) if errors were independent and alike."""
        return self.variance * self.bread


def fit_ols(X: ArrayLike, y: ArrayLike) -> OlsFit:
    """Least squares. X: (n, p) with n above p and independent columns. y: (n,).

    Raises ValueError when X has too few rows, or columns that follow from others.

    >>> fit_ols([[1, 0], [1, 1], [1, 2]], [1, 2, 4]).beta.round(3).tolist()
    [0.833, 1.5]
    """
    columns = design_matrix(X)
    outcome = figures(y, "y", like=len(columns))
    n, p = columns.shape
    q, r = independent(columns)
    beta = np.asarray(np.linalg.solve(r, q.T @ outcome), dtype=np.float64)
    residuals = outcome - columns @ beta
    half = np.linalg.inv(r)
    return OlsFit(beta, residuals, float(residuals @ residuals) / (n - p), half @ half.T)


def independent(columns: Floats) -> tuple[Floats, Floats]:
    """The QR decomposition of a design, (n, p) and (p, p); ValueError where it does not stand on its own.

    >>> independent(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))
    Traceback (most recent call last):
    ValueError: X has a column that follows from the others; leave it out
    """
    n, p = columns.shape
    if n <= p:
        raise ValueError(f"X has {n} rows for {p} columns; give more rows, or fewer columns")
    largest = np.abs(columns).max(axis=0)
    if (largest == 0).any():
        raise ValueError("X has a column of zeros; leave it out")
    q, r = np.linalg.qr(columns)
    # Of each column what is its own, in units of its size: a rough unit is no dependence.
    own = np.abs(np.diag(r)) / (largest * np.sqrt(n))
    if own.min() <= DEPENDENT:
        raise ValueError("X has a column that follows from the others; leave it out")
    return np.asarray(q, dtype=np.float64), np.asarray(r, dtype=np.float64)


def newey_west_lags(n: int) -> int:
    """⌊4 (n/100)^(2/9)⌋, the rule of Newey and West (1994).

    >>> newey_west_lags(48)
    3
    """
    return int(4 * (n / 100) ** (2 / 9))


def newey_west(periods: ArrayLike, X: ArrayLike, residuals: ArrayLike, lags: int) -> Floats:
    """Newey and West (1987): bread · meat · bread with Bartlett weights 1 − l / (lags + 1), times n / (n − p).

    periods: (n,) whole numbers; the lag of two rows is the distance of their periods, so that gaps count.
    X: (n, p). residuals: (n,). Returns (p, p). Raises ValueError for lags below 0.

    >>> newey_west([1, 2, 3], [[1.0], [1.0], [1.0]], [1.0, -2.0, 1.0], 0).round(3).tolist()
    [[1.0]]
    """
    if lags < 0:
        raise ValueError(f"lags is {lags}; give 0 or more")
    columns = design_matrix(X)
    n, p = columns.shape
    at, u_hat = figures(periods, "periods", like=n), figures(residuals, "residuals", like=n)
    independent(columns)
    weight = np.maximum(0, 1 - np.abs(at[:, None] - at[None, :]) / (lags + 1))
    scores = columns * u_hat[:, None]
    bread = np.linalg.inv(columns.T @ columns)
    return np.asarray(n / (n - p) * bread @ (scores.T @ weight @ scores) @ bread)


def cluster_robust(X: ArrayLike, residuals: ArrayLike, clusters: ArrayLike) -> Floats:
    """Liang and Zeger (1986), with the usual factor G/(G − 1) · (n − 1)/(n − p) for G clusters.

    X: (n, p). residuals: (n,). clusters: (n,) numbers, one for each cluster. Returns (p, p).
    Raises ValueError for a single cluster, or columns that follow from others.

    >>> cluster_robust([[1.0]] * 4, [1.0, 1.0, -1.0, -1.0], np.array([0, 0, 1, 1])).round(3).tolist()
    [[1.0]]
    """
    columns = design_matrix(X)
    n, p = columns.shape
    u_hat, of = figures(residuals, "residuals", like=n), figures(clusters, "clusters", like=n)
    known, place = np.unique(of, return_inverse=True)
    if known.size < 2:
        raise ValueError("clusters holds one cluster only; between-cluster variation needs two or more")
    independent(columns)
    number = known.size
    scores = np.zeros((number, p))
    np.add.at(scores, place, columns * u_hat[:, None])
    bread = np.linalg.inv(columns.T @ columns)
    factor = number / (number - 1) * (n - 1) / (n - p)
    return np.asarray(factor * bread @ (scores.T @ scores) @ bread)
