"""The calendar table: every day once, with its month, its business days and the same day months later.

All that engines would compute differently (months, leap days, holidays) is worked out here, once, in Python.
"""

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from outcometables.mart.schema import MART
from outcometables.record.frames import POLARS_TYPES

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that is no business day. `observed` is the day taken off: the Friday or Monday beside a weekend."""

    name: str
    day: date
    observed: date


def calendar(first: date, last: date, holidays: Iterable[Holiday]) -> pl.DataFrame:
    """The table `calendar` from `first` to `last`, both included.

    Business days leave out Saturdays, Sundays and the day on which a holiday is observed. Raises ValueError where
    `last` is before `first`.

    >>> days = calendar(date(2024, 2, 28), date(2024, 3, 4), [])
    >>> days["is_business"].to_list()
    [1, 1, 1, 0, 0, 1]
    >>> days["twelve_months_later"][1] == (date(2025, 2, 28) - date(1970, 1, 1)).days  # from 29 February
    True
    """
    if last < first:
        raise ValueError(f"last ({last}) is before first ({first}): give the earlier day first.")
    off = {holiday.observed for holiday in holidays}
    rows, ordinal = [], 0
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        business = on.weekday() < 5 and on not in off
        ordinal += business
        rows.append(
            (
                _number(on),
                on.year * 12 + on.month - 1,
                on.year * 10_000 + on.month * 100 + on.day,
                on.year * 3 + (on.month - 1) // 4,
                on.weekday(),
                int(business),
                ordinal,
                _number(months_later(on, 6)),
                _number(months_later(on, 12)),
            )
        )
    schema = {column.name: POLARS_TYPES[column.dtype] for column in MART["calendar"]}
    return pl.DataFrame(rows, schema=schema, orient="row")


def months_later(on: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day where it has no such day.

    >>> months_later(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(on.year * 12 + on.month - 1 + count, 12)
    return date(year, month + 1, min(on.day, months.monthrange(year, month + 1)[1]))


def _number(on: date) -> int:
    return (on - _EPOCH).days
