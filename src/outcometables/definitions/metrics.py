"""What is counted, of whom, and what counts as met? A metric: its question, its clock, its day rules."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from outcometables.definitions.definition import Definition, Text
from outcometables.definitions.triggers import Cohort


class Unit(StrEnum):
    """What one whole number of an opportunity's `value` is."""

    NONE = "NONE"  # no value: met or not met is all
    DAYS = "DAYS"
    BUSINESS_DAYS = "BUSINESS_DAYS"
    MINUTES = "MINUTES"
    HUNDREDTHS = "HUNDREDTHS"  # hundredths of a point of a measure
    COUNT = "COUNT"


class Better(StrEnum):
    """Which way is good news: HIGHER or LOWER, or NEITHER where the number only describes."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    NEITHER = "NEITHER"


class Metric(Definition, frozen=True, kw_only=True):
    """A metric as its owner writes it. `counts` names what is counted (outcometables.metrics knows which there
    are and checks `parameters`): referrals followed by a first contact, discharges followed up, …"""

    title: Text
    meaning: Text  # one plain sentence a board member reads
    denominator: Text  # who or what is counted, in words
    numerator: Text  # what counts as met, in words
    counts: str
    unit: Unit = Unit.NONE
    better: Better
    parameters: dict[str, Any] = {}
    cohort: Cohort = Cohort()
    lag_days: int = 0  # how long after its window closes the data is usually all there
    owner: str
    specification: str = ""  # the public specification it is computed to; never certified

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.lag_days < 0:
            raise ValueError("`lag_days` cannot be negative; write 0 where nothing arrives late")
        for name in ("counts", "owner"):
            if not str(getattr(self, name)).strip():
                raise ValueError(f"`{name}` is empty; every metric counts something and has an owner")
