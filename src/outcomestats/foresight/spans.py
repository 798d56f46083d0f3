"""Times of people as whole days: spans (from a day until the day before another) and moments, one row each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole = NDArray[np.int64]
SPREAD = 1 << 20  # more than any day number: person * SPREAD + day grows by person, then by day


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """person, day: (n,) whole numbers, days from 0 to 2**19; made by `moments`, sorted by person and day."""

    person: Whole
    day: Whole

    @property
    def key(self) -> Whole:
        return self.person * SPREAD + self.day


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """person, start, end: (n,) whole numbers; the days from `start` until the day before `end`."""

    person: Whole
    start: Whole
    end: Whole


def moments(person: ArrayLike, day: ArrayLike) -> Moments:
    """Each person's days, each once. Raises ValueError where the columns differ in length or hold no whole numbers.

    >>> moments([2, 1, 2], [5, 9, 5]).day.tolist()
    [9, 5]
    """
    who, on = whole(person, "person"), whole(day, "day")
    if who.size != on.size:
        raise ValueError(f"person has {who.size} rows, day has {on.size}; give columns of the same rows")
    if on.size and (on.min() < 0 or on.max() >= SPREAD // 2):
        raise ValueError(f"day holds {int(on.min())} to {int(on.max())}; give days since 1970-01-01")
    key = np.unique(who * SPREAD + on)
    return Moments(key // SPREAD, key % SPREAD)


def spans(person: ArrayLike, start: ArrayLike, end: ArrayLike) -> Spans:
    """Spans of days as columns; those without a day are left out.

    >>> spans([1, 1], [3, 8], [5, 8]).end.tolist()
    [5]
    """
    who, first, after = whole(person, "person"), whole(start, "start"), whole(end, "end")
    if not who.size == first.size == after.size:
        raise ValueError("person, start and end differ in length; give columns of the same rows")
    some = after > first
    return Spans(who[some], first[some], after[some])


def whole(values: ArrayLike, name: str) -> Whole:
    """A column of whole numbers, (n,); ValueError names the argument where it is none.

    >>> whole([3, 4], "day").tolist()
    [3, 4]
    """
    given = np.asarray(values)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be one column of whole numbers; it has shape {given.shape}, {given.dtype}")
    return given.astype(np.int64)


def at_least_a_day(within: int) -> int:
    """The number of days of a window. Raises ValueError below 1.

    >>> at_least_a_day(0)
    Traceback (most recent call last):
    ValueError: within is 0; give a number of days, at least 1
    """
    if within < 1:
        raise ValueError(f"within is {within}; give a number of days, at least 1")
    return within


def followed(by: Moments, after: Moments, *, within: int) -> Whole:
    """Days from each of `after` to the first of `by` that comes later, 0 where none comes within that many days.

    The day itself does not count: what comes on the same day was not foreseen.

    >>> followed(moments([1, 1], [10, 40]), moments([1, 1], [10, 20]), within=30).tolist()
    [30, 20]
    """
    key, within = after.key, at_least_a_day(within)
    place = np.searchsorted(by.key, key, side="right")
    padded = np.append(by.key, np.iinfo(np.int64).max)
    wait = padded[place] - key
    return np.where(wait <= within, wait, 0)


def preceded(by: Moments, before: Moments, *, within: int) -> NDArray[np.bool_]:
    """Whether one of `by` came in so many days before each of `before`; the day itself does not count.

    >>> preceded(moments([1], [10]), moments([1, 1, 2], [10, 40, 12]), within=30).tolist()
    [False, True, False]
    """
    low = np.searchsorted(by.key, before.key - at_least_a_day(within), side="left")
    high = np.searchsorted(by.key, before.key, side="left")
    return np.asarray(high > low)
