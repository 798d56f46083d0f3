"""How many of them: a share with its interval, or the named reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from outcomestats.equity.intervals import wilson


class NoShareReason(StrEnum):
    NOBODY_TO_COUNT = "NOBODY_TO_COUNT"


@dataclass(frozen=True, slots=True)
class Share:
    """events out of n people. estimate, lower, upper: between 0 and 1, with Wilson's (1927) interval."""

    events: int
    n: int
    estimate: float
    lower: float
    upper: float
    confidence: float

    @property
    def in_words(self) -> str:
        """The share in whole percent with its interval."""
        lower, upper = f"{100 * self.lower:.0f}", f"{100 * self.upper:.0f}"
        return f"{100 * self.estimate:.0f} % ({self.events} of {self.n}; {lower} to {upper} %)"


@dataclass(frozen=True, slots=True)
class NoShare:
    """Why there is no share."""

    reason: NoShareReason
    n: int = 0

    @property
    def in_words(self) -> str:
        """The reason, as it stands in a verdict."""
        return "nobody to count"


def share_of(events: int, n: int, *, confidence: float = 0.95) -> Share | NoShare:
    """events out of n people with Wilson's interval; for nobody, a named reason in place of a number.

    Raises ValueError where events lies outside 0 to n, or confidence outside 0 to 1.

    >>> share_of(3, 20).in_words
    '15 % (3 of 20; 5 to 36 %)'
    >>> share_of(0, 0).in_words
    'nobody to count'
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    if not 0 <= events <= n:
        raise ValueError(f"events is {events} of {n}; give 0 to n, each person once")
    if n == 0:
        return NoShare(NoShareReason.NOBODY_TO_COUNT)
    lower, upper = wilson([events], [n], confidence)
    return Share(int(events), int(n), events / n, float(lower[0]), float(upper[0]), confidence)
