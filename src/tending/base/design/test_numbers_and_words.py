"""Sparkline points and deadline words."""

from datetime import UTC, datetime, timedelta

import pytest

from tending.base.design.deadline import deadline
from tending.base.design.sparkline import HEIGHT, INSET, WIDTH, sparkline

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEFT, RIGHT, TOP, BOTTOM = INSET, WIDTH - INSET, INSET, HEIGHT - INSET


def test_values_run_from_left_to_right_and_high_is_up():
    assert sparkline([0, 5, 10]).points == ((LEFT, BOTTOM), (WIDTH / 2, HEIGHT / 2), (RIGHT, TOP))


def test_a_missing_value_keeps_its_place():
    assert sparkline([0, None, 10]).points == ((LEFT, BOTTOM), (RIGHT, TOP))


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_known_draws_nothing(values: list[None]):
    assert sparkline(values).points == ()
    assert sparkline(values).last is None


def test_one_value_and_a_flat_line_sit_in_the_middle():
    assert sparkline([7]).points == ((WIDTH / 2, HEIGHT / 2),)
    assert {y for _, y in sparkline([7, 7, 7]).points} == {HEIGHT / 2}


def test_a_given_range_makes_two_lines_comparable():
    assert sparkline([0, 27], lowest=0, highest=27).points[-1] == (RIGHT, TOP)
    assert sparkline([13.5, 13.5], lowest=0, highest=27).points[-1] == (RIGHT, HEIGHT / 2)


def test_values_beyond_the_range_stay_in_the_box():
    assert [y for _, y in sparkline([-5, 40], lowest=0, highest=27).points] == [BOTTOM, TOP]


def test_a_reference_is_drawn_where_a_value_of_that_size_would_be():
    line = sparkline([0, 10], lowest=0, highest=20, reference=10)
    assert line.reference == line.points[1][1]
    assert sparkline([0, 10], reference=20).points[1][1] > TOP


def test_the_path_moves_once_and_then_draws():
    assert sparkline([0, 5, 10]).path == "M3 29 L48 16 L93 3"


@pytest.mark.parametrize(
    ("hours", "words", "state"),
    [
        (-0.02, "Overdue by 1 minute", "OVERDUE"),
        (-5, "Overdue by 5 hours", "OVERDUE"),
        (-24 * 9, "Overdue by 9 days", "OVERDUE"),
        (0, "Due in 1 minute", "SOON"),
        (0.75, "Due in 45 minutes", "SOON"),
        (1, "Due in 1 hour", "SOON"),
        (24, "Due in 24 hours", "SOON"),
        (24.5, "Due in 24 hours", "LATER"),
        (47.9, "Due in 47 hours", "LATER"),
        (48, "Due in 2 days", "LATER"),
    ],
)
def test_a_deadline_in_words(hours: float, words: str, state: str):
    found = deadline(NINE + timedelta(hours=hours), as_of=NINE)
    assert (found.words, found.state) == (words, state)


def test_done_in_time_or_late():
    late = deadline(NINE, as_of=NINE + timedelta(days=9), done_at=NINE + timedelta(hours=3))
    assert deadline(NINE, as_of=NINE, done_at=NINE).state == "MET"
    assert (late.words, late.state) == ("Done 3 hours late", "LATE")
