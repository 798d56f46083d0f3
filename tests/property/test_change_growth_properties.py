"""Whatever the scores: pooling, order, chunks, units and direction change no line."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from outcomestats.change.growth.criterion import evaluate, ready
from outcomestats.change.growth.descent import lowest
from outcomestats.change.growth.fit import GrowthFit, fit_growth
from outcomestats.change.growth.slopes import person_lines
from outcomestats.change.growth.sums import GrowthSums


def drawn(seed: int, spread: float = 1.0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 40))
    counts = rng.integers(1, 7, n)
    counts[0] = 4
    people = np.repeat(rng.permutation(1000)[:n], counts)
    times = np.log1p(rng.integers(0, 30, people.size))
    code = np.unique(people, return_inverse=True)[1]
    scores = 15 + 3 * rng.normal(size=n)[code] - times * (2 + spread * rng.normal(size=n)[code])
    return people, times, scores + 2 * rng.normal(size=people.size), rng.normal(size=n)[code]


def parts(sums: GrowthSums) -> list[np.ndarray]:
    return [sums.people, sums.n, sums.time_mean, sums.score_mean, sums.tt, sums.ty, sums.yy, sums.baseline]


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_merged_sums_are_those_of_the_pooled_rows_in_any_order(seed: int, chunks: int) -> None:
    rows = drawn(seed)
    order = np.random.default_rng(seed + 1).permutation(rows[0].size)
    pooled = GrowthSums.from_rows(*rows[:3], baseline=rows[3])
    merged = None
    for chunk in np.array_split(order, min(chunks, order.size)):
        piece = GrowthSums.from_rows(*(each[chunk] for each in rows[:3]), baseline=rows[3][chunk])
        merged = piece if merged is None else merged.merge(piece)
    assert merged is not None
    for one, other in zip(parts(merged), parts(pooled), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-8)
    assert merged.n_rows == rows[0].size


@given(st.integers(0, 10**6), st.sampled_from([0.25, 8.0]), st.floats(-50, 50), st.sampled_from([0.5, 7.0]))
@settings(max_examples=40)
def test_units_and_direction_move_the_line_with_them(seed: int, by: float, shift: float, time_by: float) -> None:
    people, times, scores, _ = drawn(seed)
    there = fit_growth(GrowthSums.from_rows(people, times, scores))
    moved = fit_growth(GrowthSums.from_rows(people, time_by * times, shift - by * scores))
    assert isinstance(there, GrowthFit)
    assert isinstance(moved, GrowthFit)
    free = there.n_rows - 2
    np.testing.assert_allclose(
        moved.criterion, there.criterion + 2 * free * np.log(by) + 2 * np.log(time_by), atol=1e-6
    )
    scale = by * np.array([1, 1 / time_by])
    np.testing.assert_allclose(
        moved.estimate, np.array([shift, 0]) - scale * there.estimate, rtol=1e-5, atol=1e-5 * (by + abs(shift))
    )
    np.testing.assert_allclose(moved.sigma2, by**2 * there.sigma2, rtol=1e-4)


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_other_keys_change_no_line(seed: int) -> None:
    people, times, scores, known = drawn(seed, spread=2.0)
    sums = GrowthSums.from_rows(people, times, scores, baseline=known)
    other = GrowthSums.from_rows(5000 - people, times, scores, baseline=known)
    fit, turned = fit_growth(sums), fit_growth(other)
    assert isinstance(fit, GrowthFit)
    assert isinstance(turned, GrowthFit)
    np.testing.assert_allclose(turned.criterion, fit.criterion, atol=1e-8)
    lines, back = person_lines(fit, sums), person_lines(turned, other)
    np.testing.assert_allclose(back.slope[::-1], lines.slope, rtol=1e-4, atol=1e-4)
    assert np.isfinite(lines.sd).all()


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_a_person_with_one_score_gets_the_mean_slope_drawn_a_little(seed: int) -> None:
    people, times, scores, _ = drawn(seed)
    sums = GrowthSums.from_rows(people, times, scores)
    fit = fit_growth(sums)
    assert isinstance(fit, GrowthFit)
    far = GrowthSums.from_rows([1], [0.0], [fit.estimate[0]])
    line = person_lines(fit, far)
    np.testing.assert_allclose(line.slope, fit.estimate[1], rtol=1e-9, atol=1e-9)
    assert line.from_mean_sd[0] ** 2 <= fit.variance[1, 1] + 1e-9
    assert line.sd[0] >= 0.999 * line.from_mean_sd[0]


def awkward(seed: int) -> GrowthSums:
    """Few people, single scores, times far from 0, people alike or a thousand errors apart, whole scores."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 60))
    counts = rng.integers(1, rng.integers(3, 9), n)
    counts[0], counts[1] = 4, 3
    people = np.repeat(np.arange(n), counts)
    times = [
        rng.integers(0, 5, people.size) * 1.0,
        np.log1p(rng.integers(0, 40, people.size)),
        rng.normal(1000, 1, people.size),
    ][int(rng.integers(3))]
    scores = rng.normal(size=people.size) * rng.choice([0.1, 1, 5]) + rng.normal(size=n)[people] * rng.choice(
        [0, 0.3, 3]
    )
    scores = scores + times * rng.normal(size=n)[people] * rng.choice([0, 0.1, 1, 3])
    return GrowthSums.from_rows(people, times, scores.round() if rng.random() < 0.3 else scores)


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_no_other_search_ends_lower(seed: int) -> None:
    sums = awkward(seed)
    if not isinstance(fit_growth(sums), GrowthFit):
        return
    of = ready(sums)
    _, found = lowest(of)

    def cost(parts: np.ndarray) -> tuple[float, np.ndarray]:
        factor = np.array([[parts[0], 0.0], [parts[1], parts[2]]])
        value = evaluate(of, factor @ factor.T)
        slope = 2 * value.gradient @ factor
        return value.criterion, np.array([slope[0, 0], slope[1, 0], slope[1, 1]])

    for start in ([1, 0, 1], [0.1, 0, 0.1], [0.5, -1, 1], [1000, 0, 1]):
        end = minimize(cost, np.array(start, dtype=float), jac=True, method="BFGS")
        assert found.criterion <= end.fun + 1e-7
