"""Each group against a reference: how many percentage points, how many times, and is it more than chance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from outcomestats.equity.discovery import q_values
from outcomestats.equity.intervals import Floats, counted, difference_limits, ratio_limits, wilson

VERSION = "equity 1"
FALSE_FINDINGS = 0.05


class Standing(StrEnum):
    """How a group stands against the reference."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    NOT_TOLD_APART = "NOT_TOLD_APART"


class RatioState(StrEnum):
    """Whether there is a ratio."""

    GIVEN = "GIVEN"
    NO_EVENTS_IN_REFERENCE = "NO_EVENTS_IN_REFERENCE"
    NO_EVENTS_IN_GROUP = "NO_EVENTS_IN_GROUP"  # of adjusted ratios only, whose interval is of a logarithm


@dataclass(frozen=True, slots=True)
class Limits:
    """An estimate with its interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Gap:
    """One group against the reference.

    absolute: share minus the reference's. relative: share over the reference's, None where ratio_state says
    why. p_value: of equal shares by the score; q_value: the same for all groups looked at together.
    """

    group: str
    n: int
    events: int
    share: Limits
    absolute: Limits
    relative: Limits | None
    ratio_state: RatioState
    p_value: float
    q_value: float
    standing: Standing
    verdict: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """gaps: every group but the reference, in the order given; the reference's own share beside them."""

    reference: str
    reference_n: int
    reference_share: Limits
    gaps: tuple[Gap, ...]
    method: str
    version: str = VERSION


METHOD = (
    "Newcombe 1998 for differences, Donner and Zou 2012 for ratios, false discovery by Benjamini and Hochberg 1995"
)


def gaps_to_reference(
    groups: Sequence[str], events: ArrayLike, totals: ArrayLike, *, reference: str, confidence: float = 0.95
) -> Gaps:
    """Compare every group's share with one group's.

    groups: k names. events, totals: (k,) people with the outcome, and people. reference: one of the names;
    choose it beforehand, not the best of those found: the best is partly so by chance.
    A group is called higher or lower when its q value is at or below 0.05, which holds for all groups together.
    Not adjusted for anything: a gap may come from age or severity. Small cells are for disclosure to suppress.
    Raises ValueError for names that repeat, a reference not among them, counts that cannot be, one group only.

    >>> found = gaps_to_reference(["en", "es", "so"], [60, 40, 9], [100, 100, 20], reference="en")
    >>> found.gaps[0].verdict
    'es: 40 %, 20 points lower than en (95 % interval 33 to 6.1 points lower), 0.67 times.'
    >>> found.gaps[1].standing.value
    'NOT_TOLD_APART'
    """
    if not 0.5 <= confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number from 0.5 to below 1")
    x, n = counted(events, totals)
    names = list(groups)
    if len(names) != x.size or len(set(names)) < len(names):
        raise ValueError(
            f"groups has {len(set(names))} different names for {x.size} counts; give each group one name"
        )
    if reference not in names:
        raise ValueError(f"reference is {reference!r}, which is none of the groups; choose one of them")
    if len(names) < 2:
        raise ValueError("groups holds one group only; a gap needs two")
    at = names.index(reference)
    others = np.array([place for place in range(len(names)) if place != at])
    share, (lower, upper) = x / n, wilson(x, n, confidence)
    ends, reference_ends = (lower[others], upper[others]), (lower[[at]], upper[[at]])
    absolute = difference_limits(share[others], ends, share[[at]], reference_ends)
    relative = ratio_limits(share[others], ends, share[[at]], reference_ends) if x[at] else None
    p_values = _score_test(x[others], n[others], x[at], n[at])
    q = q_values(p_values)
    found = tuple(
        _gap(
            names[place],
            (int(x[place]), int(n[place])),
            Limits(float(share[place]), float(lower[place]), float(upper[place])),
            Limits(float(share[place] - share[at]), float(absolute[0][row]), float(absolute[1][row])),
            relative and Limits(float(share[place] / share[at]), float(relative[0][row]), float(relative[1][row])),
            (float(p_values[row]), float(q[row])),
            (reference, confidence),
        )
        for row, place in enumerate(others)
    )
    own = Limits(float(share[at]), float(lower[at]), float(upper[at]))
    return Gaps(reference, int(n[at]), own, found, METHOD)


def _gap(
    name: str,
    counts: tuple[int, int],
    share: Limits,
    gap: Limits,
    ratio: Limits | None,
    strength: tuple[float, float],
    asked: tuple[str, float],
) -> Gap:
    standing = Standing.NOT_TOLD_APART
    if strength[1] <= FALSE_FINDINGS:
        standing = Standing.HIGHER if gap.value > 0 else Standing.LOWER
    return Gap(
        group=name,
        n=counts[1],
        events=counts[0],
        share=share,
        absolute=gap,
        relative=ratio,
        ratio_state=RatioState.GIVEN if ratio else RatioState.NO_EVENTS_IN_REFERENCE,
        p_value=strength[0],
        q_value=strength[1],
        standing=standing,
        verdict=_in_words(name, share.value, gap, ratio, standing, *asked),
    )


def _score_test(x: Floats, n: Floats, reference_x: float, reference_n: float) -> Floats:
    """Two-sided p of equal shares, pooled, without continuity correction; 1 where nobody or everybody has it."""
    pooled = (x + reference_x) / (n + reference_n)
    variance = pooled * (1 - pooled) * (1 / n + 1 / reference_n)
    z = np.zeros(x.size)
    np.divide(np.abs(x / n - reference_x / reference_n), np.sqrt(variance), out=z, where=variance > 0)
    return np.asarray(2 * ndtr(-z), dtype=np.float64)


def _in_words(
    name: str, share: float, gap: Limits, ratio: Limits | None, standing: Standing, reference: str, confidence: float
) -> str:
    about = f"{name}: {100 * share:.3g} %, "
    level = f"{100 * confidence:g} % interval"
    if standing is Standing.NOT_TOLD_APART:
        return (
            f"{about}not told apart from {reference}: {100 * gap.value:+.2g} points "
            f"({level} {100 * gap.lower:+.2g} to {100 * gap.upper:+.2g})."
        )
    word = standing.value.lower()
    ends = sorted((abs(gap.lower), abs(gap.upper)), reverse=True)
    one_way = gap.lower * gap.upper > 0
    interval = (
        f"{level} {100 * ends[0]:.2g} to {100 * ends[1]:.2g} points {word}"
        if one_way
        else f"{level} {100 * gap.lower:+.2g} to {100 * gap.upper:+.2g} points"
    )
    times = f", {ratio.value:.2g} times" if ratio else f"; no ratio, {reference} has none"
    return f"{about}{100 * abs(gap.value):.2g} points {word} than {reference} ({interval}){times}."


@dataclass(frozen=True, slots=True)
class Disparity:
    """index: mean distance of the groups' shares from everybody's, as % of everybody's.

    by_chance: what it would be on average were there no difference at all. p_value: of no difference (χ²).
    """

    index: float
    by_chance: float
    p_value: float
    n_groups: int
    share: float
    method: str
    verdict: str
    version: str = VERSION


def index_of_disparity(events: ArrayLike, totals: ArrayLike) -> Disparity:
    """How far groups lie from everybody's share, on average.

    Source: Pearcy and Keppel (2002), Public Health Reports 117, 273-280.

    events, totals: (k,) of groups that share nobody. The index of small groups is large by chance alone, so it
    never stands without by_chance: √(2/π) times each group's standard error about the whole.
    Raises ValueError for fewer than two groups, counts that cannot be, or nobody with the outcome.

    >>> found = index_of_disparity([30, 50], [100, 100])
    >>> found.index, round(found.by_chance, 1)
    (25.0, 6.9)
    """
    x, n = counted(events, totals)
    if x.size < 2:
        raise ValueError("events holds one group only; a disparity needs two")
    if not x.any():
        raise ValueError("events is 0 in every group; without anybody there is no disparity to measure")
    whole = float(x.sum() / n.sum())
    index = 100 * float(np.abs(x / n - whole).mean()) / whole
    about_whole = np.sqrt(whole * (1 - whole) * (1 / n - 1 / n.sum()))
    by_chance = 100 * math.sqrt(2 / math.pi) * float(about_whole.mean()) / whole
    p_value = 1.0
    if whole < 1:
        chi2 = float((n * (x / n - whole) ** 2).sum() / (whole * (1 - whole)))
        p_value = float(chdtrc(x.size - 1, chi2))
    told = "more than chance" if p_value <= FALSE_FINDINGS else "not told from chance"
    return Disparity(
        index=index,
        by_chance=by_chance,
        p_value=p_value,
        n_groups=int(x.size),
        share=whole,
        method="index of disparity, Pearcy and Keppel 2002, about everybody's share",
        verdict=f"Groups lie {index:.2g} % from the whole on average, {by_chance:.2g} % by chance alone: {told}.",
    )
