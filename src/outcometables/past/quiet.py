"""The quiet period, as the app keeps it: newer evidence soon after an alert is shown beside it, asking for nothing.

The quiet gives way to evidence that is worse than that of the alert by as much as the trigger says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Quiet:
    """`days` after an alert newer evidence is a repeat, unless its value is worse by `unless_worse_by`, whose sign
    says which way worse is; None: whatever its value.

    >>> Quiet(30, 5).broken_by(17.0, 12.0), Quiet(30, -5).broken_by(17.0, 12.0), Quiet(30).broken_by(17.0, 12.0)
    (True, False, False)
    """

    days: int
    unless_worse_by: float | None = None

    def broken_by(self, value: float | None, earlier: float | None) -> bool:
        """Whether evidence of this value asks again although there was an alert of `earlier`."""
        by = self.unless_worse_by
        if not by or value is None or earlier is None:
            return False
        return (value - earlier) * (1 if by > 0 else -1) >= abs(by)


def firsts_and_repeats(alerts: pl.DataFrame, quiet: Quiet) -> pl.DataFrame:
    """`alerts` (person_id, day, value, …), one a person and day at most, sorted, with `repeat` beside each.

    A repeat comes less than `quiet.days` after the person's last alert that was none, and is not much worse than it.
    """
    ordered = alerts.sort("person_id", "day", "source", "row_id")
    rows = ordered.select("person_id", "day", "value").iter_rows()
    return ordered.with_columns(pl.Series("repeat", _repeats(rows, quiet), dtype=pl.Boolean))


def _repeats(rows: Iterator[tuple[int, int, float | None]], quiet: Quiet) -> Iterator[bool]:
    last_person, last_day, last_value = None, 0, None
    for person, day, value in rows:
        soon = person == last_person and day - last_day < quiet.days
        repeat = soon and not quiet.broken_by(value, last_value)
        if not repeat:
            last_person, last_day, last_value = person, day, value
        yield repeat
