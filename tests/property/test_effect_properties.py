"""Whatever the figures: shifting, scaling and mirroring them changes no judgement; rows come in any order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomestats.effect.before_after import before_after
from outcomestats.effect.comparisons import MatchedEffect, difference_in_differences, matched_history
from outcomestats.effect.event_study import event_study
from outcomestats.effect.segmented import Errors, SegmentedFit, segmented_regression
from outcomestats.effect.verdicts import Better, Effect, Judgement, NoEffect, Question

few = settings(max_examples=25)
quarters = st.integers(-400, 400).map(lambda n: n / 4)
sides = st.lists(quarters, min_size=3, max_size=20)
OTHER = {Judgement.IMPROVED: Judgement.WORSENED, Judgement.WORSENED: Judgement.IMPROVED}


@given(sides, sides, quarters, st.sampled_from([0.5, 2.0, 8.0]))
def test_units_change_no_judgement(before: list[float], after: list[float], move: float, by: float) -> None:
    plain = before_after(before, after, Question(better=Better.LOWER, matters=2))
    first, last = (np.array(side) * by + move for side in (before, after))
    moved = before_after(first, last, Question(better=Better.LOWER, matters=2 * by))
    mirrored = before_after(-first, -last, Question(better=Better.HIGHER, matters=2 * by))
    assert plain.judgement is moved.judgement is mirrored.judgement
    assert plain.reason is moved.reason is mirrored.reason


@given(sides, sides)
def test_the_other_direction_gives_the_other_judgement(before: list[float], after: list[float]) -> None:
    lower = before_after(before, after, Question(better=Better.LOWER, matters=2))
    higher = before_after(before, after, Question(better=Better.HIGHER, matters=2))
    assert higher.judgement is OTHER.get(lower.judgement, lower.judgement)


@given(sides, sides)
def test_every_effect_is_finite_and_its_interval_holds_it(before: list[float], after: list[float]) -> None:
    found = before_after(before, after, Question(better=Better.LOWER, matters=2))
    if isinstance(found, NoEffect):
        return
    assert np.isfinite([found.change.lower, found.change.value, found.change.upper]).all()
    assert found.change.lower < found.change.value < found.change.upper
    outside = found.change.lower > 0 or found.change.upper < 0
    assert outside == (found.judgement in OTHER)
    assert (found.judgement is Judgement.NO_DETECTABLE_CHANGE) <= (found.more_needed == 0)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([Errors.NEWEY_WEST, Errors.AR1]),
    st.integers(4, 20),
    st.integers(4, 20),
)
def test_numbering_the_months_otherwise_changes_nothing(seed: int, errors: Errors, n: int, m: int) -> None:
    y = np.random.default_rng(seed).normal(20, 3, n + m)
    question = Question(better=Better.LOWER, matters=2)
    plain = segmented_regression(np.arange(n + m), y, changed_at=n, question=question, errors=errors)
    moved = segmented_regression(np.arange(n + m) + 24000, y, changed_at=n + 24000, question=question, errors=errors)
    assert isinstance(plain, SegmentedFit)
    assert isinstance(moved, SegmentedFit)
    assert plain == moved


@given(st.integers(0, 2**32 - 1), st.integers(4, 10), st.integers(2, 4), st.data())
def test_rows_and_names_of_teams_in_any_order(seed: int, teams: int, people: int, data: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(teams), 2 * people)
    after = np.tile(np.repeat([0, 1], people), teams)
    y = rng.normal(0, 1, team.size)
    question = Question(better=Better.LOWER, matters=1)
    plain = difference_in_differences(y, treated=team % 2, after=after, clusters=team.tolist(), question=question)
    order = data.draw(st.permutations(range(team.size)))
    mixed = difference_in_differences(
        y[order],
        treated=team[order] % 2,
        after=after[order],
        clusters=[f"team {each}" for each in team[order]],
        question=question,
    )
    assert isinstance(plain, Effect)
    assert isinstance(mixed, Effect)
    assert abs(plain.change.value - mixed.change.value) < 1e-12
    assert abs(plain.change.standard_error - mixed.change.standard_error) < 1e-12
    assert plain.judgement is mixed.judgement


@given(st.integers(0, 2**32 - 1), st.integers(4, 30), st.integers(4, 30))
def test_strata_nobody_shares_do_not_matter(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    now, then = rng.normal(0, 1, n), rng.normal(0, 1, m)
    question = Question(better=Better.LOWER, matters=1)
    own = {"strata_after": ["x", "y"] * n, "strata_before": ["x", "y"] * m}
    plain = matched_history(np.repeat(now, 2), np.repeat(then, 2), **own, question=question)
    wider = matched_history(
        [*np.repeat(now, 2), 99.0],
        [*np.repeat(then, 2), -99.0],
        strata_after=[*own["strata_after"], "only now"],
        strata_before=[*own["strata_before"], "only then"],
        question=question,
    )
    assert isinstance(plain, MatchedEffect)
    assert isinstance(wider, MatchedEffect)
    assert plain.effect.change == wider.effect.change
    assert wider.unmatched == plain.unmatched + 1


@few
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(Errors)), st.integers(0, 2), st.sampled_from([0.5, 4.0]))
def test_units_of_a_series_change_no_judgement(seed: int, errors: Errors, harmonics: int, by: float) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(40, 48).astype(float)
    matters = 0.2 if errors is Errors.POISSON else 5.0
    plain, scaled = (
        segmented_regression(
            np.arange(48),
            counts if errors is Errors.POISSON else counts * unit,
            changed_at=30,
            question=Question(better=Better.LOWER, matters=matters if errors is Errors.POISSON else matters * unit),
            errors=errors,
            exposure=np.full(48, unit) if errors is Errors.POISSON else None,
            harmonics=harmonics,
        )
        for unit in (1.0, by)
    )
    assert isinstance(plain, SegmentedFit)
    assert isinstance(scaled, SegmentedFit)
    assert plain.effect.judgement is scaled.effect.judgement
    assert plain.effect.more_needed == scaled.effect.more_needed


@few
@given(st.integers(0, 2**32 - 1), st.floats(-30, 30), st.floats(0, 6))
def test_a_season_that_is_allowed_for_changes_nothing(seed: int, height: float, phase: float) -> None:
    at = np.arange(48)
    y = np.random.default_rng(seed).normal(20, 3, 48)
    question = Question(better=Better.LOWER, matters=2)
    plain, seasonal = (
        segmented_regression(at, each, changed_at=30, question=question, harmonics=1)
        for each in (y, y + height * np.sin(2 * np.pi * at / 12 + phase))
    )
    assert isinstance(plain, SegmentedFit)
    assert isinstance(seasonal, SegmentedFit)
    assert abs(plain.effect.change.value - seasonal.effect.change.value) < 1e-8
    assert abs(plain.effect.change.standard_error - seasonal.effect.change.standard_error) < 1e-8


@few
@given(st.integers(0, 2**32 - 1), st.integers(4, 9), st.integers(3, 6), st.data())
def test_leads_hang_on_no_order_no_name_and_no_common_course(
    seed: int, teams: int, periods: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    team, period = np.repeat(np.arange(teams), 2 * periods), np.tile(np.repeat(np.arange(periods), 2), teams)
    y = rng.normal(0, 1, team.size)
    order = np.array(data.draw(st.permutations(range(team.size))))
    plain = event_study(y, treated=team % 2, periods=period, changed_at=periods - 1, clusters=team.tolist())
    common = rng.normal(0, 5, periods)  # what happens to everybody is no distance
    moved = event_study(
        (y + common[period])[order],
        treated=team[order] % 2,
        periods=period[order] + 2400,
        changed_at=2400 + periods - 1,
        clusters=[f"team {each}" for each in team[order]],
    )
    for one, other in zip([*plain.leads, *plain.lags], [*moved.leads, *moved.lags], strict=True):
        assert abs(one.estimate.value - other.estimate.value) < 1e-9
        assert abs(one.estimate.standard_error - other.estimate.standard_error) < 1e-9
    assert plain.course is moved.course
    assert (plain.joint is None) == (moved.joint is None)
