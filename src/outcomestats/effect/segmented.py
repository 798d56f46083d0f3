"""Interrupted time series: level and slope before a change, and what happened to both.

Sources: Wagner and others (2002), Journal of Clinical Pharmacy and Therapeutics 27, 299-309, for the model;
Newey and West (1987), Econometrica 55, 703-708; exact REML of AR(1) errors as in Pinheiro and Bates (2000),
chapter 5; Bernal and others (2017), International Journal of Epidemiology 46, 348-355, for counts and for seasons as
pairs of sine and cosine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.effect.ar1 import fit_ar1, standard_errors_of_ar1
from outcomestats.effect.columns import Floats, figures, positive
from outcomestats.effect.least_squares import fit_ols, newey_west, newey_west_lags
from outcomestats.effect.poisson import fit_poisson
from outcomestats.effect.verdicts import (
    Basis,
    Caution,
    Effect,
    Estimate,
    NoEffect,
    Question,
    Reason,
    interval,
    judged,
    nothing_to_judge,
)

FEWEST_A_SIDE = 3
FIRM_A_SIDE = 8
CYCLES = 2  # seasons seen once cannot be told from a change
LEFT_FOR_ERRORS = 8  # points beyond the coefficients when seasons take some


class Errors(StrEnum):
    """How neighbouring points hang together."""

    NEWEY_WEST = "NEWEY_WEST"
    AR1 = "AR1"
    POISSON = "POISSON"  # counts, with exposure; over-dispersion widens, never narrows


@dataclass(frozen=True, slots=True)
class SegmentedFit:
    """effect: the mean difference, over the points after, from the line before carried on.

    level: the jump at the change. slope: what a period adds to it. slope_before: a period's change before.
    For counts these three are of the logarithm of the rate. autocorrelation: of AR(1) errors, else 0.
    dispersion: of counts, else 1. harmonics: pairs of sine and cosine that stand for the seasons, 0 for none.
    """

    effect: Effect
    level: Estimate
    slope: Estimate
    slope_before: Estimate
    autocorrelation: float
    dispersion: float
    harmonics: int = 0


@dataclass(frozen=True, slots=True)
class _Fitted:
    beta: Floats
    covariance: Floats
    degrees: float
    ahead: Callable[[Floats, Floats], float]  # design with further rows, contrast: standard error
    independent: Floats | None = None  # (p, p) if errors were independent, where covariance is a robust one
    autocorrelation: float = 0.0
    dispersion: float = 1.0


def segmented_regression(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    changed_at: int,
    question: Question,
    errors: Errors = Errors.NEWEY_WEST,
    exposure: ArrayLike | None = None,
    lags: int | None = None,
    harmonics: int = 0,
    season: int = 12,
) -> SegmentedFit | NoEffect:
    """Fit level and slope before a change, the jump at it and the change of slope.

    periods: (n,) whole, rising numbers of weeks or months; missing ones are left out. values: (n,) figures, or
    counts for POISSON. changed_at: the first period with the change. exposure: (n,) for POISSON, what the
    counts were counted in. lags: of NEWEY_WEST, ⌊4 (n/100)^(2/9)⌋ when not given.
    harmonics: pairs of sine and cosine of a cycle of `season` periods (12 for months, 52 for weeks), for figures that
    rise and fall with the year; two are usual. A change at the turn of a season is otherwise counted as an effect.
    Not with other changes at the same time, nor for people chosen because they stood out. Fewer than 3 points
    on a side, events on one side only, or seasons in less than two whole cycles: NoEffect.
    Raises ValueError naming the argument for lengths, order, figures, exposure, lags or harmonics that cannot be.

    >>> from outcomestats.effect.verdicts import Better
    >>> months = list(range(24))
    >>> figures = [50 + month % 2 for month in range(12)] + [44 + month % 2 for month in range(12)]
    >>> fit = segmented_regression(months, figures, changed_at=12, question=Question(better=Better.LOWER, matters=3))
    >>> fit.effect.judgement.value, round(fit.level.value, 2)
    ('IMPROVED', -6.25)
    """
    at, y = figures(periods, "periods"), figures(values, "values")
    _check(at, y, changed_at)
    seasons = _seasons(harmonics, season)
    method = f"segmented regression, {errors}" + (f", {harmonics} harmonics of {season}" if harmonics else "")
    after = at >= changed_at
    n_before, n_after = int((~after).sum()), int(after.sum())
    for reason, side in ((Reason.TOO_FEW_BEFORE, n_before), (Reason.TOO_FEW_AFTER, n_after)):
        if side < FEWEST_A_SIDE:
            return nothing_to_judge(reason, n_before, n_after, method)
    own_exposure = _exposure(errors, exposure, y)
    for reason, chosen in ((Reason.NO_EVENTS_BEFORE, ~after), (Reason.NO_EVENTS_AFTER, after)):
        if errors is Errors.POISSON and not y[chosen].any():
            return nothing_to_judge(reason, n_before, n_after, method)
    X = design(at, changed_at, seasons)
    if seasons and (at[-1] - at[0] + 1 < CYCLES * season or y.size < X.shape[1] + LEFT_FOR_ERRORS):
        return nothing_to_judge(Reason.TOO_SHORT_FOR_SEASONS, n_before, n_after, method)
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise ValueError(f"harmonics is {harmonics}; these periods do not tell so many apart, give fewer")
    if errors is not Errors.POISSON and np.abs(y - X @ fit_ols(X, y).beta).max() <= 1e-12 * np.abs(y).max():
        return nothing_to_judge(Reason.NO_VARIATION, n_before, n_after, method)
    fitted = _fitted(errors, at, X, y, own_exposure, lags)
    basis = _Series(at, X, changed_at, seasons, method, errors is Errors.POISSON)
    return _result(fitted, basis, question)


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """What was fitted, and on what: periods (n,) and their design (n, p)."""

    at: Floats
    X: Floats
    changed_at: int
    seasons: tuple[float, ...]
    method: str
    logarithm: bool


def _seasons(harmonics: int, season: int) -> tuple[float, ...]:
    """The harmonics as radians a period."""
    if season < 3 or season != math.floor(season):
        raise ValueError(f"season is {season}; give the whole number of periods in a cycle, 3 or more")
    if not 0 <= harmonics <= (season - 1) // 2 or harmonics != math.floor(harmonics):
        raise ValueError(f"harmonics is {harmonics}; give 0 to {(season - 1) // 2} for a cycle of {season} periods")
    return tuple(2 * math.pi * (each + 1) / season for each in range(int(harmonics)))


def design(periods: ArrayLike, changed_at: int, seasons: tuple[float, ...] = ()) -> Floats:
    """Columns: 1, periods since the change, 1 after it, periods since the change after it. Shape (n, 4 + 2 seasons).

    Time is counted from the change, so that the third coefficient is the jump. seasons: radians a period, each of
    which adds a sine and a cosine.

    >>> design([1, 2, 3], 3).tolist()
    [[1.0, -2.0, 0.0, 0.0], [1.0, -1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]]
    """
    since = np.asarray(periods, dtype=np.float64) - changed_at
    after = (since >= 0).astype(np.float64)
    waves = [wave(turn * since) for turn in seasons for wave in (np.sin, np.cos)]
    return np.column_stack((np.ones(since.size), since, after, np.maximum(since, 0.0), *waves))


def _check(at: Floats, y: Floats, changed_at: int) -> None:
    if at.size != y.size:
        raise ValueError(f"periods has {at.size} rows and values {y.size}; give one figure a period")
    if (at != np.floor(at)).any() or (np.diff(at) <= 0).any():
        raise ValueError("periods is not whole and rising; number the weeks or months, each once, in order")
    if changed_at != math.floor(changed_at):
        raise ValueError(f"changed_at is {changed_at}; give the whole number of the first period with the change")


def _exposure(errors: Errors, exposure: ArrayLike | None, y: Floats) -> Floats:
    if errors is not Errors.POISSON:
        if exposure is not None:
            raise ValueError("exposure is given, and only POISSON uses it; leave it out, or give counts")
        return np.ones(y.size)
    if (y < 0).any() or (y != np.floor(y)).any():
        raise ValueError("values holds what is not a count; POISSON needs whole numbers of 0 and above")
    return np.ones(y.size) if exposure is None else positive(exposure, "exposure", like=y.size)


def _fitted(errors: Errors, at: Floats, X: Floats, y: Floats, exposure: Floats, lags: int | None) -> _Fitted:
    degrees = float(y.size - X.shape[1])
    if errors is Errors.POISSON:
        counts = fit_poisson(X, y, exposure)
        # As many as now: a trend of rates carried on for years ends at nothing, or at more than there are people.
        usual = float(counts.fitted[X[:, 2] == 1].mean())

        def ahead_of_counts(wider: Floats, contrast: Floats) -> float:
            expected = np.concatenate((counts.fitted, np.full(len(wider) - y.size, usual)))
            return _error(contrast, counts.dispersion * np.linalg.inv((wider.T * expected) @ wider))

        return _Fitted(counts.beta, counts.covariance, degrees, ahead_of_counts, dispersion=counts.dispersion)
    if errors is Errors.AR1:
        fit = fit_ar1(at, X, y)

        def ahead_of_ar1(wider: Floats, contrast: Floats) -> float:
            later = np.concatenate((at, at[-1] + 1 + np.arange(len(wider) - at.size)))
            return _error(contrast, standard_errors_of_ar1(later, wider, fit.autocorrelation, fit.variance))

        return _Fitted(fit.beta, fit.covariance, degrees, ahead_of_ar1, autocorrelation=fit.autocorrelation)
    own_lags = newey_west_lags(y.size) if lags is None else lags
    ols = fit_ols(X, y)
    robust = newey_west(at, X, ols.residuals, own_lags)

    def ahead(wider: Floats, contrast: Floats) -> float:
        # How much wider than independent errors the robust ones are now is taken to stay.
        now = contrast_of_means(X)
        wider_by = max(1.0, _error(now, robust) / _error(now, ols.covariance))
        return wider_by * _error(contrast, ols.variance * np.linalg.inv(wider.T @ wider))

    return _Fitted(ols.beta, robust, degrees, ahead, independent=ols.covariance)


def contrast_of_means(X: ArrayLike) -> Floats:
    """The weights of the coefficients in the mean difference, after the change, from the line before.

    >>> contrast_of_means(design([1, 2, 3, 4], 3)).tolist()
    [0.0, 0.0, 1.0, 0.5]
    """
    columns = np.asarray(X, dtype=np.float64)
    since = columns[columns[:, 2] == 1, 3]
    weights = np.zeros(columns.shape[1])
    weights[2:4] = 1.0, since.mean()
    return weights


def _error(contrast: Floats, covariance: NDArray[np.floating[Any]]) -> float:
    return math.sqrt(max(float(contrast @ covariance @ contrast), 0.0))


def _result(fitted: _Fitted, series: _Series, question: Question) -> SegmentedFit:
    at, X = series.at, series.X
    n_after = int(X[:, 2].sum())
    n_before = len(X) - n_after

    def ahead(more: int) -> float:
        wider = design(np.concatenate((at, at[-1] + 1 + np.arange(more))), series.changed_at, series.seasons)
        return fitted.ahead(wider, contrast_of_means(wider))

    contrast = contrast_of_means(X)
    error = _error(contrast, fitted.covariance)
    if fitted.independent is not None:
        # Three points on a line of their own leave no residuals: a robust error may only widen the interval.
        error = max(error, _error(contrast, fitted.independent))
    basis = Basis(
        n_before=n_before,
        n_after=n_after,
        method=series.method,
        ahead=ahead,
        logarithm=series.logarithm,
        cautions=(Caution.FEW_POINTS,) if min(n_before, n_after) < FIRM_A_SIDE else (),
    )
    level, slope, slope_before = (
        interval(float(fitted.beta[at]), math.sqrt(fitted.covariance[at, at]), fitted.degrees, question.confidence)
        for at in (2, 3, 1)
    )
    return SegmentedFit(
        effect=judged(float(contrast @ fitted.beta), error, fitted.degrees, question, basis),
        level=level,
        slope=slope,
        slope_before=slope_before,
        autocorrelation=fitted.autocorrelation,
        dispersion=fitted.dispersion,
        harmonics=len(series.seasons),
    )
