"""Centre lines and limits of every kind of chart, or the named reason why there are none.

Sources: Wheeler (2000) for XmR; Montgomery, "Introduction to Statistical Quality Control", chapters 6 and 7;
Laney (2002), Quality Engineering 14, 531-537, for p′ and u′; Provost and Murray (2011) for g; Nelson (1994) for t.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from outcomestats.overtime.constants import D2_OF_TWO, MOVING_RANGE_LIMIT, XMR_FACTOR, c4, spread_of_s
from outcomestats.overtime.plans import FIRM_FROM, ChartKind, Screening
from outcomestats.overtime.points import Points
from outcomestats.overtime.segments import Bools, Floats, Ints, over

# Differences this small beside the figures themselves are rounding, not variation.
ROUNDING = 1e-12
# A point this close to a line, in sigmas, lies on it.
ON_THE_LINE = 1e-9
# Nelson (1994): times to the power 1/3.6 are nearly normal.
T_POWER = 3.6


class LimitsState(StrEnum):
    """Whether a phase has limits, and if not, why. The order is that of Limits.state."""

    FIRM = "FIRM"
    PROVISIONAL = "PROVISIONAL"  # from fewer than 13 points
    RUN_CHART = "RUN_CHART"
    NO_FIGURES = "NO_FIGURES"  # none in the baseline: not even a centre line
    ONE_FIGURE = "ONE_FIGURE"
    ALL_EQUAL = "ALL_EQUAL"
    NO_NEIGHBOURS = "NO_NEIGHBOURS"  # every figure stands alone between gaps: no moving range
    NO_VARIATION = "NO_VARIATION"  # neighbours are equal, although not all figures are
    NO_EVENTS = "NO_EVENTS"
    ALL_EVENTS = "ALL_EVENTS"  # everybody, in every period

    @property
    def has_limits(self) -> bool:
        """Whether there are limits to draw."""
        return self in (LimitsState.FIRM, LimitsState.PROVISIONAL)


class Caution(StrEnum):
    """What to know before reading a phase. The order is that of the bits in Limits.cautions."""

    GAPS = "GAPS"
    MOSTLY_ZERO = "MOSTLY_ZERO"  # half of the baseline or more: a T or G chart tells more
    MANY_TIES = "MANY_TIES"  # half of the neighbours or more are equal
    SCREENING_LEFT_NOTHING = "SCREENING_LEFT_NOTHING"  # so all moving ranges were used


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """For each of n points and each phase of each series.

    centre, lower, upper, distances: (n,); all but centre NaN exactly where the phase's state says there are no
    limits, centre where it says NO_FIGURES. distances: in sigmas from the middle of the limits. side: (n,) int8,
    which side of the centre line, 0 on it. state: (segments,) position in LimitsState. cautions: (segments,) bits
    of Caution. n_baseline: (segments,).
    """

    centre: Floats
    lower: Floats
    upper: Floats
    distances: Floats
    side: NDArray[np.int8]
    state: Ints
    cautions: Ints
    n_baseline: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """middle, sigma: (n,) of the figures, on the scale the limits are calculated on; sigma 0: none.

    fell_back: (segments,). figures: (n,) on that scale.
    """

    figures: Floats
    centre: Floats
    middle: Floats
    sigma: Floats
    fell_back: Bools


def limits_of(points: Points, screening: Screening) -> Limits:
    """The limits of every phase from its baseline.

    >>> import datetime
    >>> from outcomestats.overtime.plans import Plan
    >>> from outcomestats.overtime.points import laid_out
    >>> days = [datetime.date(2024, month, 1) for month in range(1, 6)]
    >>> points = laid_out(ChartKind.XMR, days, [[3, 5, 4, 6, 5]], denominators=None, sds=None, plans=[Plan()])
    >>> found = limits_of(points, Screening.ON)
    >>> found.centre[0].item(), found.lower[0].round(2).item(), found.upper[0].round(2).item()
    (4.6, 0.61, 8.59)
    """
    spread = _SPREADS[points.kind](points, screening)
    state = _state(points, spread)
    drawn = (state <= list(LimitsState).index(LimitsState.PROVISIONAL))[points.segments.of]
    sigma = np.where(drawn, spread.sigma, np.nan)
    lower, upper = _clipped(points.kind, spread.middle - 3 * sigma, spread.middle + 3 * sigma)
    away = spread.figures - spread.centre
    slack = np.where(drawn, ON_THE_LINE * spread.sigma, ROUNDING * np.abs(spread.centre))
    back = T_POWER if points.kind is ChartKind.T else 1.0
    return Limits(
        centre=spread.centre**back,
        lower=lower**back,
        upper=upper**back,
        distances=over(spread.figures - spread.middle, sigma),
        side=np.where(np.abs(away) > slack, np.sign(np.nan_to_num(away)), 0).astype(np.int8),
        state=state,
        cautions=_cautions(points, spread.fell_back),
        n_baseline=points.segments.count(points.baseline),
    )


def _clipped(kind: ChartKind, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    if kind in (ChartKind.XMR, ChartKind.XBAR, ChartKind.RUN):
        return lower, upper
    if kind in (ChartKind.P, ChartKind.P_PRIME):
        upper = np.minimum(upper, 1.0)
    return np.maximum(lower, 0.0), upper


def _state(points: Points, spread: _Spread) -> Ints:
    """The first reason that applies to each phase; without one, firm or provisional by its size."""
    segments, base = points.segments, points.baseline
    n = segments.count(base)
    greatest = segments.greatest(points.value, base)
    least = -segments.greatest(-points.value, base)
    sized = np.abs(np.where(n > 0, np.maximum(np.abs(greatest), np.abs(least)), 0.0))
    equal = (n > 0) & (greatest - np.where(n > 0, least, 0.0) <= ROUNDING * sized)
    no_sigma = segments.count(base & (spread.sigma > 0)) == 0
    counted = points.kind.counts_over_denominators or points.kind is ChartKind.C
    of_people = points.kind in (ChartKind.P, ChartKind.P_PRIME)
    moving = points.kind in (ChartKind.XMR, ChartKind.T, ChartKind.P_PRIME, ChartKind.U_PRIME)
    reasons = [
        (LimitsState.NO_FIGURES, n == 0),
        (LimitsState.RUN_CHART, np.full(n.shape, points.kind is ChartKind.RUN)),
        (LimitsState.ONE_FIGURE, n == 1),
        (LimitsState.NO_EVENTS, (greatest == 0) & counted),
        (LimitsState.ALL_EVENTS, (least == 1) & of_people),
        (LimitsState.NO_NEIGHBOURS, (segments.count(points.neighbours()) == 0) & moving & ~equal),
        (LimitsState.ALL_EQUAL, no_sigma & equal),
        (LimitsState.NO_VARIATION, no_sigma),
        (LimitsState.PROVISIONAL, n < FIRM_FROM),
    ]
    order = list(LimitsState)
    found: Ints = np.select([mask for _, mask in reasons], [order.index(reason) for reason, _ in reasons], default=0)
    return found


def _cautions(points: Points, fell_back: Bools) -> Ints:
    segments, base = points.segments, points.baseline
    n = segments.count(base)
    zero = segments.count(base & (points.value == 0))
    neighbours = points.neighbours()
    same = np.zeros(points.row.size, dtype=bool)
    same[1:] = points.value[1:] == points.value[:-1]
    gap = np.bincount((points.first_segment[:, None] + points.phase)[points.states > 0], minlength=segments.number)
    found = [
        gap > 0,
        (n > 0) & (2 * zero >= n),
        (segments.count(neighbours) > 0) & (2 * segments.count(neighbours & same) >= segments.count(neighbours)),
        fell_back,
    ]
    return sum((mask.astype(np.int64) << bit for bit, mask in enumerate(found)), np.zeros(n.shape, dtype=np.int64))


def _moving_average(points: Points, figures: Floats, screening: Screening) -> tuple[Floats, Bools]:
    """Each phase's average moving range, 0 where there is none, and whether screening had to be given up.

    Ranges at or above 3.267 averages are left out once. If only ranges of 0 would be left, all are used:
    limits of no width would flag every other point.
    """
    segments, pairs = points.segments, points.neighbours()
    ranges = np.zeros(figures.size)
    ranges[1:] = np.abs(np.diff(figures))
    average = np.nan_to_num(segments.mean(ranges, pairs))
    least = ROUNDING * np.maximum(segments.greatest(np.abs(figures), points.baseline), 1e-88)
    average = np.where(average <= least, 0.0, average)
    if screening is Screening.OFF:
        return average, np.zeros(average.shape, dtype=bool)
    kept = pairs & (ranges < MOVING_RANGE_LIMIT * average[segments.of])
    screened = np.nan_to_num(segments.mean(ranges, kept))
    fell_back = (screened <= least) & (average > 0)
    return np.where(fell_back, average, np.where(average > 0, screened, 0.0)), fell_back


def _run(points: Points, screening: Screening) -> _Spread:
    centre = points.segments.median(points.value, points.baseline)[points.segments.of]
    return _Spread(points.value, centre, centre, np.zeros(centre.shape), _nowhere(points))


def _xmr(points: Points, screening: Screening) -> _Spread:
    return _individuals(points, points.value, screening)


def _t(points: Points, screening: Screening) -> _Spread:
    return _individuals(points, points.value ** (1 / T_POWER), screening)


def _individuals(points: Points, figures: Floats, screening: Screening) -> _Spread:
    average, fell_back = _moving_average(points, figures, screening)
    centre = points.segments.mean(figures, points.baseline)[points.segments.of]
    return _Spread(figures, centre, centre, XMR_FACTOR / 3 * average[points.segments.of], fell_back)


def _share(points: Points) -> Floats:
    counts = points.segments.total(points.value * points.size, points.baseline)
    return over(counts, points.segments.total(points.size, points.baseline))[points.segments.of]


def _p(points: Points, screening: Screening) -> _Spread:
    centre = _share(points)
    variance = np.maximum(centre * (1 - centre), 0.0)
    return _Spread(points.value, centre, centre, np.sqrt(variance / points.size), _nowhere(points))


def _u(points: Points, screening: Screening) -> _Spread:
    centre = _share(points)
    return _Spread(points.value, centre, centre, np.sqrt(centre / points.size), _nowhere(points))


def _primed(points: Points, plain: _Spread, screening: Screening) -> _Spread:
    """Laney: the plain limits times σ_z, the spread of the standardised figures by their moving ranges."""
    standardised = np.nan_to_num(over(points.value - plain.centre, plain.sigma))
    average, fell_back = _moving_average(points, standardised, screening)
    sigma = plain.sigma * (average / D2_OF_TWO)[points.segments.of]
    return _Spread(points.value, plain.centre, plain.centre, sigma, fell_back)


def _c(points: Points, screening: Screening) -> _Spread:
    centre = points.segments.mean(points.value, points.baseline)[points.segments.of]
    return _Spread(points.value, centre, centre, np.sqrt(centre), _nowhere(points))


def _g(points: Points, screening: Screening) -> _Spread:
    """The centre is the median, so that runs have even odds; the limits stand around the mean."""
    mean = points.segments.mean(points.value, points.baseline)[points.segments.of]
    centre = points.segments.median(points.value, points.baseline)[points.segments.of]
    return _Spread(points.value, centre, mean, np.sqrt(mean * (mean + 1)), _nowhere(points))


def _average_sd(points: Points, sds: Floats) -> Floats:
    """Of subgroups of one size their mean (Montgomery 6.27), of several sizes the pooled one (6.31)."""
    segments, base = points.segments, points.baseline
    freedom = points.size - 1
    pooled = np.sqrt(over(segments.total(freedom * sds**2, base), segments.total(freedom, base)))
    one_size = segments.greatest(points.size, base) == -segments.greatest(-points.size, base)
    return np.where(one_size, segments.mean(sds, base), pooled)[segments.of]


def _xbar(points: Points, screening: Screening) -> _Spread:
    centre = _share(points)
    sigma = _average_sd(points, points.sd) / (c4(points.size) * np.sqrt(points.size))
    return _Spread(points.value, centre, centre, sigma, _nowhere(points))


def _s(points: Points, screening: Screening) -> _Spread:
    centre = _average_sd(points, points.value)
    sigma = centre * spread_of_s(points.size) / c4(points.size)
    return _Spread(points.value, centre, centre, sigma, _nowhere(points))


def _nowhere(points: Points) -> Bools:
    return np.zeros(points.segments.number, dtype=bool)


_SPREADS = {
    ChartKind.RUN: _run,
    ChartKind.XMR: _xmr,
    ChartKind.T: _t,
    ChartKind.P: _p,
    ChartKind.P_PRIME: lambda points, screening: _primed(points, _p(points, screening), screening),
    ChartKind.U: _u,
    ChartKind.U_PRIME: lambda points, screening: _primed(points, _u(points, screening), screening),
    ChartKind.C: _c,
    ChartKind.G: _g,
    ChartKind.XBAR: _xbar,
    ChartKind.S: _s,
}
