"""The reliable-change methods as R calculates them from the equations, on planted people, and in words."""

import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.change.classes import ChangeClass, classify_changes
from outcomestats.change.cutoffs import Norms
from outcomestats.change.important import Importance, half_sd_points, important_change, points_from_anchor
from outcomestats.change.methods.comparison import compare_methods, side_by_side
from outcomestats.change.methods.indices import difference_reliability, reliable_changes
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import Method, critical_index
from outcomestats.change.percentage import PercentState, percent_changes
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.shares import NoShare, NoShareReason, Share, share_of

# The same closed formulas in double precision on both sides: rounding only.
EXACT = 1e-12
# 200,000 made-up people: three standard errors of a share near 0.05 are 0.0015.
BY_CHANCE = 0.002

CASES = json.loads((Path(__file__).parent / "change" / "methods.json").read_text())
PAIRED = tuple(Method)[:6]
WORSE, BETTER = Direction.HIGHER_IS_WORSE, Direction.HIGHER_IS_BETTER
NORMS = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), correlation=0.5, source="made up")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("method", PAIRED, ids=lambda method: method.value)
def test_each_method_as_in_r(case: dict, method: Method) -> None:
    norms = PairNorms.from_sample(
        case["earlier"],
        case["later"],
        reliability=case["reliability"],
        later_reliability=case["later_reliability"],
    )
    found = reliable_changes(case["earlier"], case["later"], norms, method=method, direction=WORSE)
    np.testing.assert_allclose(found.index, case["index"][method.value], rtol=EXACT, atol=EXACT)
    np.testing.assert_allclose(found.estimate / found.standard_error, found.index, rtol=EXACT)
    reliable = found.classes != 0
    assert (((found.lower > 0) | (found.upper < 0)) == reliable).all()
    assert found.n == len(case["earlier"]) == sum(found.counts().values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_groups_change_as_t_test_and_prop_test(case: dict) -> None:
    found = important_change(case["earlier"], case["later"], points=1e-6, direction=WORSE)
    assert found.estimate == pytest.approx(case["mean_change"], rel=EXACT)
    assert [found.lower, found.upper] == pytest.approx(case["interval"], rel=1e-9)
    assert isinstance(found.better, Share)
    assert found.better.events == case["lower_later"]
    assert [found.better.lower, found.better.upper] == pytest.approx(case["lower_later_interval"], rel=1e-9)


def planted(n: int, reliability: float, change: float) -> tuple[np.ndarray, np.ndarray]:
    """People with a true score of mean 20 and sd 5·√r who all truly change by the same amount."""
    rng = np.random.default_rng(5)
    true = 20 + 5 * np.sqrt(reliability) * rng.normal(size=n)
    error = 5 * np.sqrt(1 - reliability)
    return true + error * rng.normal(size=n), true + change + error * rng.normal(size=n)


def test_people_who_did_not_change_are_called_changed_as_often_as_each_method_says() -> None:
    earlier, later = planted(200_000, 0.8, 0.0)
    norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(20, 5), correlation=0.8, source="planted")
    called = {
        method: float(np.mean(reliable_changes(earlier, later, norms, method=method, direction=WORSE).classes != 0))
        for method in PAIRED[:5]
    }
    for method in (Method.JACOBSON_TRUAX, Method.GULLIKSEN_LORD_NOVICK, Method.HSU_LINN_NORD):
        assert called[method] == pytest.approx(0.05, abs=BY_CHANCE)
    # Their errors leave out a part of what moves the later score: they call too many changes reliable.
    assert called[Method.EDWARDS_NUNNALLY] == pytest.approx(0.1441, abs=BY_CHANCE)
    assert called[Method.NUNNALLY_KOTSCH] > 0.05
    with pytest.raises(ValueError, match="no true differences: people differ in their change by no more than error"):
        reliable_changes(earlier, later, norms, method=Method.HAGEMAN_ARRINDELL, direction=WORSE)


def test_only_hageman_and_arrindell_and_the_adjusted_ones_forgive_an_extreme_first_score() -> None:
    earlier, later = planted(200_000, 0.8, 0.0)
    chosen = earlier > 28
    norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(20, 5), correlation=0.8, source="planted")

    def better(method: Method) -> float:
        found = reliable_changes(earlier[chosen], later[chosen], norms, method=method, direction=WORSE)
        return float(np.mean(found.classes == 1))

    assert better(Method.JACOBSON_TRUAX) > 0.05  # drift to the mean alone makes people look improved
    assert better(Method.GULLIKSEN_LORD_NOVICK) == pytest.approx(0.025, abs=0.007)


def test_hsu_linn_and_nord_ask_another_question() -> None:
    earlier, later = planted(50_000, 0.8, -8.0)
    norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(12, 5), correlation=0.8, source="planted")
    everyone = reliable_changes(earlier, later, norms, direction=WORSE)
    others = reliable_changes(earlier, later, norms, method=Method.HSU_LINN_NORD, direction=WORSE)
    assert everyone.counts()[ChangeClass.RELIABLE_IMPROVEMENT] > 0.6 * everyone.n
    assert others.counts()[ChangeClass.RELIABLE_DETERIORATION] > 0.02 * others.n


def test_jacobson_truax_with_published_norms_is_the_rule_used_in_care() -> None:
    rng = np.random.default_rng(3)
    earlier, later = rng.integers(0, 28, 500), rng.integers(0, 28, 500)
    rule = ChangeRule.from_norms(direction=WORSE, reliability=0.84, norm_sd=5.4, cutoff=10)
    norms = PairNorms(reliability=0.84, earlier=Norms(12, 5.4), source="published")
    found = reliable_changes(earlier, later, norms, direction=WORSE, cutoff=10)
    assert found.classes.tolist() == classify_changes(earlier, later, rule).classes.tolist()
    assert ChangeClass.RECOVERY in {found.change_class(row) for row in range(500)}


def test_compared_methods_say_where_they_differ() -> None:
    case = next(each for each in CASES if each["name"] == "made up")
    norms = PairNorms.from_sample(case["earlier"], case["later"], reliability=0.8)
    found = compare_methods(case["earlier"], case["later"], norms, direction=WORSE, cutoff=16)
    assert found.methods == PAIRED
    assert found.counts.sum(axis=1).tolist() == [60] * 6
    assert (np.diag(found.agreement) == 1).all()
    assert (found.agreement == found.agreement.T).all()
    classes = np.stack([each.classes for each in found.results])
    agree = [row for row in range(60) if len(set(classes[:, row].tolist())) == 1]
    assert sorted({*agree, *found.disputed.tolist()}) == list(range(60))
    assert found.unanimous == pytest.approx(len(agree) / 60)
    assert found.verdict.startswith(f"6 methods agree about {len(agree)} of 60 people; reliably better are between")


def test_percent_of_a_scale_that_cannot_be_0() -> None:
    plain = percent_changes([20], [15], direction=WORSE)
    floored = percent_changes([20], [15], direction=WORSE, floor=10)
    assert plain.state(0) is PercentState.NO_RESPONSE
    assert floored.state(0) is PercentState.RESPONSE
    mirrored = percent_changes([10, 10], [15, 5], direction=BETTER)
    assert [mirrored.state(0), mirrored.state(1)] == [PercentState.RESPONSE, PercentState.WORSE]
    none = percent_changes([0, 0], [4, 0], direction=WORSE)
    assert isinstance(none.response, NoShare)
    assert none.response.reason is NoShareReason.NOBODY_TO_COUNT
    assert none.verdict == "Response by 50 %: nobody to count; 2 started at the floor and have no percentage."


def test_what_is_important_for_a_group() -> None:
    spread = np.array([-1.0, 0.0, 1.0])
    found = {
        name: important_change(20 + spread, 20 + spread + shift + 0.1 * spread, points=3, direction=WORSE).importance
        for name, shift in {"better": -5, "nothing": 0.5, "worse": 5, "unclear": -3}.items()
    }
    assert found == {
        "better": Importance.IMPORTANTLY_BETTER,
        "nothing": Importance.LESS_THAN_IMPORTANT,
        "worse": Importance.IMPORTANTLY_WORSE,
        "unclear": Importance.NOT_CLEAR,
    }
    # Its upper limit lies between once and twice the points: neither less than important nor importantly worse.
    reaching = important_change(20 + spread, 20 + spread + 2 + spread, points=3, direction=WORSE)
    assert 3 < reaching.upper < 6
    assert reaching.importance is Importance.NOT_CLEAR
    alone = important_change([20], [10], points=3, direction=WORSE)
    assert (alone.importance, alone.lower, alone.upper) == (Importance.TOO_FEW, -10, -10)
    assert alone.verdict.startswith("One person only")
    anchor = points_from_anchor([2.0, 3.0, 4.0])
    assert (anchor.estimate, anchor.n, half_sd_points(6)) == (3, 3, 3)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"reliability": 0}, "reliability is 0; give"),
        ({"reliability": 1}, "reliability is 1; give"),
        ({"reliability": float("nan")}, "reliability is nan; give"),
        ({"later_reliability": 1.2}, "later_reliability is 1.2; give"),
        ({"correlation": -1.5}, "correlation is -1.5; give"),
        ({"source": " "}, "source is empty; say"),
        ({"n": 1}, "n is 1; give"),
    ],
)
def test_bad_norms_are_named_with_the_fix(arguments: dict, named: str) -> None:
    given = {"reliability": 0.8, "earlier": Norms(20, 5), "source": "made up", **arguments}
    with pytest.raises(ValueError, match=named):
        PairNorms(**given)


def test_norms_that_a_method_lacks_are_named() -> None:
    only = PairNorms(reliability=0.8, earlier=Norms(20, 5), source="made up")
    for method, named in [
        (Method.HSU_LINN_NORD, "no later mean and SD; Hsu, Linn and Nord need them"),
        (Method.NUNNALLY_KOTSCH, "no later mean and SD; Nunnally and Kotsch need them"),
        (Method.HAGEMAN_ARRINDELL, "no later mean and SD"),
        (Method.GROWTH_SLOPES, "needs every score; use outcomestats.change.growth.slopes"),
    ]:
        with pytest.raises(ValueError, match=named):
            reliable_changes([20], [14], only, method=method, direction=WORSE)
    with pytest.raises(ValueError, match="norms have no correlation; give"):
        difference_reliability(PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), source="made up"))


def test_bad_columns_and_samples_are_named() -> None:
    with pytest.raises(ValueError, match="earlier holds nan in row 0"):
        reliable_changes([np.nan], [1.0], NORMS, direction=WORSE)
    with pytest.raises(ValueError, match="confidence is 1; give"):
        reliable_changes([1.0], [1.0], NORMS, direction=WORSE, confidence=1)
    with pytest.raises(ValueError, match=r"one-sided, so give more than 0\.5"):
        critical_index(Method.HAGEMAN_ARRINDELL, 0.4)
    with pytest.raises(ValueError, match="earlier has 2 scores; give 3 people"):
        PairNorms.from_sample([1, 2], [2, 3], reliability=0.8)
    with pytest.raises(ValueError, match="later are all 4, without spread; give published norms"):
        PairNorms.from_sample([1, 2, 3], [4, 4, 4], reliability=0.8)
    with pytest.raises(ValueError, match="methods are JACOBSON_TRUAX; give two or more"):
        compare_methods([1.0], [2.0], NORMS, direction=WORSE, methods=[Method.JACOBSON_TRUAX])
    with pytest.raises(ValueError, match="give two or more, each once"):
        compare_methods([1.0], [2.0], NORMS, direction=WORSE, methods=[Method.JACOBSON_TRUAX] * 2)
    one = reliable_changes([1.0], [2.0], NORMS, direction=WORSE)
    two = reliable_changes([1.0, 2.0], [2.0, 1.0], NORMS, method=Method.EDWARDS_NUNNALLY, direction=WORSE)
    with pytest.raises(ValueError, match="about different people"):
        side_by_side([one, two])


def test_bad_thresholds_are_named() -> None:
    for arguments, named in [
        ({"response": 0}, "response is 0; give percent"),
        ({"worse": np.nan}, "worse is nan; give percent"),
        ({"floor": np.inf}, "floor is inf; give"),
        ({"floor": 5}, "earlier holds 4 in row 1, below the floor 5"),
    ]:
        with pytest.raises(ValueError, match=named):
            percent_changes([10, 4], [10, 9], direction=WORSE, **arguments)
    with pytest.raises(ValueError, match="points is 0; give"):
        important_change([1.0], [2.0], points=0, direction=WORSE)
    with pytest.raises(ValueError, match="confidence is 2; give"):
        important_change([1.0], [2.0], points=1, direction=WORSE, confidence=2)
    with pytest.raises(ValueError, match="changes holds 2 people; give 3"):
        points_from_anchor([1, 2])
    with pytest.raises(ValueError, match="which may be none; use another anchor"):
        points_from_anchor([-3, 0, 3])
    with pytest.raises(ValueError, match="norm_sd is nan; give"):
        half_sd_points(float("nan"))
    with pytest.raises(ValueError, match="events is 3 of 2; give 0 to n"):
        share_of(3, 2)
    with pytest.raises(ValueError, match="confidence is 0; give"):
        share_of(1, 2, confidence=0)
