"""The figures of many series as one column of points, checked; gaps have a named reason."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.overtime.plans import ChartKind, Plan, day_index
from outcomestats.overtime.segments import Bools, Floats, Ints, Segments, over

LARGEST = 1e100  # beyond this, squares are no longer finite


class PointState(StrEnum):
    """Why a date has no point. The order is that of ControlCharts.point_states."""

    SHOWN = "SHOWN"
    NO_FIGURE = "NO_FIGURE"
    NO_DENOMINATOR = "NO_DENOMINATOR"
    SUBGROUP_TOO_SMALL = "SUBGROUP_TOO_SMALL"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The n points of S series over T dates that have a figure, by series, then by date.

    row, column: (n,) where each stands. value: (n,) the figure shown. size: (n,) denominator or subgroup
    size, 1 where the chart has none. sd: (n,) of the subgroup, 0 where the chart has none.
    baseline: (n,) whether limits are taken from it. states: (S, T) position in PointState.
    phase: (S, T) phase number within the series. first_segment: (S,) the segment of a series' phase 0.
    """

    kind: ChartKind
    row: Ints
    column: Ints
    value: Floats
    size: Floats
    sd: Floats
    baseline: Bools
    states: Ints
    phase: Ints
    first_segment: Ints
    segments: Segments

    def neighbours(self) -> Bools:
        """(n,) whether a point and the one before it follow each other in one phase, both in its baseline."""
        follow = np.zeros(self.row.size, dtype=bool)
        follow[1:] = (
            (np.diff(self.segments.of) == 0) & (np.diff(self.column) == 1) & self.baseline[1:] & self.baseline[:-1]
        )
        return follow


def laid_out(
    kind: ChartKind,
    dates: Sequence[datetime.date],
    values: ArrayLike,
    *,
    denominators: ArrayLike | None,
    sds: ArrayLike | None,
    plans: Sequence[Plan],
) -> Points:
    """Check the figures of S series over T dates and put them in one column; arguments as control_charts.

    >>> import datetime
    >>> days = [datetime.date(2024, month, 1) for month in (1, 2, 3)]
    >>> found = laid_out(ChartKind.P, days, [[1, 0, 2]], denominators=[[4, 0, 5]], sds=None, plans=[Plan()])
    >>> found.value.tolist(), found.states.tolist()
    ([0.25, 0.4], [[0, 2, 0]])
    """
    given = _matrix(values, "values", len(dates))
    size = _beside(denominators, "denominators", given, kind.counts_over_denominators or kind.of_subgroups, kind)
    sd = _beside(sds, "sds", given, kind is ChartKind.XBAR, kind)
    _check_dates(dates)
    states = _states(kind, given, size, sd)
    _check_values(kind, given, size, sd, states == 0)
    phase, baseline = _phases(dates, plans, given.shape[0])
    number = phase.max(axis=1) + 1
    first_segment = np.cumsum(number) - number
    row, column = np.nonzero(states == 0)
    value, own_size = given[row, column], size[row, column]
    return Points(
        kind=kind,
        row=row,
        column=column,
        value=over(value, own_size) if kind.counts_over_denominators else value,
        size=own_size,
        sd=sd[row, column],
        baseline=baseline[row, column],
        states=states,
        phase=phase,
        first_segment=first_segment,
        segments=Segments((first_segment[:, None] + phase)[row, column], int(number.sum())),
    )


def _matrix(values: ArrayLike, name: str, n_dates: int) -> Floats:
    try:
        given = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, one a series and date; NaN where there is no figure") from error
    if given.ndim != 2 or given.shape[1] != n_dates or not given.shape[0]:
        raise ValueError(
            f"{name} has shape {given.shape}; give one row a series and one column for each of {n_dates} dates"
        )
    too_large = np.abs(given) > LARGEST
    if too_large.any():
        row, column = (int(each[0]) for each in np.nonzero(too_large))
        raise ValueError(
            f"{name} holds {given[row, column]} in row {row}, column {column}; give finite figures, or NaN for none"
        )
    return given


def _beside(given: ArrayLike | None, name: str, values: Floats, needed: bool, kind: ChartKind) -> Floats:
    if not needed:
        if given is not None:
            raise ValueError(f"{name} is given, and a {kind} chart has none; leave it out")
        return np.full(values.shape, 1.0 if name == "denominators" else 0.0)
    if given is None:
        raise ValueError(f"{name} is missing; a {kind} chart needs one for each of its values")
    beside = _matrix(given, name, values.shape[1])
    if beside.shape != values.shape:
        raise ValueError(f"{name} has shape {beside.shape} and values {values.shape}; give one for each value")
    return beside


def _check_dates(dates: Sequence[datetime.date]) -> None:
    if not dates:
        raise ValueError("dates is empty; give the date of each column")
    if any(later < earlier for earlier, later in itertools.pairwise(dates)):
        raise ValueError("dates is not in order of time; sort the columns by date")


def _states(kind: ChartKind, given: Floats, size: Floats, sd: Floats) -> Ints:
    states = np.where(np.isnan(given) | np.isnan(sd), list(PointState).index(PointState.NO_FIGURE), 0)
    if kind.counts_over_denominators:
        none = np.isnan(size) | ((size == 0) & ~(given > 0))
        states[none] = list(PointState).index(PointState.NO_DENOMINATOR)
    if kind.of_subgroups:
        states[np.isnan(size) | (size < 2)] = list(PointState).index(PointState.SUBGROUP_TOO_SMALL)
    return states


def _check_values(kind: ChartKind, given: Floats, size: Floats, sd: Floats, shown: Bools) -> None:
    def refuse(bad: Bools, what: str) -> None:
        if (bad & shown).any():
            row, column = (int(each[0]) for each in np.nonzero(bad & shown))
            raise ValueError(f"{what} (row {row}, column {column})")

    counted = kind.counts_over_denominators or kind is ChartKind.C
    if counted:
        refuse(
            (given < 0) | (given != np.floor(given)),
            f"values holds what is not a count; a {kind} chart needs whole numbers of 0 and above",
        )
    if kind.counts_over_denominators:
        refuse(
            size <= 0,
            "denominators is 0 or below where something was counted; give what it was counted in",
        )
    if kind in (ChartKind.P, ChartKind.P_PRIME):
        refuse(given > size, "values is above denominators; count each event once, or use a U chart")
    if kind in (ChartKind.G, ChartKind.S):
        refuse(given < 0, f"values is below 0; a {kind} chart needs figures of 0 and above")
    if kind is ChartKind.T:
        refuse(
            given <= 0,
            "values holds a time of 0 or below; give times in a finer unit (hours for days), or use a G chart",
        )
    if kind.of_subgroups:
        refuse(size != np.floor(size), "denominators holds part of a number; give the size of each subgroup")
        refuse(sd < 0, "sds is below 0; give standard deviations")


def _phases(dates: Sequence[datetime.date], plans: Sequence[Plan], n_series: int) -> tuple[Ints, Bools]:
    phase = np.zeros((n_series, len(dates)), dtype=np.int64)
    baseline = np.ones(phase.shape, dtype=bool)
    for row, plan in enumerate(plans):
        if not plan.rebases and not plan.freezes:
            continue
        for rebase in plan.rebases:
            start = day_index(rebase.date, dates, "rebases")
            phase[row, start:] += int(start > 0)  # a rebase on the first date only says why it starts there
        frozen: set[int] = set()
        for freeze in plan.freezes:
            first = day_index(freeze.date, dates, "freezes")
            own = int(phase[row, first])
            if own in frozen:
                raise ValueError(
                    f"freezes names {freeze.date} in a phase that is already frozen; give one freeze a phase"
                )
            frozen.add(own)
            later = np.array([date > freeze.date for date in dates])
            baseline[row] &= ~((phase[row] == own) & later)
    return phase, baseline
