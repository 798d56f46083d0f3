"""A thousand charts of three years at once, with rules and icons; beside clinical-qikit, one chart after another.

qicharts2 and NHSRplotthedots are not in Debian, and are not asked.
"""

import datetime

import numpy as np
from qikit.spc.compute import compute

from benchmarks.beside import timed_best, timed_once
from benchmarks.measured import Measured
from outcomestats.overtime.chart import one_of
from outcomestats.overtime.many import control_charts
from outcomestats.overtime.plans import ChartKind, Improvement, Plan
from outcomestats.overtime.presets import NELSON

MONTHS = [datetime.date(2022 + at // 12, at % 12 + 1, 1) for at in range(36)]


def measure(*, quick: bool) -> list[Measured]:
    rng = np.random.default_rng(1)
    series = rng.poisson(20, (50 if quick else 1000, 36)).astype(float)
    sizes = rng.integers(60, 120, series.shape).astype(float)
    plan = Plan(improvement=Improvement.LOWER, target=18)
    nelson = Plan(rules=NELSON, improvement=Improvement.LOWER, target=18)
    charts = control_charts(ChartKind.XMR, MONTHS, series, plans=plan)
    asked = (
        ("XmR charts of 36 months", "< 50 ms", "i",
         lambda: control_charts(ChartKind.XMR, MONTHS, series, plans=plan)),
        ("p′ charts of 36 months", "", "pp",
         lambda: control_charts(ChartKind.P_PRIME, MONTHS, series, denominators=sizes, plans=plan)),
        ("XmR charts under Nelson's eight rules", "", "",
         lambda: control_charts(ChartKind.XMR, MONTHS, series, plans=nelson)),
        ("charts in words", "", "", lambda: [one_of(charts, row) for row in range(len(series))]),
    )  # fmt: skip
    found = []
    for what, aim, name, work in asked:
        ours = timed_best(5, work)
        beside = f"peak {ours.mebibytes:.1f} MiB"
        if name:
            theirs = timed_once(lambda: float(len(one_after_another(name, series, sizes))))  # noqa: B023
            beside = f"{theirs.beside('clinical-qikit', ours.seconds)}; ours {ours.mebibytes:.1f} MiB"
        found.append(Measured(f"{len(series):,} {what}", 1000 * ours.seconds, "ms", aim, beside))
    return found


def one_after_another(name: str, series: np.ndarray, sizes: np.ndarray) -> list[object]:
    if name == "i":
        return [compute(name, each, method="nelson") for each in series]
    return [compute(name, each / n, n=n, method="nelson") for each, n in zip(series, sizes, strict=True)]
