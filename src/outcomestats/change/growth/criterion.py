"""The REML criterion of the growth model and its slope, exactly, from each person's sums.

y = Xβ + Z u + e, with Z = (1, time) of each person, u of variance σ²Ψ, e of variance σ². Per person S = Z'Z and
B = Z'(X y), both 2 rows. With M = Ψ(I + SΨ)⁻¹, which has a closed form for two random effects and is right for a
singular Ψ too:
 Q = ΣC − Σ B'MB = [A b; b' c],  β = A⁻¹b,  RSS = c − b'β
 −2ℓ = Σ log|I + SΨ| + log|A| + (N − p)(1 + log(2π RSS / (N − p)))
and for its slope in Ψ, with γ = (I − SM)B and r = γ(−β 1)':
 G = Σ(S − SMS) − Σ γₓA⁻¹γₓ' − (N − p)/RSS Σ r r'
Source: Laird and Ware (1982), Biometrics 38, 963-974; Bates et al. (2015), Journal of Statistical Software 67(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomestats.change.growth.sums import GrowthSums

Floats = NDArray[np.float64]


BLOCK = 1 << 13  # people at a time, so that what is worked on stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Sums on a scale with mean 0 and spread 1 in time, score and baseline, where the criterion is well behaved.

    s11, s12, s22: (K,) of Z'Z. upper, lower: (p + 1, K), the two rows of Z'(X y). syy: (K,) of y'y.
    outer: (p - 2, K), each person's baseline. centre, spread: (3,), what was taken off time, score and baseline, and
    divided by.
    """

    s11: Floats
    s12: Floats
    s22: Floats
    upper: Floats
    lower: Floats
    syy: Floats
    outer: Floats
    centre: Floats
    spread: Floats

    @property
    def n_rows(self) -> int:
        """How many scores went in."""
        return int(self.s11.sum())

    def every(self, step: int) -> Ready:
        """One person in `step`, on the same scale."""
        pick = np.s_[..., ::step]

        def picked(table: Floats) -> Floats:
            return np.ascontiguousarray(table[pick])

        return Ready(
            picked(self.s11), picked(self.s12), picked(self.s22), picked(self.upper), picked(self.lower),
            picked(self.syy), picked(self.outer), self.centre, self.spread,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """The criterion at one Ψ, with its slope. gradient: (2, 2) symmetric; beta: (p,); A: (p, p)."""

    criterion: float
    gradient: Floats
    beta: Floats
    A: Floats
    rss: float


def ready(sums: GrowthSums) -> Ready:
    """Sums about the grand means, in units of the grand spreads; algebra only. The spreads must not be 0.

    >>> found = ready(GrowthSums.from_rows([1, 1, 2, 2], [0, 1, 0, 1], [5, 3, 4, 2]))
    >>> found.centre.tolist(), found.upper.round(12).tolist()
    ([0.5, 3.5, 0.0], [[2.0, 2.0], [0.0, 0.0], [0.894427191, -0.894427191]])
    """
    n = sums.n.astype(np.float64)
    total = n.sum()
    centre = np.array([n @ sums.time_mean / total, n @ sums.score_mean / total, 0.0])
    t, y = sums.time_mean - centre[0], sums.score_mean - centre[1]
    spread = np.sqrt(np.array([(sums.tt.sum() + n @ t**2) / total, (sums.yy.sum() + n @ y**2) / total, 1.0]))
    outer = np.empty((0, n.size))
    if sums.baseline is not None:
        centre[2] = n @ sums.baseline / total
        off = sums.baseline - centre[2]
        spread[2] = np.sqrt(n @ off**2 / total)
        outer = (off / spread[2])[None, :]
    t, y = t / spread[0], y / spread[1]
    s12, s22 = n * t, (sums.tt / spread[0] ** 2) + n * t**2
    sy, sty = n * y, sums.ty / (spread[0] * spread[1]) + n * t * y
    syy = sums.yy / spread[1] ** 2 + n * y**2
    upper = np.concatenate([[n, s12], outer * n, [sy]])
    lower = np.concatenate([[s12, s22], outer * s12, [sty]])
    return Ready(n, s12, s22, upper, lower, syy, outer, centre, spread)


def posterior(s11: Floats, s12: Floats, s22: Floats, psi: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """M = Ψ(I + SΨ)⁻¹ of each person as (m11, m12, m22), and |I + SΨ|; (K,) each. psi: (2, 2), may be singular.

    >>> found = ready(GrowthSums.from_rows([1, 1, 2, 2], [0, 1, 0, 1], [5, 3, 4, 2]))
    >>> [part.round(4).tolist() for part in posterior(found.s11, found.s12, found.s22, np.diag([1.0, 0.0]))]
    [[0.3333, 0.3333], [0.0, 0.0], [0.0, 0.0], [3.0, 3.0]]
    """
    p11, p12, p22 = float(psi[0, 0]), float(psi[0, 1]), float(psi[1, 1])
    area = p11 * p22 - p12 * p12
    det = 1 + s11 * p11 + 2 * s12 * p12 + s22 * p22 + (s11 * s22 - s12**2) * area
    return (p11 + area * s22) / det, (p12 - area * s12) / det, (p22 + area * s11) / det, det


def evaluate(of: Ready, psi: Floats) -> Value:
    """The criterion and its slope at one Ψ, in the scaled units of `of`.

    >>> found = ready(GrowthSums.from_rows([1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2], [5, 3, 4, 2, 1, 1]))
    >>> value = evaluate(found, np.eye(2))
    >>> step = np.array([[0.0, 1e-6], [1e-6, 0.0]])
    >>> slope = (evaluate(found, np.eye(2) + step).criterion - evaluate(found, np.eye(2) - step).criterion) / 2e-6
    >>> bool(abs(slope - 2 * value.gradient[0, 1]) < 1e-6)
    True
    """
    size = of.upper.shape[0]
    q, logs = np.zeros((size, size)), 0.0
    g11, g12, g22 = (np.zeros((size, size)) for _ in range(3))
    k = np.zeros((2, 2))
    for start in range(0, of.s11.size, BLOCK):
        rows = slice(start, start + BLOCK)
        s11, s12, s22, u, v = of.s11[rows], of.s12[rows], of.s22[rows], of.upper[:, rows], of.lower[:, rows]
        m11, m12, m22, det = posterior(s11, s12, s22, psi)
        mu, mv = m11 * u + m12 * v, m12 * u + m22 * v
        # The fixed part's own rows come from the random part's, as X holds Z; y'y stands apart.
        q[:2] += np.stack([u.sum(axis=1), v.sum(axis=1)])
        q[2:-1] += of.outer[:, rows] @ u.T
        q[-1, -1] += of.syy[rows].sum()
        q -= u @ mu.T + v @ mv.T
        logs += float(np.log(det).sum())
        gu, gv = u - s11 * mu - s12 * mv, v - s12 * mu - s22 * mv
        g11 += gu @ gu.T
        g12 += gu @ gv.T
        g22 += gv @ gv.T
        k += np.stack([gu[:2].sum(axis=1), gv[:2].sum(axis=1)])
    return _value(q, logs, (g11, g12, g22), k, of.n_rows)


def _value(q: Floats, logs: float, products: tuple[Floats, Floats, Floats], k: Floats, n_rows: int) -> Value:
    # y's own row was filled from one side only where X's rows are not Z's.
    q[-1, :-1] = q[:-1, -1]
    A, b = q[:-1, :-1], q[:-1, -1]
    beta, inverse = np.asarray(np.linalg.solve(A, b), dtype=np.float64), np.linalg.inv(A)
    rss, free = float(q[-1, -1] - b @ beta), n_rows - A.shape[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        criterion = logs + np.linalg.slogdet(A)[1] + free * (1 + np.log(2 * np.pi * rss / free))
    residual = np.append(-beta, 1.0)
    (a11, r11), (a12, r12), (a22, r22) = (
        (float(np.sum(inverse * each[:-1, :-1])), float(residual @ each @ residual)) for each in products
    )
    gradient = k - np.array([[a11, a12], [a12, a22]]) - free / rss * np.array([[r11, r12], [r12, r22]])
    return Value(float(criterion), (gradient + gradient.T) / 2, beta, A, rss)
