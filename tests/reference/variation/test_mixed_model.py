"""The exact fit against lme4 (lme4_reference.R) and against a 40-digit solution (high_precision.py)."""

import pytest
from tests.reference.variation.stored import CASES, NESTED, effects, figures, sums

from outcomestats.variation.criterion import Estimation
from outcomestats.variation.effects import group_effects, team_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.spread import spread

# lme4's criterion is right to about 1e-10 here; ours may lie below it by what its optimiser left, never above.
ABOVE_LME4, BELOW_LME4 = 1e-6, 1e-5
# Against 40 digits: double precision through a Newton solution keeps 10 digits of a variance or more.
EXACT = 1e-10
# lme4's optimum is flat: even tightened, its variances carry 5 to 8 good digits, and what follows from them half.
VARIANCE, COEFFICIENT, STANDARD_ERROR, EFFECT = 1e-5, 1e-6, 1e-6, 1e-5
# lme4 reads profile limits off an interpolation spline through its profile.
PROFILE = 2e-3

METHODS = ("REML", "ML")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_the_criterion_is_never_above_that_of_lme4(case: str, method: str) -> None:
    found = fit(sums(case), estimation=Estimation(method))
    theirs = figures("lme4.csv")[case, method, "criterion"]
    assert -BELOW_LME4 < found.criterion - theirs < ABOVE_LME4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", [case for case in CASES if case != "dyestuff2"])
def test_variances_are_those_of_forty_digits(case: str, method: str) -> None:
    found, exact = fit(sums(case), estimation=Estimation(method)), figures("high_precision.csv")
    assert found.criterion == pytest.approx(exact[case, method, "criterion"], rel=EXACT)
    assert found.sigma2 == pytest.approx(exact[case, method, "sigma2"], rel=EXACT)
    for level, variance in zip(found.levels, found.variances, strict=True):
        assert variance == pytest.approx(exact[case, method, f"variance_{level}"], rel=EXACT)


@pytest.mark.parametrize("method", METHODS)
def test_the_boundary_is_exactly_nought_and_said(method: str) -> None:
    found = fit(sums("dyestuff2"), estimation=Estimation(method))
    assert found.variances == (0.0,)
    assert found.boundary == ("group",)
    assert "boundary" in found.verdict


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_variances_coefficients_and_errors_of_lme4(case: str, method: str) -> None:
    found, theirs = fit(sums(case), estimation=Estimation(method)), figures("lme4.csv")
    for level, variance in zip(found.levels, found.variances, strict=True):
        assert variance == pytest.approx(theirs[case, method, f"variance_{level}"], rel=VARIANCE, abs=1e-12)
    assert found.sigma2 == pytest.approx(theirs[case, method, "sigma2"], rel=VARIANCE)
    for at, (beta, error) in enumerate(zip(found.beta, found.standard_errors, strict=True)):
        assert error == pytest.approx(theirs[case, method, f"se_{at}"], rel=STANDARD_ERROR)
        assert beta == pytest.approx(theirs[case, method, f"beta_{at}"], abs=COEFFICIENT * error)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("case", "level"), [(c, "group") for c in CASES] + [(c, "team") for c in NESTED])
def test_predictions_and_conditional_deviations_of_lme4(case: str, level: str, method: str) -> None:
    found = fit(sums(case), estimation=Estimation(method))
    ours = {"group": group_effects, "team": team_effects}[level](found, sums(case))
    theirs = effects(case, method, level)
    assert len(theirs) == ours.keys.size
    for key, estimate, sd in zip(ours.keys.tolist(), ours.estimate, ours.sd, strict=True):
        unit = found.variances[found.levels.index(level)] ** 0.5
        assert estimate == pytest.approx(theirs[key][0], abs=EFFECT * unit + 1e-12)
        assert sd == pytest.approx(theirs[key][1], rel=EFFECT, abs=1e-12)


@pytest.mark.parametrize(("case", "level"), [(c, "group") for c in CASES] + [(c, "team") for c in NESTED])
def test_profile_limits_of_lme4(case: str, level: str) -> None:
    found = fit(sums(case), estimation=Estimation.ML)
    ours, theirs = spread(found, sums(case), level=level), figures("lme4.csv")
    for name, limit in (("lower", ours.lower), ("upper", ours.upper)):
        assert limit == pytest.approx(theirs[case, "ML", f"{name}_{level}"], rel=PROFILE, abs=PROFILE * ours.upper)
