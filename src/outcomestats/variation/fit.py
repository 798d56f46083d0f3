"""How much do groups (and teams) differ? The random-intercept model, fitted exactly from its sums.

Source: Bates, Mächler, Bolker and Walker (2015), "Fitting linear mixed-effects models using lme4", Journal of
Statistical Software 67(1); the profiled criterion of its section 3.4 in the ratio of variances, so that the sign
of the slope at 0 decides whether groups differ at all.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from outcomestats.variation.arguments import Floats
from outcomestats.variation.criterion import Centred, Estimation, Pieces, centred, curvature, pieces
from outcomestats.variation.descent import lowest
from outcomestats.variation.sums import Sums

VERSION = "variation 1"
STARTS = (0.0, 0.02, 0.3, 1.0, 3.0, 30.0)  # ratios of variances looked at before the search
VALLEYS = 3  # how many of the deepest valleys among them are searched
RATIO_TOO_LARGE = 1e9  # rows of a group as good as equal: nothing is left of sigma
FLAT = 1e-10  # a criterion a row that moves less over all starts says nothing about the ratio
STEPS = 30
SETTLED = 1e-13  # a Newton step this small, relative to the ratio, is rounding


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """The fitted model. p counts the intercept, which comes first.

    variances: between groups, then between teams where there are any; sigma2: within groups.
    ratios: variances over sigma2. beta: (p,), vcov: (p, p) its covariance, coefficients: their names.
    criterion: -2 log (restricted) likelihood, comparable with lme4's. boundary: the levels whose variance is
    exactly 0. verdict: what was found, in words.
    """

    estimation: Estimation
    levels: tuple[str, ...]
    variances: tuple[float, ...]
    ratios: tuple[float, ...]
    sigma2: float
    coefficients: tuple[str, ...]
    beta: Floats
    vcov: Floats
    criterion: float
    boundary: tuple[str, ...]
    n_rows: int
    n_groups: int
    n_teams: int
    method: str
    version: str
    verdict: str

    @property
    def standard_errors(self) -> Floats:
        """(p,) standard errors of beta."""
        errors: Floats = np.sqrt(np.diagonal(self.vcov))
        return errors

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of all variance that lies at each level (the intraclass correlation where there is one)."""
        whole = sum(self.variances) + self.sigma2
        return tuple(variance / whole for variance in self.variances)


def fit(sums: Sums, *, estimation: Estimation = Estimation.REML) -> MixedFit:
    """Fit y = X beta + (team) + group + error by REML or ML: nested where the sums carry teams, else one level.

    REML variances of models with different covariates are comparable, their criteria are not: use ML for that.
    Not for clients seen by several clinicians at once (crossed effects), nor for yes/no outcomes.
    Raises ValueError where the rows cannot tell the levels apart (one group, one row a group, one group a team),
    where y or a covariate does not vary or is a combination of others, where covariates leave no difference between
    groups to be explained, or where rows of a group are all equal.

    >>> fit(Sums.from_rows([4.0, 6.0, 5.0, 7.0, 9.0, 12.0], group=["a", "a", "b", "b", "c", "c"])).verdict
    '71.7 % of the variance lies between groups.'
    >>> fit(Sums.from_rows([4.0, 9.0, 5.0, 9.0, 8.0, 4.0], group=["a", "a", "b", "b", "c", "c"])).boundary
    ('group',)
    """
    _refuse_inseparable(sums)
    ready = centred(sums, estimation)
    # With few groups a valley at 0 may hide a deeper one further in.
    found = [_polished(ready, _searched(ready, start)) for start in _best_starts(ready)]
    lam = min(found, key=lambda ratios: pieces(ready, ratios).criterion(ready.freedom))
    if lam.max() > RATIO_TOO_LARGE:
        raise ValueError("y does not vary within the groups; there is no error to measure their difference against")
    return _told(sums, ready, lam, pieces(ready, lam))


def ready_and_ratios(sums: Sums, found: MixedFit) -> tuple[Centred, Floats]:
    """The sums as the criterion wants them, and the fit's ratios: for what is computed from a fit afterwards.

    Raises ValueError where the fit is not of these sums.

    >>> sums = Sums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2])
    >>> ready_and_ratios(sums, fit(sums))[1].tolist()
    [0.0]
    """
    same = (found.n_rows, found.n_groups) == (sums.n_rows, sums.n.size)
    if not same or found.coefficients[1:] != sums.covariates or (len(found.levels) == 2) != (sums.teams is not None):
        raise ValueError("found is not a fit of these sums; give the sums it was fitted from")
    return centred(sums, found.estimation), np.array(found.ratios)


def _refuse_inseparable(sums: Sums) -> None:
    if sums.n.size < 2:
        raise ValueError("group holds one group; variation between groups needs two or more")
    if sums.n_rows == sums.n.size:
        raise ValueError("group has one row a group; groups cannot be told from errors, give repeated rows")
    if sums.n_rows <= len(sums.covariates) + (2 if sums.teams is None else 3):
        raise ValueError("covariates are as many as the rows allow; leave some out")
    if sums.teams is None:
        return
    teams = np.unique(sums.teams).size
    if teams < 2:
        raise ValueError("team holds one team; leave it out, or give two or more")
    if teams == sums.n.size:
        raise ValueError("team has one group a team; the two cannot be told apart, leave team out")


def _best_starts(ready: Centred) -> list[Floats]:
    starts = [np.array(lam) for lam in itertools.product(STARTS, repeat=ready.levels)]
    told = np.array([pieces(ready, lam).criterion(ready.freedom) for lam in starts])
    table = told.reshape((len(STARTS),) * ready.levels)
    for at, level in enumerate(("group", "team")[: ready.levels]):
        if np.ptp(table, axis=at).max() < FLAT * ready.freedom:
            raise ValueError(
                f"{level} differences are all explained by covariates; leave some out, or give more {level}s"
            )
    around = np.pad(table, 1, constant_values=np.inf)
    valley = np.ones(table.shape, dtype=bool)
    for at in range(table.ndim):
        for step in (-1, 1):
            inner = tuple(slice(1, -1) for _ in range(table.ndim))
            valley &= table <= np.roll(around, step, axis=at)[inner]
    ordered = [int(at) for at in np.argsort(told, kind="stable") if valley.ravel()[at]]
    return [starts[at] for at in ordered[:VALLEYS]]


def _searched(ready: Centred, start: Floats) -> Floats:
    """L-BFGS-B near enough for Newton; in units of the start, and per row, to be well scaled."""
    unit, rows = np.maximum(start, STARTS[1]), ready.freedom

    def per_row(x: Floats) -> tuple[float, Floats]:
        at = pieces(ready, x * unit)
        return at.criterion(rows) / rows, at.score(rows) * unit / rows

    return lowest(per_row, start / unit, [True] * start.size)[0] * unit


def _polished(ready: Centred, lam: Floats) -> Floats:
    """Newton on the slope; a level whose slope at 0 points outwards stays at exactly 0."""
    for _ in range(STEPS):
        score = pieces(ready, lam).score(ready.freedom)
        free = (lam > 0) | (score < 0)
        if not free.any():
            return lam
        bend = curvature(ready, lam)[np.ix_(free, free)]
        if np.linalg.eigvalsh(bend)[0] <= 0:
            return lam
        step = np.zeros_like(lam)
        step[free] = -np.linalg.solve(bend, score[free])
        moved = _held_back(ready, lam, step)
        if (np.abs(moved - lam) <= SETTLED * moved).all():
            return moved
        lam = moved
    return lam


def _held_back(ready: Centred, lam: Floats, step: Floats) -> Floats:
    """The Newton step, halved until the criterion does not rise by more than its rounding."""
    here = pieces(ready, lam).criterion(ready.freedom)
    for halving in range(STEPS):
        moved: Floats = np.maximum(lam + step / 2**halving, 0)
        if pieces(ready, moved).criterion(ready.freedom) <= here + 1e-12 * (abs(here) + ready.freedom):
            return moved
    return lam


def _told(sums: Sums, ready: Centred, lam: Floats, at: Pieces) -> MixedFit:
    levels = ("group", "team")[: ready.levels]
    sigma2 = float(at.rss) / ready.freedom * ready.scale[-1] ** 2
    boundary = tuple(level for level, ratio in zip(levels, lam, strict=True) if ratio == 0)
    beta, vcov = _unscaled(ready, at, sigma2)
    n_teams = 0 if ready.starts is None else ready.starts.size
    return MixedFit(
        estimation=ready.estimation,
        levels=levels,
        variances=tuple(float(ratio) * sigma2 for ratio in lam),
        ratios=tuple(float(ratio) for ratio in lam),
        sigma2=sigma2,
        coefficients=("(intercept)", *sums.covariates),
        beta=beta,
        vcov=vcov,
        criterion=at.criterion(ready.freedom) + ready.constant,
        boundary=boundary,
        n_rows=sums.n_rows,
        n_groups=sums.n.size,
        n_teams=n_teams,
        method=f"random intercepts of {' in '.join(levels)}, exact {ready.estimation.value} from sums",
        version=VERSION,
        verdict=_verdict(levels, lam),
    )


def _unscaled(ready: Centred, at: Pieces, sigma2: float) -> tuple[Floats, Floats]:
    """beta and its covariance in the columns' own units: the centring is a shear, undone exactly."""
    back = np.diag(np.concatenate([[1.0], 1 / ready.scale[:-1]]))
    back[0, 1:] = -ready.mean[:-1] / ready.scale[:-1]
    beta = back @ (at.beta * ready.scale[-1])
    beta[0] += ready.mean[-1]
    return beta, sigma2 * back @ at.inverse @ back.T


def _verdict(levels: tuple[str, ...], lam: Floats) -> str:
    told = []
    for level, ratio in zip(levels, lam, strict=True):
        if ratio == 0:
            told.append(f"{level}s differ by no more than chance explains (variance at its boundary, 0)")
        else:
            share = ratio / (1 + lam.sum())
            told.append(f"{100 * share:.1f} % of the variance lies between {level}s")
    sentence = "; ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}."
