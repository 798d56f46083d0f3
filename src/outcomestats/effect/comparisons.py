"""Against whom? Difference in differences with clustered errors, and people of the time before matched by stratum.

Sources: Liang and Zeger (1986), Biometrika 73, 13-22; Bertrand, Duflo and Mullainathan (2004), Quarterly
Journal of Economics 119, 249-275; Iacus, King and Porro (2012), Political Analysis 20, 1-24.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.effect.columns import Floats, figures, marks, numbered
from outcomestats.effect.least_squares import cluster_robust, fit_ols
from outcomestats.effect.verdicts import Basis, Caution, Effect, NoEffect, Question, Reason, judged, nothing_to_judge

FIRM_CLUSTERS = 20
MANY_UNMATCHED = 0.2


def difference_in_differences(
    outcomes: ArrayLike, *, treated: ArrayLike, after: ArrayLike, clusters: Sequence[Hashable], question: Question
) -> Effect | NoEffect:
    """The change of those with the change of practice minus that of those without.

    outcomes: (n,) of people or periods. treated: (n,) whether the row's team took part. after: (n,) whether
    the row is of the time after. clusters: (n,) the team; errors within a team may hang together.
    Believes that without the change both sides would have moved alike: look at event_study() first.
    Fewer than two teams a side, or a side without rows before or after: NoEffect.
    Raises ValueError naming the argument for lengths that differ or marks that are not yes and no.

    >>> from outcomestats.effect.verdicts import Better
    >>> team, after = ["a", "b", "c", "d"] * 2, [0] * 4 + [1] * 4
    >>> found = difference_in_differences(
    ...     [9, 10, 11, 10, 5, 6, 10, 10], treated=[1, 1, 0, 0] * 2, after=after, clusters=team,
    ...     question=Question(better=Better.LOWER, matters=2))
    >>> round(found.change.value, 2), found.judgement.value
    (-3.5, 'IMPROVED')
    """
    y = figures(outcomes, "outcomes")
    own, later = marks(treated, "treated", like=y.size), marks(after, "after", like=y.size)
    team = numbered(clusters, "clusters", y.size)
    method = "difference in differences, errors clustered by team"
    n_before, n_after = int((~later).sum()), int(later.sum())
    sides = [len(set(team[side].tolist())) for side in (own, ~own)]
    if min(sides) < 2:
        return nothing_to_judge(Reason.TOO_FEW_CLUSTERS, n_before, n_after, method)
    for reason, time in ((Reason.TOO_FEW_BEFORE, ~later), (Reason.TOO_FEW_AFTER, later)):
        if not (own & time).any() or not (~own & time).any():
            return nothing_to_judge(reason, n_before, n_after, method)
    X = np.column_stack((np.ones(y.size), own, later, own & later)).astype(np.float64)
    if y.size <= X.shape[1]:
        return nothing_to_judge(Reason.TOO_FEW_AFTER, n_before, n_after, method)
    fit = fit_ols(X, y)
    error = math.sqrt(cluster_robust(X, fit.residuals, team)[3, 3])
    if error <= 1e-12 * float(np.abs(y).max()):
        return nothing_to_judge(Reason.NO_VARIATION, n_before, n_after, method)
    number = int(team.max()) + 1
    few = (Caution.FEW_CLUSTERS,) if number < FIRM_CLUSTERS else ()
    basis = Basis(
        n_before=number,
        n_after=number,
        method=method,
        ahead=lambda more: error * math.sqrt(number / (number + more)),
        unit="teams",
        cautions=few,
    )
    return judged(float(fit.beta[3]), error, float(number - 1), question, basis)


@dataclass(frozen=True, slots=True)
class MatchedEffect:
    """effect: of those matched. strata: how many are on both sides. unmatched: people after with nobody alike."""

    effect: Effect
    strata: int
    unmatched: int


def matched_history(
    outcomes_after: ArrayLike,
    outcomes_before: ArrayLike,
    *,
    strata_after: Sequence[Hashable],
    strata_before: Sequence[Hashable],
    question: Question,
) -> MatchedEffect | NoEffect:
    """People now against people alike before the review existed, weighted as those now are.

    outcomes_after: (n,), outcomes_before: (m,), one a person. strata: (n,), (m,) what makes two people alike:
    the same trigger, the same band of first score, the same programme. Both sides were chosen by the same
    trigger, so both drift back towards the mean alike.
    The effect is Σ n_s (mean_after,s − mean_before,s) / Σ n_s over strata on both sides; each side's variance
    is pooled within strata (with one stratum this is Welch's test). Not for strata that the review itself
    changes. Nobody alike, or no two people in any stratum of a side: NoEffect.
    Raises ValueError naming the argument for lengths that differ or outcomes that are not finite.

    >>> from outcomestats.effect.verdicts import Better
    >>> found = matched_history([4, 5, 6, 9], [9, 10, 8, 1], strata_after=list("aaab"), strata_before=list("aaac"),
    ...     question=Question(better=Better.LOWER, matters=2))
    >>> found.effect.change.value, found.unmatched
    (-4.0, 1)
    """
    after, before = figures(outcomes_after, "outcomes_after"), figures(outcomes_before, "outcomes_before")
    numbered(strata_after, "strata_after", after.size)
    numbered(strata_before, "strata_before", before.size)
    strata = numbered([*strata_after, *strata_before], "strata", after.size + before.size)
    s_after, s_before = strata[: after.size], strata[after.size :]
    method = "matched historical control, exact strata"
    both = np.intersect1d(s_after, s_before)
    keep_after, keep_before = np.isin(s_after, both), np.isin(s_before, both)
    sizes = int(keep_before.sum()), int(keep_after.sum())
    if not both.size:
        return nothing_to_judge(Reason.NOTHING_MATCHED, before.size, after.size, method)
    now, then = _Side.of(after[keep_after], s_after[keep_after]), _Side.of(before[keep_before], s_before[keep_before])
    for reason, side in ((Reason.TOO_FEW_BEFORE, then), (Reason.TOO_FEW_AFTER, now)):
        if side.degrees < 1:
            return nothing_to_judge(reason, *sizes, method)
    weights = now.counts / now.counts.sum()
    change = float(weights @ (now.means - then.means))
    parts = [float((weights**2 / side.counts).sum()) * side.variance for side in (now, then)]
    if sum(parts) <= (1e-12 * max(float(np.abs(after).max()), float(np.abs(before).max()))) ** 2:
        return nothing_to_judge(Reason.NO_VARIATION, *sizes, method)
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / now.degrees + parts[1] ** 2 / then.degrees)
    unmatched = int((~keep_after).sum())
    many = (Caution.MANY_UNMATCHED,) if unmatched > MANY_UNMATCHED * after.size else ()
    basis = Basis(
        n_before=sizes[0],
        n_after=sizes[1],
        method=method,
        ahead=lambda more: math.sqrt(parts[0] * sizes[1] / (sizes[1] + more) + parts[1]),
        unit="people",
        cautions=many,
    )
    return MatchedEffect(judged(change, math.sqrt(sum(parts)), degrees, question, basis), int(both.size), unmatched)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """means, counts: by stratum. variance: pooled within strata, with so many degrees of freedom."""

    means: Floats
    counts: NDArray[np.int64]
    variance: float
    degrees: int

    @classmethod
    def of(cls, outcomes: Floats, strata: NDArray[np.int64]) -> _Side:
        _, own, counts = np.unique(strata, return_inverse=True, return_counts=True)
        means = np.bincount(own, weights=outcomes) / counts
        degrees = outcomes.size - counts.size
        squares = float(((outcomes - means[own]) ** 2).sum())
        return cls(means, counts, squares / degrees if degrees else 0.0, degrees)
