"""Did both sides move alike before the change? Without that, a difference in differences counts drift as effect.

Sources: Angrist and Pischke (2009), "Mostly Harmless Econometrics", 5.2, for leads and lags; the joint test is
Wald's with errors clustered by team, F of (leads, teams - 1) (Cameron and Miller 2015, Journal of Human Resources
50(2), section VI); that a test which finds nothing proves little: Roth (2022), AER: Insights 4(3).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from scipy.stats import f as fisher
from scipy.stats import t as student

from outcomestats.effect.columns import Floats, figures, marks, numbered
from outcomestats.effect.least_squares import cluster_robust, fit_ols
from outcomestats.effect.verdicts import VERSION, Estimate, interval

SINGULAR = 1e-10  # of the largest: variances below it are rounding, of more leads than teams can tell apart
NOTHING = 1e-12  # of the largest outcome: an error as small is rounding
METHOD = "event study, errors clustered by team"


class Course(StrEnum):
    """How the two sides moved before the change."""

    MOVED_APART = "MOVED_APART"
    NOTHING_SEEN = "NOTHING_SEEN"  # which is no proof that they moved alike
    CANNOT_BE_TOLD = "CANNOT_BE_TOLD"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart the sides are in one period, less how far apart they were in the last before the change."""

    period: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class JointTest:
    """All leads at once: F with its degrees of freedom."""

    statistic: float
    leads: int
    degrees: int
    p_value: float


@dataclass(frozen=True, slots=True)
class EventStudy:
    """leads, lags: before and after the change. joint: of all leads, None where teams are too few for so many.

    drift: how much further apart a period before the change. would_show: the drift a period that would have shown,
    with the power asked for; None without drift. left_out: periods in which one side has no row.
    """

    course: Course
    leads: tuple[Distance, ...]
    lags: tuple[Distance, ...]
    joint: JointTest | None
    drift: Estimate | None
    would_show: float | None
    left_out: tuple[int, ...]
    method: str
    verdict: str
    version: str = VERSION


def event_study(
    outcomes: ArrayLike,
    *,
    treated: ArrayLike,
    periods: ArrayLike,
    changed_at: int,
    clusters: Sequence[Hashable],
    confidence: float = 0.95,
    power: float = 0.8,
) -> EventStudy:
    """The distance between the sides, period by period, against the last period before the change.

    outcomes: (n,) of people or periods. treated: (n,) whether the row's team took part. periods: (n,) whole numbers
    of weeks or months. changed_at: the first with the change. clusters: (n,) the team, two or more a side.
    To be looked at before difference_in_differences, not instead of knowing why one side changed and the other not.
    Raises ValueError naming the argument for lengths, marks or periods that cannot be, fewer than two teams a side,
    where no period before the change, or none after it, has both sides, and where teams of a side move exactly alike.

    >>> team, month = ["a", "b", "c", "d"] * 6, [m for m in range(6) for _ in range(4)]
    >>> y = [20 - m - (m >= 4) * (t in "ab") * 3 + np.sin(m * m + 7 * ord(t)) for t, m in zip(team, month)]
    >>> found = event_study(y, treated=[t in "ab" for t in team], periods=month, changed_at=4, clusters=team)
    >>> found.course.value, [lead.period for lead in found.leads], [lag.period for lag in found.lags]
    ('NOTHING_SEEN', [0, 1, 2], [4, 5])
    """
    y = figures(outcomes, "outcomes")
    own, at = marks(treated, "treated", like=y.size), figures(periods, "periods", like=y.size)
    team = numbered(clusters, "clusters", y.size)
    _check(at, own, team, confidence, power)
    shown, left_out = _with_both_sides(at, own)
    before = shown[shown < changed_at]
    if not before.size or before.size == shown.size:
        raise ValueError(f"changed_at is {changed_at}; both sides need a period before it, and one from it on")
    used = np.isin(at, shown)
    rows = _Rows(y[used], own[used], at[used], np.unique(team[used], return_inverse=True)[1], confidence)
    leads, lags, joint = _distances(rows, shown, int(before[-1]), changed_at)
    drift = _drift(rows, changed_at) if leads else None
    would_show = None
    if drift:
        would_show = (_quantile(confidence, drift.degrees) + float(ndtri(power))) * drift.standard_error
    course = _course(joint, drift, confidence)
    return EventStudy(
        course, leads, lags, joint, drift, would_show, left_out, METHOD, _in_words(course, joint, drift, would_show)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    y: Floats
    own: NDArray[np.bool_]
    at: Floats
    team: NDArray[np.int64]
    confidence: float

    @property
    def degrees(self) -> int:
        return int(self.team.max())

    def told(self, value: float, variance: float, degrees: int) -> Estimate:
        if variance <= (NOTHING * float(np.abs(self.y).max())) ** 2:
            raise ValueError(
                "outcomes of the teams of a side move exactly alike; nothing tells a distance from chance, give the "
                "rows of people, or more teams"
            )
        return interval(value, math.sqrt(variance), float(degrees), self.confidence)


def _check(at: Floats, own: NDArray[np.bool_], team: NDArray[np.int64], confidence: float, power: float) -> None:
    if (at != np.floor(at)).any():
        raise ValueError("periods holds a broken number; number the weeks or months")
    for name, value in (("confidence", confidence), ("power", power)):
        if not 0.5 <= value < 1:
            raise ValueError(f"{name} is {value}; give a number from 0.5 to below 1")
    for side in (own, ~own):
        if np.unique(team[side]).size < 2:
            raise ValueError("clusters holds fewer than two teams on a side; with one, its own course is everything")


def _with_both_sides(at: Floats, own: NDArray[np.bool_]) -> tuple[Floats, tuple[int, ...]]:
    both = np.intersect1d(at[own], at[~own])
    return both, tuple(int(period) for period in np.setdiff1d(at, both))


def _distances(
    rows: _Rows, shown: Floats, last: int, changed_at: int
) -> tuple[tuple[Distance, ...], tuple[Distance, ...], JointTest | None]:
    others = shown[shown != last]
    there = (rows.at[:, None] == others).astype(np.float64)
    X = np.column_stack((np.ones(rows.y.size), rows.own, there, there * rows.own[:, None]))
    if rows.y.size <= X.shape[1]:
        raise ValueError("outcomes has one row a side and period; give the rows of teams, or longer periods")
    fit = fit_ols(X, rows.y)
    covariance = cluster_robust(X, fit.residuals, rows.team)
    first = 2 + others.size
    told = [
        Distance(int(period), rows.told(float(fit.beta[place]), float(covariance[place, place]), rows.degrees))
        for place, period in enumerate(others, start=first)
    ]
    leads = int((others < changed_at).sum())
    chosen = slice(first, first + leads)
    joint = _joint(fit.beta[chosen], covariance[chosen, chosen], rows.degrees) if leads else None
    return tuple(told[:leads]), tuple(told[leads:]), joint


def _joint(beta: Floats, covariance: Floats, degrees: int) -> JointTest | None:
    spread = np.linalg.eigvalsh(covariance)
    if spread[0] <= SINGULAR * spread[-1]:
        return None
    statistic = float(beta @ np.linalg.solve(covariance, beta)) / beta.size
    return JointTest(statistic, int(beta.size), degrees, float(fisher.sf(statistic, beta.size, degrees)))


def _drift(rows: _Rows, changed_at: int) -> Estimate:
    """A straight line in the distance between the sides, over the periods before the change."""
    early = rows.at < changed_at
    at, own = rows.at[early], rows.own[early].astype(np.float64)
    there = (at[:, None] == np.unique(at)[1:]).astype(np.float64)
    X = np.column_stack((np.ones(at.size), own, there, own * (at - at.max())))
    fit = fit_ols(X, rows.y[early])
    team = np.unique(rows.team[early], return_inverse=True)[1]
    return rows.told(float(fit.beta[-1]), float(cluster_robust(X, fit.residuals, team)[-1, -1]), int(team.max()))


def _quantile(confidence: float, degrees: float) -> float:
    return float(student.ppf((1 + confidence) / 2, degrees))


def _course(joint: JointTest | None, drift: Estimate | None, confidence: float) -> Course:
    """By the joint test; where teams are too few for it, by the line."""
    if drift is None:
        return Course.CANNOT_BE_TOLD
    apart = joint.p_value < 1 - confidence if joint else drift.lower > 0 or drift.upper < 0
    return Course.MOVED_APART if apart else Course.NOTHING_SEEN


def _in_words(course: Course, joint: JointTest | None, drift: Estimate | None, would_show: float | None) -> str:
    if drift is None or would_show is None:
        return "One period before the change only: whether both sides moved alike cannot be told."
    test = f"{joint.leads} leads together: p = {joint.p_value:.2g}" if joint else "too few teams to test all leads"
    line = f"{drift.value:+.3g} a period, interval {drift.lower:.3g} to {drift.upper:.3g}"
    if course is Course.MOVED_APART:
        return f"Before the change the sides already moved apart ({test}; {line}): a comparison would count that too."
    return (
        f"Before the change nothing was seen to move the sides apart ({test}; {line}). "
        f"Less than {would_show:.2g} a period would not have shown: this is no proof that they moved alike."
    )
