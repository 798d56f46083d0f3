"""Effects as statsmodels and R calculate them, worked by hand, and in words."""

import datetime
import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import t as student

from outcomestats.effect.ar1 import fit_ar1
from outcomestats.effect.before_after import before_after, before_after_phase
from outcomestats.effect.comparisons import MatchedEffect, difference_in_differences, matched_history
from outcomestats.effect.least_squares import fit_ols, newey_west
from outcomestats.effect.poisson import fit_poisson
from outcomestats.effect.regression_to_mean import expected_beyond_cutoff, regression_to_mean
from outcomestats.effect.segmented import Errors, SegmentedFit, design, segmented_regression
from outcomestats.effect.verdicts import (
    Basis,
    Better,
    Caution,
    Effect,
    Judgement,
    NoEffect,
    Question,
    Reason,
    judged,
)
from outcomestats.overtime.chart import control_chart
from outcomestats.overtime.plans import ChartKind, Plan, Rebase

HERE = Path(__file__).parent / "effect"
STATSMODELS = json.loads((HERE / "statsmodels.json").read_text())
R = json.loads((HERE / "r.json").read_text())
# The same closed formula: rounding only.
EXACT = 1e-9
# nlme stops its optimiser a little short; a criterion is flat at its top, so it is held tighter than φ.
OPTIMUM = 1e-4
CRITERION = 1e-7
LOWER = Question(better=Better.LOWER, matters=3)
FIFTH = Question(better=Better.LOWER, matters=0.2)


@pytest.mark.parametrize("case", STATSMODELS["series"], ids=lambda case: str(len(case["values"])))
def test_newey_west_as_statsmodels(case: dict) -> None:
    y, at = np.array(case["values"]), np.arange(len(case["values"]))
    X = design(at, case["changed_at"])
    fit = fit_ols(X, y)
    np.testing.assert_allclose(fit.beta, case["beta"], rtol=EXACT)
    np.testing.assert_allclose(
        np.sqrt(np.diag(newey_west(at, X, fit.residuals, case["lags"]))), case["errors"], rtol=EXACT
    )
    found = segmented_regression(at, y, changed_at=case["changed_at"], question=LOWER, lags=case["lags"])
    assert isinstance(found, SegmentedFit)
    for estimate, row in ((found.slope_before, 1), (found.level, 2), (found.slope, 3)):
        assert [estimate.lower, estimate.upper] == pytest.approx(case["interval"][row], rel=1e-8)


@pytest.mark.parametrize("case", STATSMODELS["counts"], ids=lambda case: str(len(case["counts"])))
def test_counts_with_exposure_as_statsmodels(case: dict) -> None:
    at = np.arange(len(case["counts"]))
    fit = fit_poisson(design(at, case["changed_at"]), case["counts"], case["exposure"])
    np.testing.assert_allclose(fit.beta, case["beta"], rtol=1e-8)
    assert case["dispersion"] > 1
    assert fit.dispersion == pytest.approx(case["dispersion"], rel=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), case["errors"], rtol=1e-8)


@pytest.mark.parametrize("case", STATSMODELS["differences"], ids=lambda case: str(len(case["team"])))
def test_difference_in_differences_as_statsmodels(case: dict) -> None:
    found = difference_in_differences(
        case["outcomes"], treated=case["treated"], after=case["after"], clusters=case["team"], question=LOWER
    )
    assert isinstance(found, Effect)
    assert found.change.value == pytest.approx(case["change"], rel=EXACT)
    assert found.change.standard_error == pytest.approx(case["error"], rel=EXACT)
    assert [found.change.lower, found.change.upper] == pytest.approx(case["interval"], rel=1e-8)
    assert (Caution.FEW_CLUSTERS in found.cautions) == (len(set(case["team"])) < 20)


@pytest.mark.parametrize("case", R["ar1"], ids=lambda case: str(len(case["values"])))
def test_ar1_errors_as_gls_of_nlme(case: dict) -> None:
    fit = fit_ar1(case["periods"], design(case["periods"], case["changed_at"]), case["values"])
    assert fit.criterion <= -2 * case["log_restricted_likelihood"] + CRITERION
    assert fit.criterion == pytest.approx(-2 * case["log_restricted_likelihood"], abs=1e-4)
    assert fit.autocorrelation == pytest.approx(case["phi"], abs=OPTIMUM)
    np.testing.assert_allclose(fit.beta, case["beta"], rtol=OPTIMUM, atol=OPTIMUM)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), case["errors"], rtol=OPTIMUM)


@pytest.mark.parametrize("case", R["welch"], ids=lambda case: str(len(case["before"])))
def test_before_after_as_t_test(case: dict) -> None:
    found = before_after(case["before"], case["after"], LOWER)
    assert isinstance(found, Effect)
    assert found.change.value == pytest.approx(case["change"], rel=EXACT)
    assert found.change.standard_error == pytest.approx(case["error"], rel=EXACT)
    assert found.change.degrees == pytest.approx(case["degrees"], rel=EXACT)
    assert [found.change.lower, found.change.upper] == pytest.approx(case["interval"], rel=EXACT)
    one = matched_history(
        case["after"],
        case["before"],
        strata_after=["all"] * len(case["after"]),
        strata_before=["all"] * len(case["before"]),
        question=LOWER,
    )
    assert isinstance(one, MatchedEffect)
    assert one.effect.change.lower == pytest.approx(found.change.lower, rel=EXACT)


def test_weighted_before_after_as_lm() -> None:
    before, after = R["weighted"]["before"], R["weighted"]["after"]
    found = before_after(
        before["values"], after["values"], LOWER, weights_before=before["weights"], weights_after=after["weights"]
    )
    assert isinstance(found, Effect)
    assert found.change.value == pytest.approx(after["mean"] - before["mean"], rel=EXACT)
    assert found.change.standard_error == pytest.approx(math.hypot(after["error"], before["error"]), rel=EXACT)


def test_matched_history_as_r() -> None:
    case = R["matched"]
    found = matched_history(
        case["after"]["y"],
        case["before"]["y"],
        strata_after=case["after"]["s"],
        strata_before=case["before"]["s"],
        question=LOWER,
    )
    assert isinstance(found, MatchedEffect)
    assert found.effect.change.value == pytest.approx(case["change"], rel=EXACT)
    assert found.effect.change.standard_error == pytest.approx(case["error"], rel=EXACT)
    assert found.unmatched == case["unmatched"] > 0


@pytest.mark.parametrize("case", R["drift"], ids=lambda case: str(case["cutoff"]))
def test_drift_beyond_a_cutoff_as_integrated(case: dict) -> None:
    given = {name: case[name] for name in ("mean", "sd", "retest")}
    found = expected_beyond_cutoff(**given, cutoff=case["cutoff"], chosen=Better.HIGHER)
    assert found == pytest.approx(case["change"], rel=1e-7)
    mirrored = expected_beyond_cutoff(
        mean=-case["mean"], sd=case["sd"], retest=case["retest"], cutoff=-case["cutoff"], chosen=Better.LOWER
    )
    assert mirrored == -found


def test_a_far_cutoff_stays_finite() -> None:
    assert math.isfinite(expected_beyond_cutoff(mean=0, sd=1, retest=0.5, cutoff=60, chosen=Better.HIGHER))


# One verdict in words.
STEADY = [20.0, 22, 21, 19, 20, 21, 22, 20, 19, 21, 20, 22]


@pytest.mark.parametrize(
    ("after", "better", "judgement"),
    [
        ([15, 14, 16, 15, 14, 16], Better.LOWER, Judgement.IMPROVED),
        ([15, 14, 16, 15, 14, 16], Better.HIGHER, Judgement.WORSENED),
        ([20, 21, 22, 20, 21, 20], Better.LOWER, Judgement.NO_DETECTABLE_CHANGE),
        ([12, 29, 21], Better.LOWER, Judgement.TOO_EARLY),
    ],
)
def test_every_judgement(after: list[float], better: Better, judgement: Judgement) -> None:
    found = before_after(STEADY, after, Question(better=better, matters=3))
    assert isinstance(found, Effect)
    assert found.judgement is judgement
    assert found.verdict.lower().startswith(judgement.value.replace("_", " ").lower())


def test_as_many_more_points_as_promised_are_enough_and_one_fewer_is_not() -> None:
    found = before_after(STEADY * 5, [20, 26, 15], Question(better=Better.LOWER, matters=3))
    assert isinstance(found, Effect)
    assert found.judgement is Judgement.TOO_EARLY
    assert found.more_needed
    variance = np.var([20, 26, 15], ddof=1)
    before = np.var(STEADY * 5, ddof=1) / 60

    def shows(more: int) -> bool:
        error = math.sqrt(before + variance / (3 + more))
        return (student.ppf(0.975, found.change.degrees + more) + ndtri(0.8)) * error <= 3

    assert shows(found.more_needed)
    assert not shows(found.more_needed - 1)
    assert f"{found.more_needed} more points until a change of 3 would show" in found.verdict


def test_a_short_time_before_cannot_be_made_up_for() -> None:
    found = before_after([10, 30, 20], [21, 19, 20, 22, 18], Question(better=Better.LOWER, matters=1))
    assert isinstance(found, Effect)
    assert (found.reason, found.more_needed) == (Reason.MORE_WOULD_NOT_DO, None)
    assert "too little is known of before" in found.verdict


def test_a_phase_of_a_chart_is_weighed_by_its_denominators() -> None:
    before, after = R["weighted"]["before"], R["weighted"]["after"]
    counts = [round(p * n) for side in (before, after) for p, n in zip(side["values"], side["weights"], strict=True)]
    dates = [datetime.date(2020 + at // 12, at % 12 + 1, 1) for at in range(22)]
    plan = Plan(rebases=(Rebase(date=dates[12], reason="reviews began", author="A. Lead"),))
    chart = control_chart(ChartKind.P, dates, counts, denominators=before["weights"] + after["weights"], plan=plan)
    found = before_after_phase(chart, Question(better=Better.LOWER, matters=0.05))
    assert isinstance(found, Effect)
    assert found.change.value == pytest.approx(after["mean"] - before["mean"], rel=EXACT)
    assert (found.n_before, found.n_after) == (12, 10)


def test_points_that_follow_each_other_are_said_to() -> None:
    drifting = np.repeat([1.0, 5, 2, 6], 6) + np.tile([0, 0.1, 0.2], 8)
    found = before_after(drifting, drifting + 1, Question(better=Better.LOWER, matters=1))
    assert isinstance(found, Effect)
    assert found.cautions == (Caution.AUTOCORRELATED,)
    assert "Neighbouring points are alike" in found.verdict


@pytest.mark.parametrize("errors", list(Errors))
def test_a_drop_is_found_under_every_kind_of_errors(errors: Errors) -> None:
    rng = np.random.default_rng(5)
    at = np.arange(48)
    counts = rng.poisson(np.where(at >= 24, 30, 60)).astype(float)
    question = Question(better=Better.LOWER, matters=0.2 if errors is Errors.POISSON else 10)
    found = segmented_regression(at, counts, changed_at=24, question=question, errors=errors)
    assert isinstance(found, SegmentedFit)
    assert found.effect.judgement is Judgement.IMPROVED
    if errors is Errors.POISSON:
        assert found.effect.scale == "ratio"
        assert found.effect.change.lower < 0.5 < found.effect.change.upper


def test_a_trend_that_was_there_before_is_not_an_improvement() -> None:
    at = np.arange(40)
    falling = 60 - 0.5 * at + np.random.default_rng(6).normal(0, 1, 40)
    naive = before_after(falling[:20], falling[20:], LOWER)
    found = segmented_regression(at, falling, changed_at=20, question=LOWER)
    assert isinstance(naive, Effect)
    assert isinstance(found, SegmentedFit)
    assert naive.judgement is Judgement.IMPROVED
    assert found.effect.judgement is not Judgement.IMPROVED


def test_three_points_on_a_line_do_not_make_an_interval_narrow() -> None:
    at = np.arange(23)
    y = np.concatenate((50 + np.random.default_rng(7).normal(0, 3, 20), [50, 50, 50]))
    found = segmented_regression(at, y, changed_at=20, question=LOWER)
    assert isinstance(found, SegmentedFit)
    assert found.effect.change.upper - found.effect.change.lower > 4
    assert Caution.FEW_POINTS in found.effect.cautions


def test_chosen_people_who_only_drift_are_not_said_to_have_improved() -> None:
    rng = np.random.default_rng(8)
    lasting = rng.normal(10, math.sqrt(0.7) * 6, 20000)
    first, second = (lasting + rng.normal(0, math.sqrt(0.3) * 6, 20000) for _ in range(2))
    chosen = first >= 18
    found = regression_to_mean(first[chosen], second[chosen], mean=10, retest=0.7)
    assert found.observed < -2
    assert abs(found.beyond.value) < 4 * found.beyond.standard_error
    in_theory = expected_beyond_cutoff(mean=10, sd=6, retest=0.7, cutoff=18, chosen=Better.HIGHER)
    assert found.expected == pytest.approx(in_theory, abs=0.1)
    helped = regression_to_mean(first[chosen], second[chosen] - 2, mean=10, retest=0.7)
    assert helped.verdict.endswith("more than chance.")


COUNTED = [0, 0, 0, 0, 3, 2, 4, 3]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (before_after([1, 2], [1, 2, 3], LOWER), Reason.TOO_FEW_BEFORE),
        (before_after([1, 2, 3], [1], LOWER), Reason.TOO_FEW_AFTER),
        (before_after([2, 2, 2], [3, 3, 3], LOWER), Reason.NO_VARIATION),
        (segmented_regression(range(4), range(4), changed_at=3, question=LOWER), Reason.TOO_FEW_AFTER),
        (segmented_regression(range(8), [5] * 8, changed_at=4, question=LOWER), Reason.NO_VARIATION),
        (
            segmented_regression(range(8), COUNTED, changed_at=4, question=FIFTH, errors=Errors.POISSON),
            Reason.NO_EVENTS_BEFORE,
        ),
        (
            segmented_regression(range(8), COUNTED[::-1], changed_at=4, question=FIFTH, errors=Errors.POISSON),
            Reason.NO_EVENTS_AFTER,
        ),
        (
            difference_in_differences(
                [1, 2, 3, 4], treated=[1, 1, 0, 0], after=[0, 1, 0, 1], clusters="aabb", question=LOWER
            ),
            Reason.TOO_FEW_CLUSTERS,
        ),
        (
            difference_in_differences(
                [1] * 8, treated=[1, 1, 0, 0] * 2, after=[0] * 4 + [1] * 4, clusters="abcd" * 2, question=LOWER
            ),
            Reason.NO_VARIATION,
        ),
        (matched_history([1], [2], strata_after="a", strata_before="b", question=LOWER), Reason.NOTHING_MATCHED),
        (matched_history([1], [2, 3], strata_after="a", strata_before="aa", question=LOWER), Reason.TOO_FEW_AFTER),
    ],
)
def test_what_cannot_be_judged_says_why(found: object, reason: Reason) -> None:
    assert isinstance(found, NoEffect)
    assert (found.reason, found.judgement) == (reason, Judgement.TOO_EARLY)
    assert found.verdict.startswith("Too early: ")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Question(better=Better.LOWER, matters=-1), "matters is -1"),
        (lambda: Question(better=Better.LOWER, matters=1, confidence=95), "confidence is 95"),
        (lambda: before_after([1, np.nan, 2], [1, 2, 3], LOWER), "before holds nan in row 1"),
        (lambda: before_after([[1, 2]], [1, 2, 3], LOWER), "before has shape"),
        (lambda: before_after([1, 2, 3], [1, 2, 3], LOWER, weights_before=[1, 2, 3]), "give both or neither"),
        (
            lambda: before_after([1, 2, 3], [1, 2, 3], LOWER, weights_before=[1, 2], weights_after=[1, 2, 3]),
            "weights_before has 2",
        ),
        (
            lambda: segmented_regression([1, 1, 2], [1, 2, 3], changed_at=2, question=LOWER),
            "periods is not whole and rising",
        ),
        (lambda: segmented_regression([1, 2], [1, 2, 3], changed_at=2, question=LOWER), "periods has 2 rows"),
        (
            lambda: segmented_regression(range(8), range(8), changed_at=4, question=LOWER, exposure=[1] * 8),
            "exposure is given",
        ),
        (
            lambda: segmented_regression(range(8), [0.5] * 8, changed_at=4, question=LOWER, errors=Errors.POISSON),
            "what is not a count",
        ),
        (
            lambda: segmented_regression(
                range(8), [5] * 8, changed_at=4, question=Question(Better.LOWER, 2), errors=Errors.POISSON
            ),
            "cannot fall by all of itself",
        ),
        (
            lambda: difference_in_differences([1], treated=[2], after=[0], clusters="a", question=LOWER),
            "treated holds something",
        ),
        (
            lambda: difference_in_differences([1], treated=[1], after=[0], clusters="", question=LOWER),
            "clusters has 0",
        ),
        (lambda: regression_to_mean([1, 2], [1, 2], mean=0, retest=0.5), "earlier has 2"),
        (lambda: regression_to_mean([1, 2, 3], [1, 2, 3], mean=0, retest=1.5), "retest is 1.5"),
        (lambda: fit_ols([[1, 2], [2, 4], [3, 6]], [1, 2, 3]), "follows from the others"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("better", list(Better))
def test_a_steady_rate_that_would_have_shown_a_fifth_is_no_detectable_change(better: Better) -> None:
    at = np.arange(60)
    counts = np.random.default_rng(11).poisson(200, 60)
    question = Question(better=better, matters=0.2)
    found = segmented_regression(at, counts, changed_at=30, question=question, errors=Errors.POISSON)
    assert isinstance(found, SegmentedFit)
    assert (found.effect.judgement, found.effect.more_needed) == (Judgement.NO_DETECTABLE_CHANGE, 0)
    assert "A change of 20 % would by now have shown." in found.effect.verdict


def test_the_headline_takes_the_wider_of_two_errors() -> None:
    wider = set()
    for seed in range(12):
        at, y = np.arange(48), np.random.default_rng(seed).normal(0, 1, 48)
        y = np.convolve(y, np.ones(6))[:48] if seed % 2 else y  # every other series moves slowly
        X = design(at, 24)
        fit = fit_ols(X, y)
        contrast = np.array([0, 0, 1, X[24:, 3].mean()])
        robust, independent = (
            math.sqrt(contrast @ each @ contrast) for each in (newey_west(at, X, fit.residuals, 6), fit.covariance)
        )
        found = segmented_regression(at, y, changed_at=24, question=LOWER, lags=6)
        assert isinstance(found, SegmentedFit)
        assert found.effect.change.standard_error == pytest.approx(max(robust, independent), rel=EXACT)
        assert found.effect.change.value == pytest.approx(contrast @ fit.beta, rel=1e-6)
        wider.add(robust > independent)
    assert wider == {True, False}


def test_how_many_more_teams() -> None:
    rng = np.random.default_rng(12)
    team = np.repeat(np.arange(12), 20)
    after = np.tile(np.repeat([0, 1], 10), 12)
    y = rng.normal(0, 2, 12)[team] * after + rng.normal(0, 1, 240)
    question = Question(better=Better.LOWER, matters=1.5)
    found = difference_in_differences(y, treated=team % 2, after=after, clusters=team.tolist(), question=question)
    assert isinstance(found, Effect)
    more, error = found.more_needed, found.change.standard_error
    assert more
    needed = [
        (student.ppf(0.975, 11 + extra) + ndtri(0.8)) * error * math.sqrt(12 / (12 + extra))
        for extra in (more - 1, more)
    ]
    assert needed[0] > 1.5 >= needed[1]
    assert f"{more} more teams" in found.verdict


def test_a_fifth_fewer_is_further_than_a_fifth_more() -> None:
    # log 1.25 = 0.223 for a fifth fewer, log 1.2 = 0.182 for a fifth more; what shows lies between.
    error = 0.2 / float(ndtri(0.975) + ndtri(0.8))
    basis = Basis(n_before=30, n_after=30, method="example", ahead=lambda more: error, logarithm=True)
    found = {
        better: judged(0.0, error, math.inf, Question(better=better, matters=0.2), basis).judgement
        for better in Better
    }
    assert found == {Better.LOWER: Judgement.NO_DETECTABLE_CHANGE, Better.HIGHER: Judgement.TOO_EARLY}
