"""What counts as change on this measure: direction of benefit, points needed, clinical cut-off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from outcomestats.change.reliable import reliable_change_points


class Direction(StrEnum):
    """What a higher score means for the person. Change is later minus earlier in either direction."""

    HIGHER_IS_WORSE = "HIGHER_IS_WORSE"
    HIGHER_IS_BETTER = "HIGHER_IS_BETTER"

    @property
    def sign(self) -> int:
        """+1 where higher is worse, -1 where higher is better."""
        return 1 if self is Direction.HIGHER_IS_WORSE else -1


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """How to judge a change on one measure.

    points: the smallest change that is more than measurement error, in the measure's units; that many is
    enough.
    cutoff: the score at which the clinical range starts, itself included: scores at or above it where higher
    is worse, at or below it where higher is better. None: the measure has no cut-off, and nothing is a
    recovery.
    method: where points come from, in words.

    >>> ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10).in_clinical_range(10)
    True
    """

    direction: Direction
    points: float
    cutoff: float | None = None
    method: str = "published change points"

    def __post_init__(self) -> None:
        if not 0 < self.points < math.inf:
            raise ValueError(f"points is {self.points}; give a finite number above 0")
        if self.cutoff is not None and not math.isfinite(self.cutoff):
            raise ValueError(f"cutoff is {self.cutoff}; give a finite score, or None when the measure has none")

    @classmethod
    def from_norms(
        cls, *, direction: Direction, reliability: float, norm_sd: float, cutoff: float | None = None
    ) -> ChangeRule:
        """The rule of Jacobson and Truax (1991) with published norms; errors as reliable_change_points.

        >>> rule = ChangeRule.from_norms(direction=Direction.HIGHER_IS_BETTER, reliability=0.8, norm_sd=7.5)
        >>> round(rule.points, 2), rule.method
        (9.3, 'Jacobson and Truax 1991, reliability 0.8, norm SD 7.5')
        """
        return cls(
            direction=direction,
            points=reliable_change_points(reliability=reliability, norm_sd=norm_sd),
            cutoff=cutoff,
            method=f"Jacobson and Truax 1991, reliability {reliability:g}, norm SD {norm_sd:g}",
        )

    def in_clinical_range(self, score: float) -> bool:
        """Whether a score lies in the clinical range; never, where the measure has no cut-off."""
        sign = self.direction.sign
        return self.cutoff is not None and sign * score >= sign * self.cutoff - TOLERANCE


# Differences of means carry rounding in the last places (4.6 - 3.4 is not quite 1.2); a score is never this
# fine.
TOLERANCE = 1e-9
