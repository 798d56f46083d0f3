"""Two stretches of one process: what is the difference of their means, and is it more than chance?

Source: Welch, B. L. (1947), Biometrika 34, 28-35; with denominators, weighted means whose variance is taken
from the figures themselves, so that counts more spread than chance (over-dispersion) widen the interval.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.effect.columns import Floats, figures, positive
from outcomestats.effect.verdicts import Basis, Caution, Effect, NoEffect, Question, Reason, judged, nothing_to_judge
from outcomestats.overtime.chart import ControlChart
from outcomestats.overtime.plans import ChartKind

METHOD = "difference of means before and after, Welch 1947"
# Beyond this, with this many points, lag-one autocorrelation is seldom chance.
AUTOCORRELATION = 2.0


def before_after(
    before: ArrayLike,
    after: ArrayLike,
    question: Question,
    *,
    weights_before: ArrayLike | None = None,
    weights_after: ArrayLike | None = None,
) -> Effect | NoEffect:
    """The mean of after minus the mean of before.

    before, after: (n,), (m,) figures in order of time. weights: their denominators, for proportions and rates.
    Not when a trend was under way before: segmented_regression. Not for people chosen because they stood out:
    regression_to_mean, or matched_history. Fewer than 3 points on a side: NoEffect.
    Raises ValueError naming the argument for lengths that differ, figures not finite, weights of 0 or below.

    >>> from outcomestats.effect.verdicts import Better
    >>> question = Question(better=Better.LOWER, matters=3)
    >>> found = before_after([12, 14, 13, 15, 12, 14], [9, 11, 10, 9, 10, 11], question)
    >>> found.judgement.value, round(found.change.value, 2)
    ('IMPROVED', -3.33)
    """
    first, last = figures(before, "before"), figures(after, "after")
    w_first = (
        np.ones(first.size) if weights_before is None else positive(weights_before, "weights_before", like=first.size)
    )
    w_last = np.ones(last.size) if weights_after is None else positive(weights_after, "weights_after", like=last.size)
    if (weights_before is None) != (weights_after is None):
        raise ValueError("weights_before and weights_after go together; give both or neither")
    for reason, side in ((Reason.TOO_FEW_BEFORE, first), (Reason.TOO_FEW_AFTER, last)):
        if side.size < 3:
            return nothing_to_judge(reason, first.size, last.size, METHOD)
    mean_first, variance_first = _weighted(first, w_first)
    mean_last, variance_last = _weighted(last, w_last)
    parts = (variance_first / w_first.sum(), variance_last / w_last.sum())
    largest = max(float(np.abs(first).max()), float(np.abs(last).max()))
    if sum(parts) <= (1e-12 * largest) ** 2:
        return nothing_to_judge(Reason.NO_VARIATION, first.size, last.size, METHOD)
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (first.size - 1) + parts[1] ** 2 / (last.size - 1))
    usual = w_last.mean()
    basis = Basis(
        n_before=first.size,
        n_after=last.size,
        method=METHOD,
        ahead=lambda more: math.sqrt(parts[0] + variance_last / (w_last.sum() + more * usual)),
        cautions=(Caution.AUTOCORRELATED,) if _alike(first - mean_first, last - mean_last) else (),
    )
    return judged(mean_last - mean_first, math.sqrt(sum(parts)), degrees, question, basis)


def before_after_phase(chart: ControlChart, question: Question, *, phase: int | None = None) -> Effect | NoEffect:
    """One phase of a control chart against the phase before it.

    phase: its number, the latest when not given. Proportions and rates are weighted by their denominators.
    Raises ValueError for a chart of one phase, a phase that is not there, or rare-event and spread charts,
    whose figures have no meaningful mean difference.

    >>> import datetime
    >>> from outcomestats.effect.verdicts import Better
    >>> from outcomestats.overtime.chart import control_chart
    >>> from outcomestats.overtime.plans import Plan, Rebase
    >>> days = [datetime.date(2024, month, 1) for month in range(1, 13)]
    >>> plan = Plan(rebases=(Rebase(date=days[6], reason="reviews began", author="A. Lead"),))
    >>> chart = control_chart(ChartKind.C, days, [8, 9, 7, 9, 8, 7, 3, 4, 2, 3, 4, 3], plan=plan)
    >>> before_after_phase(chart, Question(better=Better.LOWER, matters=2)).judgement.value
    'IMPROVED'
    """
    if chart.kind in (ChartKind.T, ChartKind.G, ChartKind.S):
        raise ValueError(f"chart is a {chart.kind} chart; compare counts or rates of the same events instead")
    number = len(chart.phases) - 1 if phase is None else phase
    if not 1 <= number < len(chart.phases):
        raise ValueError(
            f"phase {number} has none before it in a chart of {len(chart.phases)}; rebase where the change was made"
        )
    own = {
        at: [(point.value, point.size) for point in chart.points if point.phase == at and point.value is not None]
        for at in (number - 1, number)
    }
    (first, w_first), (last, w_last) = (
        (np.array([value for value, _ in own[at]]), np.array([size for _, size in own[at]]))
        for at in (number - 1, number)
    )
    return before_after(first, last, question, weights_before=w_first, weights_after=w_last)


def _weighted(values: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted mean, and the variance of a figure of weight 1."""
    mean = float((weights * values).sum() / weights.sum())
    return mean, float((weights * (values - mean) ** 2).sum() / (values.size - 1))


def _alike(*residuals: Floats) -> bool:
    products = sum(float((each[1:] * each[:-1]).sum()) for each in residuals)
    squares = sum(float((each**2).sum()) for each in residuals)
    n = sum(each.size for each in residuals)
    return squares > 0 and products / squares * math.sqrt(n) > AUTOCORRELATION
