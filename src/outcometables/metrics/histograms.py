"""Mean, median and percentiles of whole numbers, exactly, from how often each occurs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often each whole number was measured, and how many are known to lie beyond all of them.

    Beyond are those still waiting when the window closed: their wait is not known, only that it is longer than any
    that counts. They move the median and have no part in the mean.

    >>> waits = Histogram({0: 2, 3: 1, 10: 1}, beyond=1)
    >>> waits.n, waits.mean, waits.median, waits.percentile(90)
    (4, 3.25, 3.0, None)
    """

    counts: Mapping[int, int]
    beyond: int = 0

    @property
    def n(self) -> int:
        """How many were measured."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        """The sum of what was measured."""
        return sum(value * n for value, n in self.counts.items())

    @property
    def squares(self) -> int:
        """The sum of the squares: with n and total all that a mean with its spread needs."""
        return sum(value * value * n for value, n in self.counts.items())

    @property
    def mean(self) -> float | None:
        """The mean of what was measured; None where nothing was."""
        return float(Fraction(self.total, self.n)) if self.n else None

    @property
    def median(self) -> float | None:
        """The middle one, or half-way between the two in the middle; None where that lies beyond or nothing is."""
        return self.percentile(50)

    def percentile(self, percent: int) -> float | None:
        """The smallest number that at least `percent` per cent do not exceed, half-way to the next where exactly
        that many do not (Hyndman and Fan 1996, The American Statistician 50, 361-365, definition 2).

        None where it lies beyond, or there is nothing. Raises ValueError for a percent outside 1 to 99.
        """
        if not 1 <= percent <= 99:
            raise ValueError(f"percent is {percent}: give a whole number from 1 to 99")
        everybody = self.n + self.beyond
        if not everybody:
            return None
        place, exact = divmod(percent * everybody, 100)
        lower = self._at(place if exact == 0 else place + 1)
        upper = self._at(place + 1) if exact == 0 else lower
        return None if lower is None or upper is None else (lower + upper) / 2

    def _at(self, place: int) -> int | None:
        """The place-th smallest, from 1; None where it lies beyond."""
        for value in sorted(self.counts):
            place -= self.counts[value]
            if place <= 0:
                return value
        return None
