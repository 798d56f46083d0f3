"""One series in words: its points, its phases, and what the latest figure says."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.overtime.icons import Assurance, Variation
from outcomestats.overtime.limits import Caution, LimitsState
from outcomestats.overtime.many import VERSION, ControlCharts, control_charts
from outcomestats.overtime.plans import ChartKind, Plan, Screening
from outcomestats.overtime.points import PointState
from outcomestats.overtime.presets import Rule
from outcomestats.overtime.words import method_in_words, verdict_in_words


@dataclass(frozen=True, slots=True)
class Point:
    """One date. value is None where state says why; centre, lower and upper where the phase's limits_state does.

    size: the denominator, or the size of the subgroup; 1 where the chart has none.
    flags: the rules this point is part of. completed: those of them first fulfilled at this point, so that a
    signal can be dated to the day it could first be known.
    """

    date: datetime.date
    state: PointState
    value: float | None
    size: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    phase: int
    flags: tuple[Rule, ...]
    completed: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a series with limits of its own. why and author are empty for a first, unchanged phase.

    frozen_at: the last date limits were taken from, None when all of the phase is used; frozen_why and
    frozen_by say for what reason and by whom.
    """

    number: int
    first_date: datetime.date
    last_date: datetime.date
    n_baseline: int
    limits_state: LimitsState
    cautions: tuple[Caution, ...]
    why: str
    author: str
    frozen_at: datetime.date | None
    frozen_why: str
    frozen_by: str


@dataclass(frozen=True, slots=True)
class ControlChart:
    """One charted series. latest: the latest date with a figure, None for none.

    provisional: whether the latest phase has limits, but from fewer than 13 points.
    """

    kind: ChartKind
    plan: Plan
    points: tuple[Point, ...]
    phases: tuple[Phase, ...]
    latest: Point | None
    variation: Variation
    assurance: Assurance
    provisional: bool
    method: str
    verdict: str
    version: str = VERSION


def control_chart(
    kind: ChartKind,
    dates: Sequence[datetime.date],
    values: ArrayLike,
    *,
    denominators: ArrayLike | None = None,
    sds: ArrayLike | None = None,
    plan: Plan | None = None,
) -> ControlChart:
    """Chart one series: control_charts with (T,) columns in place of (S, T), and the result in words.

    Raises ValueError as control_charts.

    >>> from outcomestats.overtime.plans import Improvement
    >>> days = [datetime.date(2024, month, 1) for month in range(1, 13)]
    >>> plan = Plan(improvement=Improvement.LOWER, target=8)
    >>> chart = control_chart(ChartKind.XMR, days, [5, 6] * 5 + [7, 20], plan=plan)
    >>> chart.latest.flags[0].value, chart.variation.value, chart.assurance.value
    ('OUTSIDE_LIMITS', 'CONCERN_HIGH', 'HIT_OR_MISS')
    >>> chart.verdict.split(". ")[0]
    'Concern: 20 on 2024-12-01, outside the limits 4.17 to 9.49'
    """
    columns = [None if each is None else np.asarray(each)[None] for each in (values, denominators, sds)]
    for name, column in zip(("values", "denominators", "sds"), columns, strict=True):
        if column is not None and column.ndim != 2:
            raise ValueError(f"{name} has shape {column.shape[1:]}; give one figure a date, of shape (T,)")
    assert columns[0] is not None
    charts = control_charts(
        kind, dates, columns[0], denominators=columns[1], sds=columns[2], plans=Plan() if plan is None else plan
    )
    return one_of(charts, 0)


def one_of(charts: ControlCharts, row: int) -> ControlChart:
    """One series of many, in words.

    >>> days = [datetime.date(2024, month, 1) for month in range(1, 4)]
    >>> charts = control_charts(ChartKind.C, days, [[1, 0, 2], [0, 0, 0]])
    >>> one_of(charts, 1).verdict.split(". ")[0]
    'No limits: nothing was counted in any period'
    """
    plan = charts.plans[row]
    points = tuple(_point(charts, row, column) for column in range(len(charts.dates)))
    phases = tuple(_phase(charts, row, number) for number in range(int(charts.phase[row].max()) + 1))
    latest = points[charts.latest[row]] if charts.latest[row] >= 0 else None
    now = phases[latest.phase if latest else -1]
    variation = list(Variation)[int(charts.variation[row])]
    assurance = list(Assurance)[int(charts.assurance[row])]
    return ControlChart(
        kind=charts.kind,
        plan=plan,
        points=points,
        phases=phases,
        latest=latest,
        variation=variation,
        assurance=assurance,
        provisional=now.limits_state is LimitsState.PROVISIONAL,
        method=method_in_words(charts.kind, plan.rules, screened=plan.screening is Screening.ON),
        verdict=verdict_in_words(latest, now, variation, assurance, plan.target),
        version=charts.version,
    )


def _point(charts: ControlCharts, row: int, column: int) -> Point:
    flags, completed = int(charts.flags[row, column]), int(charts.completed[row, column])
    return Point(
        date=charts.dates[column],
        state=list(PointState)[int(charts.point_states[row, column])],
        value=_known(charts.values[row, column]),
        size=_known(charts.sizes[row, column]),
        centre=_known(charts.centre[row, column]),
        lower=_known(charts.lower[row, column]),
        upper=_known(charts.upper[row, column]),
        phase=int(charts.phase[row, column]),
        flags=_rules(flags),
        completed=_rules(completed),
    )


def _phase(charts: ControlCharts, row: int, number: int) -> Phase:
    columns = np.flatnonzero(charts.phase[row] == number)
    first, last = charts.dates[columns[0]], charts.dates[columns[-1]]
    segment = int(charts.first_segment[row]) + number
    plan, cautions = charts.plans[row], int(charts.cautions[segment])
    rebase = next((each for each in plan.rebases if each.date == first), None)
    freeze = next((each for each in plan.freezes if charts.dates.index(each.date) in columns), None)
    return Phase(
        number=number,
        first_date=first,
        last_date=last,
        n_baseline=int(charts.n_baseline[segment]),
        limits_state=list(LimitsState)[int(charts.limits_state[segment])],
        cautions=tuple(each for bit, each in enumerate(Caution) if cautions >> bit & 1),
        why=rebase.reason if rebase else "",
        author=rebase.author if rebase else "",
        frozen_at=freeze.date if freeze else None,
        frozen_why=freeze.reason if freeze else "",
        frozen_by=freeze.author if freeze else "",
    )


@cache
def _rules(bits: int) -> tuple[Rule, ...]:
    return tuple(rule for rule in Rule if bits & rule.bit)


def _known(figure: np.float64) -> float | None:
    return None if math.isnan(figure) else float(figure)
