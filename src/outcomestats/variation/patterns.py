"""Rows of a yes/no outcome, counted: rows of one group with the same covariates are one pattern."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.variation.arguments import Floats, Labels, counts, labels, numbers, same_length
from outcomestats.variation.criterion import refuse_combinations
from outcomestats.variation.sums import coded


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Rows of one group and the same covariates, counted; make them by from_rows or from_counts.

    groups: (K,) keys. starts: (K,) first pattern of each group. n, events: (P,) rows, and rows with the outcome.
    x: (P, p) intercept first, then covariates less their mean, in units of their spread. mean, scale: (p - 1,).

    >>> found = Patterns.from_rows([1, 0, 1, 1], group=["a", "a", "b", "b"])
    >>> found.n.tolist(), found.events.tolist()
    ([2.0, 2.0], [1.0, 2.0])
    >>> Patterns.from_counts([1, 2], [2, 2], group=["a", "b"]).n.tolist()
    [2.0, 2.0]
    """

    groups: Labels
    starts: NDArray[np.int64]
    n: Floats
    events: Floats
    x: Floats
    mean: Floats
    scale: Floats
    covariates: tuple[str, ...]

    @classmethod
    def from_rows(cls, y: ArrayLike, *, group: ArrayLike, covariates: dict[str, ArrayLike] | None = None) -> Patterns:
        """y: (n,) 0 or 1. group: (n,) keys. covariates: name to (n,) column.

        Raises ValueError where y holds anything else, columns differ in length or hold NaN, or one never varies.
        """
        outcome = numbers(y, "y")
        if not np.isin(outcome, (0.0, 1.0)).all():
            raise ValueError("y holds something other than 0 and 1; give 1 for the outcome and 0 for none")
        return cls._counted("y", outcome, np.ones(outcome.size), group, covariates or {})

    @classmethod
    def from_counts(
        cls, events: ArrayLike, people: ArrayLike, *, group: ArrayLike, covariates: dict[str, ArrayLike] | None = None
    ) -> Patterns:
        """Rows already counted: events of people, (c,) and (c,), by group and covariates, (c,) each.

        Raises ValueError where counts are negative, broken or more than their people, and as from_rows.
        """
        happened, there = counts(events, "events"), counts(people, "people", least=1)
        same_length(events=happened, people=there)
        if (happened > there).any():
            row = int(np.flatnonzero(happened > there)[0])
            raise ValueError(
                f"events holds {happened[row]:g} of {there[row]:g} people in row {row}; count people once"
            )
        return cls._counted("events", happened, there, group, covariates or {})

    @classmethod
    def _counted(
        cls, name: str, events: Floats, n: Floats, group: ArrayLike, covariates: dict[str, ArrayLike]
    ) -> Patterns:
        key = labels(group, "group")
        columns = {name: numbers(column, name) for name, column in covariates.items()}
        same_length(**{name: events, "group": key, **columns})
        groups, of = coded(key)
        pattern = of
        for column in columns.values():
            values, code = coded(column)
            pattern = coded(pattern * values.size + code)[1]
        first = np.unique(pattern, return_index=True)[1]
        table, mean, scale = _standardised(columns, n)
        starts = np.searchsorted(of[first], np.arange(groups.size))
        rows, happened = np.bincount(pattern, n), np.bincount(pattern, events)
        names = tuple(columns)
        return cls(groups, starts, _floats(rows), _floats(happened), table[first], mean, scale, names)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(K,) patterns in each group."""
        return np.diff(self.starts, append=self.n.size)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _standardised(columns: dict[str, Floats], n: Floats) -> tuple[Floats, Floats, Floats]:
    """The intercept and the covariates about their mean in units of their spread, over n rows each."""
    table = np.column_stack([np.ones(n.size), *columns.values()])
    mean = _floats(n @ table[:, 1:] / n.sum())
    scale = np.sqrt(n @ (table[:, 1:] - mean) ** 2 / n.sum())
    for name, spread in zip(columns, scale, strict=True):
        if spread <= 1e-13 * (1 + np.abs(columns[name]).max()):
            raise ValueError(f"{name} is the same in every row; leave it out: the intercept is always there")
    table[:, 1:] = (table[:, 1:] - mean) / scale
    refuse_combinations((table[:, 1:].T * n) @ table[:, 1:] / n.sum(), tuple(columns))
    return table, mean, _floats(scale)
