"""The demonstration's days: whole numbers since 1970-01-01, and weeks that end yesterday."""

from dataclasses import dataclass
from datetime import date

import numpy as np

EPOCH = date(1970, 1, 1).toordinal()
LEAD_WEEKS = 78  # people already here when the record begins arrived during these weeks


@dataclass(frozen=True, slots=True)
class Calendar:
    """`today` and `opens` (the record's first day) are day numbers; week 0 is LEAD_WEEKS earlier."""

    today: int
    opens: int
    first_day: int
    n_weeks: int

    def week_start(self, week: int) -> int:
        return self.first_day + 7 * week

    def week_of(self, day: np.ndarray) -> np.ndarray:
        return (day - self.first_day) // 7

    def business_offsets(self) -> np.ndarray:
        """Offsets within a week of its five business days, in order."""
        return np.flatnonzero(weekday(self.first_day + np.arange(7)) < 5)


def weekday(day: np.ndarray) -> np.ndarray:
    """Monday 0 … Sunday 6. Day 0 was a Thursday."""
    return (day + 3) % 7


def next_business_day(day: np.ndarray) -> np.ndarray:
    """The same day, or the Monday after a weekend."""
    return np.asarray(day + np.array([0, 0, 0, 0, 0, 2, 1])[weekday(day)])


def calendar(*, today: date, months: int) -> Calendar:
    """The last whole week ends yesterday; the record opens about `months` months before."""
    last = today.toordinal() - EPOCH
    weeks = round(months * 365.25 / 12 / 7)
    n_weeks = weeks + LEAD_WEEKS
    return Calendar(today=last, opens=last - 7 * weeks, first_day=last - 7 * n_weeks, n_weeks=n_weeks)
