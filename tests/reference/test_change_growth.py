"""Growth curves and people's slopes as lme4 and 40-digit arithmetic find them, and their bad input."""

import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.change.classes import ChangeClass
from outcomestats.change.cutoffs import Norms
from outcomestats.change.growth.criterion import evaluate, ready
from outcomestats.change.growth.fit import Boundary, GrowthFit, NoGrowth, NoGrowthReason, fit_growth
from outcomestats.change.growth.slopes import person_lines, slope_changes, slope_reliability
from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.methods.comparison import side_by_side
from outcomestats.change.methods.indices import reliable_changes
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import Method
from outcomestats.change.rules import Direction

# The criterion is flat at its minimum: both agree on it far better than on what lies there.
CRITERION = 1e-9
# lme4 with its tightest optimiser settings, on a flat criterion; see high precision for our own.
LME4 = 2e-6
# Variances beside the 40-digit root of the slope, which is found without a line of our code.
HIGH_PRECISION = 1e-9

HERE = Path(__file__).parent / "change"
CASES = json.loads((HERE / "growth.json").read_text())
SECOND = json.loads((HERE / "growth_mixedlm.json").read_text())
ROOTS = json.loads((HERE / "growth_high_precision.json").read_text())
WORSE = Direction.HIGHER_IS_WORSE


def sums_of(case: dict) -> GrowthSums:
    return GrowthSums.from_rows(case["person"], case["time"], case["score"], baseline=case["baseline"])


def fitted(sums: GrowthSums) -> GrowthFit:
    found = fit_growth(sums)
    assert isinstance(found, GrowthFit)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_growth_curves_as_lme4(case: dict) -> None:
    found = fitted(sums_of(case))
    assert found.criterion <= case["criterion"] + CRITERION
    assert found.criterion == pytest.approx(case["criterion"], abs=1e-7)
    np.testing.assert_allclose(found.estimate, case["estimate"], rtol=LME4)
    np.testing.assert_allclose(found.covariance, case["covariance"], rtol=10 * LME4, atol=LME4)
    np.testing.assert_allclose(found.variance, case["variance"], rtol=LME4, atol=LME4)
    assert found.sigma2 == pytest.approx(case["sigma2"], rel=LME4)
    assert (found.boundary is not Boundary.NONE) == case["singular"]
    assert found.n_rows == len(case["score"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_growth_curves_as_mixedlm(case: dict) -> None:
    found, second = fitted(sums_of(case)), SECOND[case["name"]]
    assert found.criterion <= second["criterion"] + CRITERION
    np.testing.assert_allclose(found.estimate, second["estimate"], rtol=LME4)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_peoples_slopes_as_lme4_and_henderson(case: dict) -> None:
    sums = sums_of(case)
    lines = person_lines(fitted(sums), sums)
    assert lines.people.tolist() == case["people"]
    for ours, theirs in [
        (lines.slope, "slope"),
        (lines.sd, "slope_sd"),
        (lines.from_mean, "from_mean"),
        (lines.from_mean_sd, "from_mean_sd"),
    ]:
        np.testing.assert_allclose(ours, case[theirs], rtol=LME4, atol=LME4)
    if case["baseline"] is None:
        np.testing.assert_allclose(lines.level, case["level"], rtol=LME4, atol=10 * LME4)


@pytest.mark.parametrize("case", [case for case in CASES if case["name"] in ROOTS], ids=lambda case: case["name"])
def test_variances_as_forty_digits(case: dict) -> None:
    found = fitted(sums_of(case))
    sigma2, v11, v12, v22 = map(float, ROOTS[case["name"]])
    np.testing.assert_allclose([found.sigma2, *found.variance[0]], [sigma2, v11, v12], rtol=HIGH_PRECISION)
    assert found.variance[1, 1] == pytest.approx(v22, rel=HIGH_PRECISION)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_slope_of_the_criterion_is_its_slope(case: dict) -> None:
    of = ready(sums_of(case))
    psi, step = np.array([[1.2, 0.3], [0.3, 0.8]]), 1e-5
    slope = evaluate(of, psi).gradient
    for at in [(0, 0), (0, 1), (1, 1)]:
        move = np.zeros((2, 2))
        move[at] = move[at[::-1]] = step
        there, back = evaluate(of, psi + move).criterion, evaluate(of, psi - move).criterion
        assert (there - back) / (2 * step) == pytest.approx(slope[at] * (1 if at[0] == at[1] else 2), rel=1e-6)


def test_planted_slopes_are_found_and_their_intervals_hold_them() -> None:
    rng = np.random.default_rng(8)
    n, each = 3000, 8
    people, time = np.repeat(np.arange(n), each), np.tile(np.log1p(np.arange(each) * 2.0), n)
    own = -2 + 1.2 * rng.normal(size=n)
    level = 18 + 4 * rng.normal(size=n)
    scores = level[people] + own[people] * time + 2.5 * rng.normal(size=n * each)
    sums = GrowthSums.from_rows(people, time, scores)
    found = fitted(sums)
    assert found.estimate == pytest.approx([18, -2], abs=0.25)
    assert np.sqrt(found.variance.diagonal()) == pytest.approx([4, 1.2], rel=0.05)
    assert found.sigma2 == pytest.approx(2.5**2, rel=0.03)
    lines = person_lines(found, sums)
    covered = float(np.mean((lines.lower <= own) & (own <= lines.upper)))
    assert covered == pytest.approx(0.95, abs=0.015)
    assert slope_reliability(found, sums) == pytest.approx(np.full(n, 0.5), abs=0.25)
    changes = slope_changes(lines, direction=WORSE)
    assert changes.method is Method.GROWTH_SLOPES
    truly = own < 0
    called = changes.classes == 1
    assert (called & ~truly).sum() < 0.03 * (~truly).sum() + 0.02 * called.sum()


def test_slopes_stand_beside_the_other_methods() -> None:
    case = CASES[1]
    sums = sums_of(case)
    person, time, score = (np.array(case[name]) for name in ("person", "time", "score"))
    order = np.lexsort((time, person))
    edges = np.flatnonzero(np.diff(person[order], prepend=-1))
    first, last = score[order][edges], score[order][np.append(edges[1:], order.size) - 1]
    norms = PairNorms(reliability=0.85, earlier=Norms(16, 5), source="made up")
    both = side_by_side(
        [
            slope_changes(person_lines(fitted(sums), sums), direction=WORSE, first=first, last=last, cutoff=10),
            reliable_changes(first, last, norms, direction=WORSE, cutoff=10),
        ]
    )
    assert both.n == sums.people.size
    assert ChangeClass.RECOVERY in {both.results[0].change_class(row) for row in range(both.n)}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (([1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2], [5, 4, 3, 5, 3, 2]), NoGrowthReason.TOO_FEW_PEOPLE),
        (([1, 1, 2, 2, 3, 3], [0, 1, 0, 1, 0, 1], [5, 4, 5, 3, 6, 2]), NoGrowthReason.TOO_FEW_SCORES_EACH),
        (([1, 1, 2, 2, 3, 3], [1, 1, 1, 1, 1, 1], [5, 4, 5, 3, 6, 2]), NoGrowthReason.ALL_TIMES_EQUAL),
        (([1, 1, 1, 2, 2, 3], [0, 1, 2, 0, 1, 0], [5, 5, 5, 5, 5, 5]), NoGrowthReason.ALL_SCORES_EQUAL),
        (([1, 1, 1, 2, 2, 2, 3, 3, 3], [0, 1, 2] * 3, [5, 4, 3, 8, 6, 4, 9, 9, 9]), NoGrowthReason.NO_ERROR),
    ],
)
def test_what_cannot_be_fitted_has_a_named_reason(rows: tuple, reason: NoGrowthReason) -> None:
    found = fit_growth(GrowthSums.from_rows(*rows))
    assert isinstance(found, NoGrowth)
    assert found.reason is reason
    assert found.verdict.startswith("No line for everybody: ")


def test_equal_baselines_have_a_named_reason() -> None:
    people, times = np.repeat(np.arange(6), 3), np.tile(np.arange(3), 6)
    scores = np.random.default_rng(1).normal(size=18)
    found = fit_growth(GrowthSums.from_rows(people, times, scores, baseline=np.full(18, 7.0)))
    assert isinstance(found, NoGrowth)
    assert found.reason is NoGrowthReason.ALL_BASELINES_EQUAL


def test_people_a_thousand_errors_apart_are_found_too() -> None:
    rng = np.random.default_rng(3)
    n = 200
    people, time = np.repeat(np.arange(n), 5), np.tile(np.arange(5.0), n)
    level, slope = rng.normal(0, 1000, n), rng.normal(-2, 300, n)
    scores = level[people] + slope[people] * time + rng.normal(0, 0.5, people.size)
    found = fitted(GrowthSums.from_rows(people, time, scores))
    assert found.sigma2 == pytest.approx(0.25, rel=0.1)
    # With no error to speak of the variances are those of the people drawn.
    np.testing.assert_allclose(found.variance, np.cov(level, slope), rtol=1e-3, atol=50)


def test_where_slopes_do_not_differ_nobody_has_one_of_their_own() -> None:
    people, time = np.repeat(np.arange(30), 4), np.tile(np.arange(4.0), 30)
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(30, 4))
    # Errors without any slope of their own: less spread in slope than error alone would make.
    noise -= np.array([-1.5, -0.5, 0.5, 1.5]) * (noise @ np.array([-1.5, -0.5, 0.5, 1.5]) / 5)[:, None]
    scores = (rng.normal(0, 3, 30)[:, None] + noise).ravel() - time
    sums = GrowthSums.from_rows(people, time, scores)
    found = fitted(sums)
    assert found.boundary in (Boundary.SLOPES_ALIKE, Boundary.ONE_DIMENSION)
    assert slope_reliability(found, sums).max() < 0.05
    assert person_lines(found, sums).slope == pytest.approx(np.full(30, -1.0), abs=0.05)


def test_two_scores_of_one_time_tell_error_from_slope() -> None:
    people, times = np.repeat(np.arange(5), 2), np.tile([0.0, 1.0], 5)
    people, times = np.append(people, [9, 9]), np.append(times, [0.5, 0.5])
    scores = np.random.default_rng(2).normal(size=12)
    assert isinstance(fit_growth(GrowthSums.from_rows(people, times, scores)), GrowthFit)


def test_bad_rows_are_named_with_the_fix() -> None:
    for rows, named in [
        (([1, 1], [0], [1.0, 2.0]), "people has 2, times has 1, scores has 2 rows; give"),
        (([1.5], [0], [1.0]), "people holds part of a number"),
        (([1], [np.inf], [1.0]), "times holds inf in row 0"),
        (([], [], []), "people is empty"),
        ((["a"], [0], [1.0]), "people must be numbers"),
    ]:
        with pytest.raises(ValueError, match=named):
            GrowthSums.from_rows(*rows)
    with pytest.raises(ValueError, match="baseline of person 4 has several values"):
        GrowthSums.from_rows([3, 4, 4], [0, 0, 1], [1, 2, 3], baseline=[1, 1, 2])
    with pytest.raises(ValueError, match="baseline has 1 rows; give"):
        GrowthSums.from_rows([3, 4], [0, 0], [1, 2], baseline=[1])
    with pytest.raises(ValueError, match="days holds -1 in row 0; give days since"):
        log_weeks([-1])
    with pytest.raises(ValueError, match="confidence is 0; give"):
        fit_growth(sums_of(CASES[0]), confidence=0)


def test_bad_sums_are_named_with_the_fix() -> None:
    good = GrowthSums.from_rows([1, 2], [0, 1], [3, 4])
    parts = {name: getattr(good, name) for name in ("people", "n", "time_mean", "score_mean", "tt", "ty", "yy")}
    for changed, named in [
        ({"n": np.array([1])}, "n has shape"),
        ({"tt": np.array([1.0, -1.0])}, "tt or yy is below 0"),
        ({"ty": np.array([1.0, np.nan])}, "ty holds a number that is not finite"),
        ({"people": np.array([2, 1])}, "people must rise"),
        ({"n": np.array([0, 1])}, "n holds a person without scores"),
    ]:
        with pytest.raises(ValueError, match=named):
            GrowthSums(**{**parts, **changed})
    with pytest.raises(ValueError, match="only one of both has a baseline"):
        good.merge(GrowthSums.from_rows([1], [0], [1], baseline=[2]))
    with pytest.raises(ValueError, match="baseline of person 1 has several values"):
        GrowthSums.from_rows([1], [0], [1], baseline=[3]).merge(GrowthSums.from_rows([1], [0], [1], baseline=[2]))
    with pytest.raises(ValueError, match="give one truth value a person"):
        good.only(np.array([1, 0]))


def test_lines_of_another_model_are_refused() -> None:
    plain, with_baseline = sums_of(CASES[0]), sums_of(CASES[1])
    with pytest.raises(ValueError, match="sums do not fit a model of LEVEL, SLOPE; leave baseline out"):
        person_lines(fitted(plain), with_baseline)
    with pytest.raises(ValueError, match="give the baseline to the sums too"):
        person_lines(fitted(with_baseline), plain)
    lines = person_lines(fitted(plain), plain)
    with pytest.raises(ValueError, match="cutoff is given without first and last"):
        slope_changes(lines, direction=WORSE, cutoff=3)
    with pytest.raises(ValueError, match="first has 1 scores and lines 18 people"):
        slope_changes(lines, direction=WORSE, first=[1], last=[2], cutoff=3)
    with pytest.raises(ValueError, match="confidence is 1; give"):
        person_lines(fitted(plain), plain, confidence=1)
