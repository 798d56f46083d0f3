"""The (restricted) likelihood of the model with a random slope, from sums, with its exact slope.

Model: y = X beta + b_0 + b_1 x + e in each group, (b_0, b_1) with covariance sigma^2 D, e with variance sigma^2.
With Z_k = (1, x) of group k, P_k = Z_k'Z_k, U_k = Z_k'(X y) and C the cross-products of (X y) over all rows:
    F_k = (I + P_k D)^-1 U_k = Z_k'V_k^-1 (X y),   H_k = (I + P_k D)^-1 P_k,   Q = C - sum U_k'D F_k = [A b; b' c]
    -2 log L_R = sum log|I + P_k D| + log|A| + (N - p)(1 + log(2 pi RSS/(N - p))),  beta = A^-1 b, RSS = c - b'beta
    slope in D: sum (H_k - X's part of F_k A^-1 F_k') - (N - p)/RSS sum f_k f_k', f_k = F_k (-beta, 1)
Nothing needs D to have an inverse, so that its boundary, where D has rank one or none, is a point like any other.
Source: Woodbury's identity in Laird and Ware (1982), Biometrics 38(4); profiled as in Bates et al. (2015), 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomestats.variation.arguments import Floats
from outcomestats.variation.criterion import Centred, Estimation, Numbers, Pieces, centred
from outcomestats.variation.slope_sums import SlopeSums

MOVES = 1e-9  # of a covariate's spread: a smaller share within groups is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The sums about their means and in units of their spread.

    U: (K, 2, p + 1) sums of (1, x) times (1, covariates, y) in each group; P: (K, 2, 2) those with (1, x) itself.
    place: which covariate x is. about: what the random-intercept model would use.
    """

    about: Centred
    U: Floats
    P: Floats
    place: int

    @property
    def freedom(self) -> float:
        """N - p, or N for plain likelihood."""
        return self.about.freedom


def lines(sums: SlopeSums, estimation: Estimation) -> Lines:
    """The sums made ready for the criterion.

    Raises ValueError as criterion.centred does, and where x does not move within any group.

    >>> sums = SlopeSums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2], covariates={"week": [0, 2, 0, 4]},
    ...                            slope="week")
    >>> lines(sums, Estimation.REML).P.shape
    (2, 2, 2)
    """
    about = centred(sums.sums, estimation)
    moved, own = sums.shifted(about.mean), sums.place
    along = moved.along / about.scale[own] / about.scale
    second = np.column_stack([about.z[:, own + 1], along])
    U = np.stack([about.z, second], axis=1)
    P = U[:, :, [0, own + 1]]
    within = P[:, 1, 1] - P[:, 0, 1] ** 2 / P[:, 0, 0]
    if within.sum() <= MOVES * P[:, 1, 1].sum():
        raise ValueError(f"{sums.slope} does not move within any group; no slope can be seen, use fit() without one")
    return Lines(about, U, P, own)


def line_pieces(ready: Lines, d: Numbers) -> Pieces:
    """The criterion's parts and their slopes at d = (d_00, d_01, d_11), (3,).

    >>> sums = SlopeSums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2], covariates={"week": [0, 2, 0, 4]},
    ...                            slope="week")
    >>> ready = lines(sums, Estimation.ML)
    >>> round(line_pieces(ready, np.zeros(3)).criterion(ready.freedom) + ready.about.constant, 4)
    5.4251
    """
    D = np.array([[d[0], d[1]], [d[1], d[2]]])
    F, H, det = within_groups(ready, D)
    table = ready.about.cross - sum(ready.U[:, at].T @ (D[at, 0] * F[:, 0] + D[at, 1] * F[:, 1]) for at in (0, 1))
    inverse = np.linalg.inv(table[:-1, :-1])
    beta = inverse @ table[:-1, -1]
    rss = table[-1, -1] - table[:-1, -1] @ beta
    logdet = np.log(det).sum()
    f = F[:, :, -1] - F[:, :, :-1] @ beta
    trace = H.sum(axis=0)
    if ready.about.estimation is Estimation.REML:
        if not np.iscomplexobj(d):  # a complex step asks for slopes only
            logdet = logdet + np.linalg.slogdet(table[:-1, :-1])[1]
        left = (F[:, :, :-1] @ inverse).transpose(1, 0, 2).reshape(2, -1)
        trace = trace - left @ F[:, :, :-1].transpose(1, 0, 2).reshape(2, -1).T
    return Pieces(logdet, rss, _slope(trace), -_slope(f.T @ f), beta, inverse)


def within_groups(ready: Lines, D: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """F (K, 2, p + 1), H (K, 2, 2) and |I + P D| (K,), by the closed inverse of two by two.

    >>> sums = SlopeSums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2], covariates={"week": [0, 2, 0, 4]},
    ...                            slope="week")
    >>> within_groups(lines(sums, Estimation.ML), np.zeros((2, 2)))[2].tolist()
    [1.0, 1.0]
    """
    n, s, q = ready.P[:, 0, 0], ready.P[:, 0, 1], ready.P[:, 1, 1]
    a, b = 1 + n * D[0, 0] + s * D[1, 0], n * D[0, 1] + s * D[1, 1]  # I + P D, row by row
    c, d = s * D[0, 0] + q * D[1, 0], 1 + s * D[0, 1] + q * D[1, 1]
    det = a * d - b * c
    inverse = np.array([[d, -b], [-c, a]]) / det
    F = np.stack([_times(inverse[0], ready.U), _times(inverse[1], ready.U)], axis=1)
    H = np.stack([_times(inverse[0], ready.P), _times(inverse[1], ready.P)], axis=1)
    return F, H, det


def _times(row: Numbers, table: Floats) -> Numbers:
    """One row (2, K) of each group's inverse times its table (K, 2, columns), without a call a group."""
    product: Numbers = row[0][:, None] * table[:, 0] + row[1][:, None] * table[:, 1]
    return product


def _slope(G: Numbers) -> Numbers:
    """From a matrix of slopes to (d_00, d_01, d_11): the off-diagonal counts twice."""
    slope: NDArray[np.float64] = np.array([G[0, 0], G[0, 1] + G[1, 0], G[1, 1]])
    return slope
