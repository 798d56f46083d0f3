"""Observed against expected, and rates adjusted for who came through the door.

Interval: exact Poisson (Garwood 1936, Biometrika 28(3/4)), finite and above 0 in width for a unit without events.
Indirect standardisation: Breslow and Day (1987), Statistical Methods in Cancer Research II, section 2.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from outcomestats.variation.arguments import Floats, Labels, counts, fraction, labels, numbers, same_length
from outcomestats.variation.fit import VERSION


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Observed over expected of U units. keys, observed, expected, ratio, lower, upper: (U,).

    rate, rate_lower, rate_upper: (U,) the ratio times the overall rate, or None where no rate was given.
    """

    keys: Labels
    observed: Floats
    expected: Floats
    ratio: Floats
    lower: Floats
    upper: Floats
    rate: Floats | None
    rate_lower: Floats | None
    rate_upper: Floats | None
    confidence: float
    method: str
    version: str
    verdict: str


def observed_over_expected(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    keys: ArrayLike | None = None,
    overall_rate: float | None = None,
    confidence: float = 0.95,
) -> Ratios:
    """Each unit's ratio of observed to expected events with its exact interval.

    observed: (U,) counts. expected: (U,) above 0, from a model or from strata. overall_rate: events per person in the
    standard population; given, the indirectly adjusted rates come too. Two units' adjusted rates compare each with
    the standard, not with one another: their mix differs.
    Raises ValueError where counts are negative or broken, expected is not above 0, or columns differ in length.

    >>> found = observed_over_expected([0, 5], [2.0, 4.0])
    >>> found.lower.round(3).tolist(), found.upper.round(3).tolist()
    ([0.0, 0.406], [1.844, 2.917])
    """
    fraction(confidence, "confidence")
    events, wanted = counts(observed, "observed"), numbers(expected, "expected")
    key = np.arange(events.size) if keys is None else labels(keys, "keys")
    same_length(observed=events, expected=wanted, keys=key)
    if (wanted <= 0).any():
        row = int(np.flatnonzero(wanted <= 0)[0])
        raise ValueError(f"expected holds {wanted[row]:g} in row {row}; leave out units where nothing was expected")
    if overall_rate is not None and not 0 < overall_rate < np.inf:
        raise ValueError(f"overall_rate is {overall_rate}; give events per person, a finite number above 0")
    low, high = poisson_interval(events, confidence=confidence)
    ratio, lower, upper = events / wanted, low / wanted, high / wanted
    apart = int(((lower > 1) | (upper < 1)).sum())
    by = overall_rate
    return Ratios(
        keys=key, observed=events, expected=wanted, ratio=ratio, lower=lower, upper=upper,
        rate=None if by is None else ratio * by, rate_lower=None if by is None else lower * by,
        rate_upper=None if by is None else upper * by, confidence=confidence,
        method="observed over expected, exact Poisson interval", version=VERSION,
        verdict=f"{apart} of {events.size} have {100 * confidence:g} % intervals that leave out 1 (as expected).",
    )  # fmt: skip


def poisson_interval(events: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Garwood's exact interval of a Poisson mean, for each count: (U,) and (U,).

    Raises ValueError for counts that are negative or broken, or a confidence outside 0 to 1.

    >>> [limit.round(3).tolist() for limit in poisson_interval(np.array([0.0, 5.0]))]
    [[0.0, 1.623], [3.689, 11.668]]
    """
    tail = (1 - fraction(confidence, "confidence")) / 2
    happened = counts(events, "events")
    some = np.maximum(happened, 1)
    lower = np.where(happened > 0, gammaincinv(some, tail), 0.0)
    return lower, np.asarray(gammaincinv(happened + 1, 1 - tail), dtype=np.float64)


def indirectly_adjusted(
    unit: ArrayLike, stratum: ArrayLike, events: ArrayLike, people: ArrayLike, *, confidence: float = 0.95
) -> Ratios:
    """Observed over expected by unit, expected from everybody's rate in each stratum; with adjusted rates.

    unit, stratum: (n,) keys, one row a unit and stratum (further rows of one cell add up). events, people: (n,)
    counts, people 1 or more. The standard is all rows together: a unit that is most of a stratum is compared with
    itself. Raises ValueError as observed_over_expected, and where events exceed people or there are none at all.

    >>> found = indirectly_adjusted(["a", "a", "b", "b"], [1, 2, 1, 2], [2, 12, 8, 2], [20, 40, 80, 10])
    >>> found.expected.round(2).tolist(), found.rate.round(3).tolist()
    ([13.2, 10.8], [0.17, 0.148])
    """
    who, where = labels(unit, "unit"), labels(stratum, "stratum")
    happened, there = counts(events, "events"), counts(people, "people", least=1)
    same_length(unit=who, stratum=where, events=happened, people=there)
    if (happened > there).any():
        row = int(np.flatnonzero(happened > there)[0])
        raise ValueError(
            f"events holds {happened[row]:g} of {there[row]:g} people in row {row}; give people with events"
        )
    if not happened.any():
        raise ValueError("events are all 0; there is no rate to adjust, say that nothing happened")
    keys, u = np.unique(who, return_inverse=True)
    _, s = np.unique(where, return_inverse=True)
    rates = np.bincount(s, happened) / np.bincount(s, there)
    expected = np.bincount(u, rates[s] * there)
    if (expected <= 0).any():
        key = keys[int(np.flatnonzero(expected <= 0)[0])]
        raise ValueError(f"unit {key} has people only in strata without events; leave it out, or merge strata")
    return observed_over_expected(
        np.bincount(u, happened), expected, keys=keys, confidence=confidence,
        overall_rate=float(happened.sum() / there.sum()),
    )  # fmt: skip
