"""How much do groups differ in a yes/no outcome? The random-intercept logistic model by adaptive quadrature.

Model: logit P(y = 1) = X beta + sd b_group, b standard normal. Each group's integral over b is taken by Gauss-Hermite
points about its own mode, spread by its own curvature (Pinheiro and Bates 1995, Journal of Computational and
Graphical Statistics 4(1)); the slope is Fisher's identity at those points, right from nine points on. Rows of one
group with the same covariates are one pattern with a count: banded covariates make many rows few patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, expit, logsumexp, ndtri

from outcomestats.variation.arguments import Floats, Labels, fraction
from outcomestats.variation.descent import lowest
from outcomestats.variation.fit import VERSION
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.spread import Spread

FEWEST_POINTS = 9  # below, the slope by Fisher's identity is not the slope of the quadrature
SEPARATED = 15.0  # a coefficient this large, a standard deviation of its covariate, is on its way to infinity
START = 0.5
MODE_STEPS, MODE_SETTLED, LONGEST_STEP = 60, 1e-11, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class LogisticFit:
    """The fitted model; p counts the intercept, which comes first. All on the log-odds scale.

    sd: between groups; 0 at the boundary. beta, vcov, coefficients: (p,), (p, p), (p,). effects, effect_sd: (K,)
    conditional modes and standard deviations. criterion: -2 log-likelihood of the rows, comparable with glmer's.
    median_odds_ratio: the odds of two people alike, in two groups drawn at random, the higher over the lower, at
    median.
    """

    sd: float
    beta: Floats
    vcov: Floats
    coefficients: tuple[str, ...]
    groups: Labels
    effects: Floats
    effect_sd: Floats
    criterion: float
    boundary: bool
    n_rows: int
    n_groups: int
    median_odds_ratio: float
    points: int
    method: str
    version: str
    verdict: str


def fit_logistic(patterns: Patterns, *, points: int = 25) -> LogisticFit:
    """Fit by maximum likelihood with `points` quadrature points a group (9 or more).

    Not for a handful of groups: maximum likelihood then makes the spread too small. Raises ValueError where y never
    varies, rows cannot tell groups from chance (one group, one row a group), or covariates tell the outcome for sure.

    >>> rng = np.random.default_rng(1)
    >>> group = np.repeat(np.arange(12), 20)
    >>> y = rng.random(240) < expit(rng.normal(size=12)[group])
    >>> found = fit_logistic(Patterns.from_rows(y, group=group))
    >>> round(found.sd, 3), round(found.median_odds_ratio, 2)
    (0.931, 2.43)
    """
    _refuse_inseparable(patterns, points)
    p = patterns.x.shape[1]
    plain = _without_groups(patterns)
    best = np.append(plain, 0.0)
    start = np.append(plain, START)
    rough = _searched(patterns, start, FEWEST_POINTS)
    if rough[-1] > 1e-4 and _told(patterns, rough, points)[0] < _told(patterns, best, points)[0]:
        best = rough
    bend = _curvature(patterns, best, points)
    if best[-1] > 0:
        for _ in range(2):
            best = best - np.linalg.solve(bend, _told(patterns, best, points)[1])
    if np.abs(best[1:p]).max(initial=0) > SEPARATED:
        raise ValueError("covariates tell the outcome for sure; merge rare categories, or leave one out")
    kept = bend if best[-1] > 0 else bend[:p, :p]
    vcov = np.asarray(2 * np.linalg.inv(kept)[:p, :p], dtype=np.float64)
    return _result(patterns, best, vcov, points)


def logistic_spread(found: LogisticFit, patterns: Patterns, *, confidence: float = 0.95) -> Spread:
    """The standard deviation between groups, log-odds, with its profile-likelihood interval: for narrowing().

    Raises ValueError where the fit is not of these patterns, or confidence lies outside 0 to 1.

    >>> patterns = Patterns.from_rows([1, 0, 1, 1, 1, 0, 0, 0, 1, 0], group=list("aaabbbcccc"))
    >>> logistic_spread(fit_logistic(patterns), patterns).lower
    0.0
    """
    fraction(confidence, "confidence")
    if found.groups.shape != patterns.groups.shape or found.coefficients[1:] != patterns.covariates:
        raise ValueError("found is not a fit of these patterns; give the patterns it was fitted from")
    rows, start = float(found.n_rows), _scaled(patterns, found.beta)
    allowed = found.criterion + float(chdtri(1, 1 - confidence))

    def excess(sd: float) -> float:
        def held(beta: Floats) -> tuple[float, Floats]:
            value, slope = _told(patterns, np.append(beta, sd), found.points)
            return value / rows, slope[:-1] / rows

        return lowest(held, start, [False] * start.size)[1] * rows - allowed

    lower = 0.0 if found.sd == 0 or excess(0.0) <= 0 else float(brentq(excess, 0.0, found.sd, xtol=1e-9))
    beyond = max(found.sd, START / 2)
    while excess(2 * beyond) <= 0:
        beyond *= 2
    upper = float(brentq(excess, found.sd, 2 * beyond, xtol=1e-9))
    told = f"Groups differ with a standard deviation of {found.sd:.3g} in log-odds "
    return Spread(
        level="group", sd=found.sd, lower=min(lower, found.sd), upper=upper, n_groups=found.n_groups,
        confidence=confidence, method="profile of the likelihood by adaptive quadrature", version=VERSION,
        verdict=f"{told}({100 * confidence:g} % interval {lower:.3g} to {upper:.3g}).",
    )  # fmt: skip


def _refuse_inseparable(patterns: Patterns, points: int) -> None:
    if points < FEWEST_POINTS:
        raise ValueError(f"points is {points}; give {FEWEST_POINTS} or more, the slope is wrong with fewer")
    rows, events = patterns.n.sum(), patterns.events.sum()
    if events in (0, rows):
        raise ValueError("y is the same in every row; there is nothing to explain")
    if patterns.groups.size < 2:
        raise ValueError("group holds one group; variation between groups needs two or more")
    if rows == patterns.groups.size:
        raise ValueError("group has one row a group; groups cannot be told from chance, give repeated rows")


def _without_groups(patterns: Patterns) -> Floats:
    """Plain logistic regression, by Newton with steps that cannot run away."""
    beta = np.zeros(patterns.x.shape[1])
    for _ in range(100):
        chance = expit(patterns.x @ beta)
        score = patterns.x.T @ (patterns.events - patterns.n * chance)
        bend = (patterns.x.T * (patterns.n * chance * (1 - chance))) @ patterns.x
        step = np.linalg.solve(bend + 1e-12 * np.trace(bend) * np.eye(beta.size), score)
        beta = beta + step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        if np.abs(beta[1:]).max(initial=0) > SEPARATED:
            raise ValueError("covariates tell the outcome for sure; merge rare categories, or leave one out")
        if np.abs(step).max() < 1e-12:
            break
    return beta


def _searched(patterns: Patterns, start: Floats, points: int) -> Floats:
    rows = float(patterns.n.sum())

    def per_row(theta: Floats) -> tuple[float, Floats]:
        value, slope = _told(patterns, theta, points)
        return value / rows, slope / rows

    return lowest(per_row, start, [False] * (start.size - 1) + [True])[0]


def _modes(patterns: Patterns, fixed: Floats, sd: float) -> tuple[Floats, Floats]:
    """Each group's most likely b, and the curvature there, (K,) and (K,). The function is concave."""
    total = partial(np.add.reduceat, indices=patterns.starts)
    b = np.zeros(patterns.groups.size)
    for _ in range(MODE_STEPS):
        chance = expit(fixed + sd * np.repeat(b, patterns.sizes))
        slope = sd * total(patterns.events - patterns.n * chance) - b
        bend = 1 + sd**2 * total(patterns.n * chance * (1 - chance))
        step = np.clip(slope / bend, -LONGEST_STEP, LONGEST_STEP)
        b = b + step
        if np.abs(step).max() < MODE_SETTLED:
            break
    chance = expit(fixed + sd * np.repeat(b, patterns.sizes))
    return b, 1 + sd**2 * total(patterns.n * chance * (1 - chance))


def _told(patterns: Patterns, theta: Floats, points: int) -> tuple[float, Floats]:
    """-2 log-likelihood and its slope at theta = (beta, sd)."""
    fixed, sd = patterns.x @ theta[:-1], float(theta[-1])
    mode, bend = _modes(patterns, fixed, sd)
    z, weight = np.polynomial.hermite.hermgauss(points)
    b = mode[:, None] + np.sqrt(2 / bend)[:, None] * z
    eta = np.repeat(sd * b, patterns.sizes, axis=0)
    eta += fixed[:, None]
    small = np.exp(-np.abs(eta))  # once, for the chance and for the logarithm of what it leaves
    chance = np.where(eta >= 0, 1.0, small) / (1 + small)
    rows = patterns.events[:, None] * eta - patterns.n[:, None] * (np.maximum(eta, 0) + np.log1p(small))
    term = np.add.reduceat(rows, patterns.starts, axis=0) - b**2 / 2 + np.log(weight) + z**2
    whole = logsumexp(term, axis=1)
    posterior = np.exp(term - whole[:, None])
    left = patterns.events - patterns.n * (chance * np.repeat(posterior, patterns.sizes, axis=0)).sum(axis=1)
    residual = patterns.events[:, None] - patterns.n[:, None] * chance
    slope_sd = float((posterior * b * np.add.reduceat(residual, patterns.starts, axis=0)).sum())
    value = float((whole - np.log(bend * np.pi) / 2).sum())
    return -2 * value, -2 * np.append(patterns.x.T @ left, slope_sd)


def _curvature(patterns: Patterns, theta: Floats, points: int) -> Floats:
    """Second derivatives by differences of the exact slope: five digits, which only cost Newton a step."""
    step, here = 1e-5, _told(patterns, theta, points)[1]
    shifted = theta + step * np.eye(theta.size)
    whole = np.array([(_told(patterns, aside, points)[1] - here) / step for aside in shifted])
    half: Floats = (whole + whole.T) / 2
    return half


def _shear(patterns: Patterns) -> Floats:
    back = np.diag(np.concatenate([[1.0], 1 / patterns.scale]))
    back[0, 1:] = -patterns.mean / patterns.scale
    return back


def _scaled(patterns: Patterns, beta: Floats) -> Floats:
    return np.asarray(np.linalg.solve(_shear(patterns), beta), dtype=np.float64)


def _result(patterns: Patterns, theta: Floats, vcov: Floats, points: int) -> LogisticFit:
    sd, back = float(theta[-1]), _shear(patterns)
    mode, bend = _modes(patterns, patterns.x @ theta[:-1], sd)
    ratio = float(np.exp(np.sqrt(2) * sd * ndtri(0.75)))
    told = (
        "Groups differ by no more than chance explains (standard deviation at its boundary, 0)."
        if sd == 0
        else f"Between two groups drawn at random the odds differ by a factor of {ratio:.2f} at median."
    )
    return LogisticFit(
        sd=sd, beta=back @ theta[:-1], vcov=back @ vcov @ back.T, coefficients=("(intercept)", *patterns.covariates),
        groups=patterns.groups, effects=sd * mode, effect_sd=sd / np.sqrt(bend),
        criterion=_told(patterns, theta, points)[0], boundary=sd == 0, n_rows=int(patterns.n.sum()),
        n_groups=patterns.groups.size, median_odds_ratio=ratio, points=points,
        method=f"random-intercept logistic, {points}-point adaptive quadrature", version=VERSION, verdict=told,
    )  # fmt: skip
