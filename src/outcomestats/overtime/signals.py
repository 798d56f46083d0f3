"""Which points belong to a pattern that chance alone seldom makes, and at which point each pattern is complete.

Sources: those of the rule sets in presets.py. Every rule looks at one phase at a time; gaps are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from outcomestats.overtime.limits import ON_THE_LINE, Limits
from outcomestats.overtime.points import Points
from outcomestats.overtime.presets import Outer, Rule, RuleSet, Ties
from outcomestats.overtime.segments import Bools, Ints, Segments, runs

Marks = NDArray[np.int8]
_Find = Callable[[Marks, Ints], tuple[Bools, Bools]]
# Anhøj's tests need at least this many points off the centre line to say anything.
USEFUL_FROM = 10


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """flags: (n,) bits of the rules a point is part of. completed: (n,) bits of those first fulfilled at it."""

    flags: Ints
    completed: Ints


def signals_of(points: Points, limits: Limits, rules: RuleSet) -> Signals:
    """Look for every rule of the set.

    >>> import datetime
    >>> from outcomestats.overtime.limits import limits_of
    >>> from outcomestats.overtime.plans import ChartKind, Plan, Screening
    >>> from outcomestats.overtime.points import laid_out
    >>> from outcomestats.overtime.presets import MAKING_DATA_COUNT_2019
    >>> days = [datetime.date(2024, 1, day) for day in range(1, 9)]
    >>> series = [[1, 2, 3, 4, 5, 6, 7, 7]]
    >>> points = laid_out(ChartKind.RUN, days, series, denominators=None, sds=None, plans=[Plan()])
    >>> found = signals_of(points, limits_of(points, Screening.ON), MAKING_DATA_COUNT_2019)
    >>> [flag == Rule.TREND.bit for flag in found.flags.tolist()], found.completed.tolist()[6] == Rule.TREND.bit
    ([True, True, True, True, True, True, True, False], True)
    """
    flags = np.zeros(points.row.size, dtype=np.int64)
    completed = flags.copy()
    for rule in rules.rules:
        part, end = _FINDERS[rule](points, limits, rules)
        flags[part] |= rule.bit
        completed[end] |= rule.bit
    return Signals(flags, completed)


def _outside(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    outside = np.abs(limits.distances) > 3 + ON_THE_LINE
    return outside, outside


def _shift(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    return _among(
        (limits.side != 0) | (rules.ties is Ties.BREAK),
        limits.side,
        points.segments.of,
        lambda side, of: _long_runs(side, of, rules.shift),
    )


def _trend(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    of = points.segments.of
    steps = _steps(points.value, of)
    moved = (steps != 0) | (np.diff(of, prepend=-1) != 0) | (rules.ties is Ties.BREAK)
    return _among(moved, steps, of, lambda own, segment: _trends(own, segment, rules.trend))


def _trends(steps: Marks, of: Ints, length: int) -> tuple[Bools, Bools]:
    part, end = _long_runs(steps, of, length - 1)
    return _and_the_one_before(part, 1), end


def _alternating(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    of = points.segments.of
    steps = _steps(points.value, of)
    turned = np.zeros(steps.size, dtype=np.int8)
    turned[1:] = steps[1:] * steps[:-1] == -1
    turned[1:][np.diff(of) != 0] = 0
    part, end = _long_runs(turned, of, rules.alternating - 2)
    return _and_the_one_before(_and_the_one_before(part, 1), 1), end


def _close(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    near = (np.abs(limits.distances) < 1 - ON_THE_LINE).astype(np.int8)
    return _long_runs(near, points.segments.of, rules.close_to_centre)


def _away(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    far = (np.abs(limits.distances) > 1 + ON_THE_LINE).astype(np.int8)
    return _long_runs(far, points.segments.of, rules.away_from_centre)


def _near_limit(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    return _so_many_of(points, limits, many=2, window=3, beyond=2.0, outer=rules.outer)


def _beyond_one(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    return _so_many_of(points, limits, many=4, window=5, beyond=1.0, outer=Outer.TWO_SIGMA_THIRD_POINT_ANYWHERE)


def _so_many_of(
    points: Points, limits: Limits, *, many: int, window: int, beyond: float, outer: Outer | None
) -> tuple[Bools, Bools]:
    """Windows of consecutive points with so many beyond a line on one side; part are those beyond it."""
    of = points.segments.of
    part, end = np.zeros(of.size, dtype=bool), np.zeros(of.size, dtype=bool)
    if of.size < window:
        return part, end
    whole = np.zeros(of.size, dtype=bool)
    whole[window - 1 :] = of[window - 1 :] == of[: 1 - window]
    for sign in (1, -1):
        far = sign * limits.distances > beyond + ON_THE_LINE
        if outer is Outer.THIRD_ONLY:
            far &= sign * limits.distances <= 3 + ON_THE_LINE
        fulfilled = whole & (_in_window(far, window) >= many)
        if outer is not Outer.TWO_SIGMA_THIRD_POINT_ANYWHERE:
            fulfilled &= _in_window(limits.side == sign, window) == window
        covered = np.zeros(of.size, dtype=bool)
        for back in range(window):
            covered[: of.size - back] |= fulfilled[back:]
        part |= far & covered
        before = np.zeros(of.size, dtype=bool)
        before[1:] = fulfilled[:-1] & (of[1:] == of[:-1])
        end |= fulfilled & ~before
    return part, end


def _long_run(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    """Longest run above round(log2 n) + 3, n the points off the centre line (Schilling 2012)."""

    def find(side: Marks, of: Ints) -> tuple[Bools, Bools]:
        n = np.bincount(of, minlength=points.segments.number)
        allowed = np.round(np.log2(np.maximum(n, 1))) + 3
        place, length = runs(side, of)
        part = (length > allowed[of]) & (n[of] >= USEFUL_FROM)
        return part, part & (place == allowed[of] + 1)

    return _among(limits.side != 0, limits.side, points.segments.of, find)


def _few_crossings(points: Points, limits: Limits, rules: RuleSet) -> tuple[Bools, Bools]:
    """Fewer crossings than the lower 5 % point of a fair coin thrown n − 1 times (Chen 2010)."""

    def find(side: Marks, of: Ints) -> tuple[Bools, Bools]:
        segments = Segments(of, points.segments.number)
        n = segments.count(np.ones(of.size, dtype=bool))
        crossed = np.zeros(of.size, dtype=bool)
        crossed[1:] = (side[1:] != side[:-1]) & (of[1:] == of[:-1])
        sizes, which = np.unique(np.maximum(n - 1, 0), return_inverse=True)
        fewest = np.asarray(binom.ppf(0.05, sizes, 0.5))[which]
        few = (segments.count(crossed) < fewest) & (n >= USEFUL_FROM)
        last = np.diff(of, append=-1) != 0
        return few[of], few[of] & last

    return _among(limits.side != 0, limits.side, points.segments.of, find)


def _among(useful: Bools | bool, marks: Marks, of: Ints, find: _Find) -> tuple[Bools, Bools]:
    """Look among the useful points only, as if the others were not there."""
    kept = np.flatnonzero(np.broadcast_to(useful, of.shape))
    part, end = np.zeros(of.size, dtype=bool), np.zeros(of.size, dtype=bool)
    part[kept], end[kept] = find(marks[kept], of[kept])
    return part, end


def _steps(values: NDArray[np.float64], of: Ints) -> Marks:
    """Up or down since the point before; 0 for the first of a phase."""
    steps = np.zeros(values.size, dtype=np.int8)
    steps[1:] = np.sign(np.diff(values))
    steps[1:][np.diff(of) != 0] = 0
    return steps


def _long_runs(marks: Marks, of: Ints, length: int) -> tuple[Bools, Bools]:
    place, found = runs(marks, of)
    part = (marks != 0) & (found >= length)
    return part, part & (place == length)


def _and_the_one_before(part: Bools, back: int) -> Bools:
    wider = part.copy()
    wider[:-back] |= part[back:]
    return wider


def _in_window(marks: Bools, window: int) -> Ints:
    """How many of a point and the window − 1 before it are marked."""
    before = np.concatenate(([0], np.cumsum(marks)))
    counted = before[1:].copy()
    counted[window:] -= before[1:-window]
    return counted


_FINDERS = {
    Rule.OUTSIDE_LIMITS: _outside,
    Rule.SHIFT: _shift,
    Rule.TREND: _trend,
    Rule.NEAR_LIMIT: _near_limit,
    Rule.BEYOND_ONE_SIGMA: _beyond_one,
    Rule.ALTERNATING: _alternating,
    Rule.CLOSE_TO_CENTRE: _close,
    Rule.AWAY_FROM_CENTRE: _away,
    Rule.LONG_RUN: _long_run,
    Rule.FEW_CROSSINGS: _few_crossings,
}
