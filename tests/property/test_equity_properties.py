"""Whatever the groups: limits hold their estimate and stay possible; names, order and direction change nothing."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outcomestats.equity.adjusted import adjusted_gap
from outcomestats.equity.changes import GapChange, change_of_gap
from outcomestats.equity.discovery import Dependence, q_values
from outcomestats.equity.gaps import Limits, Standing, gaps_to_reference, index_of_disparity

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
several = st.lists(counts, min_size=2, max_size=8)
limits = (
    st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(sorted).map(lambda ends: Limits(ends[1], ends[0], ends[2]))
)
SLACK = 1e-12


@given(several)
def test_limits_hold_their_estimate_and_stay_possible(groups: list[tuple[int, int]]) -> None:
    events, totals = zip(*groups, strict=True)
    names = [str(at) for at in range(len(groups))]
    for gap in gaps_to_reference(names, events, totals, reference="0").gaps:
        assert -1 - SLACK <= gap.absolute.lower <= gap.absolute.value + SLACK
        assert gap.absolute.value - SLACK <= gap.absolute.upper <= 1 + SLACK
        assert gap.absolute.lower < gap.absolute.upper
        assert 0 <= gap.share.lower <= gap.share.value <= gap.share.upper <= 1
        assert (gap.relative is None) == (events[0] == 0)
        if gap.relative:
            assert 0 <= gap.relative.lower <= gap.relative.value * (1 + SLACK)
            assert gap.relative.value <= gap.relative.upper * (1 + SLACK) < math.inf
        assert gap.p_value <= gap.q_value <= 1
        assert "nan" not in gap.verdict


@given(several, st.data())
def test_the_order_of_groups_changes_nothing(groups: list[tuple[int, int]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(groups))))
    names = [str(at) for at in range(len(groups))]
    events, totals = (np.array(each) for each in zip(*groups, strict=True))
    plain = {gap.group: gap for gap in gaps_to_reference(names, events, totals, reference="0").gaps}
    mixed = gaps_to_reference([names[at] for at in order], events[order], totals[order], reference="0").gaps
    assert {gap.group: gap for gap in mixed} == plain


@given(counts, counts)
def test_the_gap_seen_from_the_other_side(one: tuple[int, int], other: tuple[int, int]) -> None:
    groups = ["a", "b"], [one[0], other[0]], [one[1], other[1]]
    there = gaps_to_reference(*groups, reference="b").gaps[0]
    back = gaps_to_reference(*groups, reference="a").gaps[0]
    assert there.absolute.lower == -back.absolute.upper
    opposite = {Standing.HIGHER: Standing.LOWER, Standing.LOWER: Standing.HIGHER}
    assert back.standing is opposite.get(there.standing, there.standing)


@given(st.lists(counts, min_size=1, max_size=6), st.data())
def test_adjusted_gaps_are_possible_and_turn_round(group: list[tuple[int, int]], data: st.DataObject) -> None:
    reference = data.draw(st.lists(counts, min_size=len(group), max_size=len(group)))
    x1, n1 = zip(*group, strict=True)
    x0, n0 = zip(*reference, strict=True)
    there, back = adjusted_gap(x1, n1, x0, n0), adjusted_gap(x0, n0, x1, n1)
    assert -1 <= there.absolute.lower <= there.absolute.value <= there.absolute.upper <= 1
    assert abs(there.absolute.value + back.absolute.value) < SLACK
    assert abs(there.absolute.lower + back.absolute.upper) < 1e-9
    assert (there.relative is None) == (back.relative is None)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from(Dependence), st.data())
def test_q_values_keep_the_order_of_p_values(p: list[float], dependence: Dependence, data: st.DataObject) -> None:
    q = q_values(p, dependence)
    assert (q >= np.array(p) * (1 - SLACK)).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -SLACK).all()
    order = data.draw(st.permutations(range(len(p))))
    np.testing.assert_array_equal(q_values(np.array(p)[order], dependence), q[order])


@given(limits, limits)
def test_a_change_the_other_way_round(earlier: Limits, later: Limits) -> None:
    there, back = change_of_gap(earlier, later), change_of_gap(later, earlier)
    assert there.change.lower <= there.change.value <= there.change.upper
    assert there.change.lower == -back.change.upper
    assert (there.kind is GapChange.NO_DETECTABLE_CHANGE) == (back.kind is GapChange.NO_DETECTABLE_CHANGE)
    assert (there.kind is GapChange.REVERSED) == (back.kind is GapChange.REVERSED)


@given(several.filter(lambda groups: any(events for events, _ in groups)), st.integers(2, 9))
def test_a_larger_sample_with_the_same_shares_has_the_same_index_and_less_of_it_by_chance(
    groups: list[tuple[int, int]], times: int
) -> None:
    events, totals = (np.array(each) for each in zip(*groups, strict=True))
    plain, larger = index_of_disparity(events, totals), index_of_disparity(events * times, totals * times)
    assert abs(plain.index - larger.index) < 1e-9
    assert larger.by_chance <= plain.by_chance
    assert larger.p_value <= plain.p_value + SLACK
