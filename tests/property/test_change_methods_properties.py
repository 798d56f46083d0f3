"""Whatever the scores: units, direction, order and chunks change no judgement of any method."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.change.cutoffs import Norms
from outcomestats.change.end_points import end_points
from outcomestats.change.methods.indices import reliable_changes
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import Method
from outcomestats.change.percentage import percent_changes
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.two_measures import classify_two_measures

PAIRED = tuple(Method)[:6]
Columns = tuple[NDArray[np.float64], NDArray[np.float64]]
quarters = st.integers(-400, 400).map(lambda n: n / 4)


@st.composite
def columns(draw: st.DrawFn, lowest: int = -400) -> Columns:
    n = draw(st.integers(1, 20))
    values = st.lists(st.integers(lowest, 400).map(lambda n: n / 4), min_size=n, max_size=n)
    return np.array(draw(values)), np.array(draw(values))


def true_differences(of: PairNorms) -> bool:
    """Hageman and Arrindell's method needs people who differ in their change by more than error."""
    assert of.later is not None
    assert of.correlation is not None
    s1, s2 = of.earlier.sd, of.later.sd
    return s1**2 + s2**2 - 2 * s1 * s2 * of.correlation > 2.02 * of.error**2


norms = st.builds(
    lambda r, m1, s1, m2, s2, rho: PairNorms(
        reliability=r, earlier=Norms(m1, s1), later=Norms(m2, s2), correlation=rho, source="drawn"
    ),
    st.floats(0.5, 0.95), st.floats(-20, 20), st.floats(2, 20), st.floats(-20, 20), st.floats(2, 20),
    st.floats(-0.9, 0.3),
).filter(true_differences)  # fmt: skip


def scaled(of: PairNorms, by: float, shift: float) -> PairNorms:
    assert of.later is not None
    return PairNorms(
        reliability=of.reliability,
        earlier=Norms(of.earlier.mean * by + shift, of.earlier.sd * abs(by)),
        later=Norms(of.later.mean * by + shift, of.later.sd * abs(by)),
        correlation=of.correlation,
        source=of.source,
    )


@given(columns(), norms, st.sampled_from(PAIRED), st.sampled_from([0.5, 2.0, 10.0]), quarters)
def test_units_do_not_matter(case: Columns, of: PairNorms, method: Method, by: float, shift: float) -> None:
    first, last = case
    there = reliable_changes(first, last, of, method=method, direction=Direction.HIGHER_IS_WORSE)
    moved = reliable_changes(
        by * first + shift, by * last + shift, scaled(of, by, shift), method=method,
        direction=Direction.HIGHER_IS_WORSE,
    )  # fmt: skip
    np.testing.assert_allclose(moved.index, there.index, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(moved.standard_error, by * there.standard_error, rtol=1e-9)


@given(columns(), norms, st.sampled_from(PAIRED), st.none() | quarters)
def test_mirrored_scores_and_direction_give_the_same_classes(
    case: Columns, of: PairNorms, method: Method, cutoff: float | None
) -> None:
    first, last = case
    there = reliable_changes(first, last, of, method=method, direction=Direction.HIGHER_IS_WORSE, cutoff=cutoff)
    mirror = reliable_changes(
        -first, -last, scaled(of, -1, 0), method=method, direction=Direction.HIGHER_IS_BETTER,
        cutoff=None if cutoff is None else -cutoff,
    )  # fmt: skip
    assert mirror.classes.tolist() == there.classes.tolist()
    np.testing.assert_array_equal(mirror.index, -there.index)


@given(columns(), norms, st.sampled_from(PAIRED), st.data())
def test_neither_order_nor_chunks_change_a_judgement(
    case: Columns, of: PairNorms, method: Method, data: st.DataObject
) -> None:
    first, last = case
    whole = reliable_changes(first, last, of, method=method, direction=Direction.HIGHER_IS_BETTER)
    order = data.draw(st.permutations(range(first.size)))
    cut = data.draw(st.integers(1, first.size))
    parts = [
        reliable_changes(
            first[order][rows], last[order][rows], of, method=method, direction=Direction.HIGHER_IS_BETTER
        )
        for rows in (slice(0, cut), slice(cut, None))
        if first[rows].size
    ]
    assert np.concatenate([each.index for each in parts]).tolist() == whole.index[order].tolist()
    assert np.concatenate([each.classes for each in parts]).tolist() == whole.classes[order].tolist()


@given(columns(lowest=0), st.integers(1, 100), st.sampled_from([0.25, 4.0]))
def test_a_percentage_has_no_unit(case: Columns, percent: int, by: float) -> None:
    first, last = case
    there = percent_changes(first, last, direction=Direction.HIGHER_IS_WORSE, response=percent)
    moved = percent_changes(by * first, by * last, direction=Direction.HIGHER_IS_WORSE, response=percent)
    shifted = percent_changes(first + 10, last + 10, direction=Direction.HIGHER_IS_WORSE, response=percent, floor=10)
    assert moved.states.tolist() == there.states.tolist() == shifted.states.tolist()
    assert there.percent.size + int((there.states == 3).sum()) == first.size
    assert np.isfinite(there.percent).all()


@given(columns(), columns(), st.integers(1, 80), st.integers(1, 80), quarters, quarters)
def test_two_mirrored_measures_give_the_same(
    one: Columns, other: Columns, points: int, points_other: int, cutoff: float, cutoff_other: float
) -> None:
    n = min(one[0].size, other[0].size)
    four = [each[:n] for each in (*one, *other)]

    def rule(direction: Direction, points: float, cutoff: float) -> ChangeRule:
        return ChangeRule(direction=direction, points=points / 4, cutoff=cutoff)

    there = classify_two_measures(
        *four, depression=rule(Direction.HIGHER_IS_WORSE, points, cutoff),
        anxiety=rule(Direction.HIGHER_IS_WORSE, points_other, cutoff_other),
    )  # fmt: skip
    mirror = classify_two_measures(
        *(-each for each in four), depression=rule(Direction.HIGHER_IS_BETTER, points, -cutoff),
        anxiety=rule(Direction.HIGHER_IS_BETTER, points_other, -cutoff_other),
    )  # fmt: skip
    swapped = classify_two_measures(
        *four[2:], *four[:2], depression=rule(Direction.HIGHER_IS_WORSE, points_other, cutoff_other),
        anxiety=rule(Direction.HIGHER_IS_WORSE, points, cutoff),
    )  # fmt: skip
    for found in (mirror, swapped):
        assert found.classes.tolist() == there.classes.tolist()
        assert found.recovery.tolist() == there.recovery.tolist()
    assert not (there.reliable_recovery & ~there.recovery).any()
    assert not (there.recovery & ~there.case_first).any()


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(-20, 150), quarters), max_size=25, unique_by=lambda row: row[:2]
    ),
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.integers(0, 60),
            st.none() | st.integers(0, 60),
            st.sampled_from(["COMPLETED", "DIED"]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_end_points_as_found_one_by_one(rows: list, courses: list, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    people, days, scores = (list(each) for each in zip(*shuffled, strict=True)) if rows else ([], [], [])
    found = end_points(
        people, days, scores,
        course_people=[each[0] for each in courses], start_days=[each[1] for each in courses],
        end_days=[np.nan if each[2] is None else each[1] + each[2] for each in courses],
        end_reasons=[each[3] for each in courses], within_days=10, before_days=5,
    )  # fmt: skip
    two = []
    for at, (person, start, length, reason) in enumerate(courses):
        until = np.inf if length is None else start + length + 10
        own = sorted((day, score) for who, day, score in rows if who == person and start - 5 <= day <= until)
        if len(own) >= 2:
            two.append((at, own[0][1], own[-1][1]))
        measured = length is not None and len(own) >= 2 and abs(own[-1][0] - start - length) <= 10
        expected = (
            "STILL_OPEN" if length is None
            else "NO_SCORE" if not own
            else "ONE_SCORE_ONLY" if len(own) == 1
            else "LEFT_BEFORE_THE_END" if reason == "DIED"
            else "HAS_END_POINT" if measured
            else "NOT_MEASURED_AT_THE_END"
        )  # fmt: skip
        assert found.state(at).value == expected
    assert list(zip(found.two.tolist(), found.first.tolist(), found.last.tolist(), strict=True)) == two
