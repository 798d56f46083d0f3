"""The sums a linear mixed model needs: one pass over the rows, after which no row is needed again.

Source: the log-likelihood of a nested random-intercept model depends on the rows only through each group's
number of rows and sums, and the table of cross-products over all rows (Bates et al. 2015, Journal of
Statistical Software 67(1), section 3, specialised to nested intercepts).
A site can send its sums and keep its rows; a group of few rows still identifies people: merge it first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.variation.arguments import Floats, Labels, labels, numbers, same_length

CHUNK = 1 << 16  # rows at a time: memory stays flat, and the chunk stays in the processor's cache
LEFT_OVER = 1e-9  # what may remain of a group's sums, by size, when every row of it was taken out


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sufficient statistics of K groups; make them by Sums.from_rows, or here from a GROUP BY of your own.

    groups: (K,) keys. teams: (K,) the team each group belongs to, or None. A clinician in two teams is two
    groups, one in each. n: (K,) rows in each group, 1 or more.
    totals: (K, p + 1) sums of each covariate and then of y, each less its shift.
    cross: (p + 1, p + 1) sums of products of those shifted columns, over all rows.
    shift: (p + 1,) what was taken off each column: any value of it will do, and none costs digits.
    covariates: names of the p covariates. The intercept is always there, and has no column.
    Raises ValueError naming the part that does not fit.

    >>> sums = Sums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2])
    >>> sums.n.tolist(), sums.shift.tolist(), sums.totals.tolist()
    ([2, 2], [1.0], [[2.0], [6.0]])
    """

    groups: Labels
    teams: Labels | None
    n: NDArray[np.int64]
    totals: Floats
    cross: Floats
    shift: Floats
    covariates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        size, columns = self.n.size, len(self.covariates) + 1
        shapes = {"totals": (size, columns), "cross": (columns, columns), "shift": (columns,), "groups": (size,)}
        for name, shape in shapes.items():
            given = getattr(self, name)
            if given.shape != shape:
                raise ValueError(f"{name} has shape {given.shape}; give {shape}, as n and covariates say")
            if name != "groups" and not np.isfinite(given).all():
                raise ValueError(f"{name} holds a number that is not finite; leave such rows out of the sums")
        if self.teams is not None and self.teams.shape != (size,):
            raise ValueError(f"teams has shape {self.teams.shape}; give one a group, {(size,)}, or None")
        if size and self.n.min() < 1:
            raise ValueError("n holds a group without rows; leave it out")

    @classmethod
    def from_rows(
        cls,
        y: ArrayLike,
        *,
        group: ArrayLike,
        team: ArrayLike | None = None,
        covariates: dict[str, ArrayLike] | None = None,
        shift: ArrayLike | None = None,
    ) -> Sums:
        """The sums of n rows. y: (n,) outcomes. group, team: (n,) keys. covariates: name to (n,) column.

        shift: (p + 1,) a rough value of each covariate and of y; the first row's values unless given.
        Raises ValueError when columns differ in length, are empty, or hold NaN or an infinite number.
        """
        columns = {name: numbers(column, name) for name, column in (covariates or {}).items()}
        outcome, key = numbers(y, "y"), labels(group, "group")
        team_key = None if team is None else labels(team, "team")
        same_length(y=outcome, group=key, **columns, **({} if team_key is None else {"team": team_key}))
        table = [*columns.values(), outcome]
        taken = np.array([column[0] for column in table]) if shift is None else numbers(shift, "shift")
        if taken.shape != (len(table),):
            raise ValueError(f"shift has {taken.size} values; give {len(table)}: one a covariate, and y's last")
        groups, teams, code = _cells(key, team_key)
        totals, cross = _summed(table, taken, code, groups.size)
        n = np.bincount(code, minlength=groups.size)
        return cls(groups, teams, n, totals, cross, taken, tuple(columns))

    @property
    def n_rows(self) -> int:
        """How many rows went in."""
        return int(self.n.sum())

    def merge(self, other: Sums) -> Sums:
        """The sums of both: as if the rows had been pooled. Raises ValueError where the columns differ."""
        return self._together(other, sign=1)

    def subtract(self, other: Sums) -> Sums:
        """The sums without those of `other`, which must be a part of these.

        Raises ValueError where `other` has a group, or more rows of one, that are not in here.
        """
        return self._together(other, sign=-1)

    def shifted(self, shift: Floats) -> Sums:
        """The same sums with another shift: algebra, exact but for rounding."""
        step = self.shift - shift
        total = self.totals.sum(axis=0)
        outer = np.outer(step, total)
        cross = self.cross + outer + outer.T + self.n_rows * np.outer(step, step)
        return replace(self, totals=self.totals + self.n[:, None] * step, cross=cross, shift=np.array(shift))

    def without_teams(self) -> Sums:
        """One row a group, whatever its team: for the model with one level."""
        groups, _, code = _cells(self.groups, None)
        return replace(
            self, groups=groups, teams=None, n=_grouped(code, self.n, groups.size).astype(np.int64),
            totals=_grouped(code, self.totals, groups.size),
        )  # fmt: skip

    def _together(self, other: Sums, sign: int) -> Sums:
        if self.covariates != other.covariates:
            raise ValueError(f"other has the covariates {other.covariates}, not {self.covariates}; use the same")
        if (self.teams is None) != (other.teams is None) or self.groups.dtype.kind != other.groups.dtype.kind:
            raise ValueError("other has other kinds of keys; give both teams or neither, and keys of one type")
        moved = other.shifted(self.shift)
        teams = None
        if self.teams is not None and moved.teams is not None:
            teams = np.concatenate([self.teams, moved.teams])
        groups, teams, code = _cells(np.concatenate([self.groups, moved.groups]), teams)
        n = _grouped(code, np.concatenate([self.n, sign * moved.n]), groups.size).astype(np.int64)
        totals = _grouped(code, np.concatenate([self.totals, sign * moved.totals]), groups.size)
        cross = self.cross + sign * moved.cross
        if sign < 0:
            _refuse_what_is_no_part(groups, n, totals, self.cross, cross)
        kept = n > 0
        return replace(
            self, groups=groups[kept], teams=None if teams is None else teams[kept], n=n[kept],
            totals=totals[kept], cross=cross,
        )  # fmt: skip


def _refuse_what_is_no_part(
    groups: Labels, n: NDArray[np.int64], totals: Floats, before: Floats, cross: Floats
) -> None:
    if (n < 0).any():
        group = groups[int(np.flatnonzero(n < 0)[0])]
        raise ValueError(f"other has rows of group {group} that are not in here; subtract only a part")
    largest = np.sqrt(np.diagonal(before) * before.size + 1)
    if (np.abs(totals[n == 0]) > LEFT_OVER * largest + LEFT_OVER).any():
        group = groups[n == 0][0]
        raise ValueError(f"other has all rows of group {group} but another sum of them; subtract only a part")
    if (np.diagonal(cross) < -LEFT_OVER * (np.diagonal(before) + 1)).any():
        raise ValueError("other has larger sums of squares than these; subtract only a part")


def _cells(key: Labels, team: Labels | None) -> tuple[Labels, Labels | None, NDArray[np.int64]]:
    """Sorted distinct (team, group) pairs, and each row's place among them."""
    groups, code = coded(key)
    if team is None:
        return groups, None, code
    teams, of = coded(team)
    pairs, code = coded(of * groups.size + code)
    return groups[pairs % groups.size], teams[pairs // groups.size], code


def coded(key: Labels) -> tuple[Labels, NDArray[np.int64]]:
    """Sorted distinct keys and each row's place; counted, not sorted, where whole numbers lie close together.

    >>> [part.tolist() for part in coded(np.array([7, 5, 7]))]
    [[5, 7], [1, 0, 1]]
    """
    if key.dtype.kind == "i" and key.size:
        low = int(key.min())
        width = int(key.max()) - low + 1
        if width <= 4 * key.size + 1024:
            offset = key.astype(np.int64) - low
            there = np.zeros(width, dtype=bool)
            there[offset] = True
            found: NDArray[np.int64] = np.flatnonzero(there) + low
            return found, (np.cumsum(there) - 1)[offset]
    distinct, code = np.unique(key, return_inverse=True)
    return distinct, code.reshape(-1)


def _grouped(code: NDArray[np.int64], values: NDArray[np.generic], size: int) -> Floats:
    """Sums by code, (size,) or (size, columns)."""
    if values.ndim == 1:
        return np.asarray(np.bincount(code, values, minlength=size), dtype=np.float64)
    return np.stack([_grouped(code, column, size) for column in values.T], axis=1)


def _summed(table: list[Floats], shift: Floats, code: NDArray[np.int64], size: int) -> tuple[Floats, Floats]:
    totals = np.zeros((size, len(table)))
    cross = np.zeros((len(table), len(table)))
    for start in range(0, code.size, CHUNK):
        rows = slice(start, start + CHUNK)
        block = np.stack([column[rows] - taken for column, taken in zip(table, shift, strict=True)])
        cross += block @ block.T
        for at, column in enumerate(block):
            totals[:, at] += np.bincount(code[rows], column, minlength=size)
    return totals, cross
