"""Did a gap narrow from one period to the next?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from outcomestats.equity.gaps import VERSION, Limits


class GapChange(StrEnum):
    NARROWED = "NARROWED"
    WIDENED = "WIDENED"
    REVERSED = "REVERSED"  # as clearly the other way round
    NO_DETECTABLE_CHANGE = "NO_DETECTABLE_CHANGE"


@dataclass(frozen=True, slots=True)
class ChangeOfGap:
    """change: the later gap minus the earlier one, both share minus reference."""

    kind: GapChange
    earlier: Limits
    later: Limits
    change: Limits
    method: str
    verdict: str
    version: str = VERSION


def change_of_gap(earlier: Limits, later: Limits) -> ChangeOfGap:
    """Compare two gaps of periods that share nobody (square-and-add, Donner and Zou 2012).

    earlier, later: the same group against the same reference, in share points, with intervals of one
    confidence. People counted in both periods make the interval too wide, not too narrow.
    Two separate verdicts "there was a gap, there is none now" are no proof of narrowing; this is.
    Raises ValueError for limits that are out of order or not finite.

    >>> found = change_of_gap(Limits(-0.20, -0.25, -0.15), Limits(-0.05, -0.10, 0.0))
    >>> found.verdict
    'Narrowed: from -20 to -5 points, a change of +15 (interval +7.9 to +22).'
    """
    for name, gap in (("earlier", earlier), ("later", later)):
        if not -math.inf < gap.lower <= gap.value <= gap.upper < math.inf:
            raise ValueError(f"{name} is {gap}; give finite limits around the gap")
    value = later.value - earlier.value
    lower = value - math.hypot(later.value - later.lower, earlier.upper - earlier.value)
    upper = value + math.hypot(later.upper - later.value, earlier.value - earlier.lower)
    change = Limits(value, lower, upper)
    kind = _kind(earlier, later, change)
    words = kind.value.replace("_", " ").capitalize()
    return ChangeOfGap(
        kind=kind,
        earlier=earlier,
        later=later,
        change=change,
        method="difference of two gaps, square-and-add, Donner and Zou 2012",
        verdict=(
            f"{words}: from {100 * earlier.value:+.2g} to {100 * later.value:+.2g} points, a change of "
            f"{100 * value:+.2g} (interval {100 * lower:+.2g} to {100 * upper:+.2g})."
        ),
    )


def _kind(earlier: Limits, later: Limits, change: Limits) -> GapChange:
    if change.lower <= 0 <= change.upper:
        return GapChange.NO_DETECTABLE_CHANGE
    other_way = earlier.value * later.value < 0
    if other_way and (later.lower > 0 or later.upper < 0) and (earlier.lower > 0 or earlier.upper < 0):
        return GapChange.REVERSED
    return GapChange.NARROWED if abs(later.value) < abs(earlier.value) else GapChange.WIDENED
