"""Named, versioned sets of rules for special cause. A signal carries the name of the set that raised it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What was seen. The order is that of the bits in ControlCharts.flags."""

    OUTSIDE_LIMITS = "OUTSIDE_LIMITS"
    SHIFT = "SHIFT"  # so many in a row on one side of the centre line
    TREND = "TREND"  # so many in a row rising, or falling
    NEAR_LIMIT = "NEAR_LIMIT"  # two of three in the outer third
    BEYOND_ONE_SIGMA = "BEYOND_ONE_SIGMA"  # four of five beyond one sigma on one side
    ALTERNATING = "ALTERNATING"  # so many in a row, each turning back
    CLOSE_TO_CENTRE = "CLOSE_TO_CENTRE"  # so many in a row within one sigma
    AWAY_FROM_CENTRE = "AWAY_FROM_CENTRE"  # so many in a row beyond one sigma, on either side
    LONG_RUN = "LONG_RUN"  # Anhøj: the longest run is longer than chance allows
    FEW_CROSSINGS = "FEW_CROSSINGS"  # Anhøj: the centre line is crossed less often than chance allows

    @property
    def bit(self) -> int:
        """The rule's bit in a set of flags."""
        return 1 << list(Rule).index(self)


class Ties(StrEnum):
    """What a point on the centre line does to a run, and an unchanged value to a trend."""

    BREAK = "BREAK"
    ARE_SKIPPED = "ARE_SKIPPED"


class Outer(StrEnum):
    """Which points count as near a limit when two of three are looked for."""

    THIRD_ONLY = "THIRD_ONLY"  # between two and three sigma, all three points on one side
    TWO_SIGMA_AND_BEYOND = "TWO_SIGMA_AND_BEYOND"  # beyond two sigma, all three points on one side
    TWO_SIGMA_THIRD_POINT_ANYWHERE = "TWO_SIGMA_THIRD_POINT_ANYWHERE"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One reading of the rules. A length of 0: the set does not have that rule.

    name, version: printed on the chart and stored with every signal; a set is never changed, only followed
    by another version.

    >>> MAKING_DATA_COUNT_2019.label
    'Making Data Count, 2019 reading'
    >>> [rule.value for rule in WESTERN_ELECTRIC.rules]
    ['OUTSIDE_LIMITS', 'SHIFT', 'NEAR_LIMIT', 'BEYOND_ONE_SIGMA']
    """

    name: str
    version: str
    source: str
    shift: int = 0
    trend: int = 0
    outer: Outer | None = None
    four_of_five: bool = False
    alternating: int = 0
    close_to_centre: int = 0
    away_from_centre: int = 0
    runs_tests: bool = False
    ties: Ties = Ties.BREAK

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.version.strip():
            raise ValueError("name and version are blank; a set of rules is known by both")
        for field, least in (("shift", 2), ("trend", 3), ("alternating", 4)):
            if 0 != getattr(self, field) < least:
                raise ValueError(f"{field} is {getattr(self, field)}; give 0 to leave it out, or {least} and above")

    @property
    def label(self) -> str:
        """Name and version as printed."""
        return f"{self.name}, {self.version}"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules this set looks for; points outside the limits are in every set."""
        has = {
            Rule.OUTSIDE_LIMITS: True,
            Rule.SHIFT: self.shift,
            Rule.TREND: self.trend,
            Rule.NEAR_LIMIT: self.outer,
            Rule.BEYOND_ONE_SIGMA: self.four_of_five,
            Rule.ALTERNATING: self.alternating,
            Rule.CLOSE_TO_CENTRE: self.close_to_centre,
            Rule.AWAY_FROM_CENTRE: self.away_from_centre,
            Rule.LONG_RUN: self.runs_tests,
            Rule.FEW_CROSSINGS: self.runs_tests,
        }
        return tuple(rule for rule in Rule if has[rule])


MAKING_DATA_COUNT_2019 = RuleSet(
    name="Making Data Count",
    version="2019 reading",
    source="NHS England and NHS Improvement, Making Data Count (2019); two of three only between 2 and 3 sigma",
    shift=7,
    trend=7,
    outer=Outer.THIRD_ONLY,
)
MAKING_DATA_COUNT_2023 = RuleSet(
    name="Making Data Count",
    version="post-2023 reading",
    source="NHS England, announced November 2023: two of three counts every point beyond 2 sigma",
    shift=7,
    trend=7,
    outer=Outer.TWO_SIGMA_AND_BEYOND,
)
ANHOEJ = RuleSet(
    name="Anhøj",
    version="2014",
    source="Anhøj and Olesen (2014), PLoS ONE 9: e113825; Schilling (2012); Chen (2010)",
    runs_tests=True,
    ties=Ties.ARE_SKIPPED,
)
WESTERN_ELECTRIC = RuleSet(
    name="Western Electric",
    version="1956",
    source="Western Electric Company (1956), Statistical Quality Control Handbook",
    shift=8,
    outer=Outer.TWO_SIGMA_THIRD_POINT_ANYWHERE,
    four_of_five=True,
)
NELSON = RuleSet(
    name="Nelson",
    version="1984",
    source="Nelson, L. S. (1984), Journal of Quality Technology 16, 237-239",
    shift=9,
    trend=6,
    outer=Outer.TWO_SIGMA_THIRD_POINT_ANYWHERE,
    four_of_five=True,
    alternating=14,
    close_to_centre=15,
    away_from_centre=8,
)
