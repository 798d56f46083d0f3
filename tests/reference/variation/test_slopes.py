"""The random-slope fit against lme4 (lme4_slopes_reference.R) and a 30-digit solution (high_precision_slopes.py)."""

import csv
from functools import cache

import numpy as np
import pytest
from tests.reference.variation.stored import HERE, figures

from outcomestats.variation.criterion import Estimation
from outcomestats.variation.effects import defensible_range
from outcomestats.variation.slope import SlopeFit, fit_slope
from outcomestats.variation.slope_effects import line_effects
from outcomestats.variation.slope_sums import SlopeSums

# As in test_mixed_model.py: the criterion may lie below lme4's by what its optimiser left, never above.
ABOVE_LME4, BELOW_LME4 = 1e-6, 1e-5
# Against 30 digits. A covariance of 24 unequal groups far from 0 keeps nine digits of its largest entry.
EXACT = 1e-9
# lme4's optimum is flat: five good digits, measured where level and slope are largest, and what follows from them.
COVARIANCE, COEFFICIENT, STANDARD_ERROR, EFFECT = 2e-5, 1e-5, 1e-5, 5e-5

METHODS = ("REML", "ML")
INSIDE, BOUNDARY = ("sleepstudy", "orthodont", "far"), ("parallel", "fan")
CASES = (*INSIDE, *BOUNDARY, "alike")
PARTS = ("level", "link", "slope")


@cache
def sums(case: str) -> SlopeSums:
    with (HERE / f"rows_slopes_{case}.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    y, group = columns.pop("y"), columns.pop("group")
    return SlopeSums.from_rows(y, group=group.astype(int), covariates=dict(columns), slope=next(iter(columns)))


@cache
def fitted(case: str, method: str) -> SlopeFit:
    return fit_slope(sums(case), estimation=Estimation(method))


def parts(found: SlopeFit) -> dict[str, float]:
    return dict(zip(PARTS, found.covariance[[0, 0, 1], [0, 1, 1]].tolist(), strict=True))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_the_criterion_is_never_above_that_of_lme4(case: str, method: str) -> None:
    theirs = figures("lme4_slopes.csv")[case, method, "criterion"]
    assert -BELOW_LME4 < fitted(case, method).criterion - theirs < ABOVE_LME4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", [*INSIDE, *BOUNDARY])
def test_covariances_are_those_of_thirty_digits(case: str, method: str) -> None:
    found, exact = fitted(case, method), figures("high_precision_slopes.csv")
    assert found.criterion == pytest.approx(exact[case, method, "criterion"], rel=1e-10)
    assert found.sigma2 == pytest.approx(exact[case, method, "sigma2"], rel=EXACT)
    for name, value in parts(found).items():
        assert value == pytest.approx(exact[case, method, name], rel=EXACT), name


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", BOUNDARY)
def test_the_boundary_is_the_optimum_and_is_said(case: str, method: str) -> None:
    assert figures("high_precision_slopes.csv")[case, method, "outwards"] > 0
    found = fitted(case, method)
    assert found.boundary == ("correlation",)
    assert found.correlation == {"parallel": 1.0, "fan": -1.0}[case]
    assert "boundary" in found.verdict


@pytest.mark.parametrize("method", METHODS)
def test_groups_that_are_alike_have_no_spread_at_all(method: str) -> None:
    found = fitted("alike", method)
    assert found.boundary == ("level", "slope")
    assert found.sds == (0.0, 0.0)
    assert found.correlation is None
    assert line_effects(found, sums("alike")).estimate.tolist() == [[0.0, 0.0]] * found.n_groups


@pytest.mark.parametrize("case", INSIDE)
def test_inside_no_boundary_is_claimed(case: str) -> None:
    found = fitted(case, "REML")
    assert found.boundary == ()
    assert found.correlation is not None
    assert abs(found.correlation) < 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_covariances_coefficients_and_errors_of_lme4(case: str, method: str) -> None:
    found, theirs = fitted(case, method), figures("lme4_slopes.csv")
    level, slope = (theirs[case, method, part] for part in ("level", "slope"))
    unit = {"level": level, "link": (level * slope) ** 0.5, "slope": slope}
    for name, value in parts(found).items():
        assert value == pytest.approx(theirs[case, method, name], abs=COVARIANCE * unit[name] + 1e-10)
    assert found.sigma2 == pytest.approx(theirs[case, method, "sigma2"], rel=COVARIANCE)
    for at, (beta, error) in enumerate(zip(found.beta, found.standard_errors, strict=True)):
        assert error == pytest.approx(theirs[case, method, f"se_{at}"], rel=STANDARD_ERROR)
        assert beta == pytest.approx(theirs[case, method, f"beta_{at}"], abs=COEFFICIENT * error)


@cache
def stored_effects(case: str, method: str) -> dict[int, dict[str, float]]:
    with (HERE / "lme4_slope_effects.csv").open() as file:
        return {
            int(row["key"]): {name: float(row[name]) for name in ("level", "slope", "level_var", "link", "slope_var")}
            for row in csv.DictReader(file)
            if (row["case"], row["method"]) == (case, method)
        }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", [*INSIDE, *BOUNDARY])
def test_predictions_and_conditional_covariances_of_lme4(case: str, method: str) -> None:
    found = fitted(case, method)
    ours, (level, slope) = line_effects(found, sums(case)), found.sds
    theirs = stored_effects(case, method)
    assert len(theirs) == ours.keys.size
    for key, estimate, covariance in zip(ours.keys.tolist(), ours.estimate, ours.covariance, strict=True):
        other = theirs[key]
        assert estimate[0] == pytest.approx(other["level"], abs=EFFECT * level)
        assert estimate[1] == pytest.approx(other["slope"], abs=EFFECT * slope)
        assert covariance[0, 0] == pytest.approx(other["level_var"], abs=EFFECT * level**2)
        assert covariance[0, 1] == pytest.approx(other["link"], abs=EFFECT * level * slope)
        assert covariance[1, 1] == pytest.approx(other["slope_var"], abs=EFFECT * slope**2)


def test_a_group_may_be_judged_by_its_slope_or_where_the_covariate_has_a_value() -> None:
    found = fitted("sleepstudy", "REML")
    lines = line_effects(found, sums("sleepstudy"))
    slopes, there = lines.slopes(), lines.at(9)
    assert slopes.estimate == pytest.approx(lines.estimate[:, 1])
    assert there.estimate == pytest.approx(lines.estimate[:, 0] + 9 * lines.estimate[:, 1])
    level, link, slope = lines.covariance[:, 0, 0], lines.covariance[:, 0, 1], lines.covariance[:, 1, 1]
    assert there.sd**2 == pytest.approx(level + 18 * link + 81 * slope)
    told = defensible_range(slopes, margin=5)
    assert told.within + told.above + told.below == pytest.approx(1)
    assert found.sd_at(0) == pytest.approx(found.sds[0])
    assert found.sd_at(1e9) == pytest.approx(found.sds[1] * 1e9, rel=1e-6)
