"""Which figures must be hidden so that no small count can be worked out from the others?

Method: hypercubes (Repsilber 1994; Giessing and Repsilber 2002, "Tools and strategies to protect multiple tables with
the GHQUAR cell suppression engine"). A table with its totals adds up along every axis. Take a small count and a cell
that differs from it on every axis: at the 2^d corners between them, people can be moved in turns (+1, -1) and every
total still adds up. If all corners are hidden, a reader cannot tell by how many people they were moved, as far as no
corner falls below 0. That distance is the width of the reader's uncertainty, and it is known without a solver.
Hiding more never narrows it, so each small count is made safe once.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Places = NDArray[np.bool_]
Floats = NDArray[np.float64]
MARGIN_WEIGHT = 10.0  # a total is worth ten cells, a total of totals a hundred


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A table with its totals in the last place of every axis.

    room: how far each figure can fall, its own value, or infinite where it may be anything.
    small: figures that must not be worked out. fixed: figures that are out already and cannot be hidden.
    free: figures that are never shown, and cost nothing to use. minimum: the width asked for.
    """

    room: Floats
    small: Places
    fixed: Places
    free: Places
    minimum: int


def with_totals(counts: Counts) -> Counts:
    """The table with a total in the last place of every axis.

    >>> with_totals(np.array([[1, 2], [3, 4]])).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    return counts


def hidden_figures(problem: Problem) -> Places:
    """Which figures to hide: the small ones, and as few and as little others as the method finds.

    Not the fewest possible: that is a hard problem, and a solver's choice would change with its version.
    Raises ValueError where figures that are out already give a small count away.

    >>> table = with_totals(np.array([[2, 9], [8, 11]]))
    >>> no = np.zeros(table.shape, dtype=bool)
    >>> hidden_figures(Problem(table.astype(float), (table > 0) & (table < 5), no, no, 5)).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    """
    hidden = (problem.small & ~problem.fixed) | problem.free
    weight = _weights(problem.room)
    totals = _margins(problem.room.shape)
    # Totals first, then the smallest: what protects them often protects the others too.
    for cell in sorted(map(tuple, np.argwhere(problem.small)), key=lambda at: (-totals[at], problem.room[at], at)):
        for corner in _cheapest(problem, cell, hidden, weight):
            hidden[corner] = True
    return hidden


def _margins(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """On how many axes each figure is a total."""
    last = [np.arange(size) == size - 1 for size in shape]
    return np.asarray(np.sum(np.meshgrid(*last, indexing="ij"), axis=0), dtype=np.int64)


def _weights(room: Floats) -> Floats:
    finite = np.where(np.isfinite(room), room, 0)
    weight: Floats = MARGIN_WEIGHT ** _margins(room.shape) * (1 + finite / (1 + finite.sum()))
    return weight


def _cheapest(problem: Problem, cell: tuple[int, ...], hidden: Places, weight: Floats) -> list[tuple[int, ...]]:
    """The corners of the hypercube that protects this cell at the least cost; those of equals that come first."""
    others = [np.delete(np.arange(size), at) for at, size in zip(cell, problem.room.shape, strict=True)]
    sign = (-1.0) ** _margins(problem.room.shape)
    shape = tuple(len(choice) for choice in others)
    cost, falls, rises = np.zeros(shape), np.full(shape, np.inf), np.full(shape, np.inf)
    for flipped in itertools.product((False, True), repeat=len(cell)):
        at = np.ix_(*(choice if flip else [own] for choice, own, flip in zip(others, cell, flipped, strict=True)))
        turn = sign[at] * (-1.0) ** sum(flipped) * sign[cell]
        cost = cost + np.where(hidden[at], 0, np.where(problem.fixed[at], np.inf, weight[at]))
        falls = np.where(turn > 0, np.minimum(falls, problem.room[at]), falls)
        rises = np.where(turn < 0, np.minimum(rises, problem.room[at]), rises)
    cost = np.where(falls + rises >= problem.minimum, cost, np.inf)
    if not np.isfinite(cost.min(initial=np.inf)):
        raise ValueError("previous gives a small count away by itself; it was not protected under this policy")
    best = np.unravel_index(int(np.argmin(cost)), shape)
    opposite = [int(choice[place]) for choice, place in zip(others, best, strict=True)]
    return list(itertools.product(*zip(cell, opposite, strict=True)))
