"""Sums, medians and runs inside each of many segments at once.

A segment is one phase of one series; its points lie together, in order of time. Sums are taken point after
point within a segment, so that a result does not depend on which other series are calculated with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """of: (n,) int64 rising segment number of each point. number: how many segments, empty ones included."""

    of: Ints
    number: int

    def count(self, chosen: Bools) -> Ints:
        """How many of the chosen points, (number,).

        >>> Segments(np.array([0, 0, 2]), 3).count(np.array([True, True, True])).tolist()
        [2, 0, 1]
        """
        return np.bincount(self.of[chosen], minlength=self.number)

    def total(self, values: Floats, chosen: Bools) -> Floats:
        """The sum of the chosen values, (number,); 0 where there are none."""
        return np.bincount(self.of[chosen], weights=values[chosen], minlength=self.number).astype(np.float64)

    def mean(self, values: Floats, chosen: Bools) -> Floats:
        """The mean of the chosen values, (number,); NaN where there are none, for the caller to name.

        Taken as the first value and the mean distance from it, so that equal values have exactly that mean.
        """
        first = self.first(values, chosen)
        away = np.where(chosen, values - first[self.of], 0.0)
        return first + over(self.total(away, chosen), self.count(chosen))

    def first(self, values: Floats, chosen: Bools) -> Floats:
        """The first chosen value, (number,); NaN where there is none."""
        found = np.full(self.number, np.nan)
        backwards = np.flatnonzero(chosen)[::-1]
        found[self.of[backwards]] = values[backwards]
        return found

    def greatest(self, values: Floats, chosen: Bools) -> Floats:
        """The greatest chosen value, (number,); minus infinity where there is none."""
        found = np.full(self.number, -np.inf)
        np.maximum.at(found, self.of[chosen], values[chosen])
        return found

    def median(self, values: Floats, chosen: Bools) -> Floats:
        """The median of the chosen values, (number,); NaN where there are none.

        >>> every = np.ones(5, dtype=bool)
        >>> Segments(np.array([0, 0, 0, 1, 1]), 2).median(np.array([9.0, 1, 2, 4, 5]), every).tolist()
        [2.0, 4.5]
        """
        own, of = values[chosen], self.of[chosen]
        own = own[np.lexsort((own, of))]
        counts = np.bincount(of, minlength=self.number)
        starts = np.cumsum(counts) - counts
        found = np.full(self.number, np.nan)
        some = counts > 0
        low = own[(starts + (counts - 1) // 2)[some]]
        found[some] = low + (own[(starts + counts // 2)[some]] - low) / 2
        return found


def over(parts: Floats, whole: NDArray[np.int64] | Floats) -> Floats:
    """parts / whole, NaN where whole is 0, for the caller to name.

    >>> over(np.array([1.0, 1.0]), np.array([4, 0])).tolist()
    [0.25, nan]
    """
    result = np.full(parts.shape, np.nan)
    np.divide(parts, whole, out=result, where=np.asarray(whole) != 0)
    return result


def runs(marks: NDArray[np.int8], segment: Ints) -> tuple[Ints, Ints]:
    """For each point, which of equal neighbours in one segment it is (1, 2, …), and how many there are.

    marks, segment: (n,). Returns (n,) and (n,).

    >>> place, length = runs(np.array([1, 1, 1, -1], dtype=np.int8), np.array([0, 0, 1, 1]))
    >>> place.tolist(), length.tolist()
    ([1, 2, 1, 1], [2, 2, 1, 1])
    """
    if not marks.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    new = np.ones(marks.size, dtype=bool)
    new[1:] = (marks[1:] != marks[:-1]) | (segment[1:] != segment[:-1])
    starts = np.flatnonzero(new)
    lengths = np.diff(starts, append=marks.size)
    place = np.arange(marks.size) - np.repeat(starts, lengths) + 1
    return place, np.repeat(lengths, lengths)
