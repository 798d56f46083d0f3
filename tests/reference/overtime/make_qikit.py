"""Made qikit.json: clinical-qikit 0.5.0 (MIT) on series drawn here. Run in an environment that has it:

python make_qikit.py > qikit.json
"""

import json
import warnings

import numpy as np
from qikit.spc.compute import compute
from qikit.spc.signals import _runs_signals

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240401)
CASES = []


def listed(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in np.asarray(values, dtype=float)]


def keep(chart: str, values: np.ndarray, given: np.ndarray | None = None) -> None:
    figures = values / given if given is not None else values
    found = compute(chart, figures, n=given)
    CASES.append(
        {
            "chart": chart,
            "values": listed(values),
            "denominators": None if given is None else listed(given),
            "centre": listed(np.broadcast_to(found["cl"], values.shape)),
            "lower": listed(found["lcl"]),
            "upper": listed(found["ucl"]),
        }
    )


for n in (14, 24, 60):
    sizes = rng.integers(20, 90, n).astype(float)
    shares = np.clip(rng.normal(0.4, 0.15, n), 0.05, 0.95)
    keep("i", rng.normal(50, 8, n).round(2))
    keep("i", np.where(rng.random(n) < 0.1, 200.0, rng.normal(50, 8, n).round(2)))
    keep("p", rng.binomial(sizes.astype(int), 0.3).astype(float), sizes)
    keep("pp", rng.binomial(sizes.astype(int), shares).astype(float), sizes)
    keep("u", rng.poisson(0.2 * sizes).astype(float), sizes)
    keep("up", rng.poisson(0.5 * sizes * rng.gamma(4, 0.25, n)).astype(float), sizes)
    keep("c", rng.poisson(6, n).astype(float))
    keep("run", rng.normal(50, 8, n).round(1))

RUNS = []
for draw in range(40):
    series = rng.normal(0, 1, 60)
    if draw % 2:
        series = 0.7 * np.cumsum(series) / 2 + 0.1 * rng.normal(0, 1, 60)
    if draw % 5 == 0:
        series = np.where(np.arange(60) % 2, 1, -1) * np.abs(series)
    series = series.round(3)
    centre = np.full(60, series.mean())
    sigma = 2.66 / 3 * np.abs(np.diff(series)).mean()
    found = {
        method: [
            bool(flag) for flag in _runs_signals(series, centre, method, centre + 3 * sigma, centre - 3 * sigma)[0]
        ]
        for method in ("weco", "nelson")
    }
    RUNS.append({"values": listed(series), **found})

print(json.dumps({"made_by": "clinical-qikit 0.5.0", "charts": CASES, "runs": RUNS}))
