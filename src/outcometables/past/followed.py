"""What followed the alerts, how often it happens anyway, how long before, and what came without any alert."""

from dataclasses import dataclass

import numpy as np

from outcomestats.foresight import base_rate as anyway
from outcomestats.foresight.base_rate import PersonShares
from outcomestats.foresight.shares import Share, TimesAsOften, share, times_as_often
from outcomestats.foresight.spans import Moments, Spans, followed, preceded

EVENTS = ("CRISIS", "ADMISSION", "DROP_OUT", "ANY")


@dataclass(frozen=True, slots=True)
class Window:
    """An event of this kind within so many days, in this period."""

    kind: str
    within_days: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class History:
    """When people were in care, every alert about them (`alerts`), and those that asked for an answer (`asks`)."""

    care: Spans
    alerts: Moments
    asks: Moments
    as_of: int


@dataclass(frozen=True, slots=True)
class Followed:
    """One kind of event within so many days.

    n: alerts whose window has closed; n_open: too early to say. share: of the closed ones that were followed.
    anyway: the share of people in the same cohort, on the same days, without an alert in as many days before.
    times: share over anyway. lead: (days, how many) from alert to event, for those that were followed.
    events: events of people in care that could have been foreseen; missed: those without an alert in as many days
    before. A day's events of one kind and person are one event.
    """

    kind: str
    within_days: int
    n: int
    n_open: int
    n_followed: int
    share: Share
    anyway: Share
    times: TimesAsOften
    lead: tuple[tuple[int, int], ...]
    n_events: int
    n_missed: int

    @property
    def missed(self) -> float | None:
        """The share of events that came without an alert; None where there was no event."""
        return self.n_missed / self.n_events if self.n_events else None

    def lead_days(self, quantile: float = 0.5) -> int | None:
        """The day count by which this share of the followed alerts had been followed; None of none.

        >>> nobody = Share(None, None, None, 0, 0)
        >>> never = TimesAsOften(None, None, None)
        >>> Followed("CRISIS", 30, 3, 0, 3, nobody, nobody, never, ((2, 1), (9, 1), (20, 1)), 0, 0).lead_days()
        9
        """
        needed, had = quantile * self.n_followed, 0
        for days, count in self.lead:
            had += count
            if had >= needed:
                return days
        return None


def followed_by(history: History, events: Moments, window: Window) -> Followed:
    """What followed within the window, beside what follows anyway."""
    days = window.within_days
    closed_by = history.asks.day + days <= history.as_of
    closed = Moments(history.asks.person[closed_by], history.asks.day[closed_by])
    waits = followed(events, closed, within=days)
    warned = Spans(history.alerts.person, history.alerts.day, history.alerts.day + days)
    others, _ = anyway.base_rate(at_risk=history.care, warned=warned, events=events, days=closed, within=days)
    own = _by_person(closed, waits > 0)
    found, counts = np.unique(waits[waits > 0], return_counts=True)
    foreseeable, missed = _missed(history, events, window)
    return Followed(
        kind=window.kind,
        within_days=days,
        n=closed.day.size,
        n_open=int((~closed_by).sum()),
        n_followed=int((waits > 0).sum()),
        share=share(own),
        anyway=share(others),
        times=times_as_often(own, others),
        lead=tuple((int(day), int(count)) for day, count in zip(found, counts, strict=True)),
        n_events=foreseeable,
        n_missed=missed,
    )


def _by_person(alerts: Moments, met: np.ndarray) -> PersonShares:
    who, code = np.unique(alerts.person, return_inverse=True)
    size = who.size
    return PersonShares(
        who, np.bincount(code, met, minlength=size).astype(float), np.bincount(code, minlength=size).astype(float)
    )


def _missed(history: History, events: Moments, window: Window) -> tuple[int, int]:
    """Events with the whole window before them in the period, of people who were in care the day before."""
    days = window.within_days
    seen = (events.day - days >= window.first_day) & (events.day <= window.last_day)
    some = Moments(events.person[seen], events.day[seen])
    eve = Moments(some.person, some.day - 1)
    some = Moments(*(column[anyway.inside(history.care, eve)] for column in (some.person, some.day)))
    return some.day.size, int((~preceded(history.alerts, some, within=days)).sum())
