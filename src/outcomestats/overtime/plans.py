"""How a chart is to be drawn: phases with their reasons, frozen baselines, screening, rules, target."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from outcomestats.overtime.presets import MAKING_DATA_COUNT_2019, RuleSet

# Making Data Count's tool shows limits from 13 points on; with fewer ours are shown as provisional.
FIRM_FROM = 13


class ChartKind(StrEnum):
    """Which chart. What the values are stands in control_charts."""

    RUN = "RUN"
    XMR = "XMR"
    P = "P"
    P_PRIME = "P_PRIME"
    U = "U"
    U_PRIME = "U_PRIME"
    C = "C"
    G = "G"
    T = "T"
    XBAR = "XBAR"
    S = "S"

    @property
    def counts_over_denominators(self) -> bool:
        """Whether the chart divides counts by denominators."""
        return self in (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME)

    @property
    def of_subgroups(self) -> bool:
        """Whether the chart shows subgroups of several values."""
        return self in (ChartKind.XBAR, ChartKind.S)


class Improvement(StrEnum):
    """Which direction is improvement."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    NEITHER = "NEITHER"

    @property
    def sign(self) -> int:
        """+1 where higher is better, -1 where lower is, 0 for neither."""
        return {Improvement.HIGHER: 1, Improvement.LOWER: -1, Improvement.NEITHER: 0}[self]


class Screening(StrEnum):
    """Whether moving ranges of 3.267 averages and more are left out once, and the average taken again."""

    ON = "ON"
    OFF = "OFF"  # as the NHS spreadsheet tool does


@dataclass(frozen=True, slots=True)
class Rebase:
    """New limits from this date on, because somebody knows that the process was changed, and how.

    >>> import datetime
    >>> Rebase(date=datetime.date(2024, 4, 1), reason=" ", author="A. Lead")
    Traceback (most recent call last):
    ValueError: reason is blank; say what was changed on 2024-04-01
    """

    date: datetime.date
    reason: str
    author: str

    def __post_init__(self) -> None:
        _said(self.date, self.reason, self.author)


@dataclass(frozen=True, slots=True)
class Freeze:
    """The limits of the phase this date lies in come from its points up to and with this date only.

    >>> import datetime
    >>> Freeze(date=datetime.date(2024, 4, 1), reason="a year before the reviews", author="").author
    Traceback (most recent call last):
    ValueError: author is blank; say who decided this
    """

    date: datetime.date
    reason: str
    author: str

    def __post_init__(self) -> None:
        _said(self.date, self.reason, self.author)


def _said(date: datetime.date, reason: str, author: str) -> None:
    if not reason.strip():
        raise ValueError(f"reason is blank; say what was changed on {date}")
    if not author.strip():
        raise ValueError("author is blank; say who decided this")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one series is charted. The plan belongs to the chart and is printed on it.

    rebases, freezes: any number, together as needed; one freeze a phase.
    target: in the units of the figures shown (a proportion for p charts, a rate for u charts); None: none.
    """

    improvement: Improvement = Improvement.NEITHER
    rules: RuleSet = field(default=MAKING_DATA_COUNT_2019)
    screening: Screening = Screening.ON
    rebases: tuple[Rebase, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    target: float | None = None

    def __post_init__(self) -> None:
        if self.target is not None and not math.isfinite(self.target):
            raise ValueError(f"target is {self.target}; give a finite number, or None for no target")
        if len({each.date for each in self.rebases}) < len(self.rebases):
            raise ValueError("rebases holds a date twice; give one rebase a date, with all its reasons")


def day_index(date: datetime.date, dates: Sequence[datetime.date], name: str) -> int:
    """The first position of a date in a chart's dates; a ValueError naming the nearest when it is not there.

    >>> import datetime
    >>> day_index(datetime.date(2024, 2, 3), [datetime.date(2024, 1, 1), datetime.date(2024, 2, 1)], "rebases")
    Traceback (most recent call last):
    ValueError: rebases names 2024-02-03, which is not a date of this series; the nearest is 2024-02-01
    """
    if date in dates:
        return list(dates).index(date)
    nearest = min(dates, key=lambda each: abs((each - date).days))
    raise ValueError(f"{name} names {date}, which is not a date of this series; the nearest is {nearest}")
