"""Sums by clinician and pattern, and the rule by which small cells are left out or merged before they leave.

The rule, for a minimum of m people (5 unless said otherwise):
1. A row that lacks a chosen covariate, or had no primary practitioner, is left out and counted.
2. Over the whole provider, a cell of one or two yes-or-no covariates with 1 to m - 1 people (found directly or by
   subtraction) is emptied: its rows are left out. This is repeated until there is none.
3. A clinician in a team with fewer than m people, or with 1 to m - 1 of them on one side of a yes-or-no covariate, is
   merged with the smallest other one of that team; where it is the only one, with the smallest of another team.
4. Fewer than 10 m people, or what then still has a small cell, is not sent at all.
Clinicians and teams leave as numbers in an order that tells nothing. Two exports that differ by one person would give
that person's row by subtraction: agree on periods, and export each once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
PROVIDER = 10  # times the minimum: of very few people whole numbers could be guessed from their sums of squares


@dataclass(frozen=True, slots=True)
class Rule:
    """At least so many people in anything that leaves."""

    minimum: int = 5

    def __post_init__(self) -> None:
        if self.minimum < 3:
            raise ValueError(f"minimum is {self.minimum}; give 3 or more: of two people each knows the other")

    def is_small(self, count: int) -> bool:
        return 0 < count < self.minimum


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Sums of rows by team, group (clinician in team) and pattern of yes-or-no covariates; K cells.

    team, group, n: (K,). marks: (K, b) of 0 and 1. sums: (K, a) of the numbers, of which the outcome is last.
    products: (K, a, a) of their products. left_out: how many rows, by reason.
    """

    numbers: tuple[str, ...]
    mark_names: tuple[str, ...]
    team: Whole
    group: Whole
    n: Whole
    marks: Whole
    sums: Whole
    products: Whole
    left_out: dict[str, int]

    @classmethod
    def of(cls, table: pl.DataFrame, numbers: tuple[str, ...], marks: tuple[str, ...]) -> "Cells":
        """From the table of one GROUP BY; rows without a practitioner or a covariate are left out (rule 1)."""
        known = (pl.col("has_age") == 1) & pl.all_horizontal([pl.lit(True), *(pl.col(name) >= 0 for name in marks)])
        nobody = (pl.col("staff_id") == 0).fill_null(True)
        left_out = {
            "NO_PRIMARY_PRACTITIONER": int(table.filter(nobody)["n"].sum()),
            "COVARIATE_NOT_KNOWN": int(table.filter(~nobody & ~known)["n"].sum()),
        }
        table = table.filter(~nobody & known).sort("team_id", "staff_id", *marks)
        size, wide = table.height, len(numbers)
        products = np.zeros((size, wide, wide), dtype=np.int64)
        for one, two in combinations(range(wide), 2):
            products[:, one, two] = products[:, two, one] = table[f"{numbers[one]}*{numbers[two]}"].to_numpy()
        for one in range(wide):
            products[:, one, one] = table[f"{numbers[one]}*{numbers[one]}"].to_numpy()
        columns = [table[name].to_numpy().astype(np.int64) for name in numbers]
        flags = [table[name].to_numpy().astype(np.int64) for name in marks]
        return cls(
            numbers,
            marks,
            table["team_id"].to_numpy().astype(np.int64),
            table["staff_id"].to_numpy().astype(np.int64),
            table["n"].to_numpy().astype(np.int64),
            np.stack(flags, axis=1) if flags else np.zeros((size, 0), dtype=np.int64),
            np.stack(columns, axis=1),
            products,
            left_out,
        )

    def only(self, which: NDArray[np.bool_]) -> "Cells":
        names = ("team", "group", "n", "marks", "sums", "products")
        return replace(self, **{name: getattr(self, name)[which] for name in names})


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What may leave: the cells after the rule, and how many groups and teams it merged."""

    cells: Cells
    groups_before: int
    groups: int
    teams_before: int
    teams: int
    empty: bool


def kept(cells: Cells, rule: Rule) -> Kept:
    """The cells after the rule; a merged group keeps the number of one of its parts."""
    before = _counted(cells)
    some = _without_small_patterns(cells, rule)
    some = _merged(some, rule)
    groups, teams = _counted(some)
    nothing = int(some.n.sum()) < PROVIDER * rule.minimum or any(_small_groups(some, rule))
    return Kept(
        some.only(np.zeros(some.n.size, bool)) if nothing else some, before[0], groups, before[1], teams, nothing
    )


def _counted(cells: Cells) -> tuple[int, int]:
    pairs = np.stack([cells.team, cells.group], axis=1)
    return np.unique(pairs, axis=0).shape[0], np.unique(cells.team).size


def _without_small_patterns(cells: Cells, rule: Rule) -> Cells:
    """Rule 2: as often as one is found, the rows of the first small cell are left out."""
    while (small := next(_small_patterns(cells, rule), None)) is not None:
        gone = dict(cells.left_out)
        gone["SMALL_CELL"] = gone.get("SMALL_CELL", 0) + int(cells.n[small].sum())
        cells = replace(cells.only(~small), left_out=gone)
    return cells


def _small_patterns(cells: Cells, rule: Rule) -> Iterator[NDArray[np.bool_]]:
    marks = range(cells.marks.shape[1])
    for names in [*combinations(marks, 1), *combinations(marks, 2)]:
        for values in np.ndindex(*([2] * len(names))):
            inside = np.all(cells.marks[:, names] == values, axis=1)
            if rule.is_small(int(cells.n[inside].sum())):
                yield inside


def _merged(cells: Cells, rule: Rule) -> Cells:
    """Rule 3: the smallest group that is too small joins the smallest other one, of its team while there is one."""
    while small := list(_small_groups(cells, rule)):
        sizes = {pair: int(cells.n[_is(cells, pair)].sum()) for pair in _pairs(cells)}
        one = min(small, key=lambda pair: (sizes[pair], pair))
        others = [pair for pair in sizes if pair != one]
        if not others:
            return cells
        near = [pair for pair in others if pair[0] == one[0]] or others
        other = min(near, key=lambda pair: (sizes[pair], pair))
        here = _is(cells, one)
        cells = replace(cells, team=np.where(here, other[0], cells.team), group=np.where(here, other[1], cells.group))
    return cells


def _small_groups(cells: Cells, rule: Rule) -> Iterator[tuple[int, int]]:
    for pair in _pairs(cells):
        here = _is(cells, pair)
        n = int(cells.n[here].sum())
        yes = (cells.n[here, None] * cells.marks[here]).sum(axis=0)
        if n < rule.minimum or any(rule.is_small(int(each)) or rule.is_small(n - int(each)) for each in yes):
            yield pair


def _pairs(cells: Cells) -> Sequence[tuple[int, int]]:
    return [(int(team), int(group)) for team, group in np.unique(np.stack([cells.team, cells.group], 1), axis=0)]


def _is(cells: Cells, pair: tuple[int, int]) -> NDArray[np.bool_]:
    return np.asarray((cells.team == pair[0]) & (cells.group == pair[1]))
