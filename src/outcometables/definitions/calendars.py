"""On which days is nobody at work? The public holidays of a place, without some, with the provider's own."""

from __future__ import annotations

import datetime

from outcometables.definitions.definition import Definition, Part, Text


class DayOff(Part, frozen=True, kw_only=True):
    """A day the provider is closed on its own account."""

    name: Text
    day: datetime.date


class Calendar(Definition, frozen=True, kw_only=True):
    """A provider's business days as its owner writes them: every day but weekends, these holidays and days off.

    `country` and `subdivision` are codes of the `holidays` library (US, and OH for Ohio's own; empty text for the
    country's alone). A holiday that is observed on another day is off on that day. `outcometables.mart.days_off`
    makes the days of it, and knows which codes and names there are.
    """

    title: Text
    country: str
    subdivision: str = ""
    work_on: tuple[str, ...] = ()  # holidays, by the library's names, on which the provider works
    closed: tuple[DayOff, ...] = ()
    owner: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.owner.strip():
            raise ValueError("`owner` is empty; every calendar has an owner")
        days = [each.day for each in self.closed]
        twice = {day for day in days if days.count(day) > 1}
        if twice:
            raise ValueError(f"`closed` names {min(twice)} twice; name each day once")
