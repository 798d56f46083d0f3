"""What counts as too few people to be shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VERSION = "disclosure 1"


@dataclass(frozen=True, slots=True)
class Policy:
    """The provider's rule, agreed once and printed beside what it made.

    minimum: counts from 1 to minimum - 1 are hidden, and nothing shown lets a hidden one be narrowed to fewer than
    minimum + 1 possible values.
    minimum_denominator: percentages of fewer people are left out: they would say more than they know.
    rounding: shown counts go to the nearest multiple (halves up); 1 for none. At most twice the minimum, so that a
    shown 0 is nobody.
    hide_zeros: whether "nobody" is hidden like a small count; where a group's answers are all the same, a 0 beside
    them tells everybody's.
    Raises ValueError where a number does not fit.

    >>> Policy(minimum=1)
    Traceback (most recent call last):
    ValueError: minimum is 1; give 2 or more: below 2 nothing would be hidden
    """

    minimum: int = 5
    minimum_denominator: int = 10
    rounding: int = 1
    hide_zeros: bool = False
    version: str = VERSION

    def __post_init__(self) -> None:
        if self.minimum < 2:
            raise ValueError(f"minimum is {self.minimum}; give 2 or more: below 2 nothing would be hidden")
        if self.minimum_denominator < self.minimum:
            raise ValueError(
                f"minimum_denominator is {self.minimum_denominator}; give at least minimum, {self.minimum}"
            )
        if not 1 <= self.rounding <= 2 * self.minimum:
            raise ValueError(f"rounding is {self.rounding}; give 1 (none) to {2 * self.minimum}, twice the minimum")

    def is_small(self, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which counts are too few people, whatever else is shown. Below 0 (people left) counts like above."""
        least = 0 if self.hide_zeros else 1
        size = np.abs(counts)
        small: NDArray[np.bool_] = (size >= least) & (size < self.minimum)
        return small

    def rounded(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts as they are shown."""
        near: NDArray[np.int64] = (counts + self.rounding // 2) // self.rounding * self.rounding
        return near
