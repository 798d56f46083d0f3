"""Funnel limits: how far from the target may a unit of this size lie before chance is a poor explanation?

Source: Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine 24(8);
over-dispersion as in overdispersion.py. Limits, z scores and p-values of one result always agree. docs/deviations.md
says where the references differ from these, and from each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from outcomestats.variation.arguments import Floats, counts, fraction, numbers, same_length
from outcomestats.variation.exact import Binomial, Poisson, limit, middle
from outcomestats.variation.fit import VERSION
from outcomestats.variation.overdispersion import HALF_AN_EVENT, Dispersion, Overdispersion, Scale, dispersion


class Kind(StrEnum):
    """What a unit's value is."""

    PROPORTION = "PROPORTION"  # events out of people
    STANDARDISED_RATIO = "STANDARDISED_RATIO"  # observed events over expected ones
    RATIO_OF_COUNTS = "RATIO_OF_COUNTS"  # one count over another


class Multiplicity(StrEnum):
    """How many units were looked at is allowed for, or not."""

    NONE = "NONE"
    BENJAMINI_HOCHBERG = "BENJAMINI_HOCHBERG"  # the share of false alarms among those flagged
    BONFERRONI = "BONFERRONI"  # the probability of any false alarm


# The methods each kind offers, and the scale they judge on. With NONE limits come from chance alone; phi and tau^2
# are told on that scale all the same.
SCALES = {
    (Kind.PROPORTION, Overdispersion.NONE): Scale.ARCSINE,
    (Kind.PROPORTION, Overdispersion.CQC): Scale.ARCSINE,
    (Kind.STANDARDISED_RATIO, Overdispersion.NONE): Scale.ROOT,
    (Kind.STANDARDISED_RATIO, Overdispersion.CQC): Scale.ROOT,
    (Kind.STANDARDISED_RATIO, Overdispersion.SHMI): Scale.LOG,
    (Kind.RATIO_OF_COUNTS, Overdispersion.NONE): Scale.LOG,
    (Kind.RATIO_OF_COUNTS, Overdispersion.CQC): Scale.LOG,
}


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """Limits and places of U units. value, z, p_value, adjusted_p: (U,). lower, upper: (levels, U).

    levels: coverage of the limits, inner first. place: (U,) int8, 0 within all limits, +1 above the first, +2 above
    the second, negative below. flagged: (U,) beyond the outer limits, or by adjusted_p where multiplicity is allowed
    for. phi, tau2: over-dispersion on the method's scale, told whether or not the limits allow for it.
    zero_event_units: how many had no event; they are judged as half an event on a log scale.
    """

    kind: Kind
    target: float
    value: Floats
    levels: tuple[float, ...]
    lower: Floats
    upper: Floats
    z: Floats
    p_value: Floats
    adjusted_p: Floats
    place: NDArray[np.int8]
    flagged: NDArray[np.bool_]
    phi: float
    tau2: float
    zero_event_units: int
    method: str
    version: str
    verdict: str


def funnel(
    events: ArrayLike,
    denominators: ArrayLike,
    *,
    kind: Kind,
    target: float | None = None,
    overdispersion: Overdispersion = Overdispersion.NONE,
    multiplicity: Multiplicity = Multiplicity.NONE,
    levels: tuple[float, ...] = (0.95, 0.998),
) -> Funnel:
    """Limits about the target for every unit, and where each unit lies.

    events: (U,) counts. denominators: (U,) people (1 or more), expected events (above 0), or the other counts (0 or
    more) by kind. target: the value to be compared with; unless given, all units together (1 for a standardised
    ratio). Without over-dispersion, proportions and standardised ratios get exact mid-P limits. Not for ranking, nor
    for fewer than ten units with over-dispersion: tau^2 then rests on a handful. Where tau^2 comes out as 0, limits
    are those of chance alone, and `method` says so.
    Raises ValueError naming the argument: counts that are negative or broken, denominators of 0, more events than
    people, a target at which nothing can vary (no events anywhere), a method that does not fit the kind.

    >>> found = funnel([0, 30, 62], [20, 100, 100], kind=Kind.PROPORTION, target=0.3)
    >>> found.place.tolist(), found.upper[1].round(3).tolist()
    ([-2, 0, 2], [0.645, 0.448, 0.448])
    """
    happened, out_of = _checked(events, denominators, kind)
    asked = _Asked(kind, overdispersion, multiplicity, tuple(levels))
    aim = _target(happened, out_of, kind, target)
    scale = SCALES[kind, overdispersion]
    spread = _dispersion(happened, out_of, kind, aim, scale)
    if overdispersion is not Overdispersion.NONE and spread.tau2 > 0:
        method = f"{overdispersion.value} limits, {scale.value.lower()} scale, with variation between units"
        judged = _approximate(spread, scale, list(levels))
    elif kind is Kind.RATIO_OF_COUNTS:
        method = "delta-method limits on the log scale, no variation between units"
        judged = _approximate(replace(spread, tau2=0.0), scale, list(levels))
    else:
        method = f"exact mid-P limits ({'binomial' if kind is Kind.PROPORTION else 'Poisson'})"
        judged = _exact(happened, out_of, kind, aim, list(levels))
    return _told(happened, out_of, asked, aim, spread, judged, method)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, checked."""

    kind: Kind
    overdispersion: Overdispersion
    multiplicity: Multiplicity
    levels: tuple[float, ...]

    def __post_init__(self) -> None:
        if (self.kind, self.overdispersion) not in SCALES:
            fitting = [method.value for kind, method in SCALES if kind is self.kind]
            raise ValueError(
                f"overdispersion is {self.overdispersion.value}; for {self.kind.value} use one of {fitting}"
            )
        good = [fraction(level, "levels") for level in self.levels]
        if not good or good != sorted(set(good)):
            raise ValueError(f"levels is {self.levels}; give coverages from small to large, such as (0.95, 0.998)")


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Limits (levels, U) on the value's own scale, and z and two-sided p (U,)."""

    lower: Floats
    upper: Floats
    z: Floats
    p: Floats


def _checked(events: ArrayLike, denominators: ArrayLike, kind: Kind) -> tuple[Floats, Floats]:
    happened = counts(events, "events")
    if kind is Kind.STANDARDISED_RATIO:
        out_of = numbers(denominators, "denominators")
        if (out_of <= 0).any():
            row = int(np.flatnonzero(out_of <= 0)[0])
            raise ValueError(
                f"denominators holds {out_of[row]:g} in row {row}; leave out units without expected events"
            )
    else:
        out_of = counts(denominators, "denominators", least=1 if kind is Kind.PROPORTION else 0)
    same_length(events=happened, denominators=out_of)
    if kind is Kind.PROPORTION and (happened > out_of).any():
        row = int(np.flatnonzero(happened > out_of)[0])
        raise ValueError(f"events holds {happened[row]:g} of {out_of[row]:g} people in row {row}; count people once")
    return happened, out_of


def _target(happened: Floats, out_of: Floats, kind: Kind, given: float | None) -> float:
    least, most = 0.0, 1.0 if kind is Kind.PROPORTION else np.inf
    if given is not None:
        if not least < given < most:
            raise ValueError(f"target is {given}; give a number above 0" + (" and below 1" if most == 1 else ""))
        return float(given)
    if kind is Kind.STANDARDISED_RATIO:
        return 1.0
    total, people = float(happened.sum()), float(out_of.sum())
    if total == 0 or people == 0 or (kind is Kind.PROPORTION and total == people):
        raise ValueError("events are none, or all there could be, in every unit; nothing varies: give a target")
    return total / people


def _dispersion(happened: Floats, out_of: Floats, kind: Kind, aim: float, scale: Scale) -> Dispersion:
    """Values and their standard errors on the scale z is judged on."""
    if kind is Kind.RATIO_OF_COUNTS:
        above, below = happened + HALF_AN_EVENT, out_of + HALF_AN_EVENT
        return dispersion(np.log(above / below), np.sqrt(1 / above + 1 / below), float(np.log(aim)), leave_out=False)
    if scale is Scale.LOG:
        # Errors at the target, so that a target other than 1 is judged as fairly as 1 is.
        some = np.where(happened > 0, happened, HALF_AN_EVENT)
        return dispersion(np.log(some / out_of), 1 / np.sqrt(out_of * aim), float(np.log(aim)), leave_out=True)
    y = scale.there(happened / out_of)
    return dispersion(y, 1 / (2 * np.sqrt(out_of)), float(scale.there(np.array([aim]))[0]), leave_out=False)


def _approximate(spread: Dispersion, scale: Scale, levels: list[float]) -> _Judged:
    reach = ndtri((1 + np.array(levels)) / 2)[:, None] * np.sqrt(spread.s**2 + spread.tau2)
    z = spread.z
    return _Judged(scale.back(spread.centre - reach), scale.back(spread.centre + reach), z, 2 * ndtr(-np.abs(z)))


def _exact(happened: Floats, out_of: Floats, kind: Kind, aim: float, levels: list[float]) -> _Judged:
    law = Binomial(out_of, aim) if kind is Kind.PROPORTION else Poisson(out_of * aim)
    lower = np.array([limit((1 - level) / 2, law) / out_of for level in levels])
    upper = np.array([limit((1 + level) / 2, law) / out_of for level in levels])
    under, over = middle(happened, law)
    # The smaller tail keeps its digits; beyond what a float can hold a z score ends at about 38, not at infinity.
    smaller = np.maximum(np.minimum(under, over), np.finfo(np.float64).tiny)
    z = np.where(under < over, ndtri(smaller), -ndtri(smaller))
    return _Judged(lower, upper, z, np.minimum(2 * smaller, 1.0))


def _adjusted(p: Floats, multiplicity: Multiplicity) -> Floats:
    if multiplicity is Multiplicity.NONE:
        return p
    if multiplicity is Multiplicity.BONFERRONI:
        return np.minimum(p * p.size, 1.0)
    order = np.argsort(-p, kind="stable")
    stepped = np.minimum.accumulate(p[order] * p.size / np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def _told(
    happened: Floats, out_of: Floats, asked: _Asked, aim: float, spread: Dispersion, judged: _Judged, method: str
) -> Funnel:
    z, p = judged.z, judged.p
    beyond = (p < 1 - np.array(asked.levels)[:, None]).sum(axis=0)
    place = (np.sign(z) * beyond).astype(np.int8)
    adjusted = _adjusted(p, asked.multiplicity)
    flagged = adjusted < 1 - asked.levels[0 if asked.multiplicity is not Multiplicity.NONE else -1]
    none = happened == 0
    # Half an event within the limits: a value of 0 is then drawn within them too.
    lower = np.where(none & (beyond < np.arange(1, len(asked.levels) + 1)[:, None]), 0.0, judged.lower)
    safe = np.where(out_of > 0, out_of, HALF_AN_EVENT)
    return Funnel(
        kind=asked.kind, target=aim, value=happened / safe, levels=asked.levels, lower=lower, upper=judged.upper,
        z=z, p_value=p, adjusted_p=adjusted, place=place, flagged=flagged, phi=spread.phi, tau2=spread.tau2,
        zero_event_units=int(none.sum()), method=method, version=VERSION,
        verdict=_verdict(flagged, z, asked),
    )  # fmt: skip


def _verdict(flagged: NDArray[np.bool_], z: Floats, asked: _Asked) -> str:
    high, low = int((flagged & (z > 0)).sum()), int((flagged & (z < 0)).sum())
    if asked.multiplicity is not Multiplicity.NONE:
        rule = f"after allowing for {z.size} looks ({asked.multiplicity.value.replace('_', ' ').title()})"
    else:
        by_chance = z.size * (1 - asked.levels[-1])
        rule = f"beyond the {100 * asked.levels[-1]:g} % limits, where chance alone would put {by_chance:.2g}"
    return f"Of {z.size} units {high} lie above and {low} below the target {rule}."
