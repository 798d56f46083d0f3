"""Change as published: Jacobson and Truax (1991), and NHS Talking Therapies on PHQ-9 and GAD-7."""

import numpy as np
import pytest

from outcomestats.change.classes import ChangeClass, classify_change, classify_changes
from outcomestats.change.cutoffs import Norms, cutoff_a, cutoff_b, cutoff_c
from outcomestats.change.reliable import (
    reliable_change_index,
    reliable_change_points,
    standard_error_of_difference,
)
from outcomestats.change.rules import ChangeRule, Direction

# The paper prints two decimals.
PRINTED = 0.005

# Jacobson and Truax (1991), table 1 and text: a measure on which more is better.
CLINICAL = Norms(mean=40, sd=7.5)
GENERAL = Norms(mean=60, sd=7.5)
RELIABILITY = 0.80
BETTER = Direction.HIGHER_IS_BETTER
WORSE = Direction.HIGHER_IS_WORSE


def test_jacobson_truax_cutoffs() -> None:
    assert cutoff_a(clinical=CLINICAL, direction=BETTER) == 55
    assert cutoff_b(general=GENERAL, direction=BETTER) == 45
    assert cutoff_c(clinical=CLINICAL, general=GENERAL) == 50


def test_jacobson_truax_uses_the_general_groups_own_spread_for_cutoff_b() -> None:
    assert cutoff_b(general=Norms(mean=60, sd=5), direction=BETTER) == 50
    assert cutoff_c(clinical=Norms(mean=40, sd=10), general=Norms(mean=60, sd=5)) == pytest.approx(160 / 3)


def test_jacobson_truax_reliable_change_index_of_the_worked_person() -> None:
    error = standard_error_of_difference(reliability=RELIABILITY, norm_sd=7.5)
    assert error == pytest.approx(4.74, abs=PRINTED)
    index = reliable_change_index([32.5], [47.5], reliability=RELIABILITY, norm_sd=7.5)
    assert index[0] == pytest.approx(3.16, abs=PRINTED)


def test_the_worked_person_improved_reliably_but_did_not_cross_cutoff_c() -> None:
    rule = ChangeRule.from_norms(direction=BETTER, reliability=RELIABILITY, norm_sd=7.5, cutoff=50)
    assert classify_change(32.5, 47.5, rule).change_class is ChangeClass.RELIABLE_IMPROVEMENT
    assert classify_change(32.5, 50.5, rule).change_class is ChangeClass.RECOVERY
    assert classify_change(45.0, 50.5, rule).change_class is ChangeClass.NO_RELIABLE_CHANGE
    assert classify_change(47.5, 32.5, rule).change_class is ChangeClass.RELIABLE_DETERIORATION


def test_points_are_1_96_standard_errors() -> None:
    points = reliable_change_points(reliability=RELIABILITY, norm_sd=7.5)
    assert points / standard_error_of_difference(reliability=RELIABILITY, norm_sd=7.5) == pytest.approx(
        1.959963984540054, rel=1e-14
    )
    wider = reliable_change_points(reliability=RELIABILITY, norm_sd=7.5, confidence=0.99)
    assert wider > points


# NHS Talking Therapies: PHQ-9 changes by 6, case at 10 and above; GAD-7 changes by 4, case at 8 and above.
PHQ9 = ChangeRule(direction=WORSE, points=6, cutoff=10)
GAD7 = ChangeRule(direction=WORSE, points=4, cutoff=8)


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        (PHQ9, 15, 9, ChangeClass.RECOVERY),
        (PHQ9, 16, 10, ChangeClass.RELIABLE_IMPROVEMENT),  # still a case: 10 is in the clinical range
        (PHQ9, 14, 9, ChangeClass.NO_RELIABLE_CHANGE),  # crossed, but by 5
        (PHQ9, 9, 3, ChangeClass.RELIABLE_IMPROVEMENT),  # was not a case to begin with
        (PHQ9, 10, 16, ChangeClass.RELIABLE_DETERIORATION),
        (PHQ9, 10, 15, ChangeClass.NO_RELIABLE_CHANGE),
        (GAD7, 11, 7, ChangeClass.RECOVERY),
        (GAD7, 12, 8, ChangeClass.RELIABLE_IMPROVEMENT),
        (GAD7, 10, 7, ChangeClass.NO_RELIABLE_CHANGE),
        (GAD7, 3, 7, ChangeClass.RELIABLE_DETERIORATION),
    ],
)
def test_nhs_talking_therapies(rule: ChangeRule, first: float, last: float, expected: ChangeClass) -> None:
    assert classify_change(first, last, rule).change_class is expected


def test_columns_say_the_same_as_every_single_pair() -> None:
    first, last = (grid.ravel() for grid in np.meshgrid(np.arange(28), np.arange(28)))
    changes = classify_changes(first, last, PHQ9)
    one_by_one = [classify_change(a, b, PHQ9).change_class for a, b in zip(first, last, strict=True)]
    assert [changes.change_class(row) for row in range(first.size)] == one_by_one
    assert sum(changes.counts().values()) == 28 * 28
    assert changes.counts()[ChangeClass.RELIABLE_DETERIORATION] == sum(range(1, 23))


def test_a_difference_of_means_that_is_exactly_the_points_counts() -> None:
    rule = ChangeRule(direction=WORSE, points=1.2)
    assert 4.6 - 3.4 < 1.2  # the rounding the tolerance is for
    assert classify_change(4.6, 3.4, rule).change_class is ChangeClass.RELIABLE_IMPROVEMENT


def test_many_changes_are_said_in_one_sentence() -> None:
    found = classify_changes([18, 18, 18, 10], [8, 12, 13, 16], PHQ9)
    assert found.n == 4
    assert found.verdict == (
        "2 of 4 people improved reliably, 1 of them out of the clinical range; 1 got reliably worse "
        "(published change points)."
    )
    one = classify_change(18, 8, PHQ9)
    assert (one.lower, one.change, one.upper, one.version) == (-16, -10, -4, found.version)


def test_verdicts_are_sentences() -> None:
    verdicts = [classify_change(first, 12, PHQ9).verdict for first in (18, 14, 12, 6)]
    assert verdicts == [
        "Better by 6, from 18 to 12, where 6 exceeds measurement error: reliable improvement.",
        "Better by 2, from 14 to 12, where 6 would exceed measurement error: no reliable change.",
        "The same score, 12: no reliable change.",
        "Worse by 6, from 6 to 12, where 6 exceeds measurement error: reliable deterioration.",
    ]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ([1.0, np.nan], [1.0, 2.0], "earlier holds nan in row 1; leave out"),
        ([1.0], [np.inf], "later holds inf in row 0; leave out"),
        ([], [], "earlier is empty; give"),
        ([1.0, 2.0], [1.0], "earlier has 2 scores and later 1; give one"),
        ([[1.0]], [[1.0]], r"earlier has shape \(1, 1\); give one column"),
        (["low"], [1.0], "earlier must be numbers"),
    ],
)
def test_bad_columns_are_named_with_the_fix(first: list[float], last: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        classify_changes(first, last, PHQ9)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"points": 0}, "points is 0; give"),
        ({"points": float("nan")}, "points is nan; give"),
        ({"points": float("inf")}, "points is inf; give"),
        ({"points": 6, "cutoff": float("nan")}, "cutoff is nan; give"),
    ],
)
def test_a_bad_rule_is_named_with_the_fix(arguments: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ChangeRule(direction=WORSE, **arguments)


@pytest.mark.parametrize(
    ("reliability", "norm_sd", "named"),
    [
        (1.0, 5, "reliability is 1.0"),
        (-0.1, 5, "reliability is -0.1"),
        (0.8, 0, "norm_sd is 0"),
        (0.8, np.nan, "norm_sd is nan"),
    ],
)
def test_bad_norms_are_named_with_the_fix(reliability: float, norm_sd: float, named: str) -> None:
    with pytest.raises(ValueError, match=f"{named}; give"):
        reliable_change_points(reliability=reliability, norm_sd=norm_sd)
    with pytest.raises(ValueError, match="confidence is 1; give"):
        reliable_change_points(reliability=0.8, norm_sd=7.5, confidence=1)
    with pytest.raises(ValueError, match="sd is 0; give"):
        Norms(mean=1, sd=0)
    with pytest.raises(ValueError, match="mean is nan; give"):
        Norms(mean=np.nan, sd=1)
