"""Does variation go down over successive cycles, not only from the first to the last?

A straight line through the standard deviations, each with its own interval; the interval of its slope is made from
theirs by the method of variance estimates recovery for linear functions (Zou, Huang and Zhang 2009, Computational
Statistics and Data Analysis 53(4), section 2). With two cycles it is narrowing() a unit of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.variation.arguments import Floats, numbers, same_length
from outcomestats.variation.fit import VERSION
from outcomestats.variation.spread import Course, Spread


@dataclass(frozen=True, slots=True)
class Cycles:
    """change: of the standard deviation between groups for each unit of time, with its interval; below 0 is narrower.

    spreads: one a cycle, as given; expected: the line at the first and at the last of them.
    """

    spreads: tuple[Spread, ...]
    change: float
    lower: float
    upper: float
    expected: tuple[float, float]
    course: Course
    confidence: float
    method: str
    version: str
    verdict: str


def over_cycles(spreads: Sequence[Spread], *, times: ArrayLike | None = None) -> Cycles:
    """The slope of the standard deviation between groups over two cycles or more.

    spreads: of one level, measure and confidence, in order of time. times: when each was, rising; 0, 1, 2, … unless
    given. The line weighs cycles alike: make them alike in length. Groups that are there in several cycles make the
    interval wider than it need be, never too narrow. Fewer groups shown later narrow variation too: compare n_groups.
    Not where practice changed at one known date: narrowing() of before and after says more.
    Raises ValueError where level or confidence differ, times do not rise, or there are fewer than two.

    >>> common = dict(level="group", n_groups=40, confidence=0.95, method="given", version="1", verdict="")
    >>> found = over_cycles([Spread(sd=sd, lower=sd * 0.8, upper=sd * 1.3, **common) for sd in (4.0, 3.2, 2.1, 1.8)])
    >>> found.verdict.partition(" between groups ")[2]
    'changed by -0.77 a cycle (interval -1.16 to -0.467).'
    """
    if len(spreads) < 2:
        raise ValueError(f"spreads has {len(spreads)}; a course needs two cycles or more")
    for name in ("level", "confidence"):
        if len({getattr(each, name) for each in spreads}) > 1:
            raise ValueError(f"spreads differ in {name}; compare cycles of one {name}")
    at = np.arange(len(spreads), dtype=np.float64) if times is None else numbers(times, "times")
    sd, low, high = (np.array([getattr(each, name) for each in spreads]) for name in ("sd", "lower", "upper"))
    same_length(times=at, spreads=sd)
    if (np.diff(at) <= 0).any():
        raise ValueError("times do not rise; give the cycles in order of time, each once")
    weights = (at - at.mean()) / ((at - at.mean()) ** 2).sum()
    change = float(weights @ sd)
    down, up = _reach(weights, sd, low, high), _reach(-weights, sd, low, high)
    lower, upper = change - down, change + up
    course = Course.NARROWED if upper < 0 else Course.WIDENED if lower > 0 else Course.NO_DETECTABLE_CHANGE
    middle = float(sd.mean())
    told = "a cycle" if times is None else "a unit of time"
    words = course.value.replace("_", " ").capitalize()
    return Cycles(
        spreads=tuple(spreads), change=change, lower=lower, upper=upper, course=course,
        expected=(middle + change * float(at[0] - at.mean()), middle + change * float(at[-1] - at.mean())),
        confidence=spreads[0].confidence, version=VERSION,
        method="straight line through standard deviations, variance estimates recovery, Zou, Huang and Zhang 2009",
        verdict=(
            f"{words}: over {len(spreads)} cycles the standard deviation between {spreads[0].level}s changed by "
            f"{change:.3g} {told} (interval {lower:.3g} to {upper:.3g})."
        ),
    )  # fmt: skip


def _reach(weights: Floats, sd: Floats, low: Floats, high: Floats) -> float:
    """How far below its estimate the sum of weights times sd may lie: each part towards its own far end."""
    far = np.where(weights > 0, low, high)
    return float(np.sqrt(((weights * (sd - far)) ** 2).sum()))
