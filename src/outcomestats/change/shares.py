"""How many of them: a share with its interval, or the named reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

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


def share_of_scores(
    people: NDArray[np.int64], events: NDArray[np.bool_], *, confidence: float = 0.95
) -> Share | NoShare:
    """A share of n scores of fewer people, with an interval for scores of one person that go together.

    people, events: (n,). The variance is between people (a ratio of sums: Cochran 1977, section 3.12); Wilson's
    interval is then taken with as many independent scores as would have that variance, and never with more than n.

    >>> alike = share_of_scores(np.repeat(np.arange(10), 50), np.repeat(np.arange(10) < 8, 50))
    >>> alike.events, alike.n, round(alike.lower, 2), round(alike.upper, 2)
    (400, 500, 0.47, 0.95)
    """
    n = int(events.size)
    if not n:
        return share_of(0, 0, confidence=confidence)
    code = np.unique(people, return_inverse=True)[1].reshape(-1)
    own, each = np.bincount(code, events), np.bincount(code)
    share, k = float(events.mean()), int(each.size)
    if k < 2 or share in (0.0, 1.0):
        independent = float(k)
    else:
        variance = float(((own - share * each) ** 2).sum()) / n**2 * k / (k - 1)
        independent = min(share * (1 - share) / variance, float(n)) if variance > 0 else float(n)
    z = float(ndtri((1 + confidence) / 2))
    middle, half = (
        share + z**2 / (2 * independent),
        z * np.sqrt(share * (1 - share) / independent + z**2 / (4 * independent**2)),
    )
    lower, upper = (middle - half) / (1 + z**2 / independent), (middle + half) / (1 + z**2 / independent)
    # None and all have their exact ends: rounding must not cross them.
    ends = 0.0 if share == 0 else float(lower), 1.0 if share == 1 else float(upper)
    return Share(int(events.sum()), n, share, *ends, confidence)
