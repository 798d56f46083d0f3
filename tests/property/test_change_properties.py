"""Whatever the scores: shifting, mirroring, reordering and splitting them changes no judgement."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.change.classes import CLASSES, ChangeClass, classify_changes
from outcomestats.change.courses import Course, change_over_time
from outcomestats.change.people import changes_of_people
from outcomestats.change.rules import ChangeRule, Direction

# Quarters are exact in binary, so that shifting and mirroring are exact too.
quarters = st.integers(-400, 400).map(lambda n: n / 4)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule]:
    n = draw(st.integers(1, 20))
    rule = ChangeRule(
        direction=draw(st.sampled_from(Direction)),
        points=draw(st.integers(1, 200)) / 4,
        cutoff=draw(st.none() | quarters),
    )
    return (
        np.array(draw(st.lists(quarters, min_size=n, max_size=n))),
        np.array(draw(st.lists(quarters, min_size=n, max_size=n))),
        rule,
    )


def _mirrored(rule: ChangeRule) -> ChangeRule:
    other = next(direction for direction in Direction if direction is not rule.direction)
    return ChangeRule(direction=other, points=rule.points, cutoff=None if rule.cutoff is None else -rule.cutoff)


@given(pairs())
def test_mirrored_scores_and_direction_give_the_same_classes(
    case: tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule],
) -> None:
    first, last, rule = case
    there, mirror = classify_changes(first, last, rule), classify_changes(-first, -last, _mirrored(rule))
    assert there.classes.tolist() == mirror.classes.tolist()
    assert (there.change == -mirror.change).all()


@given(pairs(), quarters)
def test_a_shift_of_every_score_and_the_cutoff_changes_nothing(
    case: tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule], by: float
) -> None:
    first, last, rule = case
    moved = ChangeRule(
        direction=rule.direction, points=rule.points, cutoff=None if rule.cutoff is None else rule.cutoff + by
    )
    assert (
        classify_changes(first + by, last + by, moved).classes.tolist()
        == classify_changes(first, last, rule).classes.tolist()
    )


@given(pairs())
def test_swapping_first_and_last_swaps_better_and_worse(
    case: tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule],
) -> None:
    first, last, rule = case
    there, back = classify_changes(first, last, rule), classify_changes(last, first, rule)
    better = {ChangeClass.RELIABLE_IMPROVEMENT, ChangeClass.RECOVERY}
    for row in range(first.size):
        assert (there.change_class(row) in better) == (back.change_class(row) is ChangeClass.RELIABLE_DETERIORATION)


@given(pairs(), st.data())
def test_neither_order_nor_chunks_change_a_class(
    case: tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule], data: st.DataObject
) -> None:
    first, last, rule = case
    whole = classify_changes(first, last, rule).classes
    order = data.draw(st.permutations(range(first.size)))
    assert classify_changes(first[order], last[order], rule).classes.tolist() == whole[order].tolist()
    one_by_one = [classify_changes([a], [b], rule).classes[0] for a, b in zip(first, last, strict=True)]
    assert one_by_one == whole.tolist()


@given(pairs())
def test_recovery_needs_the_points_and_the_cutoff(
    case: tuple[NDArray[np.float64], NDArray[np.float64], ChangeRule],
) -> None:
    first, last, rule = case
    classes = classify_changes(first, last, rule).classes
    for a, b, found in zip(first, last, classes, strict=True):
        recovered = abs(b - a) >= rule.points and rule.in_clinical_range(a) and not rule.in_clinical_range(b)
        assert (CLASSES[found] is ChangeClass.RECOVERY) == recovered


@given(
    st.lists(st.tuples(st.integers(0, 3000), quarters), min_size=2, max_size=12, unique_by=lambda pair: pair[0]),
    st.sampled_from(Direction),
    st.data(),
)
def test_a_course_does_not_depend_on_the_order_of_arrival(
    series: list[tuple[int, float]], direction: Direction, data: st.DataObject
) -> None:
    rule = ChangeRule(direction=direction, points=5)
    arrived = data.draw(st.permutations(series))
    in_order = change_over_time(*zip(*sorted(series), strict=True), rule)
    as_arrived = change_over_time(*zip(*arrived, strict=True), rule)
    assert isinstance(in_order, Course)
    assert isinstance(as_arrived, Course)
    for name in ("first", "best", "previous"):
        there, again = getattr(in_order, name), getattr(as_arrived, name)
        assert (there.change, there.earlier_day, there.later_day) == (
            again.change,
            again.earlier_day,
            again.later_day,
        )
    worst_against = direction.sign * in_order.best.change.change
    assert worst_against >= direction.sign * in_order.first.change.change
    assert worst_against >= direction.sign * in_order.previous.change.change


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20), quarters), min_size=1, max_size=30),
    st.sampled_from(Direction),
    st.none() | st.integers(-1, 21),
)
def test_everybody_at_once_is_everybody_one_by_one(
    rows: list[tuple[int, int, float]], direction: Direction, as_of: int | None
) -> None:
    rule = ChangeRule(direction=direction, points=5, cutoff=3)
    people, days, scores = (np.array(each) for each in zip(*rows, strict=True))
    found = changes_of_people(people, days, scores, rule, as_of=as_of)
    several, single = [], []
    for person in sorted(set(people.tolist())):
        own = np.flatnonzero(people == person)
        course = change_over_time(days[own], scores[own], rule, as_of=as_of)
        if isinstance(course, Course):
            several.append((person, own, course))
        elif course.n_scores == 1:
            single.append(person)
    assert found.one_score_only.tolist() == single
    assert found.people.tolist() == [person for person, _, _ in several]
    for at, (_, own, course) in enumerate(several):
        assert found.n_scores[at] == course.n_scores
        assert found.last_row[at] == own[course.first.later_row]
        for name in ("first", "best", "previous"):
            one, row = getattr(course, name), getattr(found, f"{name}_row")[at]
            assert row == own[one.earlier_row]
            assert getattr(found, name).change[at] == one.change.change
            assert getattr(found, name).change_class(at) is one.change.change_class
