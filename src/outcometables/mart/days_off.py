"""From a calendar's definition to the days off between two days, each with the day on which it is observed."""

from collections.abc import Sequence
from datetime import date, timedelta

import holidays

from outcometables.definitions.calendars import Calendar
from outcometables.mart.business_days import Holiday

_OBSERVED = " (observed)"  # how the library marks the day that is taken off for a holiday on a weekend


def days_off(definition: Calendar, first: date, last: date) -> list[Holiday]:
    """The holidays and closed days observed from `first` to `last`, both included, by the day observed.

    Raises ValueError, saying which there are, for a country, a subdivision or a holiday that is unknown.

    >>> import msgspec
    >>> ours = {"code": "us", "version": 1, "source": "law", "reviewer": "none", "country": "US", "owner": "me"}
    >>> ours["title"] = {"en": "Ours", "es": "Los nuestros"}
    >>> for each in days_off(msgspec.convert(ours, Calendar), date(2026, 7, 1), date(2026, 7, 31)):
    ...     print(each.name, each.day, each.observed)
    Independence Day 2026-07-04 2026-07-03
    """
    # A holiday of the next year may be observed in this one: New Year's Day of 2022 was, on 31 December 2021.
    named = _named(definition, range(first.year - 1, last.year + 2))
    _refuse_unknown(definition, {name for _, name in named})
    found = [
        Holiday(name, _day_of(name, observed, named), observed)
        for observed, name in _taken_off(named)
        if name not in definition.work_on
    ]
    found += [Holiday(str(each.name), each.day, each.day) for each in definition.closed]
    return sorted((each for each in found if first <= each.observed <= last), key=lambda each: each.observed)


def _named(definition: Calendar, years: Sequence[int]) -> list[tuple[date, str]]:
    """Every day the library names, with each of its names, in order."""
    where = f"Calendar {definition.code}"
    known = holidays.list_supported_countries()
    if definition.country not in known:
        raise ValueError(f"{where}: there is no country {definition.country}; write a code such as US.")
    if definition.subdivision and definition.subdivision not in known[definition.country]:
        raise ValueError(
            f"{where}: {definition.country} has no subdivision {definition.subdivision}; "
            f"use one of {', '.join(known[definition.country])}, or leave it empty."
        )
    found: dict[date, list[str]] = {}
    # The country's first: a subdivision's list may lack some of them, or call one of them by another name.
    for subdivision in dict.fromkeys((None, definition.subdivision or None)):
        days = holidays.country_holidays(definition.country, subdiv=subdivision, years=years)
        for day in days:
            found.setdefault(day, days.get_list(day))
    return sorted((day, name) for day, names in found.items() for name in names)


def _taken_off(named: list[tuple[date, str]]) -> list[tuple[date, str]]:
    """The days off with the plain name; a day that is observed elsewhere is not one of them itself."""
    observed = [(day, name.removesuffix(_OBSERVED)) for day, name in named if name.endswith(_OBSERVED)]
    elsewhere = {(_day_of(name, day, named), name) for day, name in observed}
    return [each for each in named if not each[1].endswith(_OBSERVED) and each not in elsewhere] + observed


def _day_of(name: str, observed: date, named: list[tuple[date, str]]) -> date:
    """The day of that name nearest to the day on which it is observed, at most three days away."""
    near = [day for day, each in named if each == name and abs(day - observed) <= timedelta(days=3)]
    return min(near, key=lambda day: abs(day - observed), default=observed)


def _refuse_unknown(definition: Calendar, names: set[str]) -> None:
    plain = {name.removesuffix(_OBSERVED) for name in names}
    unknown = [name for name in definition.work_on if name not in plain]
    if unknown:
        raise ValueError(
            f"Calendar {definition.code}: `work_on` names {unknown[0]}, which is no holiday there; "
            f"use one of {', '.join(sorted(plain))}."
        )
