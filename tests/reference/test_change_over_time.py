"""One person's dated scores against the first, the best and the previous one, worked by hand."""

import numpy as np
import pytest

from outcomestats.change.classes import ChangeClass
from outcomestats.change.courses import Course, NoCourse, NoCourseReason, change_over_time
from outcomestats.change.people import changes_of_people
from outcomestats.change.rules import ChangeRule, Direction

PHQ9 = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10)
GOALS = ChangeRule(direction=Direction.HIGHER_IS_BETTER, points=3)


def course(days: list[int], scores: list[float], rule: ChangeRule = PHQ9, as_of: int | None = None) -> Course:
    found = change_over_time(days, scores, rule, as_of=as_of)
    assert isinstance(found, Course)
    return found


def test_better_than_the_first_and_worse_than_the_best() -> None:
    found = course([10, 40, 70, 100], [21, 8, 9, 15])
    assert found.n_scores == 4
    assert (found.first.change.change, found.best.change.change, found.previous.change.change) == (-6, 7, 6)
    assert found.first.change.change_class is ChangeClass.RELIABLE_IMPROVEMENT
    assert found.best.change.change_class is ChangeClass.RELIABLE_DETERIORATION
    assert found.previous.change.change_class is ChangeClass.RELIABLE_DETERIORATION
    assert (found.best.earlier_day, found.best.earlier_row, found.best.later_row) == (40, 1, 3)
    assert found.verdict.startswith("Since the first of 4 scores: Better by 6")


def test_best_is_the_highest_where_higher_is_better_and_the_latest_of_equals() -> None:
    found = course([0, 1, 2, 3], [4, 8, 8, 5], GOALS)
    assert (found.best.earlier_day, found.best.change.change) == (2, -3)
    assert found.best.change.change_class is ChangeClass.RELIABLE_DETERIORATION


def test_the_last_score_is_not_its_own_best() -> None:
    found = course([0, 30], [20, 4])
    assert found.best.earlier_row == found.first.earlier_row == found.previous.earlier_row == 0
    assert found.best.change.change_class is ChangeClass.RECOVERY


def test_scores_after_the_day_asked_about_are_not_looked_at() -> None:
    found = course([0, 30, 60], [20, 12, 27], as_of=59)
    assert (found.n_scores, found.first.later_day) == (2, 30)
    one = change_over_time([0, 30], [20, 12], PHQ9, as_of=0)
    none = change_over_time([5, 30], [20, 12], PHQ9, as_of=4)
    assert isinstance(one, NoCourse)
    assert one.reason is NoCourseReason.ONE_SCORE_ONLY
    assert isinstance(none, NoCourse)
    assert (none.reason, none.n_scores) == (NoCourseReason.NO_SCORE_YET, 0)


def test_two_scores_of_one_day_keep_their_order() -> None:
    assert course([5, 5], [10, 20]).first.change.change == 10
    assert course([5, 5], [20, 10]).first.change.change == -10


@pytest.mark.parametrize(
    ("days", "scores", "named"),
    [
        ([0], [1.0, 2.0], "days has 1 rows and scores 2; give"),
        ([], [], "days is empty; give"),
        ([0.5, 1], [1.0, 2.0], "days holds part of a day; give"),
        ([0, 1], [1.0, float("nan")], "scores holds nan in row 1"),
    ],
)
def test_bad_series_are_named_with_the_fix(days: list[float], scores: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        change_over_time(days, scores, PHQ9)


@pytest.mark.parametrize(
    ("people", "days", "scores", "named"),
    [
        ([1, 1], [0], [1.0, 2.0], "people has 2 rows, days 1 and scores 2; give"),
        ([], [], [], "people is empty; give"),
        ([1.5], [0], [1.0], "people holds part of a number; give"),
        ([1], [0.5], [1.0], "days holds part of a number; give"),
        ([1], [0], [float("inf")], "scores holds inf in row 0"),
        ([[1]], [0], [1.0], "people has shape"),
    ],
)
def test_bad_long_columns_are_named_with_the_fix(
    people: list[float], days: list[float], scores: list[float], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        changes_of_people(people, days, scores, PHQ9)


def test_keys_beyond_floating_point_stay_apart() -> None:
    key = 2**53
    found = changes_of_people(np.array([key, key + 1, key, key + 1]), [0, 0, 1, 1], [20.0, 5.0, 10.0, 15.0], PHQ9)
    assert found.people.tolist() == [key, key + 1]
    assert found.first.change.tolist() == [-10, 10]
