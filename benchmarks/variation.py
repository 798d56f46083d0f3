"""How much groups differ: mixed models of a million rows, a yes/no outcome, funnels; beside lme4, mixedlm and qikit.

Both get the same columns in memory; lme4's and mixedlm's times include their model frames.
"""

import tempfile
from pathlib import Path

import mixedlm
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import ArrayLike, NDArray
from qikit.spc.compute import compute

from benchmarks.beside import Took, all_beside, apart, in_r, in_words, timed_best, timed_once
from benchmarks.measured import Measured
from outcomestats.variation.effects import group_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.funnel import Kind, funnel
from outcomestats.variation.logistic import fit_logistic
from outcomestats.variation.overdispersion import Overdispersion
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.slope import fit_slope
from outcomestats.variation.slope_sums import SlopeSums
from outcomestats.variation.sums import Sums

COVARIATES, CLINICIANS, TEAMS = 8, 5000, 250
CONTROL = "control = lmerControl(calc.derivs = FALSE)"
Columns = dict[str, NDArray[np.float64]]


def measure(*, quick: bool) -> list[Measured]:
    rows = 20_000 if quick else 1_000_000
    return [*nested(rows), *sloping(rows), *yes_or_no(rows // 10), *funnels(500 if quick else 5000)]


def made(rows: int) -> tuple[Columns, Columns]:
    """Keys and y; covariates."""
    rng = np.random.default_rng(3)
    clinicians = min(CLINICIANS, rows // 10)
    of_team = rng.integers(0, min(TEAMS, clinicians // 4), clinicians)
    clinician = rng.integers(0, clinicians, rows)
    x = {f"x{at + 1}": rng.normal(size=rows) for at in range(COVARIATES)}
    y = 15 + sum(0.2 * column for column in x.values()) + rng.normal(size=rows) * 5
    y += rng.normal(size=clinicians)[clinician] + 0.7 * rng.normal(size=TEAMS)[of_team[clinician]]
    return {"y": y, "clinician": clinician, "team": of_team[clinician]}, x


def nested(rows: int) -> list[Measured]:
    keys, x = made(rows)

    def summed() -> Sums:
        return Sums.from_rows(keys["y"], group=keys["clinician"], team=keys["team"], covariates=dict(x))

    sums = summed()
    found = fit(sums)
    summing, fitting, predicting = (
        timed_best(5, work) for work in (summed, lambda: fit(sums), lambda: group_effects(found, sums))
    )
    ours = summing.seconds + fitting.seconds
    from_file, size = from_parquet(keys | x)
    formula = "y ~ " + " + ".join(x) + " + (1 | team) + (1 | clinician)"
    in_lme4 = in_r(f"m <- lmer({formula}, d, {CONTROL})", "REMLcrit(m)", keys | x)
    frame = pd.DataFrame(keys | x)
    in_mixedlm = timed_once(lambda: float(mixedlm.lmer(formula, frame).REMLcrit()))
    others = {"lme4": in_lme4, "mixedlm": in_mixedlm}
    size_of_it = f"{COVARIATES} covariates, {found.n_groups:,} clinicians in {found.n_teams} teams"
    what = f"nested model, {rows:,} rows, {size_of_it}: sums and fit"
    told = f"{all_beside(ours, others)}; ours peaks at {max(summing.mebibytes, fitting.mebibytes):.0f} MiB"
    known = apart(found.criterion, list(others.values()))
    every = f"{found.n_groups:,} clinicians' own differences, with their errors"
    return [
        Measured(what, 1000 * ours, "ms", "< 500 ms; lme4 ≥ 100 ×; < 0.6 GiB", f"{told}; {known}"),
        Measured("the same from a Parquet file, read with Polars", 1000 * from_file.seconds, "ms", "< 500 ms",
                 f"file of {size:.0f} MiB; peak of numpy {from_file.mebibytes:.0f} MiB"),
        Measured("the same, fit again from kept sums", 1000 * fitting.seconds, "ms", "",
                 all_beside(fitting.seconds, {"lme4": in_lme4})),
        Measured(every, 1000 * predicting.seconds, "ms"),
    ]  # fmt: skip


def from_parquet(columns: Columns) -> tuple[Took, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        pl.DataFrame(columns).write_parquet(path)

        def read_and_fitted() -> object:
            rows = pl.read_parquet(path)
            covariates: dict[str, ArrayLike] = {n: rows[n].to_numpy() for n in columns if n.startswith("x")}
            y, group, team = (rows[name].to_numpy() for name in ("y", "clinician", "team"))
            return fit(Sums.from_rows(y, group=group, team=team, covariates=covariates))

        return timed_best(3, read_and_fitted), path.stat().st_size / 2**20


def sloping(rows: int) -> list[Measured]:
    rng = np.random.default_rng(4)
    clinicians = min(CLINICIANS, rows // 10)
    clinician, week = rng.integers(0, clinicians, rows), rng.integers(0, 20, rows).astype(float)
    level, slope = rng.normal(size=clinicians)[clinician], 0.1 * rng.normal(size=clinicians)[clinician]
    x = {"week": week, "severity": rng.normal(17, 4, rows)}
    y = 15 + level - (0.3 - slope) * week + 0.2 * x["severity"] + 5 * rng.normal(size=rows)

    def summed() -> SlopeSums:
        return SlopeSums.from_rows(y, group=clinician, covariates=dict(x), slope="week")

    sums = summed()
    summing, fitting = timed_best(3, summed), timed_best(3, lambda: fit_slope(sums))
    ours = summing.seconds + fitting.seconds
    formula = "y ~ week + severity + (1 + week | clinician)"
    in_lme4 = in_r(f"m <- lmer({formula}, d, {CONTROL})", "REMLcrit(m)", {"y": y, "clinician": clinician} | x)
    told = f"{all_beside(ours, {'lme4': in_lme4})}; {apart(fit_slope(sums).criterion, [in_lme4])}"
    peak = f"ours peaks at {max(summing.mebibytes, fitting.mebibytes):.0f} MiB"
    what = f"random slopes of {clinicians:,} clinicians, {rows:,} rows: sums ({in_words(summing.seconds)}) and fit"
    return [Measured(what, 1000 * ours, "ms", "", f"{told}; {peak}")]


def yes_or_no(rows: int) -> list[Measured]:
    rng = np.random.default_rng(2)
    clinicians = min(CLINICIANS, rows // 10)
    clinician = rng.integers(0, clinicians, rows)
    x = {"band": rng.integers(0, 4, rows), "crisis": rng.integers(0, 2, rows), "age": rng.integers(0, 5, rows)}
    eta = -0.4 + 0.2 * x["band"] - 0.5 * x["crisis"] + 0.1 * x["age"] + 0.6 * rng.normal(size=clinicians)[clinician]
    y = (rng.random(rows) < 1 / (1 + np.exp(-eta))).astype(float)
    ours = timed_best(2, lambda: fit_logistic(Patterns.from_rows(y, group=clinician, covariates=dict(x))))
    columns = {"y": y, "clinician": clinician, **x}
    work = "m <- glmer(y ~ band + crisis + age + (1 | clinician), d, binomial)"
    laplace = in_r(work, "as.numeric(-2 * logLik(m))", columns)
    beside = f"{all_beside(ours.seconds, {'glmer with one point (Laplace)': laplace})}; ours {ours.mebibytes:.0f} MiB"
    what = f"random-intercept logistic, {rows:,} rows, {clinicians:,} clinicians, 25 points"
    return [Measured(what, 1000 * ours.seconds, "ms", "< 3 s", beside)]


def funnels(units: int) -> list[Measured]:
    rng = np.random.default_rng(5)
    expected = rng.uniform(0.5, 300, units)
    observed = rng.poisson(expected * rng.gamma(20, 1 / 20, units))
    people = np.ceil(expected * 3).astype(int) + 400
    beside = {
        Kind.PROPORTION: timed_once(lambda: len(compute("p", observed / people, n=people.astype(float), funnel=True)))
    }
    found = []
    for kind, out_of in ((Kind.PROPORTION, people), (Kind.STANDARDISED_RATIO, expected)):
        for method in (Overdispersion.NONE, Overdispersion.CQC):
            ours = timed_best(20, lambda: funnel(observed, out_of, kind=kind, overdispersion=method))  # noqa: B023
            limits = "exact limits" if method is Overdispersion.NONE else "over-dispersed"
            theirs = beside.get(kind) if method is Overdispersion.NONE else None
            told = f"peak {ours.mebibytes:.1f} MiB" + (
                f"; {theirs.beside('clinical-qikit', ours.seconds)}" if theirs else ""
            )
            what = f"funnel of {units:,} units, {kind.value.lower().replace('_', ' ')}, {limits}"
            found.append(Measured(what, 1000 * ours.seconds, "ms", "< 10 ms", told))
    return found
