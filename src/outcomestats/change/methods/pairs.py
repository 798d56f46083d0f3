"""What the reliable-change methods need to know about a measure: published, or taken from the people in hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.change.cutoffs import Norms
from outcomestats.change.reliable import paired


@dataclass(frozen=True, slots=True)
class PairNorms:
    """Norms of two scores of the same people, without treatment or with it, in the measure's units.

    reliability: of the measure at the earlier time, above 0 and below 1. earlier, later: mean and standard deviation
    at each time. correlation: between the two, -1 to 1. later_reliability: the earlier one's unless given.
    source: where all of this comes from, in words. n: people behind it, or None where the source does not say.
    Raises ValueError naming the argument and the fix.

    >>> round(PairNorms(reliability=0.8, earlier=Norms(40, 7.5), source="Jacobson and Truax 1991").error, 3)
    3.354
    """

    reliability: float
    earlier: Norms
    source: str
    later: Norms | None = None
    correlation: float | None = None
    later_reliability: float | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        for name in ("reliability", "later_reliability"):
            given = getattr(self, name)
            if given is not None and not 0 < given < 1:
                raise ValueError(f"{name} is {given}; give the measure's reliability, above 0 and below 1")
        if self.correlation is not None and not -1 <= self.correlation <= 1:
            raise ValueError(f"correlation is {self.correlation}; give a number from -1 to 1")
        if not self.source.strip():
            raise ValueError("source is empty; say where the norms come from")
        if self.n is not None and self.n < 2:
            raise ValueError(f"n is {self.n}; give the number of people behind the norms, 2 or more, or None")

    @classmethod
    def from_sample(
        cls, earlier: ArrayLike, later: ArrayLike, *, reliability: float, later_reliability: float | None = None
    ) -> PairNorms:
        """Means, standard deviations (n - 1) and correlation of the people in hand; only reliability is published.

        earlier, later: (n,) scores of the same people. Not for routine care: one person's result then changes when
        others join the file. For research on a closed sample, and to compare with programs that do it.
        Raises ValueError as paired, with fewer than 3 people, and where a column has no spread.

        >>> norms = PairNorms.from_sample([10, 14, 18], [8, 9, 16], reliability=0.8)
        >>> norms.earlier, norms.later.mean, round(norms.correlation, 3), norms.n
        (Norms(mean=14.0, sd=4.0), 11.0, 0.918, 3)
        """
        first, last = paired(earlier, later)
        if first.size < 3:
            raise ValueError(f"earlier has {first.size} scores; give 3 people or more, or published norms")
        for name, column in (("earlier", first), ("later", last)):
            if np.ptp(column) == 0:
                raise ValueError(f"{name} are all {column[0]:g}, without spread; give published norms")
        return cls(
            reliability=reliability,
            earlier=Norms(float(first.mean()), float(first.std(ddof=1))),
            later=Norms(float(last.mean()), float(last.std(ddof=1))),
            correlation=float(np.clip(np.corrcoef(first, last)[0, 1], -1, 1)),
            later_reliability=later_reliability,
            source="the people in hand",
            n=int(first.size),
        )

    @property
    def error(self) -> float:
        """Standard error of measurement at the earlier time: sd · √(1 − reliability)."""
        return float(self.earlier.sd * np.sqrt(1 - self.reliability))
