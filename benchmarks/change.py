"""Change judged for a million people: pairs of scores, everybody's lines, the expected course and its calibration.

Beside a plain loop over the pairs, and lme4 on the same rows where R has it; see beside for what is timed.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.beside import Took, all_beside, apart, in_r, timed_best
from benchmarks.measured import Measured
from outcomestats.change.classes import classify_changes
from outcomestats.change.expected.bands import Band, Bands
from outcomestats.change.expected.calibration import calibrate
from outcomestats.change.expected.course import Scale, fit_expected
from outcomestats.change.expected.rows import LaterScores, Split, later_scores
from outcomestats.change.growth.fit import GrowthFit, fit_growth
from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.methods.comparison import compare_methods
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.two_measures import classify_two_measures

WORSE = Direction.HIGHER_IS_WORSE
RULE = ChangeRule(direction=WORSE, points=6, cutoff=10)
PHQ = Scale("PHQ-9", WORSE, 0, 27)
BANDS = Bands((Band(0, 9, "below 10"), Band(10, 14, "10 to 14"), Band(15, 19, "15 to 19"), Band(20, 27, "20 to 27")))
LMER = "m <- lmer(score ~ time + (time | person), d, control = lmerControl(calc.derivs = FALSE))"


def measure(*, quick: bool) -> list[Measured]:
    n = 20_000 if quick else 1_000_000
    return [*pairs(n), *lines(max(n // 50, 2000), beside_r=True), *lines(n, beside_r=False), *expected(n)]


def told(what: str, took: Took, beside: str = "", aim: str = "") -> Measured:
    peak = f"peak {took.mebibytes:.0f} MiB"
    return Measured(what, 1000 * took.seconds, "ms", aim, f"{beside}; ours {peak}" if beside else peak)


def pairs(n: int) -> list[Measured]:
    rng = np.random.default_rng(1)
    first = rng.integers(0, 28, n).astype(float)
    last = np.clip(first - rng.normal(4, 6, n), 0, 27).round()
    anxiety, anxiety_last = np.clip(first * 0.75, 0, 21).round(), np.clip(last * 0.75, 0, 21).round()
    norms = PairNorms.from_sample(first, last, reliability=0.85)
    one = timed_best(5, lambda: classify_changes(first, last, RULE))
    loop = timed_best(1, lambda: in_a_loop(first, last))
    two = timed_best(3, lambda: classify_two_measures(first, last, anxiety, anxiety_last))
    six = timed_best(2, lambda: compare_methods(first, last, norms, direction=WORSE, cutoff=10))
    beside = loop.beside("a plain loop", one.seconds)
    return [
        told(f"reliable change of {n:,} pairs", one, beside, "100,000 in < 50 ms"),
        told(f"two measures of {n:,} people", two),
        told(f"six methods on {n:,} pairs", six),
    ]


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
    times = 1 if n > 100_000 else 3
    summing = timed_best(times, lambda: GrowthSums.from_rows(people, weeks, scores))
    sums = GrowthSums.from_rows(people, weeks, scores)
    fitting = timed_best(times, lambda: fit_growth(sums))
    beside = ""
    if beside_r:
        lme4 = in_r(LMER, "REMLcrit(m)", {"person": people, "time": weeks, "score": scores})
        ours = fit_growth(sums)
        beside = all_beside(summing.seconds + fitting.seconds, {"lme4": lme4})
        if isinstance(ours, GrowthFit) and lme4 is not None:
            beside += f" as sums and fit; {apart(ours.criterion, [lme4])}"
    return [
        told(f"sums of {people.size:,} scores of {n:,} people", summing),
        told(f"growth curves of {n:,} people by REML, from sums", fitting, beside),
    ]


def expected(n: int) -> list[Measured]:
    rows: LaterScores = later_scores(*made(n))
    sums, split = rows.sums(), Split(seed=1, share=0.3)
    fitting = timed_best(1, lambda: fit_expected(sums, scale=PHQ, bands=BANDS, split=split))
    course = fit_expected(sums, scale=PHQ, bands=BANDS, split=split)
    trying = timed_best(1, lambda: calibrate(course, rows, RULE))
    held = int(split.held_out(np.arange(n)).sum())
    return [
        told(f"expected course in {len(BANDS.bands)} bands from {n:,} people's sums", fitting),
        told(f"calibration on {held:,} held-out people", trying),
    ]
