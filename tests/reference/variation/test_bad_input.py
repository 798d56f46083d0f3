"""Bad input ends in a ValueError that names the argument and the fix, never in a NaN."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from outcomestats.variation.effects import defensible_range, group_effects, team_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.funnel import Kind, funnel
from outcomestats.variation.overdispersion import Overdispersion
from outcomestats.variation.rates import indirectly_adjusted, observed_over_expected
from outcomestats.variation.spread import spread
from outcomestats.variation.sums import Sums

Y, GROUP = [4.0, 6.0, 5.0, 7.0, 9.0, 12.0], ["a", "a", "b", "b", "c", "c"]
GOOD = Sums.from_rows(Y, group=GROUP)


def rows(y: object = Y, group: object = GROUP, **more: object) -> Sums:
    return Sums.from_rows(y, group=group, **more)  # type: ignore[arg-type]


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "nan": (lambda: rows([4, 6, np.nan, 7, 9, 12]), "y holds nan in row 2"),
    "infinite covariate": (lambda: rows(covariates={"age": [np.inf] * 6}), "age holds inf in row 0"),
    "empty": (lambda: rows([], []), "y is empty"),
    "words for numbers": (lambda: rows(["x"] * 6), "y must be numbers"),
    "a table": (lambda: rows(np.ones((6, 2))), r"y has shape \(6, 2\)"),
    "lengths": (lambda: rows(group=["a", "b"]), "y has 6 rows, group has 2"),
    "missing key": (lambda: rows(group=["a", "a", None, "b", "c", "c"]), "group holds object"),
    "broken key": (lambda: rows(group=[1.5] * 6), "group holds float64"),
    "one group": (lambda: fit(rows(group=["a"] * 6)), "group holds one group"),
    "one row a group": (lambda: fit(rows(group=list("abcdef"))), "one row a group"),
    "one team": (lambda: fit(rows(team=[1] * 6)), "team holds one team"),
    "one group a team": (lambda: fit(rows(team=GROUP)), "one group a team"),
    "all equal": (lambda: fit(rows([3] * 6)), "y is the same in every row"),
    "all equal, awkward in binary": (lambda: fit(rows([0.1 + 0.2] * 6)), "y is the same in every row"),
    "constant covariate": (lambda: fit(rows(covariates={"age": [7] * 6})), "age is the same in every row"),
    "dependent": (
        lambda: fit(rows(covariates={"age": [1, 2, 3, 5, 4, 9], "months": [12, 24, 36, 60, 48, 108]})),
        "months is a combination",
    ),
    "too many covariates": (
        lambda: fit(rows(covariates={n: np.eye(6)[i] for i, n in enumerate("pqrs")})),
        "covariates",
    ),
    "covariates of every group": (
        lambda: fit(rows(covariates={"b": [0, 0, 1, 1, 0, 0], "c": [0, 0, 0, 0, 1, 1]})),
        "group differences are all explained",
    ),
    "no variation within": (lambda: fit(rows([1, 1, 2, 2, 5, 5])), "does not vary within|explain y exactly"),
    "explained exactly": (lambda: fit(rows(covariates={"same": [8, 12, 10, 14, 18, 24]})), "explain y exactly"),
    "subtract a stranger": (lambda: GOOD.subtract(rows(group=list("aabbdd"))), "group d"),
    "subtract too much": (lambda: GOOD.subtract(GOOD.merge(GOOD)), "rows of group a"),
    "subtract another sum": (lambda: GOOD.subtract(rows([5, 6, 5, 7, 9, 12])), "another sum"),
    "merge other covariates": (lambda: GOOD.merge(rows(covariates={"x": Y})), "covariates"),
    "merge other keys": (lambda: GOOD.merge(rows(group=[1, 1, 2, 2, 3, 3])), "kinds of keys"),
    "another fit's sums": (lambda: group_effects(fit(GOOD), rows(Y[:4], GROUP[:4])), "not a fit of these sums"),
    "no teams": (lambda: team_effects(fit(GOOD), GOOD), "no teams"),
    "no such level": (lambda: spread(fit(GOOD), GOOD, level="team"), "this fit has group"),
    "confidence in percent": (lambda: spread(fit(GOOD), GOOD, confidence=95), "between 0 and 1"),
    "no margin": (lambda: defensible_range(group_effects(fit(GOOD), GOOD), margin=0), "margin is 0"),
    "negative events": (lambda: funnel([-1], [2], kind=Kind.PROPORTION), "events holds -1 in row 0"),
    "nobody": (lambda: funnel([0], [0], kind=Kind.PROPORTION), "denominators holds 0 in row 0"),
    "more events than people": (lambda: funnel([3], [2], kind=Kind.PROPORTION), "3 of 2 people"),
    "nothing expected": (lambda: funnel([3], [0], kind=Kind.STANDARDISED_RATIO), "denominators holds 0"),
    "no event anywhere": (lambda: funnel([0, 0], [5, 9], kind=Kind.PROPORTION), "give a target"),
    "events everywhere": (lambda: funnel([5, 9], [5, 9], kind=Kind.PROPORTION), "give a target"),
    "target of nought": (lambda: funnel([1], [9], kind=Kind.PROPORTION, target=0), "target is 0"),
    "levels in percent": (lambda: funnel([1], [9], kind=Kind.PROPORTION, levels=(95, 99.8)), "levels is 95"),
    "levels twice": (lambda: funnel([1], [9], kind=Kind.PROPORTION, levels=(0.9, 0.9)), "from small to large"),
    "SHMI of a proportion": (
        lambda: funnel([1], [9], kind=Kind.PROPORTION, overdispersion=Overdispersion.SHMI),
        "overdispersion is SHMI",
    ),
    "broken count": (lambda: observed_over_expected([1.5], [2]), "observed holds 1.5"),
    "expected of nought": (lambda: observed_over_expected([1], [0]), "expected holds 0"),
    "a stratum without events": (lambda: indirectly_adjusted(["a", "b"], [1, 2], [1, 0], [5, 5]), "unit b"),
    "no events in strata": (lambda: indirectly_adjusted(["a", "b"], [1, 2], [0, 0], [5, 5]), "all 0"),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong(name: str) -> None:
    attempt, words = CASES[name]
    with pytest.raises(ValueError, match=words) as caught:
        attempt()
    assert re.search("; |must be", str(caught.value)), "says what to do"


def test_good_input_gives_finite_numbers_only() -> None:
    found = fit(GOOD)
    assert all(np.isfinite([found.criterion, found.sigma2, *found.variances, *found.beta, *found.vcov.ravel()]))
