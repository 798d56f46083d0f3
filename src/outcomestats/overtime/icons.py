"""The two questions of Making Data Count about the latest point: is it changing, and can it meet the target?"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from outcomestats.overtime.limits import ON_THE_LINE
from outcomestats.overtime.presets import Rule
from outcomestats.overtime.segments import Bools, Floats, Ints


class Variation(StrEnum):
    """What the latest point says about change. The order is that of ControlCharts.variation."""

    COMMON_CAUSE = "COMMON_CAUSE"
    IMPROVEMENT_HIGH = "IMPROVEMENT_HIGH"
    IMPROVEMENT_LOW = "IMPROVEMENT_LOW"
    CONCERN_HIGH = "CONCERN_HIGH"
    CONCERN_LOW = "CONCERN_LOW"
    CHANGE_HIGH = "CHANGE_HIGH"  # neither direction is improvement
    CHANGE_LOW = "CHANGE_LOW"
    CHANGE_WITHOUT_DIRECTION = "CHANGE_WITHOUT_DIRECTION"
    NO_LIMITS = "NO_LIMITS"  # and no run or trend either: nothing can be said
    NO_FIGURES = "NO_FIGURES"


class Assurance(StrEnum):
    """Whether the process as it is can be relied on to meet its target."""

    CONSISTENTLY_MEETS = "CONSISTENTLY_MEETS"
    CONSISTENTLY_MISSES = "CONSISTENTLY_MISSES"
    HIT_OR_MISS = "HIT_OR_MISS"
    NO_TARGET = "NO_TARGET"
    NO_DIRECTION = "NO_DIRECTION"  # a target, but neither direction is improvement
    NO_LIMITS = "NO_LIMITS"
    NO_FIGURES = "NO_FIGURES"


_HIGH = {1: Variation.IMPROVEMENT_HIGH, -1: Variation.CONCERN_HIGH, 0: Variation.CHANGE_HIGH}
_LOW = {1: Variation.CONCERN_LOW, -1: Variation.IMPROVEMENT_LOW, 0: Variation.CHANGE_LOW}


def variations(flags: Ints, side: Ints, step: Ints, has_limits: Bools, improvement: Ints) -> Ints:
    """The variation icon of the latest point of each series, as positions in Variation.

    flags: (S,) bits of its rules. side: (S,) which side of the centre it lies. step: (S,) whether it rose or
    fell. improvement: (S,) sign of the better direction.
    A point that is only part of a trend goes the way of the trend; of any other rule, the way of its side;
    rules that look at both sides at once give a change without direction.

    >>> one = np.array([1])
    >>> falling = variations(np.array([Rule.TREND.bit]), one, -one, one > 0, -one)
    >>> list(Variation)[falling[0]].value
    'IMPROVEMENT_LOW'
    """
    sided = Rule.OUTSIDE_LIMITS.bit | Rule.SHIFT.bit | Rule.NEAR_LIMIT.bit | Rule.BEYOND_ONE_SIGMA.bit
    sided |= Rule.LONG_RUN.bit
    way = np.where(flags & sided, side, np.where(flags & Rule.TREND.bit, step, 0))
    order = list(Variation)
    high = np.array([order.index(_HIGH[sign]) for sign in (-1, 0, 1)])[improvement + 1]
    low = np.array([order.index(_LOW[sign]) for sign in (-1, 0, 1)])[improvement + 1]
    found: Ints = np.select(
        [(flags == 0) & has_limits, flags == 0, way > 0, way < 0],
        [order.index(Variation.COMMON_CAUSE), order.index(Variation.NO_LIMITS), high, low],
        default=order.index(Variation.CHANGE_WITHOUT_DIRECTION),
    )
    return found


def assurances(lower: Floats, upper: Floats, target: Floats, improvement: Ints) -> Ints:
    """The assurance icon of each series from the limits at its latest point, as positions in Assurance.

    lower, upper: (S,) NaN where there are none. target: (S,) NaN for none. A target on a limit, to rounding,
    is hit or miss.

    >>> ends = np.array([10.0]), np.array([20.0])
    >>> [list(Assurance)[assurances(*ends, np.array([target]), np.array([1]))[0]].value for target in (9, 20, 21)]
    ['CONSISTENTLY_MEETS', 'HIT_OR_MISS', 'CONSISTENTLY_MISSES']
    """
    order = list(Assurance)
    slack = ON_THE_LINE * (upper - lower)
    beyond = np.where(target > upper + slack, 1, np.where(target < lower - slack, -1, 0))
    found: Ints = np.select(
        [np.isnan(target), improvement == 0, np.isnan(lower), beyond == 0, beyond == improvement],
        [
            order.index(each)
            for each in (
                Assurance.NO_TARGET,
                Assurance.NO_DIRECTION,
                Assurance.NO_LIMITS,
                Assurance.HIT_OR_MISS,
                Assurance.CONSISTENTLY_MISSES,
            )
        ],
        default=order.index(Assurance.CONSISTENTLY_MEETS),
    )
    return found
