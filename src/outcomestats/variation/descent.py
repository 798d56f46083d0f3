"""One way down a smooth criterion: L-BFGS-B, near enough for Newton or for a profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize

from outcomestats.variation.arguments import Floats

OPTIONS = {"maxiter": 500, "ftol": 1e-15, "gtol": 1e-10}


def lowest(
    told: Callable[[Floats], tuple[float, Floats]], start: Floats, from_nought: list[bool]
) -> tuple[Floats, float]:
    """Where `told` (value and slope, per row and well scaled) is lowest, and its value there.

    start: (levels,). from_nought: which of them may not fall below 0.

    >>> at, value = lowest(lambda x: (float(((x + 1) ** 2).sum()), 2 * (x + 1)), np.array([3.0, 3.0]), [True, False])
    >>> at.round(6).tolist(), round(value, 6)
    ([0.0, -1.0], 1.0)
    """
    bounds: Any = [(0 if bounded else None, None) for bounded in from_nought]
    search: Any = minimize  # its stubs do not know a function that returns value and slope of arrays of any shape
    done = search(told, start, jac=True, method="L-BFGS-B", bounds=bounds, options=OPTIONS)
    return np.asarray(done.x, dtype=np.float64), float(done.fun)
