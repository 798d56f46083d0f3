"""From sums of first scores and of changes to one number: how large was the change beside how people differ?"""

import math
from dataclasses import dataclass

import polars as pl

from outcometables.metrics.evaluation import MetricError
from outcometables.metrics.sums import Sums


@dataclass(frozen=True, slots=True)
class EffectSize:
    """The mean change over the standard deviation of the first scores; later minus earlier, so its sign is the
    scores' own. With its 95 % interval, and the number of courses it is of."""

    estimate: float
    lower: float
    upper: float
    n: int


def effect_size(changes: Sums, firsts: Sums) -> EffectSize:
    """The standardised mean change of the courses in both sums: `courses_changed` with CHANGE and with FIRST_SCORE.

    d = mean(change) / SD(first) (Becker 1988, British Journal of Mathematical and Statistical Psychology 41,
    equation 4, without the small-sample factor). Its variance by the delta method is SD(change)^2 / (n SD(first)^2)
    + d^2 / (2 n). Only courses whose window has closed are in it; whole sums, so regroup or filter before.

    Raises `MetricError` where both are not about the same courses, where there are fewer than three, or where all
    first scores are the same.

    >>> cell = {"outcome": ["MET"] * 3, "closed": [1] * 3, "n": [1] * 3}
    >>> changes = Sums("change", 1, (), 20_000, pl.DataFrame({**cell, "value": [-600, -300, 0]}))
    >>> firsts = Sums("first", 1, (), 20_000, pl.DataFrame({**cell, "value": [1800, 1500, 1200]}))
    >>> effect_size(changes, firsts).estimate
    -1.0
    """
    n, mean, spread = _moments(changes)
    of_firsts, _mean, first_spread = _moments(firsts)
    if n != of_firsts:
        raise MetricError(f"These are not the same courses: {n} changes and {of_firsts} first scores.")
    if n < 3 or first_spread == 0:
        raise MetricError("An effect size needs three courses at least, and first scores that differ.")
    estimate = mean / first_spread
    error = math.sqrt((spread / first_spread) ** 2 / n + estimate**2 / (2 * n))
    return EffectSize(estimate, estimate - 1.959964 * error, estimate + 1.959964 * error, n)


def _moments(sums: Sums) -> tuple[int, float, float]:
    """How many, their mean and their standard deviation (n - 1), of what was measured where the window has closed."""
    known = sums.cells.filter(pl.col("outcome") != "", pl.col("closed") == 1, pl.col("value").is_not_null())
    n = int(known["n"].sum())
    if n < 2:
        return n, 0.0, 0.0
    total = int((known["n"] * known["value"]).sum())
    squares = int((known["n"] * known["value"] * known["value"]).sum())
    return n, total / n, math.sqrt(max(squares - total * total / n, 0.0) / (n - 1))
