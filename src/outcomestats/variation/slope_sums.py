"""The sums a model with a random slope needs: each group's own cross-products with the covariate whose slope differs.

Source: with Z_k = (1, x) of group k, the likelihood depends on the rows only through Z_k'Z_k, Z_k'X_k and Z_k'y_k of
each group and the cross-products over all rows (Bates et al. 2015, Journal of Statistical Software 67(1), section 3;
Laird and Ware 1982, Biometrics 38(4)).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.variation.arguments import Floats, Labels, numbers
from outcomestats.variation.sums import CHUNK, Sums, coded


@dataclass(frozen=True, slots=True, eq=False)
class SlopeSums:
    """Sufficient statistics of K groups for (1 + slope | group); made by from_rows, or by a GROUP BY of your own.

    sums: what the random-intercept model needs, without teams. slope: the covariate whose slope differs by group.
    along: (K, p + 1) sums of that covariate times each covariate and then times y, each less its shift in `sums`.
    Raises ValueError naming the part that does not fit.

    >>> sums = SlopeSums.from_rows([1.0, 3.0, 2.0, 6.0], group=[1, 1, 2, 2], covariates={"week": [0, 2, 0, 4]},
    ...                            slope="week")
    >>> sums.along.tolist()
    [[4.0, 4.0], [16.0, 20.0]]
    """

    sums: Sums
    slope: str
    along: Floats

    def __post_init__(self) -> None:
        if self.slope not in self.sums.covariates:
            raise ValueError(f"slope is {self.slope!r}; give one of the covariates, {self.sums.covariates}")
        if self.sums.teams is not None:
            raise ValueError("sums has teams; use sums.without_teams(), slopes differ by group only")
        if self.along.shape != self.sums.totals.shape:
            raise ValueError(f"along has shape {self.along.shape}; give {self.sums.totals.shape}, as sums.totals")
        if not np.isfinite(self.along).all():
            raise ValueError("along holds a number that is not finite; leave such rows out of the sums")

    @classmethod
    def from_rows(
        cls,
        y: ArrayLike,
        *,
        group: ArrayLike,
        covariates: dict[str, ArrayLike],
        slope: str,
        shift: ArrayLike | None = None,
    ) -> SlopeSums:
        """The sums of n rows. y: (n,). group: (n,) keys. covariates: name to (n,). slope: one of those names.

        shift: as Sums.from_rows. Raises ValueError as Sums.from_rows, and for a slope that is no covariate.
        """
        if slope not in covariates:
            raise ValueError(f"slope is {slope!r}; give one of the covariates, {tuple(covariates)}")
        sums = Sums.from_rows(y, group=group, covariates=covariates, shift=shift)
        table = [*(numbers(column, name) for name, column in covariates.items()), numbers(y, "y")]
        code = coded(np.asarray(group).astype(sums.groups.dtype))[1]
        along = np.zeros_like(sums.totals)
        own = sums.covariates.index(slope)
        for start in range(0, code.size, CHUNK):
            rows = slice(start, start + CHUNK)
            x = table[own][rows] - sums.shift[own]
            for at, column in enumerate(table):
                products = x * (column[rows] - sums.shift[at])
                along[:, at] += np.bincount(code[rows], products, minlength=sums.groups.size)
        return cls(sums, slope, along)

    @property
    def place(self) -> int:
        """Which covariate the slope is of."""
        return self.sums.covariates.index(self.slope)

    def merge(self, other: SlopeSums) -> SlopeSums:
        """The sums of both: as if the rows had been pooled. Raises ValueError where columns or slopes differ."""
        return self._together(other, self.sums.merge(other.sums), 1)

    def subtract(self, other: SlopeSums) -> SlopeSums:
        """The sums without those of `other`, which must be a part of these. Raises ValueError where it is not."""
        return self._together(other, self.sums.subtract(other.sums), -1)

    def shifted(self, shift: Floats) -> SlopeSums:
        """The same sums with another shift: algebra, exact but for rounding."""
        step, own = self.sums.shift - shift, self.place
        n, totals = self.sums.n[:, None], self.sums.totals
        along = self.along + step[own] * totals + totals[:, own : own + 1] * step + n * step[own] * step
        return replace(self, sums=self.sums.shifted(shift), along=along)

    def _together(self, other: SlopeSums, pooled: Sums, sign: int) -> SlopeSums:
        if self.slope != other.slope:
            raise ValueError(f"other has the slope {other.slope!r}, not {self.slope!r}; use the same")
        moved = other.shifted(self.sums.shift)
        groups, code = coded(np.concatenate([self.sums.groups, other.sums.groups]))
        both = np.concatenate([self.along, sign * moved.along])
        along = np.zeros((groups.size, both.shape[1]))
        np.add.at(along, code, both)
        return SlopeSums(pooled, self.slope, along[_found(groups, pooled.groups)])


def _found(groups: Labels, wanted: Labels) -> NDArray[np.int64]:
    return np.asarray(np.searchsorted(groups, wanted), dtype=np.int64)
