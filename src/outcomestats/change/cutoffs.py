"""Where does the clinical range end? The three cut-offs of Jacobson and Truax (1991, page 13)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from outcomestats.change.rules import Direction


@dataclass(frozen=True, slots=True)
class Norms:
    """Published mean and standard deviation of one group, in the measure's units."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.mean):
            raise ValueError(f"mean is {self.mean}; give the published mean, a finite number")
        if not 0 < self.sd < math.inf:
            raise ValueError(f"sd is {self.sd}; give the published standard deviation, a finite number above 0")


def cutoff_a(*, clinical: Norms, direction: Direction) -> float:
    """Two standard deviations of the clinical group beyond its mean, towards benefit.

    For measures without norms of a general population; strict where the two groups overlap.

    >>> cutoff_a(clinical=Norms(mean=40, sd=7.5), direction=Direction.HIGHER_IS_BETTER)
    55.0
    """
    return clinical.mean - direction.sign * 2 * clinical.sd


def cutoff_b(*, general: Norms, direction: Direction) -> float:
    """Two standard deviations of the general group short of its mean, with that group's own SD.

    >>> cutoff_b(general=Norms(mean=60, sd=7.5), direction=Direction.HIGHER_IS_BETTER)
    45.0
    """
    return general.mean + direction.sign * 2 * general.sd


def cutoff_c(*, clinical: Norms, general: Norms) -> float:
    """The point equally likely in both groups: the means, each weighted by the other group's SD.

    The first choice where norms of both groups exist and overlap.

    >>> cutoff_c(clinical=Norms(mean=40, sd=7.5), general=Norms(mean=60, sd=7.5))
    50.0
    """
    return (general.sd * clinical.mean + clinical.sd * general.mean) / (general.sd + clinical.sd)
