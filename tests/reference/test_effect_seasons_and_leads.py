"""Seasons in a segmented regression, and the course of both sides before a change, as statsmodels has them."""

import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.effect.comparisons import difference_in_differences
from outcomestats.effect.event_study import Course, event_study
from outcomestats.effect.least_squares import fit_ols, newey_west
from outcomestats.effect.poisson import fit_poisson
from outcomestats.effect.segmented import Errors, SegmentedFit, design, segmented_regression
from outcomestats.effect.verdicts import Better, Effect, Judgement, NoEffect, Question, Reason

STORED = json.loads((Path(__file__).parent / "effect" / "seasons_and_leads.json").read_text())
# The same closed formula: rounding only. Sine columns are made by two libraries.
EXACT = 1e-8
LOWER = Question(better=Better.LOWER, matters=3)


def turns(harmonics: int) -> tuple[float, ...]:
    return tuple(2 * np.pi * (k + 1) / 12 for k in range(harmonics))


@pytest.mark.parametrize("case", STORED["seasons"], ids=lambda case: str(case["harmonics"]))
def test_seasons_with_newey_west_as_statsmodels(case: dict) -> None:
    y, at = np.array(case["values"]), np.arange(len(case["values"]))
    X = design(at, case["changed_at"], turns(case["harmonics"]))
    fit = fit_ols(X, y)
    np.testing.assert_allclose(fit.beta, case["beta"], rtol=EXACT, atol=EXACT)
    errors = np.sqrt(np.diag(newey_west(at, X, fit.residuals, case["lags"])))
    np.testing.assert_allclose(errors, case["errors"], rtol=EXACT)
    found = segmented_regression(
        at, y, changed_at=case["changed_at"], question=LOWER, lags=case["lags"], harmonics=case["harmonics"]
    )
    assert isinstance(found, SegmentedFit)
    assert found.harmonics == case["harmonics"]
    assert found.level.value == pytest.approx(case["beta"][2], rel=EXACT)
    assert found.level.standard_error == pytest.approx(case["errors"][2], rel=EXACT)
    assert f"{case['harmonics']} harmonics of 12" in found.effect.method


@pytest.mark.parametrize("case", STORED["counts"], ids=lambda case: str(case["harmonics"]))
def test_seasons_of_counts_as_statsmodels(case: dict) -> None:
    at = np.arange(len(case["counts"]))
    fit = fit_poisson(design(at, case["changed_at"], turns(case["harmonics"])), case["counts"], case["exposure"])
    np.testing.assert_allclose(fit.beta, case["beta"], rtol=1e-7, atol=1e-8)
    # Counts less spread than chance narrow nothing: statsmodels' scale may lie below 1, ours may not.
    wider = max(1.0, case["scale"]) / case["scale"]
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance) / wider), case["errors"], rtol=1e-7)


@pytest.mark.parametrize("case", STORED["leads"], ids=lambda case: f"{case['changed_at']} periods before")
def test_leads_lags_and_their_joint_test_as_statsmodels(case: dict) -> None:
    treated = np.array(case["team"]) % 2
    found = event_study(
        case["outcomes"],
        treated=treated,
        periods=case["period"],
        changed_at=case["changed_at"],
        clusters=case["team"],
    )
    told = [*found.leads, *found.lags]
    assert [each.estimate.value for each in told] == pytest.approx(case["distances"], rel=EXACT)
    assert [each.estimate.standard_error for each in told] == pytest.approx(case["errors"], rel=EXACT)
    assert [told[0].estimate.lower, told[0].estimate.upper] == pytest.approx(case["interval"], rel=EXACT)
    assert found.joint is not None
    assert found.joint.statistic == pytest.approx(case["F"], rel=EXACT)
    assert found.joint.p_value == pytest.approx(case["p"], rel=1e-6)
    assert [found.joint.leads, found.joint.degrees] == case["degrees"]
    assert found.drift is not None
    assert found.drift.value == pytest.approx(case["drift"], rel=EXACT)
    assert found.drift.standard_error == pytest.approx(case["drift_error"], rel=EXACT)
    assert [found.drift.lower, found.drift.upper] == pytest.approx(case["drift_interval"], rel=EXACT)
    assert (found.course is Course.MOVED_APART) == (case["p"] < 0.05)


def test_a_change_at_the_turn_of_a_season_is_no_effect() -> None:
    at = np.arange(60)
    y = 50 + 8 * np.sin(2 * np.pi * at / 12) + np.random.default_rng(3).normal(0, 1, 60)
    question = Question(better=Better.LOWER, matters=5)
    blind, seeing = (
        segmented_regression(at, y, changed_at=54, question=question, harmonics=harmonics) for harmonics in (0, 2)
    )
    assert isinstance(blind, SegmentedFit)
    assert isinstance(seeing, SegmentedFit)
    assert blind.effect.judgement is Judgement.IMPROVED
    assert seeing.effect.judgement is Judgement.NO_DETECTABLE_CHANGE
    assert seeing.effect.change.upper - seeing.effect.change.lower < 8


def test_counts_that_grow_without_end_are_looked_ahead_of_in_finite_numbers() -> None:
    counts = [round(2 * 1.15**at) for at in range(40)]
    found = segmented_regression(
        range(40), counts, changed_at=30, question=Question(better=Better.LOWER, matters=0.01), errors=Errors.POISSON
    )
    assert isinstance(found, SegmentedFit)
    assert found.effect.more_needed is None or found.effect.more_needed > 0


@pytest.mark.parametrize(("n", "harmonics"), [(20, 1), (23, 1), (24, 7)])
def test_less_than_two_cycles_or_too_few_points_tell_nothing_of_seasons(n: int, harmonics: int) -> None:
    y = np.random.default_rng(1).normal(0, 1, n)
    season = 12 if harmonics < 6 else 15
    found = segmented_regression(
        np.arange(n), y, changed_at=n // 2, question=LOWER, harmonics=harmonics, season=season
    )
    assert isinstance(found, NoEffect)
    assert found.reason is Reason.TOO_SHORT_FOR_SEASONS
    assert "two whole cycles" in found.verdict


def apart_before(drift: float, teams: int = 16, seed: int = 5) -> dict:
    rng = np.random.default_rng(seed)
    team, period = np.repeat(np.arange(teams), 8), np.tile(np.arange(8), teams)
    y = rng.normal(0, 1, teams)[team] + rng.normal(0, 1, team.size) - drift * (team % 2) * period
    return {"outcomes": y, "treated": team % 2, "clusters": team.tolist(), "period": period}


def test_sides_that_drift_apart_are_told_before_the_comparison_calls_it_an_effect() -> None:
    given = apart_before(0.6)
    period = given.pop("period")
    naive = difference_in_differences(
        **given, after=period >= 5, question=Question(better=Better.LOWER, matters=1)
    )  # fmt: skip
    assert isinstance(naive, Effect)
    assert naive.judgement is Judgement.IMPROVED
    found = event_study(**given, periods=period, changed_at=5)
    assert found.course is Course.MOVED_APART
    assert "would count that too" in found.verdict


def test_nothing_seen_is_not_called_alike_and_says_what_would_have_shown() -> None:
    given = apart_before(0.0)
    found = event_study(periods=given.pop("period"), changed_at=5, **given)
    assert found.course is Course.NOTHING_SEEN
    assert found.would_show is not None
    assert found.drift is not None
    assert found.would_show > (found.drift.upper - found.drift.lower) / 2
    assert "no proof" in found.verdict


def test_too_few_teams_for_a_joint_test_leave_the_line() -> None:
    given = apart_before(2.0, teams=4)
    found = event_study(periods=given.pop("period"), changed_at=6, **given)
    assert found.joint is None
    assert found.course is Course.MOVED_APART
    assert "too few teams" in found.verdict


def test_one_period_before_tells_nothing_of_the_course() -> None:
    given = apart_before(0.0)
    found = event_study(periods=given.pop("period"), changed_at=1, **given)
    assert (found.course, found.leads, found.joint, found.drift) == (Course.CANNOT_BE_TOLD, (), None, None)


def test_periods_that_one_side_lacks_are_left_out_and_named() -> None:
    given = apart_before(0.0)
    period = given.pop("period")
    kept = ~((period == 2) & (np.array(given["treated"]) == 1))
    found = event_study(
        given["outcomes"][kept],
        treated=given["treated"][kept],
        periods=period[kept],
        changed_at=5,
        clusters=np.array(given["clusters"])[kept].tolist(),
    )
    assert found.left_out == (2,)
    assert [lead.period for lead in found.leads] == [0, 1, 3]


BAD = apart_before(0.0)
GOOD = {"treated": BAD["treated"], "periods": BAD["period"], "changed_at": 5, "clusters": BAD["clusters"]}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: event_study(BAD["outcomes"], **GOOD | {"changed_at": 0}), "changed_at is 0"),
        (lambda: event_study(BAD["outcomes"], **GOOD | {"changed_at": 8}), "changed_at is 8"),
        (lambda: event_study(BAD["outcomes"], **GOOD | {"periods": BAD["period"] / 3}), "periods holds a broken"),
        (lambda: event_study(BAD["outcomes"], **GOOD, confidence=95), "confidence is 95"),
        (lambda: event_study(BAD["outcomes"], **GOOD | {"clusters": [0] * 128}), "fewer than two teams"),
        (lambda: event_study(BAD["outcomes"] * 0 + 1, **GOOD), "move exactly alike"),
        (
            lambda: segmented_regression(range(48), range(48), changed_at=9, question=LOWER, harmonics=6),
            "give 0 to 5",
        ),
        (lambda: segmented_regression(range(48), range(48), changed_at=9, question=LOWER, season=2), "season is 2"),
        (
            lambda: segmented_regression(
                np.arange(0, 144, 3), np.arange(48) % 5, changed_at=60, question=LOWER, harmonics=2
            ),
            "give fewer",
        ),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
