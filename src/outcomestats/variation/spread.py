"""How far apart are the groups, with how much certainty, and have they come closer together?

Interval: the values of the standard deviation which the profiled (restricted) likelihood does not rule out; it may
begin at 0, and is not symmetric. Comparison of two periods: the method of variance estimates recovery, which makes an
interval of a difference from the two intervals (Zou and Donner 2008, Statistics in Medicine 27(10), equation 8).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri

from outcomestats.variation.arguments import Floats, fraction
from outcomestats.variation.criterion import Centred, pieces
from outcomestats.variation.descent import lowest
from outcomestats.variation.fit import VERSION, MixedFit, ready_and_ratios
from outcomestats.variation.sums import Sums


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation between groups (or teams), in the units of y, with its interval."""

    level: str
    sd: float
    lower: float
    upper: float
    n_groups: int
    confidence: float
    method: str
    version: str
    verdict: str

    def __post_init__(self) -> None:
        if not 0 <= self.lower <= self.sd <= self.upper < math.inf:
            raise ValueError(
                f"lower, sd and upper are {self.lower}, {self.sd} and {self.upper}; give them so, from 0 up"
            )


class Course(StrEnum):
    """What happened to variation between two periods."""

    NARROWED = "NARROWED"
    WIDENED = "WIDENED"
    NO_DETECTABLE_CHANGE = "NO_DETECTABLE_CHANGE"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Later less earlier standard deviation, with its interval; below 0 is narrower.

    ratio: later over earlier, or None where the earlier is 0 and a ratio would say nothing.
    """

    earlier: Spread
    later: Spread
    difference: float
    lower: float
    upper: float
    ratio: float | None
    course: Course
    confidence: float
    method: str
    version: str
    verdict: str


def spread(found: MixedFit, sums: Sums, *, level: str = "group", confidence: float = 0.95) -> Spread:
    """The standard deviation between groups or teams, with its profile-likelihood interval.

    level: "group", or "team" for a nested fit. At the boundary the interval begins at 0 and still ends above it.
    Raises ValueError where the fit has no such level, is not of these sums, or confidence lies outside 0 to 1.

    >>> from outcomestats.variation.fit import fit
    >>> sums = Sums.from_rows([4.0, 6.0, 5.0, 7.0, 9.0, 12.0], group=["a", "a", "b", "b", "c", "c"])
    >>> spread(fit(sums), sums).verdict
    'Groups differ with a standard deviation of 2.68 (95 % interval 0 to 12.2).'
    """
    fraction(confidence, "confidence")
    ready, lam = ready_and_ratios(sums, found)
    if level not in found.levels:
        raise ValueError(f"level is {level!r}; this fit has {' and '.join(found.levels)}")
    at = found.levels.index(level)
    scale = float(ready.scale[-1])
    best, sigma = math.sqrt(found.variances[at]) / scale, math.sqrt(found.sigma2) / scale
    allowed = (found.criterion - ready.constant) + float(chdtri(1, 1 - confidence))

    def excess(sd: float) -> float:
        return _profiled(ready, lam, at, sd, sigma) - allowed

    lower = 0.0 if best == 0 or excess(0.0) <= 0 else brentq(excess, 0.0, best, xtol=1e-10 * sigma)
    beyond = max(best, 0.1 * sigma)
    while excess(2 * beyond) <= 0:
        beyond *= 2
    upper = brentq(excess, best, 2 * beyond, xtol=1e-10 * sigma)
    sd = best * scale
    low, high = min(lower * scale, sd), max(upper * scale, sd)
    n_groups = found.n_groups if level == "group" else found.n_teams
    told = f"{level.capitalize()}s differ with a standard deviation of {sd:.3g} "
    return Spread(
        level=level, sd=sd, lower=low, upper=high, n_groups=n_groups, confidence=confidence,
        method=f"profile of the {found.estimation.value} criterion", version=VERSION,
        verdict=f"{told}({100 * confidence:g} % interval {low:.3g} to {high:.3g}).",
    )  # fmt: skip


def narrowing(earlier: Spread, later: Spread) -> Narrowing:
    """Has variation between groups become smaller? The difference of two standard deviations with its interval.

    Both must be of one level, measure and confidence. Groups that are there in both periods make the interval wider
    than it need be, never too narrow, as their estimates then tend to err in the same direction.
    Fewer groups shown later (the smallest left out, say) narrow variation too: compare n_groups first.
    Raises ValueError where level or confidence differ.

    >>> common = dict(level="group", n_groups=40, confidence=0.95, method="given", version="1", verdict="")
    >>> earlier = Spread(sd=4.0, lower=3.2, upper=5.0, **common)
    >>> narrowing(earlier, Spread(sd=2.0, lower=1.4, upper=2.7, **common)).verdict
    'Narrowed: the standard deviation between groups went from 4 to 2 (change -2, 95 % interval -3.17 to -0.937).'
    """
    if earlier.level != later.level:
        raise ValueError(f"later is of the level {later.level!r}, earlier of {earlier.level!r}; compare one level")
    if earlier.confidence != later.confidence:
        raise ValueError("later has another confidence than earlier; make both with the same")
    difference = later.sd - earlier.sd
    lower = difference - math.hypot(later.sd - later.lower, earlier.upper - earlier.sd)
    upper = difference + math.hypot(later.upper - later.sd, earlier.sd - earlier.lower)
    course = Course.NARROWED if upper < 0 else Course.WIDENED if lower > 0 else Course.NO_DETECTABLE_CHANGE
    percent = f"{100 * later.confidence:g} %"
    words = course.value.replace("_", " ").capitalize()
    return Narrowing(
        earlier=earlier, later=later, difference=difference, lower=lower, upper=upper,
        ratio=later.sd / earlier.sd if earlier.sd > 0 else None, course=course, confidence=later.confidence,
        method="difference of standard deviations, interval by variance estimates recovery", version=VERSION,
        verdict=f"{words}: the standard deviation between {later.level}s went from {earlier.sd:.3g} to "
        f"{later.sd:.3g} (change {difference:.3g}, {percent} interval {lower:.3g} to {upper:.3g}).",
    )  # fmt: skip


def _profiled(ready: Centred, lam: Floats, at: int, sd: float, sigma: float) -> float:
    """The criterion with one standard deviation held, everything else at its best; in scaled units."""
    if sd == 0:
        return _without(ready, lam, at)
    unit = np.maximum(lam, 0.01)
    start = np.log(np.array([sd**2 / sigma**2])) if ready.levels == 1 else lam / unit
    start[at] = math.log(sd**2 / sigma**2)
    # sigma^2 = sd^2 / ratio: the ratio of the level that is held moves in its logarithm, the other one from 0 up.
    bounded = [level != at for level in range(lam.size)]

    def held(x: Floats) -> tuple[float, Floats]:
        here = x * unit
        here[at] = math.exp(min(x[at], 50.0))
        parts = pieces(ready, here)
        fits = parts.rss * here[at] / sd**2
        value = parts.logdet + ready.freedom * math.log(2 * math.pi * sd**2 / here[at]) + fits
        slope = (parts.logdet_slope + here[at] / sd**2 * parts.rss_slope) * unit
        slope[at] = (slope[at] / unit[at]) * here[at] - ready.freedom + fits
        return float(value) / ready.freedom, slope / ready.freedom

    return lowest(held, start, bounded)[1] * ready.freedom


def _without(ready: Centred, lam: Floats, at: int) -> float:
    """The criterion with one level left out."""
    if ready.levels == 1:
        return pieces(ready, np.zeros(1)).criterion(ready.freedom)
    keep = 1 - at

    def alone(x: Floats) -> tuple[float, Floats]:
        here = np.zeros(2)
        here[keep] = x[0]
        parts = pieces(ready, here)
        slope = parts.score(ready.freedom)[keep : keep + 1]
        return parts.criterion(ready.freedom) / ready.freedom, slope / ready.freedom

    starts = (0.0, float(lam[keep]), 0.1, 10.0)
    return min(lowest(alone, np.array([x]), [True])[1] for x in starts) * ready.freedom
