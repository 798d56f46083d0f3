"""A share of warnings that were followed, beside the share of others, each with an interval that knows its people.

A person may have many warnings, so people, not warnings, are drawn: ratio estimators with their linearised variance
(Cochran 1977, Sampling Techniques, 3rd ed., section 6.4), the share's limits by its score with the effective number
of rows in place of the number (Dean and Pagano 2015, Journal of Survey Statistics and Methodology 3, 484-503).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from outcomestats.foresight.base_rate import PersonShares

VERSION = "foresight 1"


@dataclass(frozen=True, slots=True)
class Share:
    """An estimate between 0 and 1 with its interval; n rows of n_people. None where there is nothing to share."""

    share: float | None
    lower: float | None
    upper: float | None
    n: int
    n_people: int


@dataclass(frozen=True, slots=True)
class TimesAsOften:
    """One share over another, with its interval; None where either is 0 or missing."""

    times: float | None
    lower: float | None
    upper: float | None


def share(found: PersonShares, *, confidence: float = 0.95) -> Share:
    """The share and its limits: Wilson's where each person has one row, never narrower than one row a person gives.

    >>> ones = PersonShares(np.arange(20), np.repeat([1.0, 0.0], [5, 15]), np.ones(20))
    >>> told = share(ones)
    >>> told.share, round(told.lower, 4), round(told.upper, 4)
    (0.25, 0.1119, 0.4687)
    """
    total, n_people = float(found.of.sum()), int((found.of > 0).sum())
    if total == 0:
        return Share(None, None, None, 0, 0)
    estimate = float(found.met.sum()) / total
    variance = float(((found.met - estimate * found.of) ** 2).sum()) / total**2
    spread = estimate * (1 - estimate)
    # None or all of them met: nothing varies, and a person is the only thing that is known to be a row of its own.
    effective = min(spread / variance, n_people) if variance > 0 and spread > 0 else float(n_people)
    z = float(ndtri((1 + confidence) / 2))
    middle, half = estimate * effective + z**2 / 2, z * np.sqrt(effective * spread + z**2 / 4)
    lower, upper = (middle - half) / (effective + z**2), (middle + half) / (effective + z**2)
    lower, upper = (0.0 if estimate == 0 else float(lower)), (1.0 if estimate == 1 else float(upper))
    return Share(estimate, lower, upper, round(total), n_people)


def times_as_often(warned: PersonShares, others: PersonShares, *, confidence: float = 0.95) -> TimesAsOften:
    """The share of the first over that of the second, on the log scale; a person may have a part in both.

    >>> first = PersonShares(np.arange(40), np.repeat([1.0, 0.0], [20, 20]), np.ones(40))
    >>> second = PersonShares(np.arange(100, 200), np.repeat([1.0, 0.0], [25, 75]), np.ones(100))
    >>> told = times_as_often(first, second)
    >>> told.times, round(told.lower, 2), round(told.upper, 2)
    (2.0, 1.26, 3.17)
    """
    met = float(warned.met.sum()), float(others.met.sum())
    if not (met[0] and met[1]):
        return TimesAsOften(None, None, None)
    people = np.union1d(warned.person, others.person)
    pull = np.zeros(people.size)
    for sign, each, events in ((1.0, warned, met[0]), (-1.0, others, met[1])):
        estimate = events / float(each.of.sum())
        pull[np.searchsorted(people, each.person)] += sign * (each.met - estimate * each.of) / events
    times = (met[0] / float(warned.of.sum())) / (met[1] / float(others.of.sum()))
    half = float(ndtri((1 + confidence) / 2)) * float(np.sqrt((pull**2).sum()))
    return TimesAsOften(times, times * float(np.exp(-half)), times * float(np.exp(half)))
