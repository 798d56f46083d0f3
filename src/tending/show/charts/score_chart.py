"""One measure over time, as plain data: what there is to draw, before anything is drawn.

Where one day has several scores the line runs through the last one given that day, as everywhere else in Tending;
the others are drawn as small open circles, and all of them are in the table beside the chart.
"""

from dataclasses import dataclass
from datetime import date, timedelta

QUIET_SHARE = 0.35  # how much of the picture may be time after the last score
QUIET_DAYS = 60


@dataclass(frozen=True, slots=True)
class Band:
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Zone:
    """Around the first score: a score inside differs by no more than measurement error."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One tick of a lane; a stay or a run of missed visits goes on until ``last``."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything of one kind that happened, drawn under the scores: shape and words, never colour alone."""

    kind: str  # CRISIS, STAY, MISSED, PLAN
    label: str
    short: str  # where there is little room
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class ScoreChart:
    """``points`` are (day, value) in the record's natural order. ``sign`` +1: higher is worse."""

    measure: str
    language: str
    low: float
    high: float
    sign: int
    points: tuple[tuple[date, float], ...]
    as_of: date
    bands: tuple[Band, ...] = ()
    cutoff: float | None = None
    cutoff_label: str = ""
    zone: Zone | None = None
    zone_label: str = ""
    worse_label: str = ""
    lanes: tuple[Lane, ...] = ()

    @property
    def line(self) -> list[tuple[date, float]]:
        """One score a day: the last given."""
        return sorted(dict(self.points).items())

    @property
    def also(self) -> list[tuple[date, float]]:
        """The other scores of days that have several, each value once."""
        drawn = set(self.line)
        return sorted({point for point in self.points if point not in drawn})

    @property
    def worse(self) -> list[tuple[date, float]]:
        """Scores of the line that are worse than the first by more than measurement error."""
        if self.zone is None:
            return []
        edge = self.zone.high if self.sign > 0 else self.zone.low
        return [(day, value) for day, value in self.line[1:] if self.sign * (value - edge) >= 0]

    @property
    def days(self) -> tuple[date, date]:
        """From the first score to today, unless that would leave most of the picture empty."""
        first, last = self.line[0][0], self.line[-1][0]
        quiet = max(timedelta(QUIET_DAYS), (last - first) * (QUIET_SHARE / (1 - QUIET_SHARE)))
        end = min(max(self.as_of, last), last + quiet)
        # One score alone, or several of one week, still need some room.
        return min(first, end - timedelta(28)), end
