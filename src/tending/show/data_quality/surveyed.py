"""The survey of everybody, made once and kept in memory for a while: it reads the whole record.

Kept as long as the record has not changed, and for a minute even when it has, so that a page that is looked at while
files are read does not read everything each time. It holds days and numbers of people, never a name.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import polars as pl

from tending.base import clock
from tending.base.tables.reading import over_arrow
from tending.collect.quarantine import queries as collected
from tending.keep.quality import queries as kept
from tending.measure.coverage import queries as measured
from tending.show.data_quality import survey

MONTHS = 6
AT_LEAST = timedelta(minutes=1)
AT_MOST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Surveyed:
    as_of: date
    made_at: datetime
    gaps: survey.Gaps
    completeness: pl.DataFrame
    days: tuple[int, ...]  # of the completeness, the earliest first
    state: tuple[Any, ...]


_lock = Lock()
_latest: list[Surveyed] = []


def surveyed() -> Surveyed:
    """The latest survey, made anew when it no longer holds."""
    with _lock:
        state = (*kept.state(), *measured.state(), *collected.state())
        if _latest and _holds(_latest[0], state):
            return _latest[0]
        _latest[:] = [_survey(state)]
        return _latest[0]


def forget() -> None:
    with _lock:
        _latest.clear()


def month_ends(as_of: date, months: int = MONTHS) -> list[date]:
    """The last days of the months up to this one, whose last day is today."""
    days = [as_of]
    first = as_of.replace(day=1)
    for _ in range(months - 1):
        days.append(first - timedelta(days=1))
        first = days[-1].replace(day=1)
    return days[::-1]


def _holds(made: Surveyed, state: tuple[Any, ...]) -> bool:
    age = clock.now() - made.made_at
    if made.as_of != clock.today() or not timedelta(0) <= age < AT_MOST:
        return False
    return made.state == state or age < AT_LEAST


def _survey(state: tuple[Any, ...]) -> Surveyed:
    as_of = clock.today()
    days = month_ends(as_of)
    with over_arrow():
        episodes = kept.episodes_since(days[0])
        visits = _dated(kept.visits_written_down(as_of - timedelta(days=survey.VISITS_OF)))
        first_and_last = measured.first_and_last()
        scored = measured.days_scored()
        disagreeing = measured.disagreeing()
    numbers = tuple(clock.day_number(day) for day in days)
    return Surveyed(
        as_of=as_of,
        made_at=clock.now(),
        gaps=survey.gaps(
            episodes=episodes,
            first_and_last=first_and_last,
            visits=visits,
            disagreeing=disagreeing,
            first_delivery={name: clock.day_number(day) for name, day in collected.first_deliveries().items()},
            due_every={name: measure.due_every_days for name, measure in measured.totals().items()},
            as_of=clock.day_number(as_of),
        ),
        completeness=survey.completeness(episodes=episodes, scored=scored, days=numbers),
        days=numbers,
        state=state,
    )


def _dated(visits: pl.DataFrame) -> pl.DataFrame:
    """With the day, in the provider's own zone, on which each version came."""
    instants = pl.from_epoch("recorded", time_unit="s").dt.replace_time_zone("UTC")
    local = instants.dt.convert_time_zone(str(clock.zone())).dt.date()
    return visits.with_columns(local.cast(pl.Int32).alias("recorded_day")).drop("recorded")
