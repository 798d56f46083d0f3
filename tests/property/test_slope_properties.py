"""The random-slope fit: order, chunks, names, units and origins change no finding, and no covariance fits better."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.change.growth.fit import GrowthFit, fit_growth
from outcomestats.change.growth.sums import GrowthSums
from outcomestats.variation.criterion import Estimation
from outcomestats.variation.slope import SlopeFit, fit_slope
from outcomestats.variation.slope_criterion import line_pieces, lines
from outcomestats.variation.slope_effects import line_effects
from outcomestats.variation.slope_sums import SlopeSums

# Sums taken in another order differ in their last digits; the optimum is flat, so its place keeps half of them.
CRITERION, PLACE = 1e-9, 1e-4
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Rows:
    y: NDArray[np.float64]
    week: NDArray[np.float64]
    x: NDArray[np.float64]
    group: NDArray[np.int64]

    def sums(self, rows: object = slice(None)) -> SlopeSums:
        columns = {"x": self.x[rows], "week": self.week[rows]}
        return SlopeSums.from_rows(self.y[rows], group=self.group[rows], covariates=columns, slope="week")


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = draw(st.integers(4, 12))
    group = np.concatenate([np.repeat(np.arange(groups), 3), rng.integers(0, groups, draw(st.integers(8, 60)))])
    week = np.concatenate([np.tile([0.0, 4.0, 9.0], groups), rng.integers(0, 12, group.size - 3 * groups)])
    x = rng.normal(40, 10, group.size)
    level, slope = draw(st.sampled_from([0.0, 2.0])), draw(st.sampled_from([0.0, 0.05, 0.5]))
    y = 0.1 * x - week + level * rng.normal(size=groups)[group] + slope * rng.normal(size=groups)[group] * week
    return Rows(y + rng.normal(size=group.size), week, x, group)


def same_fit(found: SlopeFit, other: SlopeFit) -> None:
    assert other.criterion == pytest.approx(found.criterion, abs=CRITERION * found.n_rows)
    for week in (0.0, 5.0, 12.0):
        whole = found.sd_at(week) ** 2 + found.sigma2
        assert other.sd_at(week) ** 2 == pytest.approx(found.sd_at(week) ** 2, abs=PLACE * whole)
    assert other.sigma2 == pytest.approx(found.sigma2, rel=PLACE)


@few
@given(some_rows(), st.integers(0, 99), st.data())
def test_order_and_chunks_of_rows_change_nothing(rows: Rows, seed: int, data: st.DataObject) -> None:
    order = np.random.default_rng(seed).permutation(rows.y.size)
    cut = data.draw(st.integers(1, rows.y.size - 1))
    pooled, merged = rows.sums(), rows.sums(order[:cut]).merge(rows.sums(order[cut:]))
    assert merged.sums.groups.tolist() == pooled.sums.groups.tolist()
    moved = merged.shifted(pooled.sums.shift)
    assert moved.along == pytest.approx(pooled.along, abs=1e-7)
    same_fit(fit_slope(pooled), fit_slope(merged))


@few
@given(some_rows(), st.integers(0, 99))
def test_subtracting_a_part_leaves_the_rest(rows: Rows, seed: int) -> None:
    taken = np.random.default_rng(seed).random(rows.y.size) < 0.3
    taken[:3], taken[3] = True, False  # all of a group but what comes later, and never everything
    rest, direct = rows.sums().subtract(rows.sums(taken)), rows.sums(~taken)
    assert rest.sums.groups.tolist() == direct.sums.groups.tolist()
    assert rest.along == pytest.approx(direct.shifted(rest.sums.shift).along, abs=1e-6)
    assert rest.sums.cross == pytest.approx(direct.sums.shifted(rest.sums.shift).cross, abs=1e-6)


@few
@given(some_rows(), st.permutations(range(12)))
def test_other_names_of_groups_change_nothing(rows: Rows, names: list[int]) -> None:
    renamed = Rows(rows.y, rows.week, rows.x, np.array(names)[rows.group] + 100)
    found, other = fit_slope(rows.sums()), fit_slope(renamed.sums())
    same_fit(found, other)
    before, after = line_effects(found, rows.sums()), line_effects(other, renamed.sums())
    told = dict(zip(after.keys.tolist(), after.estimate.tolist(), strict=True))
    for key, estimate in zip(before.keys.tolist(), before.estimate, strict=True):
        assert told[names[key] + 100] == pytest.approx(estimate, abs=1e-2)


@few
@given(some_rows(), st.sampled_from([0.01, 10.0]), st.sampled_from([-1e4, 0.0, 1e4]), st.sampled_from([0.1, 7.0]))
def test_units_and_origins_change_nothing(rows: Rows, unit: float, origin: float, days: float) -> None:
    found = fit_slope(rows.sums())
    moved = Rows(rows.y * unit + origin, rows.week * days + 3, rows.x + origin, rows.group)
    other = fit_slope(moved.sums())
    freedom = found.n_rows - len(found.beta)
    # The restricted likelihood also counts the units of the covariates.
    expected = found.criterion + 2 * freedom * np.log(unit) + 2 * np.log(days)
    assert other.criterion == pytest.approx(expected, abs=100 * CRITERION * found.n_rows)
    for week in (0.0, 5.0, 12.0):
        whole = found.sd_at(week) ** 2 + found.sigma2
        assert (other.sd_at(week * days + 3) / unit) ** 2 == pytest.approx(
            found.sd_at(week) ** 2, abs=10 * PLACE * whole
        )


@few
@given(some_rows(), st.sampled_from(Estimation), st.integers(0, 2**32 - 1))
def test_no_covariance_anywhere_fits_better(rows: Rows, estimation: Estimation, seed: int) -> None:
    sums = rows.sums()
    found, ready = fit_slope(sums, estimation=estimation), lines(sums, estimation)
    rng = np.random.default_rng(seed)
    for _ in range(200):
        a, b, c = np.exp(rng.uniform(-6, 4, 3)) * rng.choice([0, 1, -1], 3)
        other = line_pieces(ready, np.array([a * a, a * b, b * b + c * c])).criterion(ready.freedom)
        assert found.criterion <= other + ready.about.constant + CRITERION * found.n_rows


@few
@given(some_rows())
def test_what_is_known_of_a_group_is_never_surer_than_nothing(rows: Rows) -> None:
    sums = rows.sums()
    found = fit_slope(sums)
    told = line_effects(found, sums)
    assert np.isfinite(told.estimate).all()
    for covariance in told.covariance:
        least = np.linalg.eigvalsh(found.covariance - covariance).min()
        assert least >= -1e-9 * (1 + np.trace(found.covariance))
        assert np.linalg.eigvalsh(covariance).min() >= -1e-9 * (1 + np.trace(covariance))


@few
@given(some_rows(), st.sampled_from([0.0, 3.0]))
def test_growth_curves_of_people_are_the_same_model_by_another_way(rows: Rows, origin: float) -> None:
    """outcomestats.change.growth fits (1 + time | person) from six figures a person: two programs, one criterion."""
    growth = fit_growth(GrowthSums.from_rows(rows.group, rows.week + origin, rows.y))
    assert isinstance(growth, GrowthFit)
    sums = SlopeSums.from_rows(rows.y, group=rows.group, covariates={"week": rows.week + origin}, slope="week")
    found = fit_slope(sums)
    assert growth.criterion == pytest.approx(found.criterion, abs=CRITERION * found.n_rows)
