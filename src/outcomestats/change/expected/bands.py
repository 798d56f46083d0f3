"""Bands of first scores: people who start alike are compared with each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.reliable import column

OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from lowest to highest, both included.

    >>> Band(10, 14, "moderate").label
    'moderate'
    """

    lowest: float
    highest: float
    label: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lowest) and math.isfinite(self.highest)):
            raise ValueError(f"lowest is {self.lowest} and highest {self.highest}; give finite scores")
        if self.highest < self.lowest:
            raise ValueError(f"highest is {self.highest:g}, below lowest {self.lowest:g}; give them in order")
        if not self.label.strip():
            raise ValueError("label is empty; give the band a name")


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of one measure, from low to high, none overlapping. A score between two belongs to the lower one.

    >>> phq = Bands((Band(0, 9, "mild"), Band(10, 14, "moderate"), Band(15, 27, "severe")))
    >>> phq.of([9, 9.5, 10, 27, 28]).tolist()
    [0, 0, 1, 2, -1]
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        if not self.bands:
            raise ValueError("bands is empty; give at least one band")
        for lower, upper in zip(self.bands, self.bands[1:], strict=False):
            if upper.lowest <= lower.highest:
                raise ValueError(
                    f"bands {lower.label!r} ({lower.lowest:g} to {lower.highest:g}) and {upper.label!r} "
                    f"({upper.lowest:g} to {upper.highest:g}) overlap or fall; give them from low to high, apart"
                )

    def of(self, scores: ArrayLike) -> NDArray[np.int64]:
        """The band of each score, (n,), as its place in bands; OUTSIDE (-1) below the first and above the last."""
        score = column(scores, "scores")
        starts = np.array([band.lowest for band in self.bands])
        place = np.searchsorted(starts, score, side="right") - 1
        place[score > self.bands[-1].highest] = OUTSIDE
        return place.astype(np.int64)
