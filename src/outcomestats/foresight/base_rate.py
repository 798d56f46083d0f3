"""How often does it happen anyway, to the people who were not warned of, on the very days of the warnings?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outcomestats.foresight.spans import SPREAD, Moments, Spans, Whole, at_least_a_day

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PersonShares:
    """What each person brings to a share. person, met, of: (n,); the share is sum(met) / sum(of)."""

    person: Whole
    met: Floats
    of: Floats


def base_rate(
    *, at_risk: Spans, warned: Spans, events: Moments, days: Moments, within: int
) -> tuple[PersonShares, int]:
    """The share of others to whom an event comes within so many days, standardised to the days of the warnings.

    On each day of `days` (one row a warning) everybody in a span of `at_risk` and in none of `warned` is looked at:
    does one of `events` follow, later than that day and within that many days? Each day counts as often as it had
    warnings. Direct standardisation: Rothman, Greenland and Lash (2008), Modern Epidemiology, 3rd ed., p. 265.
    Returns each person's part, with Σ of = the number of warnings, and how many warnings came on days without anybody
    else to compare with (they are left out of the sum).

    >>> from outcomestats.foresight.spans import moments, spans
    >>> care = spans([1, 2, 3], [0, 0, 0], [100, 100, 100])
    >>> warned, crises = spans([1], [50], [80]), moments([1, 2], [55, 60])
    >>> base, alone = base_rate(at_risk=care, warned=warned, events=crises, days=moments([1], [50]), within=30)
    >>> base.person.tolist(), base.met.tolist(), base.of.tolist(), alone
    ([2, 3], [0.5, 0.0], [0.5, 0.5], 0)
    """
    if not days.day.size:
        none = np.zeros(0)
        return PersonShares(np.zeros(0, dtype=np.int64), none, none), 0
    first, last = int(days.day.min()), int(days.day.max()) + 1
    soon = Spans(events.person, events.day - at_least_a_day(within), events.day)
    person, start, end, level = _pieces([at_risk, warned, soon])
    start, end = np.clip(start, first, last), np.clip(end, first, last)
    looked_at = (level[0] > 0) & (level[1] == 0) & (end > start)
    person, start, end = person[looked_at], start[looked_at], end[looked_at]
    met = level[2][looked_at] > 0
    others = np.cumsum(
        np.bincount(start - first, minlength=last - first + 1) - np.bincount(end - first, minlength=last - first + 1)
    )[:-1]
    warnings = np.bincount(days.day - first, minlength=last - first)
    weight = np.divide(warnings, others, out=np.zeros(others.size), where=others > 0)
    until = np.concatenate([[0.0], np.cumsum(weight)])
    of = until[end - first] - until[start - first]
    who, code = np.unique(person, return_inverse=True)
    shares = PersonShares(who, _added(code, of * met, who.size), _added(code, of, who.size))
    return shares, int(warnings[others == 0].sum())


def _added(code: Whole, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(code, values, minlength=size), dtype=np.float64)


def _pieces(kinds: list[Spans]) -> tuple[Whole, Whole, Whole, list[Whole]]:
    """Each person's time cut wherever a span of any kind begins or ends, with how many of each kind cover a piece."""
    starts = [each.person * SPREAD + np.maximum(each.start, 0) for each in kinds]
    ends = [each.person * SPREAD + np.maximum(each.end, 0) for each in kinds]
    edges = np.unique(np.concatenate([*starts, *ends]))
    if edges.size < 2:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, [none for _ in kinds]
    level = []
    for start, end in zip(starts, ends, strict=True):
        step = np.bincount(np.searchsorted(edges, start), minlength=edges.size)
        step = step - np.bincount(np.searchsorted(edges, end), minlength=edges.size)
        level.append(np.cumsum(step)[:-1])
    person = edges // SPREAD
    same = person[1:] == person[:-1]
    day = edges % SPREAD
    return person[:-1][same], day[:-1][same], day[1:][same], [each[same] for each in level]


def days_in(at_risk: Spans, *, first: int, last: int) -> int:
    """Person-days from `first` to `last`, both included, each day of a person once.

    >>> from outcomestats.foresight.spans import spans
    >>> days_in(spans([1, 1], [0, 3], [5, 8]), first=2, last=100)
    6
    """
    _, start, end, level = _pieces([at_risk])
    if not start.size:
        return 0
    start, end = np.clip(start, first, last + 1), np.clip(end, first, last + 1)
    return int(np.where(level[0] > 0, end - start, 0).sum())


def inside(at_risk: Spans, on: Moments) -> NDArray[np.bool_]:
    """Whether each moment lies in one of the person's spans.

    >>> from outcomestats.foresight.spans import moments, spans
    >>> inside(spans([1], [3], [5]), moments([1, 1, 1], [3, 4, 5])).tolist()
    [True, True, False]
    """
    # Starts up to the moment less ends up to it: how many of the person's spans cover it.
    begun = np.sort(at_risk.person * SPREAD + at_risk.start)
    ended = np.sort(at_risk.person * SPREAD + at_risk.end)
    low = on.person * SPREAD
    begun_by = np.searchsorted(begun, on.key, side="right") - np.searchsorted(begun, low, side="left")
    ended_by = np.searchsorted(ended, on.key, side="right") - np.searchsorted(ended, low, side="left")
    return np.asarray(begun_by > ended_by)
