"""The REML criterion of the growth model and its slope, exactly, from each person's sums.

y = Xβ + Z u + e, with Z = (1, time) of each person, u of variance σ²Ψ, e of variance σ². Every column of (X y) is of
the form Z T with T of 2 rows, but for what y leaves about the person's own line (its square sum is `left`). So with
S = Z'Z and K = S(I + ΨS)⁻¹ = (S + |S| adj Ψ) / |I + SΨ|, which is right for a singular Ψ or S too and takes no
difference of large numbers:
 Q = Σ T'KT + (0, left) = [A b; b' c],  β = A⁻¹b,  RSS = c − b'β
 −2ℓ = Σ log|I + SΨ| + log|A| + (N − p)(1 + log(2π RSS / (N − p)))
and for its slope in Ψ, with γ = KT and r = γ(−β 1)':
 G = ΣK − Σ γₓA⁻¹γₓ' − (N − p)/RSS Σ r r'
Source: Laird and Ware (1982), Biometrics 38, 963-974; Bates et al. (2015), Journal of Statistical Software 67(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomestats.change.growth.sums import GrowthSums

Floats = NDArray[np.float64]
BLOCK = 1 << 13  # people at a time, so that what is worked on stays in the processor's cache
LEAST = 1e-12  # of the grand sum of squares of time, below which a person has no slope of their own


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Sums on a scale with mean 0 and spread 1 in time, score and baseline, where the criterion is well behaved.

    s11, s12, s22: (K,) of Z'Z; area: (K,), its determinant. level, slope: (K,) of each person's own least-squares
    line (slope 0 where all scores are of one time). left: sum of squares about these lines. outer: (p - 2, K), each
    person's baseline. centre, spread: (3,), what was taken off time, score and baseline, and divided by.
    """

    s11: Floats
    s12: Floats
    s22: Floats
    area: Floats
    level: Floats
    slope: Floats
    left: Floats
    outer: Floats
    centre: Floats
    spread: Floats

    @property
    def n_rows(self) -> int:
        """How many scores went in."""
        return int(self.s11.sum())

    def every(self, step: int) -> Ready:
        """One person in `step`, on the same scale."""

        def picked(table: Floats) -> Floats:
            return np.ascontiguousarray(table[..., ::step])

        return Ready(
            picked(self.s11), picked(self.s12), picked(self.s22), picked(self.area), picked(self.level),
            picked(self.slope), picked(self.left), picked(self.outer), self.centre, self.spread,
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
    >>> found.centre.tolist(), found.level.round(4).tolist(), found.slope.round(4).tolist()
    ([0.5, 3.5, 0.0], [0.4472, -0.4472], [-0.8944, -0.8944])
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
    tt, ty, yy = sums.tt / spread[0] ** 2, sums.ty / (spread[0] * spread[1]), sums.yy / spread[1] ** 2
    moved = tt > LEAST * total
    tt = np.where(moved, tt, 0.0)
    slope = np.where(moved, ty / np.where(moved, tt, 1.0), 0.0)
    left = np.maximum(yy - slope * ty, 0.0)
    return Ready(n, n * t, tt + n * t**2, n * tt, y - slope * t, slope, left, outer, centre, spread)


def shrunken(
    s11: Floats, s12: Floats, s22: Floats, area: Floats, psi: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """K = S(I + ΨS)⁻¹ of each person as (k11, k12, k22), and |I + SΨ|; (K,) each. psi: (2, 2), may be singular.

    area: (K,), the determinant of S, which is n times the person's own sum of squares of time.

    >>> found = ready(GrowthSums.from_rows([1, 1, 2, 2], [0, 1, 0, 1], [5, 3, 4, 2]))
    >>> [part.round(4).tolist() for part in shrunken(found.s11, found.s12, found.s22, found.area, np.diag([1, 0]))]
    [[0.6667, 0.6667], [0.0, 0.0], [2.0, 2.0], [3.0, 3.0]]
    """
    p11, p12, p22 = float(psi[0, 0]), float(psi[0, 1]), float(psi[1, 1])
    between = max(p11 * p22 - p12 * p12, 0.0)
    det = 1 + s11 * p11 + 2 * s12 * p12 + s22 * p22 + area * between
    return (s11 + area * p22) / det, (s12 - area * p12) / det, (s22 + area * p11) / det, det


def evaluate(of: Ready, psi: Floats) -> Value:
    """The criterion and its slope at one Ψ, in the scaled units of `of`.

    >>> found = ready(GrowthSums.from_rows([1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2], [5, 3, 4, 2, 1, 1]))
    >>> value = evaluate(found, np.eye(2))
    >>> step = np.array([[0.0, 1e-6], [1e-6, 0.0]])
    >>> slope = (evaluate(found, np.eye(2) + step).criterion - evaluate(found, np.eye(2) - step).criterion) / 2e-6
    >>> bool(abs(slope - 2 * value.gradient[0, 1]) < 1e-6)
    True
    """
    size = of.outer.shape[0] + 3
    q, logs = np.zeros((size, size)), 0.0
    g11, g12, g22 = (np.zeros((size, size)) for _ in range(3))
    for start in range(0, of.s11.size, BLOCK):
        rows = slice(start, start + BLOCK)
        k11, k12, k22, det = shrunken(of.s11[rows], of.s12[rows], of.s22[rows], of.area[rows], psi)
        level, slope, outer = of.level[rows], of.slope[rows], of.outer[:, rows]
        gu = np.concatenate([[k11, k12], k11 * outer, [k11 * level + k12 * slope]])
        gv = np.concatenate([[k12, k22], k12 * outer, [k12 * level + k22 * slope]])
        q[0] += gu.sum(axis=1)
        q[1] += gv.sum(axis=1)
        q[2:-1] += outer @ gu.T
        q[-1, -1] += level @ gu[-1] + slope @ gv[-1] + of.left[rows].sum()
        logs += float(np.log(det).sum())
        g11 += gu @ gu.T
        g12 += gu @ gv.T
        g22 += gv @ gv.T
    q[-1, :-1] = q[:-1, -1]
    return _value(q, logs, (g11, g12, g22), of.n_rows)


def _value(q: Floats, logs: float, products: tuple[Floats, Floats, Floats], n_rows: int) -> Value:
    A, b = q[:-1, :-1], q[:-1, -1]
    beta, inverse = np.asarray(np.linalg.solve(A, b), dtype=np.float64), np.linalg.inv(A)
    rss, free = float(q[-1, -1] - b @ beta), n_rows - A.shape[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        criterion = logs + np.linalg.slogdet(A)[1] + free * (1 + np.log(2 * np.pi * rss / free))
    residual = np.append(-beta, 1.0)
    (a11, r11), (a12, r12), (a22, r22) = (
        (float(np.sum(inverse * each[:-1, :-1])), float(residual @ each @ residual)) for each in products
    )
    gradient = q[:2, :2] - np.array([[a11, a12], [a12, a22]]) - free / rss * np.array([[r11, r12], [r12, r22]])
    return Value(float(criterion), (gradient + gradient.T) / 2, beta, A, rss)
