"""The nested mixed model at a million rows beside lme4, in one run; funnels of 5,000 units; a logistic
model of 100,000 rows beside glmer.

PYTHONPATH=src python benchmarks/variation.py [rows]

Both get the same columns in memory. Ours is timed with and without making the sums; lmer's time includes its model
frame. R is left out where Rscript or lme4 is missing.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from outcomestats.variation.fit import fit
from outcomestats.variation.funnel import Kind, funnel
from outcomestats.variation.logistic import fit_logistic
from outcomestats.variation.overdispersion import Overdispersion
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.sums import Sums

COVARIATES, CLINICIANS, TEAMS = 8, 5000, 250

LMER = """
suppressMessages(library(lme4))
n <- {rows}; p <- {p}
file <- file("{path}", "rb"); columns <- matrix(readBin(file, "double", n * (p + 3)), n); close(file)
d <- as.data.frame(columns); names(d) <- c("y", "clinician", "team", paste0("x", 1:p))
f <- as.formula(paste("y ~", paste0("x", 1:p, collapse = " + "), "+ (1 | team) + (1 | clinician)"))
invisible(gc(reset = TRUE))
took <- system.time(m <- lmer(f, d, control = lmerControl(calc.derivs = FALSE)))[["elapsed"]]
cat(sprintf("%.17g %.17g %.0f", took, REMLcrit(m), sum(gc()[, 6])), "\\n")
"""


def best_of(n: int, work: Callable[[], object]) -> float:
    """The shortest of n runs, in seconds: the others were disturbed."""
    took = []
    for _ in range(n):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def made(
    rows: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], dict[str, NDArray[np.float64]]]:
    rng = np.random.default_rng(3)
    clinicians = min(CLINICIANS, rows // 10)
    of_team = rng.integers(0, min(TEAMS, clinicians // 4), clinicians)
    clinician = rng.integers(0, clinicians, rows)
    x = {f"x{at + 1}": rng.normal(size=rows) for at in range(COVARIATES)}
    y = 15 + sum(0.2 * column for column in x.values()) + rng.normal(size=rows) * 5
    y += rng.normal(size=clinicians)[clinician] + 0.7 * rng.normal(size=TEAMS)[of_team[clinician]]
    return y, clinician, of_team[clinician], x


def in_r(program: str, rows: int, columns: list[NDArray[np.float64]]) -> tuple[float, float, float] | None:
    """Seconds, criterion and peak MiB of one fit in R, or None without R or lme4."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns"
        np.stack(columns).astype(np.float64).tofile(path)
        script = program.format(rows=rows, p=COVARIATES, path=path)
        done = subprocess.run([rscript, "-e", script], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    took, criterion, mebibytes = map(float, done.stdout.split())
    return took, criterion, mebibytes


def mixed_model(rows: int) -> None:
    y, clinician, team, x = made(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    summing = best_of(3, lambda: Sums.from_rows(y, group=clinician, team=team, covariates=x))
    sums = Sums.from_rows(y, group=clinician, team=team, covariates=x)
    fitting = best_of(3, lambda: fit(sums))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = fit(sums)
    print(f"{rows} rows, {COVARIATES} covariates, {found.n_groups} clinicians in {found.n_teams} teams")
    print(f"outcomestats: sums {summing:.3f} s, fit {fitting:.3f} s, peak {(after - before) / 1024:.0f} MiB more")
    theirs = in_r(LMER, rows, [y, clinician, team, *x.values()])
    if theirs is None:
        print("lme4 is not installed: no comparison")
        return
    took, criterion, mebibytes = theirs
    print(f"lme4: {took:.1f} s, peak {mebibytes:.0f} MiB")
    print(
        f"lme4 takes {took / (summing + fitting):.0f} times as long as sums and fit, {took / fitting:.0f} as a refit"
    )
    print(f"criterion, ours less lme4's: {found.criterion - criterion:.2g}")


GLMER = """
suppressMessages(library(lme4))
file <- file("{path}", "rb"); columns <- matrix(readBin(file, "double", {rows} * 5), {rows}); close(file)
d <- as.data.frame(columns); names(d) <- c("y", "clinician", "band", "crisis", "age")
took <- system.time(m <- glmer(y ~ band + crisis + age + (1 | clinician), d, binomial))[["elapsed"]]
cat(sprintf("%.17g %.17g 0", took, -2 * as.numeric(logLik(m))), "\\n")
"""


def logistic(rows: int = 100_000) -> None:
    rng = np.random.default_rng(2)
    clinician = rng.integers(0, CLINICIANS, rows)
    x = {"band": rng.integers(0, 4, rows), "crisis": rng.integers(0, 2, rows), "age": rng.integers(0, 5, rows)}
    eta = -0.4 + 0.2 * x["band"] - 0.5 * x["crisis"] + 0.1 * x["age"] + 0.6 * rng.normal(size=CLINICIANS)[clinician]
    y = (rng.random(rows) < 1 / (1 + np.exp(-eta))).astype(float)
    took = best_of(2, lambda: fit_logistic(Patterns.from_rows(y, group=clinician, covariates=dict(x))))
    print(f"random-intercept logistic, {rows} rows, {CLINICIANS} clinicians, 25 points: {took:.1f} s")
    theirs = in_r(GLMER, rows, [y, clinician, *x.values()])
    if theirs is not None:
        print(f"glmer, Laplace (one point): {theirs[0]:.0f} s, {theirs[0] / took:.0f} times as long")


def funnels() -> None:
    rng = np.random.default_rng(5)
    expected = rng.uniform(0.5, 300, 5000)
    observed = rng.poisson(expected * rng.gamma(20, 1 / 20, 5000))
    people = np.ceil(expected * 3).astype(int) + 400
    for kind, out_of in ((Kind.STANDARDISED_RATIO, expected), (Kind.PROPORTION, people)):
        for method in (Overdispersion.NONE, Overdispersion.CQC):
            took = best_of(5, lambda: funnel(observed, out_of, kind=kind, overdispersion=method))  # noqa: B023
            print(f"funnel of 5,000 units, {kind.value}, {method.value}: {1000 * took:.1f} ms")


def main() -> None:
    mixed_model(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    funnels()
    logistic()


if __name__ == "__main__":
    main()
