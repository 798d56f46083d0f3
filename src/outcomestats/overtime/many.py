"""Charts of many series at once, in columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.overtime.icons import Assurance, Variation, assurances, variations
from outcomestats.overtime.limits import Limits, LimitsState, limits_of
from outcomestats.overtime.plans import ChartKind, Plan
from outcomestats.overtime.points import Points, laid_out
from outcomestats.overtime.segments import Floats, Ints
from outcomestats.overtime.signals import Signals, signals_of

VERSION = "overtime 1"


@dataclass(frozen=True, slots=True, eq=False)
class ControlCharts:
    """S series over T dates; what holds for a phase stands by its segment.

    values, centre, lower, upper: (S, T) as drawn: proportions for p, rates for u. sizes: (S, T)
    denominators or subgroup sizes, 1 where the chart has none. All are NaN
    where point_states is not SHOWN; lower and upper also where limits_state says why, centre where it says
    NO_FIGURES.
    flags, completed: (S, T) bits of Rule. point_states: (S, T) position in PointState.
    phase: (S, T) phase number of a series; its segment is first_segment + phase.
    limits_state, cautions, n_baseline: (segments,), see Limits.
    latest: (S,) column of the latest figure, -1 for none. variation, assurance: (S,) positions in their enums.
    """

    kind: ChartKind
    dates: tuple[datetime.date, ...]
    plans: tuple[Plan, ...]
    values: Floats
    sizes: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    flags: Ints
    completed: Ints
    point_states: Ints
    phase: Ints
    first_segment: Ints
    limits_state: Ints
    cautions: Ints
    n_baseline: Ints
    latest: Ints
    variation: Ints
    assurance: Ints
    version: str = VERSION

    def state_at(self, row: int, column: int) -> LimitsState:
        """Whether one date of one series has limits, and if not, why."""
        return list(LimitsState)[int(self.limits_state[self.first_segment[row] + self.phase[row, column]])]


def control_charts(
    kind: ChartKind,
    dates: Sequence[datetime.date],
    values: ArrayLike,
    *,
    denominators: ArrayLike | None = None,
    sds: ArrayLike | None = None,
    plans: Plan | Sequence[Plan] = (),
) -> ControlCharts:
    """Chart many series that share their dates; control_chart says it in words for one.

    dates: T dates in order of time, those of the columns; a date may stand twice (two events a day).
    values: (S, T), NaN where a series has no figure: RUN, XMR any figures; P, P_PRIME, U, U_PRIME, C counts;
    G opportunities between events; T times between events, above 0; XBAR means and S standard deviations of
    subgroups (subgroup_figures makes them from single values).
    denominators: (S, T) for P and U what was counted in, for XBAR and S the sizes of the subgroups.
    sds: (S, T) for XBAR. plans: one for all, or one a series, all with the same rules and screening.
    Sources: limits.py, presets.py. Not for series with a known season or trend, nor for repeated measures of
    one person: neighbours must be alike but for chance.
    Raises ValueError naming the argument for wrong shapes, counts below 0, denominators of 0, infinite figures,
    dates out of order, a rebase or freeze on a date that is not there.

    >>> days = [datetime.date(2024, month, 1) for month in range(1, 13)]
    >>> charts = control_charts(ChartKind.XMR, days, [[5, 6] * 6, [0] * 12], plans=Plan())
    >>> charts.upper[0, 0].round(2).item(), charts.state_at(0, 0).value, charts.state_at(1, 0).value
    (8.16, 'PROVISIONAL', 'ALL_EQUAL')
    """
    n_series = _rows(values)
    own = _one_each(plans, n_series)
    points = laid_out(kind, dates, values, denominators=denominators, sds=sds, plans=own)
    limits = limits_of(points, own[0].screening)
    signals = signals_of(points, limits, own[0].rules)
    shape = points.states.shape
    latest, variation, assurance = _icons(points, limits, signals, own)
    return ControlCharts(
        kind=kind,
        dates=tuple(dates),
        plans=own,
        values=_spread_out(points, points.value, shape),
        sizes=_spread_out(points, points.size, shape),
        centre=_spread_out(points, limits.centre, shape),
        lower=_spread_out(points, limits.lower, shape),
        upper=_spread_out(points, limits.upper, shape),
        flags=_bits_out(points, signals.flags, shape),
        completed=_bits_out(points, signals.completed, shape),
        point_states=points.states,
        phase=points.phase,
        first_segment=points.first_segment,
        limits_state=limits.state,
        cautions=limits.cautions,
        n_baseline=limits.n_baseline,
        latest=latest,
        variation=variation,
        assurance=assurance,
    )


def _icons(points: Points, limits: Limits, signals: Signals, plans: tuple[Plan, ...]) -> tuple[Ints, Ints, Ints]:
    """Of each series the column of its latest figure, and the two icons there."""
    latest, last = _latest(points)
    some = latest >= 0
    improvement = np.array([plan.improvement.sign for plan in plans])
    target = np.array([np.nan if plan.target is None else plan.target for plan in plans])
    variation = np.full(latest.size, list(Variation).index(Variation.NO_FIGURES))
    assurance = np.full(latest.size, list(Assurance).index(Assurance.NO_FIGURES))
    has_limits = ~np.isnan(limits.upper[last]) | (points.kind is ChartKind.RUN)
    side, step = limits.side[last].astype(np.int64), _step(points)[last]
    variation[some] = variations(signals.flags[last], side, step, has_limits, improvement[some])
    assurance[some] = assurances(limits.lower[last], limits.upper[last], target[some], improvement[some])
    return latest, variation, assurance


def _rows(values: ArrayLike) -> int:
    shape = np.shape(values)
    if len(shape) != 2 or not shape[0]:
        raise ValueError(f"values has shape {shape}; give one row a series and one column a date")
    return int(shape[0])


def _one_each(plans: Plan | Sequence[Plan], n_series: int) -> tuple[Plan, ...]:
    own = (plans,) * n_series if isinstance(plans, Plan) else tuple(plans) or (Plan(),) * n_series
    if len(own) != n_series:
        raise ValueError(f"plans has {len(own)} plans for {n_series} series; give one for all, or one a series")
    if any(plan.rules != own[0].rules or plan.screening is not own[0].screening for plan in own):
        raise ValueError("plans differ in rules or screening; chart such series in calls of their own")
    return own


def _latest(points: Points) -> tuple[Ints, Ints]:
    """Each series' latest column, -1 for none, and for those with one the position of that point."""
    latest = np.full(points.states.shape[0], -1, dtype=np.int64)
    last = np.flatnonzero(np.diff(points.row, append=-1) != 0)
    latest[points.row[last]] = points.column[last]
    return latest, last


def _step(points: Points) -> Ints:
    """Which way the figure last moved, ties passed over."""
    step = np.zeros(points.row.size, dtype=np.int64)
    step[1:] = np.sign(np.diff(points.value)).astype(np.int64)
    moved = np.where(step != 0, np.arange(step.size), 0)
    carried: Ints = step[np.maximum.accumulate(moved)] if step.size else step
    return carried


def _spread_out(points: Points, figures: Floats, shape: tuple[int, ...]) -> Floats:
    out = np.full(shape, np.nan)
    out[points.row, points.column] = figures
    return out


def _bits_out(points: Points, bits: NDArray[np.int64], shape: tuple[int, ...]) -> Ints:
    out = np.zeros(shape, dtype=np.int64)
    out[points.row, points.column] = bits
    return out
