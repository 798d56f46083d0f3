"""Change judged for a million people: pairs of scores, everybody's lines, the expected course and its calibration.

Beside a plain loop over the pairs, and lme4 on the same rows where R has it. All times are processor
time, ours and R's: other work on the machine then changes no ratio. Peak memory is what each question
allocated at most beyond the columns; R's is what its garbage collector saw at most.
"""

import os
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measured import Measured
from outcomestats.change.classes import classify_changes
from outcomestats.change.expected.bands import Band, Bands
from outcomestats.change.expected.calibration import calibrate
from outcomestats.change.expected.course import Scale, fit_expected
from outcomestats.change.expected.rows import LaterScores, Split, later_scores
from outcomestats.change.growth.fit import fit_growth
from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.methods.comparison import compare_methods
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.two_measures import classify_two_measures

WORSE = Direction.HIGHER_IS_WORSE
RULE = ChangeRule(direction=WORSE, points=6, cutoff=10)
PHQ = Scale("PHQ-9", WORSE, 0, 27)
BANDS = Bands((Band(0, 9, "below 10"), Band(10, 14, "10 to 14"), Band(15, 19, "15 to 19"), Band(20, 27, "20 to 27")))

LMER = """
suppressMessages(library(lme4))
n <- {rows}; file <- file("{path}", "rb"); columns <- matrix(readBin(file, "double", n * 3), n); close(file)
d <- as.data.frame(columns); names(d) <- c("person", "time", "score")
invisible(gc(reset = TRUE))
took <- system.time(m <- lmer(score ~ time + (time | person), d, control = lmerControl(calc.derivs = FALSE)))
cat(sprintf("%.17g %.17g %.0f", took[["user.self"]] + took[["sys.self"]], REMLcrit(m), sum(gc()[, 6])), "\\n")
"""


def measure(*, quick: bool) -> list[Measured]:
    n = 20_000 if quick else 1_000_000
    return [*pairs(n), *lines(max(n // 50, 2000), beside_r=True), *lines(n, beside_r=False), *expected(n)]


def timed_best(times: int, work: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds of the quickest run, and MiB allocated at most, in one more run."""
    took = []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(took), peak / 2**20


def pairs(n: int) -> list[Measured]:
    rng = np.random.default_rng(1)
    first = rng.integers(0, 28, n).astype(float)
    last = np.clip(first - rng.normal(4, 6, n), 0, 27).round()
    anxiety, anxiety_last = np.clip(first * 0.75, 0, 21).round(), np.clip(last * 0.75, 0, 21).round()
    seconds, grew = timed_best(5, lambda: classify_changes(first, last, RULE))
    start = time.process_time()
    in_a_loop(first, last)
    loop = time.process_time() - start
    found = [
        Measured(
            f"reliable change of {n:,} pairs", 1000 * seconds, "ms", "100,000 in < 50 ms",
            f"a plain loop takes {1000 * loop:.0f} ms, {loop / seconds:.0f} × as long; peak {grew:.0f} MiB",
        )
    ]  # fmt: skip
    seconds, grew = timed_best(3, lambda: classify_two_measures(first, last, anxiety, anxiety_last))
    found.append(Measured(f"two measures of {n:,} people", 1000 * seconds, "ms", "", f"peak {grew:.0f} MiB"))
    norms = PairNorms.from_sample(first, last, reliability=0.85)
    seconds, grew = timed_best(2, lambda: compare_methods(first, last, norms, direction=WORSE, cutoff=10))
    found.append(Measured(f"six methods on {n:,} pairs", 1000 * seconds, "ms", "", f"peak {grew:.0f} MiB"))
    return found


def in_a_loop(first: NDArray[np.float64], last: NDArray[np.float64]) -> list[str]:
    """The same judgement as a script would write it."""
    judged = []
    for before, after in zip(first.tolist(), last.tolist(), strict=True):
        if after - before >= 6:
            judged.append("WORSE")
        elif before - after >= 6:
            judged.append("RECOVERED" if before >= 10 > after else "BETTER")
        else:
            judged.append("NONE")
    return judged


def made(n: int, each: int = 5) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    rng = np.random.default_rng(2)
    people, days = np.repeat(np.arange(n), each), np.tile(np.arange(each) * 14, n)
    level, slope = rng.normal(15, 4, n)[people], rng.normal(-1.5, 1.2, n)[people]
    scores = level + slope * np.log1p(days / 7) + rng.normal(0, 2.5, people.size)
    return people, days, np.clip(scores, 0, 27).round()


def lines(n: int, *, beside_r: bool) -> list[Measured]:
    people, days, scores = made(n)
    weeks = log_weeks(days)
    summing, grew = timed_best(1 if n > 100_000 else 3, lambda: GrowthSums.from_rows(people, weeks, scores))
    sums = GrowthSums.from_rows(people, weeks, scores)
    fitting, more = timed_best(1 if n > 100_000 else 3, lambda: fit_growth(sums))
    beside = f"peak {max(grew, more):.0f} MiB beyond the columns"
    theirs = in_r([people, weeks, scores]) if beside_r else None
    if theirs is not None:
        took, criterion, mebibytes = theirs
        ours = fit_growth(sums).criterion  # type: ignore[union-attr]
        beside = (
            f"lme4 takes {took:.1f} s: {took / (summing + fitting):.0f} × as long as both; peak "
            f"{max(grew, more):.0f} and {mebibytes:.0f} MiB; criterion less lme4's {ours - criterion:.1g}"
        )
    return [
        Measured(f"sums of {people.size:,} scores of {n:,} people", 1000 * summing, "ms"),
        Measured(f"growth curves of {n:,} people by REML, from sums", 1000 * fitting, "ms", "", beside),
    ]


def in_r(columns: list[NDArray[np.generic]]) -> tuple[float, float, float] | None:
    """Processor seconds, criterion and peak MiB of one fit by lme4, or None without R or lme4."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns"
        np.stack(columns).astype(np.float64).tofile(path)
        script = LMER.format(rows=columns[0].size, path=path)
        done = subprocess.run([rscript, "-e", script], capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        return None
    took, criterion, mebibytes = map(float, done.stdout.split())
    return took, criterion, mebibytes


def expected(n: int) -> list[Measured]:
    rows: LaterScores = later_scores(*made(n))
    sums, split = rows.sums(), Split(seed=1, share=0.3)
    seconds, grew = timed_best(1, lambda: fit_expected(sums, scale=PHQ, bands=BANDS, split=split))
    course = fit_expected(sums, scale=PHQ, bands=BANDS, split=split)
    found = [
        Measured(
            f"expected course in {len(BANDS.bands)} bands from {n:,} people's sums", 1000 * seconds, "ms", "",
            f"peak {grew:.0f} MiB beyond the sums",
        )
    ]  # fmt: skip
    seconds, grew = timed_best(1, lambda: calibrate(course, rows, RULE))
    held = int(split.held_out(np.arange(n)).sum())
    beside = f"{seconds / held * 1e6:.1f} µs a person; peak {grew:.0f} MiB"
    return [*found, Measured(f"calibration on {held:,} held-out people", 1000 * seconds, "ms", "", beside)]
