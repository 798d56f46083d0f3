"""Do groups differ in how y goes with a covariate? The random-slope model, fitted exactly from its sums.

Source: Laird and Ware (1982), Biometrics 38(4), for the model; the criterion of slope_criterion.py in the covariance
matrix itself, not in its root: at a root of 0 the slope is always 0 and does not tell a boundary from a summit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from outcomestats.variation.arguments import Floats
from outcomestats.variation.criterion import Estimation, Numbers
from outcomestats.variation.descent import lowest
from outcomestats.variation.fit import FLAT, RATIO_TOO_LARGE, SETTLED, STARTS, STEPS, VALLEYS, VERSION
from outcomestats.variation.slope_criterion import Lines, line_pieces, lines
from outcomestats.variation.slope_sums import SlopeSums

ROUNDING = 1e-12  # of the criterion: two this close are one
ALIKE = 1e-4  # two searches that end this close found the same valley, and Newton finds its bottom once
Form = Callable[[Numbers], tuple[Numbers, Numbers]]  # parameters to d (3,) and its slopes (3, parameters)


@dataclass(frozen=True, slots=True, eq=False)
class SlopeFit:
    """The fitted model. p counts the intercept, which comes first.

    covariance: (2, 2) of the groups' levels (where the covariate is 0) and slopes; sigma2: within groups.
    beta: (p,), vcov: (p, p) its covariance, coefficients: their names. criterion: -2 log (restricted) likelihood,
    comparable with lme4's. boundary: empty; or "correlation" where levels and slopes go together exactly; or
    "level" and "slope" where neither differs. verdict: what was found, in words.
    """

    estimation: Estimation
    slope: str
    covariance: Floats
    sigma2: float
    coefficients: tuple[str, ...]
    beta: Floats
    vcov: Floats
    criterion: float
    boundary: tuple[str, ...]
    n_rows: int
    n_groups: int
    method: str
    version: str
    verdict: str

    @property
    def standard_errors(self) -> Floats:
        """(p,) standard errors of beta."""
        errors: Floats = np.sqrt(np.diagonal(self.vcov))
        return errors

    @property
    def sds(self) -> tuple[float, float]:
        """Standard deviations of levels and of slopes between groups."""
        level, slope = np.sqrt(np.diagonal(self.covariance))
        return float(level), float(slope)

    @property
    def correlation(self) -> float | None:
        """Of levels (where the covariate is 0) with slopes; None where one of them does not differ."""
        level, slope = self.sds
        if level == 0 or slope == 0:
            return None
        found = float(self.covariance[0, 1]) / (level * slope)
        return float(np.sign(found)) if "correlation" in self.boundary else found

    def sd_at(self, value: float) -> float:
        """The standard deviation between groups where the covariate has this value."""
        there = np.array([1.0, value])
        return float(np.sqrt(max(there @ self.covariance @ there, 0.0)))


def fit_slope(sums: SlopeSums, *, estimation: Estimation = Estimation.REML) -> SlopeFit:
    """Fit y = X beta + (1 + slope | group) + error by REML or ML, the covariance of level and slope left free.

    For one grouping and one slope, of a covariate that is among the fixed effects too. Not for yes/no outcomes, nor
    for a slope in the order of visits where visits stop because people got better: the later figures are then of
    others than the first.
    Raises ValueError where the rows cannot tell slopes from errors (one group, rows no more than twice the groups, a
    covariate that stands still within every group), where y or a covariate does not vary or is a combination of
    others, where covariates leave no difference between groups, or where the groups' lines fit exactly.

    >>> week, ward = [0, 1, 2, 3] * 4, np.repeat(["a", "b", "c", "d"], 4)
    >>> y = [20, 18, 17, 14, 21, 20, 21, 19, 18, 15, 11, 9, 25, 20, 18, 11]
    >>> found = fit_slope(SlopeSums.from_rows(y, group=ward, covariates={"week": week}, slope="week"))
    >>> found.verdict
    'Slopes in week differ between groups with a standard deviation of 1.61 about a mean of -2.48.'
    """
    _refuse_inseparable(sums)
    ready = lines(sums, estimation)
    found = [(np.zeros(3), 0)]
    for near in _valleys(ready):
        found += [(_polished(ready, near, _full), 2), (_polished(ready, _axis(near), _line), 1)]
    told = [_criterion(ready, d) for d, _ in found]
    least = min(told)
    # Of those that are equal but for rounding the simplest: a rank too many is a boundary not seen.
    close = [at for at, value in enumerate(told) if value <= least + ROUNDING * (abs(least) + ready.freedom)]
    d, rank = found[min(close, key=lambda at: found[at][1])]
    if max(d[0], d[2]) > RATIO_TOO_LARGE:
        raise ValueError("y does not vary about the groups' own lines; there is no error to measure them against")
    return _told(sums, ready, d, rank)


def _refuse_inseparable(sums: SlopeSums) -> None:
    groups, rows = sums.sums.n.size, sums.sums.n_rows
    if groups < 2:
        raise ValueError("group holds one group; variation between groups needs two or more")
    if rows <= 2 * groups:
        raise ValueError(
            f"group has {rows} rows in {groups} groups; a line for each leaves no error, give more rows a group"
        )
    if rows <= len(sums.sums.covariates) + 4:
        raise ValueError("covariates are as many as the rows allow; leave some out")


def _criterion(ready: Lines, d: Floats) -> float:
    return line_pieces(ready, d).criterion(ready.freedom)


def _best_starts(ready: Lines) -> list[Floats]:
    grid = list(itertools.product(STARTS, repeat=2))
    told = np.array([_criterion(ready, np.array([level, 0.0, slope])) for level, slope in grid])
    table = told.reshape(len(STARTS), len(STARTS))
    for at, what in enumerate(("level", "slope")):
        if np.ptp(table, axis=at).max() < FLAT * ready.freedom:
            raise ValueError(
                f"group differences in {what} are all explained by covariates; leave some out, or give more groups"
            )
    # A search in the root stands still at 0, so it starts a little above.
    ordered = [grid[int(at)] for at in np.argsort(told, kind="stable")[:VALLEYS]]
    return [np.array([max(level, STARTS[1]), 0.0, max(slope, STARTS[1])]) for level, slope in ordered]


def _valleys(ready: Lines) -> list[Floats]:
    """Where the searches end, each place once."""
    ends: list[Floats] = []
    for start in _best_starts(ready):
        end = _searched(ready, start)
        if not any(np.allclose(end, other, rtol=ALIKE, atol=ALIKE) for other in ends):
            ends.append(end)
    return ends


def _searched(ready: Lines, start: Floats) -> Floats:
    """L-BFGS-B in the triangular root of D, near enough for Newton."""
    rows = ready.freedom

    def per_row(root: Floats) -> tuple[float, Floats]:
        d, slopes = _rooted(root)
        at = line_pieces(ready, d)
        return at.criterion(rows) / rows, slopes.T @ at.score(rows) / rows

    root = lowest(per_row, np.sqrt(start), [True, False, True])[0]
    d: Floats = _rooted(root)[0]
    return d


def _rooted(root: Floats) -> tuple[Floats, Floats]:
    a, b, c = root
    slopes = np.array([[2 * a, 0, 0], [b, a, 0], [0, 2 * b, 2 * c]])
    return np.array([a * a, a * b, b * b + c * c]), slopes


def _full(d: Numbers) -> tuple[Numbers, Numbers]:
    """D of rank two, as it is."""
    return d, np.eye(3)


def _line(v: Numbers) -> tuple[Numbers, Numbers]:
    """D = v v', of rank one."""
    a, b = v
    zero = 0 * a
    return np.array([a * a, a * b, b * b]), np.array([[2 * a, zero], [b, a], [zero, 2 * b]])


def _axis(d: Floats) -> Floats:
    """The longest axis of D: where a search on the boundary begins."""
    values, vectors = np.linalg.eigh(np.array([[d[0], d[1]], [d[1], d[2]]]))
    longest: Floats = vectors[:, 1] * np.sqrt(max(values[1], STARTS[1]))
    return longest


def _polished(ready: Lines, x: Floats, form: Form) -> Floats:
    """Newton on the slope, in the form's parameters; d where it ends. It stays where D is a covariance."""
    for _ in range(STEPS):
        bend, score = _bend(ready, x, form), _score(ready, x, form)
        if np.linalg.eigvalsh(bend)[0] <= 0:
            break
        step = np.asarray(np.linalg.solve(bend, -score), dtype=np.float64)
        moved = _held_back(ready, x, step, form)
        settled = (np.abs(moved - x) <= SETTLED * np.abs(moved)).all()
        x = moved
        if settled:
            break
    d: Floats = form(x)[0]
    return d


def _score(ready: Lines, x: Numbers, form: Form) -> Numbers:
    d, slopes = form(x)
    found: Numbers = slopes.T @ line_pieces(ready, d).score(ready.freedom)
    return found


def _bend(ready: Lines, x: Floats, form: Form) -> Floats:
    """Second derivatives, exact: one complex step a parameter."""
    step = 1e-150
    aside = x + 1j * step * np.eye(x.size)
    whole = np.array([_score(ready, each, form).imag / step for each in aside])
    half: Floats = (whole + whole.T) / 2
    return half


def _held_back(ready: Lines, x: Floats, step: Floats, form: Form) -> Floats:
    """The step, halved until D is a covariance and the criterion does not rise by more than its rounding."""
    here = _criterion(ready, form(x)[0])
    for halving in range(STEPS):
        moved: Floats = x + step / 2**halving
        d = form(moved)[0]
        # A line stays of rank one whatever its parameters; rounding alone may say otherwise.
        fits = form is _line or (min(d[0], d[2]) >= 0 and d[0] * d[2] >= d[1] ** 2)
        if fits and _criterion(ready, d) <= here + ROUNDING * (abs(here) + ready.freedom):
            return moved
    return x


def _told(sums: SlopeSums, ready: Lines, d: Floats, rank: int) -> SlopeFit:
    at, about = line_pieces(ready, d), ready.about
    sigma2 = float(at.rss) / ready.freedom * about.scale[-1] ** 2
    back = np.diag(np.concatenate([[1.0], 1 / about.scale[:-1]]))
    back[0, 1:] = -about.mean[:-1] / about.scale[:-1]
    beta = back @ (at.beta * about.scale[-1])
    beta[0] += about.mean[-1]
    shear = own_units(ready)
    covariance = sigma2 * shear @ np.array([[d[0], d[1]], [d[1], d[2]]]) @ shear.T
    boundary = {0: ("level", "slope"), 1: ("correlation",), 2: ()}[rank]
    return SlopeFit(
        estimation=about.estimation, slope=sums.slope, covariance=(covariance + covariance.T) / 2, sigma2=sigma2,
        coefficients=("(intercept)", *sums.sums.covariates), beta=beta, vcov=sigma2 * back @ at.inverse @ back.T,
        criterion=at.criterion(ready.freedom) + about.constant, boundary=boundary, n_rows=sums.sums.n_rows,
        n_groups=sums.sums.n.size, version=VERSION,
        method=f"random level and slope of group, exact {about.estimation.value} from sums",
        verdict=_verdict(sums.slope, float(np.sqrt(covariance[1, 1])), float(beta[1 + ready.place]), rank),
    )  # fmt: skip


def own_units(ready: Lines) -> Floats:
    """What takes (level, slope) about the mean and in units of spread back to the covariate's own, (2, 2).

    >>> sums = SlopeSums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2], covariates={"week": [0, 2, 0, 2]},
    ...                            slope="week")
    >>> own_units(lines(sums, Estimation.ML)).tolist()
    [[1.0, -1.0], [0.0, 1.0]]
    """
    mean, scale = float(ready.about.mean[ready.place]), float(ready.about.scale[ready.place])
    return np.array([[1.0, -mean / scale], [0.0, 1 / scale]])


def _verdict(slope: str, sd: float, mean: float, rank: int) -> str:
    if rank == 0:
        return "Groups differ neither in level nor in slope by more than chance explains (at their boundary, 0)."
    told = f"Slopes in {slope} differ between groups with a standard deviation of {sd:.3g} about a mean of {mean:.3g}"
    return f"{told}{'; levels and slopes go together exactly (correlation at its boundary)' if rank == 1 else ''}."
