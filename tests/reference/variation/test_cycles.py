"""The course of variation over cycles: two are narrowing(), worked by hand, and the interval holds what it says."""

import dataclasses
import math

import numpy as np
import pytest

from outcomestats.variation.cycles import over_cycles
from outcomestats.variation.fit import fit
from outcomestats.variation.spread import Course, Spread, narrowing, spread
from outcomestats.variation.sums import Sums


def made(sd: float, below: float = 0.5, above: float = 0.8) -> Spread:
    return Spread("group", sd, max(sd - below, 0.0), sd + above, 30, 0.95, "made up", "1", "")


def test_two_cycles_are_the_comparison_of_two_periods() -> None:
    earlier, later = made(4.0), made(2.5, 0.4, 0.6)
    told, found = narrowing(earlier, later), over_cycles([earlier, later])
    assert (found.change, found.lower, found.upper) == pytest.approx((told.difference, told.lower, told.upper))
    assert found.course is told.course
    a_year = over_cycles([earlier, later], times=[2023, 2025])
    assert a_year.change == pytest.approx(told.difference / 2)


def test_three_cycles_by_hand() -> None:
    # Weights -1/2, 0, 1/2: half the difference of the ends; each end reaches its own way.
    found = over_cycles([made(4.0, 1.0, 2.0), made(9.0), made(3.0, 0.4, 0.6)])
    assert found.change == pytest.approx(-0.5)
    assert found.lower == pytest.approx(-0.5 - math.hypot(2.0 / 2, 0.4 / 2))
    assert found.upper == pytest.approx(-0.5 + math.hypot(1.0 / 2, 0.6 / 2))
    assert found.course is Course.NO_DETECTABLE_CHANGE
    assert found.expected == pytest.approx((16 / 3 + 0.5, 16 / 3 - 0.5))


def test_time_run_backwards_mirrors_the_course() -> None:
    there = over_cycles([made(4.0), made(3.0, 0.3, 0.9), made(1.0, 0.2, 0.3)])
    back = over_cycles([made(1.0, 0.2, 0.3), made(3.0, 0.3, 0.9), made(4.0)])
    assert (there.change, there.lower, there.upper) == pytest.approx((-back.change, -back.upper, -back.lower))
    assert (there.course, back.course) == (Course.NARROWED, Course.WIDENED)


@pytest.mark.slow
def test_the_interval_holds_the_true_course_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    group, held = np.repeat(np.arange(30), 8), 0
    true = (2.0, 1.6, 1.2)
    for _ in range(80):
        cycles = []
        for sd in true:
            sums = Sums.from_rows(sd * rng.normal(size=30)[group] + 2 * rng.normal(size=group.size), group=group)
            cycles.append(spread(fit(sums), sums))
        found = over_cycles(cycles)
        held += found.lower <= -0.4 <= found.upper
    # 95 % of 80 are 76; fewer than 69 would be chance once in a thousand.
    assert held >= 69


@pytest.mark.parametrize(
    ("cycles", "times", "words"),
    [
        ([made(1.0)], None, "spreads has 1"),
        ([made(1.0), dataclasses.replace(made(2.0), level="team")], None, "differ in level"),
        ([made(1.0), dataclasses.replace(made(2.0), confidence=0.9)], None, "differ in confidence"),
        ([made(1.0), made(2.0)], [2024, 2024], "times do not rise"),
        ([made(1.0), made(2.0)], [2024, math.nan], "times holds nan"),
        ([made(1.0), made(2.0)], [2024], "times has 1 rows, spreads has 2"),
    ],
)
def test_says_what_is_wrong(cycles: list[Spread], times: list[float] | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        over_cycles(cycles, times=times)
