"""Gaps as Newcombe printed them, as R and metafor calculate them, and what cannot be compared."""

import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.equity.adjusted import adjusted_gap
from outcomestats.equity.changes import GapChange, change_of_gap
from outcomestats.equity.discovery import Dependence, q_values
from outcomestats.equity.gaps import Limits, RatioState, Standing, gaps_to_reference, index_of_disparity
from outcomestats.equity.intervals import wilson

R = json.loads((Path(__file__).parent / "equity" / "r.json").read_text())
# The same closed formulas: rounding only. Limits near 0 are compared by distance.
EXACT = 1e-9


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_differences_as_newcombe_printed_them(one, other, lower: float, upper: float) -> None:
    found = gaps_to_reference(["one", "other"], [one[0], other[0]], [one[1], other[1]], reference="other").gaps[0]
    assert (found.absolute.lower, found.absolute.upper) == pytest.approx((lower, upper), abs=5e-5)
    assert found.ratio_state is (RatioState.GIVEN if other[0] else RatioState.NO_EVENTS_IN_REFERENCE)


def test_shares_as_prop_test() -> None:
    for case in R["wilson"]:
        lower, upper = wilson([case["events"]], [case["total"]])
        assert [lower[0], upper[0]] == pytest.approx(case["limits"], rel=EXACT, abs=1e-12)


def test_pairs_as_r() -> None:
    for case in R["pairs"]:
        found = gaps_to_reference(["a", "b"], case["events"], case["totals"], reference="b").gaps[0]
        assert found.p_value == found.q_value == pytest.approx(case["p_value"], rel=1e-7)
        assert [found.absolute.lower, found.absolute.upper] == pytest.approx(case["difference"], abs=EXACT)
        assert found.relative is not None
        assert [found.relative.lower, found.relative.upper] == pytest.approx(case["ratio"], rel=1e-7, abs=EXACT)


def test_false_discovery_as_p_adjust() -> None:
    case = R["discovery"]
    np.testing.assert_allclose(q_values(case["p"]), case["bh"], rtol=EXACT)
    np.testing.assert_allclose(q_values(case["p"], Dependence.ANY), case["by"], rtol=EXACT)


def test_disparity_as_r() -> None:
    for case in R["many"]:
        found = index_of_disparity(case["events"], case["totals"])
        assert found.index == pytest.approx(case["index"], rel=EXACT)
        assert found.p_value == pytest.approx(case["p_value"], rel=1e-7)


@pytest.mark.parametrize("case", R["strata"], ids=lambda case: str(len(case["totals"])))
def test_adjusted_gaps_as_metafor(case: dict) -> None:
    found = adjusted_gap(*(case[name] for name in ("events", "totals", "reference_events", "reference_totals")))
    assert found.relative is not None
    for limits, expected in ((found.absolute, case["absolute"]), (found.relative, case["relative"])):
        assert [limits.value, limits.lower, limits.upper] == pytest.approx(expected, rel=1e-8)


def test_the_index_by_chance_is_what_equal_groups_show() -> None:
    rng = np.random.default_rng(1)
    totals = np.array([40, 60, 150, 400])
    drawn = [index_of_disparity(rng.binomial(totals, 0.3), totals) for _ in range(2000)]
    assert np.mean([each.index for each in drawn]) == pytest.approx(
        np.mean([each.by_chance for each in drawn]), rel=0.03
    )
    assert np.mean([each.p_value <= 0.05 for each in drawn]) == pytest.approx(0.05, abs=0.02)


def test_many_groups_that_do_not_differ_are_seldom_called_different() -> None:
    rng = np.random.default_rng(2)
    totals = np.full(21, 120)
    names = [str(at) for at in range(21)]
    any_called = [
        any(
            gap.standing is not Standing.NOT_TOLD_APART
            for gap in gaps_to_reference(names, rng.binomial(totals, 0.4), totals, reference="0").gaps
        )
        for _ in range(300)
    ]
    assert np.mean(any_called) < 0.08


def test_an_adjusted_gap_can_undo_a_crude_one() -> None:
    # Within each stratum the shares are equal; the group only has more of the severe.
    found = adjusted_gap([18, 8], [90, 10], [2, 72], [10, 90])
    assert found.absolute.value == pytest.approx(0, abs=1e-12)
    crude = gaps_to_reference(["group", "rest"], [26, 74], [100, 100], reference="rest").gaps[0]
    assert crude.standing is Standing.LOWER
    assert found.verdict.endswith("not told from chance.")


def test_strata_with_one_side_only_are_counted() -> None:
    found = adjusted_gap([5, 9], [20, 30], [6, 0], [20, 0])
    assert (found.n, found.n_strata, found.left_out) == (40, 1, 30)
    assert adjusted_gap([0], [20], [6], [20]).ratio_state is RatioState.NO_EVENTS_IN_GROUP
    assert adjusted_gap([5], [20], [0], [20]).ratio_state is RatioState.NO_EVENTS_IN_REFERENCE


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        (Limits(-0.05, -0.10, 0.0), GapChange.NARROWED),
        (Limits(-0.40, -0.45, -0.35), GapChange.WIDENED),
        (Limits(0.20, 0.15, 0.25), GapChange.REVERSED),
        (Limits(0.01, -0.04, 0.06), GapChange.NARROWED),  # not clearly the other way round
        (Limits(-0.15, -0.20, -0.10), GapChange.NO_DETECTABLE_CHANGE),
    ],
)
def test_change_of_a_gap(later: Limits, kind: GapChange) -> None:
    found = change_of_gap(Limits(-0.20, -0.25, -0.15), later)
    assert found.kind is kind
    assert found.change.upper - found.change.value == pytest.approx(np.hypot(0.05, 0.05))
    assert found.verdict.startswith(kind.value.replace("_", " ").capitalize())


def test_a_gap_that_is_no_longer_clear_has_not_therefore_narrowed() -> None:
    earlier = gaps_to_reference(["a", "b"], [40, 60], [100, 100], reference="b").gaps[0]
    later = gaps_to_reference(["a", "b"], [44, 55], [100, 100], reference="b").gaps[0]
    assert earlier.standing is Standing.LOWER
    assert later.standing is Standing.NOT_TOLD_APART
    assert change_of_gap(earlier.absolute, later.absolute).kind is GapChange.NO_DETECTABLE_CHANGE


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gaps_to_reference(["a", "a"], [1, 2], [3, 4], reference="a"), "groups has 1 different names"),
        (lambda: gaps_to_reference(["a", "b"], [1, 2], [3, 4], reference="c"), "reference is 'c'"),
        (lambda: gaps_to_reference(["a"], [1], [3], reference="a"), "one group only"),
        (lambda: gaps_to_reference(["a", "b"], [5, 2], [3, 4], reference="a"), "events is 5 of 3 in row 0"),
        (lambda: gaps_to_reference(["a", "b"], [1, 0], [3, 0], reference="a"), "totals is 0 in row 1"),
        (lambda: gaps_to_reference(["a", "b"], [1, np.nan], [3, 4], reference="a"), "events holds nan in row 1"),
        (lambda: gaps_to_reference(["a", "b"], [1, 0.5], [3, 4], reference="a"), "events holds 0.5 in row 1"),
        (lambda: gaps_to_reference(["a", "b"], [1], [3, 4], reference="a"), "events has shape"),
        (lambda: gaps_to_reference(["a", "b"], [1, 2], [3, 4], reference="a", confidence=95), "confidence is 95"),
        (lambda: index_of_disparity([0, 0], [5, 5]), "0 in every group"),
        (lambda: index_of_disparity([1], [5]), "one group only"),
        (lambda: q_values([0.2, 1.2]), "outside 0 to 1"),
        (lambda: q_values([]), "p_values has shape"),
        (lambda: change_of_gap(Limits(0, 1, 2), Limits(0, -1, 1)), "earlier is"),
        (lambda: adjusted_gap([1], [5], [1, 2], [5, 6]), "totals has shape"),
        (lambda: adjusted_gap([1, 0], [5, 0], [0, 2], [0, 6]), "share no stratum"),
        (lambda: adjusted_gap([7], [5], [1], [5]), "events is 7 of 5"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
