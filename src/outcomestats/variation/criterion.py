"""The restricted (or plain) likelihood of the nested random-intercept model, from sums, with its exact slope.

Model: y = X beta + v_team + u_group + e, with variances tau_v^2, tau_u^2 and sigma^2. lam = (tau_u^2/sigma^2,
tau_v^2/sigma^2). With z_k the sums of (1, x, y) over group k and C their cross-products over all rows:
    a_k = 1/(1 + lam_1 n_k), w_k = lam_1 a_k, m_k = n_k a_k, M_j = sum m_k, S_j = sum a_k z_k over the team's groups,
    q_j = lam_2/(1 + lam_2 M_j),   Q = C - sum w_k z_k z_k' - sum q_j S_j S_j' = [A b; b' c]
    beta = A^-1 b,  RSS = c - b'beta,  -2 log L_R = logdet + (N - p)(1 + log(2 pi RSS/(N - p)))
    logdet = sum log(1 + lam_1 n_k) + sum log(1 + lam_2 M_j) + log|A|     (ML: without log|A|, N for N - p)
Everything is written without conjugates, so that a complex step through the slope gives the exact curvature.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcomestats.variation.arguments import Floats
from outcomestats.variation.sums import Sums

DEPENDENT = 1e-9  # a covariate of which a smaller share is its own is a combination of the others
EXACT = 1e-13  # a share of y's variance this small is rounding
Numbers = NDArray[Any]  # float64, or complex128 on a complex step


class Estimation(StrEnum):
    """Which likelihood is maximised."""

    REML = "REML"  # restricted: for the variances
    ML = "ML"  # plain: to compare models with different covariates


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """The sums about their means and in units of their spread, ordered by team.

    n: (K,). z: (K, p + 1) with p counting the intercept. cross: (p + 1, p + 1). starts: (J,) first group of
    each team, or None. mean, scale: (columns,) what was taken off and divided by, covariates first and y last.
    order: (K,) the place of each row here among the groups of the Sums.
    """

    n: Floats
    z: Floats
    cross: Floats
    starts: NDArray[np.int64] | None
    mean: Floats
    scale: Floats
    order: NDArray[np.int64]
    estimation: Estimation

    @property
    def levels(self) -> int:
        """1 for groups, 2 for groups in teams."""
        return 1 if self.starts is None else 2

    @property
    def freedom(self) -> float:
        """N - p, or N for plain likelihood."""
        spent = self.z.shape[1] - 1 if self.estimation is Estimation.REML else 0
        return float(self.n.sum()) - spent

    @property
    def constant(self) -> float:
        """What scaling adds to the criterion."""
        covariates, outcome = np.log(self.scale[:-1]), math.log(self.scale[-1])
        spread = float(covariates.sum()) if self.estimation is Estimation.REML else 0.0
        return 2 * spread + 2 * self.freedom * outcome


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What the criterion is made of at one lam, with slopes (levels,) in lam."""

    logdet: Any
    rss: Any
    logdet_slope: Numbers
    rss_slope: Numbers
    beta: Numbers
    inverse: Numbers

    def criterion(self, freedom: float) -> float:
        """-2 log likelihood with sigma^2 at its best, in scaled units; ValueError where no error is left."""
        if self.rss < EXACT * freedom:
            raise ValueError("covariates and groups explain y exactly; leave some out, or give more rows a group")
        return float(self.logdet + freedom * (1 + math.log(2 * math.pi * self.rss / freedom)))

    def score(self, freedom: float) -> Numbers:
        """The slope of the criterion in lam."""
        slope: Numbers = self.logdet_slope + freedom / self.rss * self.rss_slope
        return slope


def centred(sums: Sums, estimation: Estimation) -> Centred:
    """The sums made ready for the criterion.

    Raises ValueError where y or a covariate never varies, or a covariate is a combination of the others.

    >>> ready = centred(Sums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2]), Estimation.REML)
    >>> ready.mean.tolist(), ready.freedom
    ([3.0], 3.0)
    """
    rows = float(sums.n_rows)
    about = sums.shifted(sums.shift + sums.totals.sum(axis=0) / rows)
    scale = _spreads(about, rows)
    cross = np.zeros((scale.size + 1, scale.size + 1))
    cross[0, 0] = rows
    cross[1:, 1:] = about.cross / np.outer(scale, scale)
    refuse_combinations(cross[1:-1, 1:-1] / rows, sums.covariates)
    z = np.column_stack([sums.n.astype(np.float64), about.totals / scale])
    order, starts = np.arange(sums.n.size), None
    if sums.teams is not None:
        order = np.argsort(sums.teams, kind="stable")
        teams = sums.teams[order]
        starts = np.flatnonzero(np.concatenate([[True], teams[1:] != teams[:-1]]))
    return Centred(z[order, 0], z[order], cross, starts, about.shift, scale, order, estimation)


def pieces(ready: Centred, lam: Numbers) -> Pieces:
    """The criterion's parts and their slopes at lam (levels,).

    >>> ready = centred(Sums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2]), Estimation.ML)
    >>> round(pieces(ready, np.array([0.0])).criterion(ready.freedom) + ready.constant, 4)
    16.3626
    """
    a = 1 / (1 + lam[0] * ready.n)
    m, g = ready.n * a, ready.z * a[:, None]
    logdet = np.log(1 + lam[0] * ready.n).sum()
    table = ready.cross - lam[0] * ready.z.T @ g
    traces, slopes = [m.sum()], []
    if ready.starts is not None:
        size = np.diff(ready.starts, append=m.size)
        M, S = np.add.reduceat(m, ready.starts), np.add.reduceat(g, ready.starts)
        open_, q = 1 + lam[1] * M, lam[1] / (1 + lam[1] * M)
        table = table - S.T @ (q[:, None] * S)
        logdet = logdet + np.log(open_).sum()
        g = g - m[:, None] * np.repeat(q[:, None] * S, size, axis=0)
        traces = [m.sum() - (np.repeat(q, size) * m**2).sum(), (M / open_).sum()]
        slopes = [S / open_[:, None]]
    slopes.insert(0, g)
    inverse = np.linalg.inv(table[:-1, :-1])
    beta = inverse @ table[:-1, -1]
    rss = table[-1, -1] - table[:-1, -1] @ beta
    rss_slope = np.array([-((h[:, -1] - h[:, :-1] @ beta) ** 2).sum() for h in slopes])
    logdet_slope = np.array(traces)
    if ready.estimation is Estimation.REML:
        if not np.iscomplexobj(lam):  # a complex step asks for slopes only
            logdet = logdet + np.linalg.slogdet(table[:-1, :-1])[1]
        logdet_slope = logdet_slope - np.array([(inverse * (h[:, :-1].T @ h[:, :-1])).sum() for h in slopes])
    return Pieces(logdet, rss, logdet_slope, rss_slope, beta, inverse)


def curvature(ready: Centred, lam: Floats) -> Floats:
    """The second derivatives of the criterion in lam, (levels, levels), exact: one complex step a level.

    >>> ready = centred(Sums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2]), Estimation.ML)
    >>> curvature(ready, np.array([1.0])).shape
    (1, 1)
    """
    step = 1e-150
    columns = []
    for level in range(lam.size):
        aside = lam.astype(np.complex128)
        aside[level] += 1j * step
        columns.append(pieces(ready, aside).score(ready.freedom).imag / step)
    whole = np.array(columns)
    half: Floats = (whole + whole.T) / 2
    return half


def _spreads(about: Sums, rows: float) -> Floats:
    variance = np.diagonal(about.cross) / rows
    # What is left of a constant column after its mean went is rounding of its values.
    floor = (1e-13 * np.abs(about.shift)) ** 2
    for name, value, least in zip((*about.covariates, "y"), variance, floor, strict=True):
        if value <= least:
            fix = "there is nothing to explain" if name == "y" else "leave it out: the intercept is always there"
            raise ValueError(f"{name} is the same in every row; {fix}")
    spread: Floats = np.sqrt(variance)
    return spread


def refuse_combinations(correlation: Floats, names: tuple[str, ...]) -> None:
    """Raise ValueError for the first covariate that is a combination of those before it.

    >>> refuse_combinations(np.ones((2, 2)), ("years", "months"))
    Traceback (most recent call last):
    ValueError: months is a combination of the covariates before it; leave it out
    """
    for at, name in enumerate(names):
        before, link = correlation[:at, :at], correlation[:at, at]
        own = correlation[at, at] - link @ np.linalg.solve(before, link) if at else correlation[0, 0]
        if own < DEPENDENT:
            raise ValueError(f"{name} is a combination of the covariates before it; leave it out")
