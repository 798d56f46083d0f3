"""What a growth model needs of each person: six figures, after which no score is needed again.

A provider can add up the sums of its sites, and a site can send them and keep its scores. Six figures of one person
still tell much of that person: they are no release.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.reliable import column, whole

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class GrowthSums:
    """Sums of K people; make them by from_rows, or here from a GROUP BY of your own.

    people: (K,) int64 keys, each once, rising. n: (K,) scores of each, 1 or more. time_mean, score_mean: (K,).
    tt, ty, yy: (K,) sums of products of the deviations from these means, so that large values cost no digits.
    baseline: (K,) a figure of each person known beforehand (such as the first score), or None.
    Raises ValueError naming the part that does not fit.

    >>> sums = GrowthSums.from_rows([7, 7, 8], [0, 2, 1], [10, 6, 9])
    >>> sums.people.tolist(), sums.n.tolist(), sums.tt.tolist(), sums.ty.tolist(), sums.yy.tolist()
    ([7, 8], [2, 1], [2.0, 0.0], [-4.0, 0.0], [8.0, 0.0])
    """

    people: Whole
    n: Whole
    time_mean: Floats
    score_mean: Floats
    tt: Floats
    ty: Floats
    yy: Floats
    baseline: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("n", "time_mean", "score_mean", "tt", "ty", "yy", "baseline"):
            given = getattr(self, name)
            if given is None:
                continue
            if given.shape != self.people.shape:
                raise ValueError(f"{name} has shape {given.shape}; give one a person, {self.people.shape}")
            if not np.isfinite(given).all():
                raise ValueError(f"{name} holds a number that is not finite; leave such scores out of the sums")
        if (np.diff(self.people) <= 0).any():
            raise ValueError("people must rise and hold each key once; merge sums of the same person")
        if self.n.size and self.n.min() < 1:
            raise ValueError("n holds a person without scores; leave them out")
        if (self.tt < 0).any() or (self.yy < 0).any():
            raise ValueError("tt or yy is below 0; give sums of squares about each person's own mean")

    @classmethod
    def from_rows(
        cls, people: ArrayLike, times: ArrayLike, scores: ArrayLike, *, baseline: ArrayLike | None = None
    ) -> GrowthSums:
        """The sums of n rows, one a score, in any order.

        people: (n,) whole keys. times: (n,) in any unit, already on the scale the line is straight on (see
        log_weeks). scores: (n,) in the measure's units. baseline: (n,) the same figure in every row of a person.
        Raises ValueError when columns differ in length, are empty, hold NaN or infinite numbers, and where baseline
        differs within a person.
        """
        person, time, score = whole(people, "people"), column(times, "times"), column(scores, "scores")
        known = None if baseline is None else column(baseline, "baseline")
        sizes = {"people": person.size, "times": time.size, "scores": score.size}
        if known is not None:
            sizes["baseline"] = known.size
        if len(set(sizes.values())) > 1:
            said = ", ".join(f"{name} has {size}" for name, size in sizes.items())
            raise ValueError(f"{said} rows; give one of each a score")
        keys, code = np.unique(person, return_inverse=True)
        one = np.ones(person.size, dtype=np.int64)
        zero = np.zeros(person.size)
        return _gathered(keys, code.reshape(-1), one, time, score, (zero, zero, zero), known)

    @property
    def n_rows(self) -> int:
        """How many scores went in."""
        return int(self.n.sum())

    def merge(self, other: GrowthSums) -> GrowthSums:
        """The sums of both, as if the rows had been pooled; a person in both is one person.

        Raises ValueError where only one has a baseline, or where a person's differs.
        """
        if (self.baseline is None) != (other.baseline is None):
            raise ValueError("only one of both has a baseline; give it to both or neither")
        keys, code = np.unique(np.concatenate([self.people, other.people]), return_inverse=True)

        def both(name: str) -> NDArray[np.float64]:
            return np.concatenate([getattr(self, name), getattr(other, name)])

        products = (both("tt"), both("ty"), both("yy"))
        known = None if self.baseline is None else both("baseline")
        n = both("n").astype(np.int64)
        return _gathered(keys, code.reshape(-1), n, both("time_mean"), both("score_mean"), products, known)

    def only(self, keep: NDArray[np.bool_]) -> GrowthSums:
        """The sums of some of the people. keep: (K,) bool. Raises ValueError where its shape differs."""
        if keep.shape != self.people.shape or keep.dtype != np.bool_:
            raise ValueError(f"keep is {keep.dtype} of shape {keep.shape}; give one truth value a person")
        known = None if self.baseline is None else self.baseline[keep]
        return GrowthSums(
            self.people[keep], self.n[keep], self.time_mean[keep], self.score_mean[keep], self.tt[keep],
            self.ty[keep], self.yy[keep], known,
        )  # fmt: skip


def log_weeks(days: ArrayLike) -> Floats:
    """Time on the scale on which people's scores fall in a line: ln(1 + days / 7).

    days: (n,) since the first score, 0 or more. Source: log time in dose-response work since Howard, Kopta, Krause
    and Orlinsky (1986), American Psychologist 41, 159-164. Raises ValueError for days before the first score.

    >>> log_weeks([0, 7, 70]).round(3).tolist()
    [0.0, 0.693, 2.398]
    """
    day = column(days, "days")
    if (day < 0).any():
        row = int(np.flatnonzero(day < 0)[0])
        raise ValueError(f"days holds {day[row]:g} in row {row}; give days since the first score, 0 or more")
    return np.log1p(day / 7)


def _gathered(
    keys: Whole, code: Whole, n: Whole, time: Floats, score: Floats,
    products: tuple[Floats, Floats, Floats], baseline: Floats | None,
) -> GrowthSums:  # fmt: skip
    """Pieces put together by person, about each person's own mean (Chan, Golub and LeVeque 1983)."""

    def total(values: NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(code, values, minlength=keys.size), dtype=np.float64)

    counts = total(n)
    time_mean, score_mean = total(n * time) / counts, total(n * score) / counts
    time_off, score_off = time - time_mean[code], score - score_mean[code]
    tt = total(products[0] + n * time_off**2)
    ty = total(products[1] + n * time_off * score_off)
    yy = total(products[2] + n * score_off**2)
    known = None
    if baseline is not None:
        known = np.empty(keys.size)
        known[code] = baseline
        if (known[code] != baseline).any():
            person = keys[code][int(np.flatnonzero(known[code] != baseline)[0])]
            raise ValueError(f"baseline of person {person} has several values; give the same in every row")
    return GrowthSums(keys, counts.astype(np.int64), time_mean, score_mean, tt, ty, yy, known)
