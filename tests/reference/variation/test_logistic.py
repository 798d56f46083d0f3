"""The random-intercept logistic model against glmer with 25 points (glmer_reference.R) and against itself."""

import csv
from functools import cache

import numpy as np
import pytest
from tests.reference.variation.stored import HERE, figures

from outcomestats.variation.logistic import LogisticFit, fit_logistic, logistic_spread
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.spread import narrowing

# Both use the same 25 points; glmer's optimiser stops a little before the optimum.
ABOVE_GLMER, BELOW_GLMER = 1e-7, 1e-5
# What follows from the flat optimum keeps half the digits; glmer's standard errors come from numerical differences.
ESTIMATE, STANDARD_ERROR = 2e-4, 5e-3
CASES = ("recovery", "alike")


@cache
def patterns(case: str) -> Patterns:
    with (HERE / f"rows_{case}.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    y, group = columns.pop("y"), columns.pop("group")
    return Patterns.from_rows(y, group=group.astype(int), covariates=columns)


@cache
def fitted(case: str) -> LogisticFit:
    return fit_logistic(patterns(case))


@pytest.mark.parametrize("case", CASES)
def test_likelihood_and_estimates_of_glmer(case: str) -> None:
    found, theirs = fitted(case), figures("glmer.csv")
    assert -BELOW_GLMER < found.criterion - theirs[case, "AGQ25", "criterion"] < ABOVE_GLMER
    assert found.sd == pytest.approx(theirs[case, "AGQ25", "sd"], rel=ESTIMATE)
    for at, beta in enumerate(found.beta):
        error = theirs[case, "AGQ25", f"se_{at}"]
        assert beta == pytest.approx(theirs[case, "AGQ25", f"beta_{at}"], abs=ESTIMATE * error)
        assert np.sqrt(found.vcov[at, at]) == pytest.approx(error, rel=STANDARD_ERROR)


def test_rows_and_their_patterns_give_the_same_fit() -> None:
    p = patterns("recovery")
    assert p.n.size < p.n.sum() / 1.5
    n, events = p.n.astype(int), p.events.astype(int)
    group = np.repeat(np.repeat(p.groups, p.sizes), n)
    y = np.concatenate([np.r_[np.ones(e), np.zeros(k - e)] for k, e in zip(n, events, strict=True)])
    columns = {"band": np.repeat(p.x[:, 1], n), "crisis": np.repeat(p.x[:, 2], n)}
    order = np.random.default_rng(0).permutation(y.size)
    shuffled = {name: column[order] for name, column in columns.items()}
    other = fit_logistic(Patterns.from_rows(y[order], group=group[order], covariates=shuffled))
    assert other.criterion == pytest.approx(fitted("recovery").criterion, abs=1e-8)
    assert other.effects == pytest.approx(fitted("recovery").effects, abs=1e-6)


def test_counts_of_groups_and_covariates_give_the_fit_of_their_rows() -> None:
    p = patterns("recovery")
    group = np.repeat(p.groups, p.sizes)
    own = p.x[:, 1:] * p.scale + p.mean
    counted = Patterns.from_counts(p.events, p.n, group=group, covariates={"band": own[:, 0], "crisis": own[:, 1]})
    assert counted.mean == pytest.approx(p.mean)
    assert counted.scale == pytest.approx(p.scale)
    found = fit_logistic(counted)
    assert found.criterion == pytest.approx(fitted("recovery").criterion, abs=1e-8)
    assert found.beta == pytest.approx(fitted("recovery").beta, abs=1e-6)


def test_groups_that_are_all_alike_are_at_the_boundary_and_it_is_said() -> None:
    found = fit_logistic(Patterns.from_rows([1, 0, 0] * 8, group=np.repeat(np.arange(8), 3)))
    assert (found.sd, found.boundary) == (0.0, True)
    assert found.median_odds_ratio == 1
    assert found.effects.tolist() == [0] * 8
    assert "boundary" in found.verdict


def test_the_interval_holds_the_values_the_likelihood_does_not_rule_out() -> None:
    found = logistic_spread(fitted("recovery"), patterns("recovery"))
    assert 0 < found.lower < found.sd < found.upper
    alike = logistic_spread(fitted("alike"), patterns("alike"))
    assert alike.lower == 0 < alike.upper
    assert narrowing(found, alike).difference < 0


CASES_OF_BAD_INPUT = {
    "neither 0 nor 1": ([0, 2, 1, 0], list("aabb"), {}, "other than 0 and 1"),
    "nothing happened": ([0, 0, 0, 0], list("aabb"), {}, "y is the same"),
    "one group": ([0, 1, 1, 0], list("aaaa"), {}, "one group"),
    "one row a group": ([0, 1, 1, 0], list("abcd"), {}, "one row a group"),
    "constant covariate": ([0, 1, 1, 0], list("aabb"), {"age": [3] * 4}, "age is the same"),
    "sure covariate": ([0, 1, 1, 0] * 5, list("aabb") * 5, {"sign": [1, 2, 2, 1] * 5}, "for sure"),
    "twice": ([0, 1, 1, 0] * 2, list("aabb") * 2, {"a": range(8), "b": range(8)}, "b is a combination"),
}


@pytest.mark.parametrize("name", CASES_OF_BAD_INPUT)
def test_says_what_is_wrong(name: str) -> None:
    y, group, columns, words = CASES_OF_BAD_INPUT[name]
    with pytest.raises(ValueError, match=words):
        fit_logistic(Patterns.from_rows(y, group=group, covariates=columns))
