"""What time is it? The only module that reads the clock; everything else is told.

Calculations take ``as_of``. Writes stamp ``clock.now()``. The demonstration and the tests travel.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

_travelled_to: ContextVar[datetime | None] = ContextVar("travelled_to", default=None)

EPOCH = date(1970, 1, 1)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _travelled_to.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The provider's own time zone: a day begins and ends there."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """Today's date where the provider is."""
    return now().astimezone(zone()).date()


def local_date(instant: datetime) -> date:
    """The provider's calendar date of an aware instant."""
    return instant.astimezone(zone()).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The aware UTC instant of a local day and time of day."""
    return datetime.combine(day, time(hour, minute), tzinfo=zone()).astimezone(UTC)


def day_number(day: date) -> int:
    """Days since 1970-01-01, the form frames use."""
    return (day - EPOCH).days


@contextmanager
def travelling(to: datetime) -> Iterator[None]:
    """Hold the clock at ``to`` inside the block; for the demonstration provider and for tests."""
    token = _travelled_to.set(to.astimezone(UTC))
    try:
        yield
    finally:
        _travelled_to.reset(token)
