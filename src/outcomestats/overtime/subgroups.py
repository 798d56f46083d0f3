"""Single values to subgroups: the means, standard deviations and sizes that X-bar and S charts are made of."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.overtime.points import LARGEST
from outcomestats.overtime.segments import Floats, Segments, over


@dataclass(frozen=True, slots=True, eq=False)
class Subgroups:
    """dates: T. means, sds, sizes: (T,); sds is NaN for a subgroup of one value, which charts leave out."""

    dates: tuple[datetime.date, ...]
    means: Floats
    sds: Floats
    sizes: Floats


def subgroup_figures(dates: Sequence[datetime.date], values: ArrayLike) -> Subgroups:
    """Put the values of each date together.

    dates: n, in any order, one a value. values: (n,). Returns T subgroups in order of time.
    Raises ValueError when they differ in number, are empty, or a value is not finite.

    >>> first, second = datetime.date(2024, 1, 1), datetime.date(2024, 1, 8)
    >>> found = subgroup_figures([second, first, first], [5, 1, 3])
    >>> found.means.tolist(), found.sizes.tolist(), found.sds[0].round(3).item()
    ([2.0, 5.0], [2.0, 1.0], 1.414)
    """
    try:
        single = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("values must be numbers, one a date") from error
    if single.ndim != 1 or single.size != len(dates) or not single.size:
        raise ValueError(
            f"values has shape {single.shape} for {len(dates)} dates; give one value a date, at least one"
        )
    if not (np.abs(single) <= LARGEST).all():
        raise ValueError("values holds what is not a finite number; leave out values that were not measured")
    own = sorted(set(dates))
    place = {date: at for at, date in enumerate(own)}
    of = np.array([place[date] for date in dates])
    order = np.argsort(of, kind="stable")
    segments, every = Segments(of[order], len(own)), np.ones(single.size, dtype=bool)
    ordered = single[order]
    means, sizes = segments.mean(ordered, every), segments.count(every)
    squares = segments.total((ordered - means[segments.of]) ** 2, every)
    return Subgroups(tuple(own), means, np.sqrt(over(squares, sizes - 1)), sizes.astype(np.float64))
