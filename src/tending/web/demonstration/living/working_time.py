"""When do people work? Office hours on weekdays; what is urgent is looked at on any day."""

import math
import random
from datetime import date, datetime, timedelta

from tending.base import clock

OPENS, CLOSES = 8, 18
EARLY, LATE = 8, 21  # whoever is on call
SATURDAY = 5


def office(instant: datetime, rng: random.Random) -> datetime:
    """The same instant when somebody is at work then, else a moment of the next morning at work."""
    here = instant.astimezone(clock.zone())
    if here.weekday() < SATURDAY and OPENS <= here.hour < CLOSES:
        return instant
    day = here.date() if here.hour < OPENS else here.date() + timedelta(days=1)
    return clock.at(weekday(day), OPENS, rng.randint(5, 55)) + timedelta(hours=rng.choice((0, 0, 1, 2)))


def weekday(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)


def working_day_before(day: date) -> date:
    """The day itself, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def on_call(instant: datetime, rng: random.Random) -> datetime:
    """The same instant by day, on any day; else the next morning."""
    here = instant.astimezone(clock.zone())
    if EARLY <= here.hour < LATE:
        return instant
    day = here.date() if here.hour < EARLY else here.date() + timedelta(days=1)
    return clock.at(day, EARLY, rng.randint(0, 50))


def days_on(instant: datetime, days: float, rng: random.Random) -> datetime:
    """So many days on, at work."""
    return office(instant + timedelta(days=days, minutes=rng.randint(-120, 120)), rng)


def moved_on(instant: datetime, by: timedelta) -> datetime:
    """At the same time of day, on the first weekday that is at least so much later."""
    here = instant.astimezone(clock.zone())
    day = weekday(here.date() + timedelta(days=math.ceil(by / timedelta(days=1))))
    return clock.at(day, here.hour, here.minute)
