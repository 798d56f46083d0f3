"""Bad input to disclosure control ends in a ValueError that says what to do."""

from collections.abc import Callable

import numpy as np
import pytest

from outcomestats.disclosure.policy import Policy
from outcomestats.disclosure.tables import Released, protect, protect_shares
from outcomestats.disclosure.wording import caption

RULE = Policy()
FIRST = np.array([20, 30])
LENIENT = protect([1, 1, 30], Policy(minimum=2))

CASES: dict[str, tuple[Callable[[], object], str]] = {
    "nobody": (lambda: protect([], RULE), "counts has shape"),
    "four axes": (lambda: protect(np.ones((1, 1, 1, 1)), RULE), "one to three axes"),
    "negative": (lambda: protect([[3, -1]], RULE), r"counts holds -1 at \(0, 1\)"),
    "half a person": (lambda: protect([1.5], RULE), "counts holds 1.5"),
    "nan": (lambda: protect([np.nan], RULE), "counts holds nan"),
    "infinite": (lambda: protect([np.inf], RULE), "counts holds inf"),
    "words": (lambda: protect(["few"], RULE), "must be whole numbers"),
    "ragged": (lambda: protect([[1, 2], [3]], RULE), "must be whole numbers"),
    "more events than people": (lambda: protect_shares([5], [4], RULE), "5 of 4 people"),
    "units": (lambda: protect_shares([5, 1], [9], RULE), "one of each a unit"),
    "another table": (lambda: protect([1], RULE, previous=Released(FIRST, protect(FIRST, RULE))), "the same table"),
    "other counts": (
        lambda: protect([21, 30], RULE, previous=Released(FIRST + 1, protect(FIRST, RULE))),
        "the counts it was made from",
    ),
    "a weaker rule before": (
        lambda: protect([11, 1, 40], Policy(minimum=10), previous=Released(np.array([1, 1, 30]), LENIENT)),
        "not protected under this policy",
    ),
    "rounding away": (lambda: Policy(minimum=3, rounding=10), "rounding is 10"),
    "denominator below minimum": (lambda: Policy(minimum=9, minimum_denominator=5), "minimum_denominator is 5"),
    "a field of one's own": (lambda: caption("{n} people", protect([9], RULE)), "total} is the only field"),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong(name: str) -> None:
    attempt, words = CASES[name]
    with pytest.raises(ValueError, match=words):
        attempt()
