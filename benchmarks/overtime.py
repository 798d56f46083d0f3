"""1,000 XmR series of 36 months, with rules and icons; beside clinical-qikit where it is installed.

PYTHONPATH=src python benchmarks/overtime.py
"""

import datetime
import time
from collections.abc import Callable

import numpy as np

from outcomestats.overtime.many import control_charts
from outcomestats.overtime.plans import ChartKind, Improvement, Plan

MONTHS = [datetime.date(2022 + at // 12, at % 12 + 1, 1) for at in range(36)]
SERIES = np.random.default_rng(1).poisson(20, (1000, 36)).astype(float)


def best_of(n: int, work: Callable[[], object]) -> float:
    """The shortest of n runs, in milliseconds: the others were disturbed."""
    took = []
    for _ in range(n):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return 1000 * min(took)


def main() -> None:
    plan = Plan(improvement=Improvement.LOWER, target=18)
    ours = best_of(10, lambda: control_charts(ChartKind.XMR, MONTHS, SERIES, plans=plan))
    print(f"outcomestats: {ours:.1f} ms for 1,000 series")
    try:
        from qikit.spc.compute import compute
    except ImportError:
        return
    theirs = best_of(2, lambda: [compute("i", each, method="nelson") for each in SERIES])
    print(f"clinical-qikit, without charts or facets: {theirs:.0f} ms, {theirs / ours:.0f} times as long")


if __name__ == "__main__":
    main()
