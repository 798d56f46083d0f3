"""By how many percent of the first score did it change? Response as trials count it (50 % and more)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.reliable import paired
from outcomestats.change.rules import TOLERANCE, Direction
from outcomestats.change.shares import NoShare, Share, share_of

VERSION = "change.percentage/1"


class PercentState(StrEnum):
    """What a change in percent amounts to, or why there is none."""

    NO_RESPONSE = "NO_RESPONSE"
    RESPONSE = "RESPONSE"
    WORSE = "WORSE"
    STARTED_AT_THE_FLOOR = "STARTED_AT_THE_FLOOR"  # a share of nothing: no percentage exists


STATES = tuple(PercentState)


@dataclass(frozen=True, slots=True, eq=False)
class PercentChanges:
    """Changes in percent of the first score. There is no NaN in it: whoever started at the floor has no value.

    percent: (k,) of the people who have one; rows: (k,) int64, the person each belongs to. states: (n,) int8,
    position in STATES. response: the share among those who have a percentage.
    """

    percent: NDArray[np.float64]
    rows: NDArray[np.int64]
    states: NDArray[np.int8]
    response: Share | NoShare
    n: int
    method: str
    version: str
    verdict: str

    def state(self, row: int) -> PercentState:
        """What one person's change amounts to."""
        return STATES[int(self.states[row])]


def percent_changes(
    earlier: ArrayLike,
    later: ArrayLike,
    *,
    direction: Direction,
    response: float = 50,
    worse: float = 50,
    floor: float = 0,
) -> PercentChanges:
    """Change in percent of the first score above the scale's lowest possible one.

    earlier, later: (n,) scores of the same people. response, worse: percent, above 0; that many is enough. floor: the
    lowest score the scale gives (10 on the K10): a share of a score that cannot be 0 understates the change.
    Source: the trialists' "response" (Frank et al. 1991, Archives of General Psychiatry 48, 851-855). It says nothing
    of measurement error: with a first score of 4, two points are 50 %. Use reliable change beside it.
    Raises ValueError as paired, where a percentage is not above 0, and where a score lies below the floor.

    >>> found = percent_changes([20, 12, 10, 0], [9, 10, 16, 3], direction=Direction.HIGHER_IS_WORSE)
    >>> found.percent.tolist(), [found.state(row).value for row in range(4)]
    ([-55.0, -16.666666666666668, 60.0], ['RESPONSE', 'NO_RESPONSE', 'WORSE', 'STARTED_AT_THE_FLOOR'])
    """
    first, last = paired(earlier, later)
    for name, given in (("response", response), ("worse", worse)):
        if not 0 < given < math.inf:
            raise ValueError(f"{name} is {given}; give percent, above 0")
    if not math.isfinite(floor):
        raise ValueError(f"floor is {floor}; give the lowest score of the scale")
    for name, column in (("earlier", first), ("later", last)):
        if (column < floor).any():
            row = int(np.flatnonzero(column < floor)[0])
            raise ValueError(
                f"{name} holds {column[row]:g} in row {row}, below the floor {floor:g}; mend one of them"
            )
    rows = np.flatnonzero(first > floor)
    percent = 100 * (last[rows] - first[rows]) / (first[rows] - floor)
    burden = direction.sign * percent
    states = np.full(first.size, STATES.index(PercentState.STARTED_AT_THE_FLOOR), dtype=np.int8)
    states[rows] = np.select(
        [burden <= TOLERANCE - response, burden >= worse - TOLERANCE],
        [STATES.index(PercentState.RESPONSE), STATES.index(PercentState.WORSE)],
        default=STATES.index(PercentState.NO_RESPONSE),
    )
    share = share_of(int(np.count_nonzero(states == STATES.index(PercentState.RESPONSE))), int(rows.size))
    without = first.size - rows.size
    left_out = f"; {without} started at the floor and have no percentage" if without else ""
    return PercentChanges(
        percent=percent, rows=rows, states=states, response=share, n=int(first.size),
        method=f"change by {response:g} % of the first score above {floor:g}", version=VERSION,
        verdict=f"Response by {response:g} %: {share.in_words}{left_out}.",
    )  # fmt: skip
