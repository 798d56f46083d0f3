"""How long before the end was it said? The median of lead times, or the named reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from the first "not on track" to the last score, among people who ended poorly and of whom it was said.

    estimate: the median, with lower and upper by order statistics (exact, at least `confidence`). quarter,
    three_quarters: the middle half lies between them.
    """

    estimate: float
    lower: float
    upper: float
    quarter: float
    three_quarters: float
    n: int
    confidence: float


class NoLeadTimeReason(StrEnum):
    TOO_FEW_PEOPLE = "TOO_FEW_PEOPLE"  # no interval of that confidence exists for so few


@dataclass(frozen=True, slots=True)
class NoLeadTime:
    """Why there is no lead time, and how many people there were."""

    reason: NoLeadTimeReason
    n: int


def lead_time_of(days: NDArray[np.int64], *, confidence: float = 0.95) -> LeadTime | NoLeadTime:
    """Median of n lead times with an exact interval by order statistics (Conover 1999, section 3.2).

    >>> lead_time_of(np.array([7, 14, 21, 28, 35, 42, 49])).estimate
    28.0
    >>> lead_time_of(np.array([7, 14])).reason.value
    'TOO_FEW_PEOPLE'
    """
    n = int(days.size)
    # The widest interval, from the least to the greatest, holds the median with 1 - 2^(1-n) only.
    if n == 0 or 1 - 2.0 ** (1 - n) < confidence:
        return NoLeadTime(NoLeadTimeReason.TOO_FEW_PEOPLE, n)
    ordered = np.sort(days).astype(np.float64)
    rank = int(binom.ppf((1 - confidence) / 2, n, 0.5))
    quarter, median, three_quarters = (float(each) for each in np.quantile(ordered, [0.25, 0.5, 0.75]))
    return LeadTime(median, ordered[max(rank - 1, 0)].item(), ordered[n - max(rank, 1)].item(), quarter,
                    three_quarters, n, confidence)  # fmt: skip
