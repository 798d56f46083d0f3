"""One row for each time something should have happened: the one form every metric gives.

A row says who, where, when, whether it counts (or the named reason why not), how it ended (or that it is too early
to say), and a whole number where something was measured. A closed window and an open one are different answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import narwhals.stable.v2 as nw

OPPORTUNITY: Mapping[str, type[nw.dtypes.DType]] = MappingProxyType(
    {
        "source": nw.String,  # the mart's table the row stands for: referrals, stays, episodes, signals …
        "row_id": nw.Int64,  # the row in that table: with `source` the key that leads back to the record
        "person_id": nw.Int64,
        "team_id": nw.Int64,  # empty where no team is known
        "staff_id": nw.Int64,  # empty where nobody is known
        "day": nw.Int32,  # the day the clock starts
        "closes_day": nw.Int32,  # the last day on which it could still be met
        "eligible": nw.Int8,  # 1 it counts, 0 it does not
        "why_not": nw.String,  # the named reason it does not count; empty text where it counts
        "outcome": nw.String,  # MET, NOT_MET, OPEN (the window has not closed); empty text where it does not count
        "reason": nw.String,  # the named reason for NOT_MET or a missing value: NO_SCORE, LATE …; or empty
        "value": nw.Int64,  # in the metric's unit; empty where nothing was measured
        "answer_row_id": nw.Int64,  # the row that answered it (the contact, the last score); empty where none did
    }
)

MET, NOT_MET, OPEN = "MET", "NOT_MET", "OPEN"


@dataclass(frozen=True, slots=True)
class Period:
    """From which day to which day, both included, clocks start that are asked about.

    >>> Period(19_723, 20_088).last_day
    20088
    """

    first_day: int
    last_day: int

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError(
                f"last_day ({self.last_day}) is before first_day ({self.first_day}): give the earlier day first."
            )
