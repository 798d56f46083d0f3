"""Scores worked by hand: sums, means, weights, reversed items, subscales, prorating, reasons for no score."""

import numpy as np
import pytest

from outcomestats.scoring.rules import ItemRule, Method, MissingRule, ScaleRule
from outcomestats.scoring.scores import NoScore, Score, ScoreState, score_response, score_responses

_ = None


def scale(n: int, lowest: int = 0, highest: int = 3, max_missing: int = 0, method: Method = Method.SUM) -> ScaleRule:
    return ScaleRule(
        items=tuple(ItemRule.whole_numbers(column=i, lowest=lowest, highest=highest) for i in range(n)),
        method=method,
        missing=MissingRule.PRORATE if max_missing else MissingRule.NONE,
        max_missing=max_missing,
    )


def value(answers: list[float | None], rule: ScaleRule) -> float:
    score = score_response(answers, rule)
    assert isinstance(score, Score)
    return score.value


NINE = scale(9, max_missing=2)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([1, 2, 3, 0, 1, 2, 3, 0, 0], 12.0),
        ([1, 1, 1, 1, 1, 1, 1, 1, _], 9.0),
        ([3, 3, 3, 3, 3, 3, 3, _, _], 27.0),
        ([1, 1, 1, 1, 1, 1, 1, _, _], 9.0),
        ([2, 1, 1, 1, 1, 1, 1, 1, _], 9 * 9 / 8),  # 10.125, not rounded
        ([0, 0, 0, 0, 0, 0, 0, _, _], 0.0),
    ],
)
def test_a_sum_is_prorated_by_the_mean_of_the_answered_items(answers: list[float | None], expected: float) -> None:
    assert value(answers, NINE) == expected


def test_a_mean_is_that_of_the_answered_items() -> None:
    rule = scale(8, 1, 7, max_missing=2, method=Method.MEAN)
    assert (rule.lowest, rule.highest) == (1, 7)
    assert value([1, 2, 3, 4, 5, 6, 7, 4], rule) == 4.0
    assert value([4, 5, 4, 5, 4, 5, _, _], rule) == 4.5


def test_a_reversed_item_counts_from_the_other_end() -> None:
    items = (
        ItemRule.whole_numbers(column=0, lowest=1, highest=5),
        ItemRule.whole_numbers(column=1, lowest=1, highest=5, reversed=True),
    )
    assert value([2, 2], ScaleRule(items=items, method=Method.SUM)) == 2 + 4


def test_weights_count_in_sum_mean_and_prorating() -> None:
    items = (
        ItemRule.whole_numbers(column=0, lowest=0, highest=4, weight=3),
        ItemRule.whole_numbers(column=1, lowest=0, highest=4),
    )
    assert value([2, 4], ScaleRule(items=items, method=Method.SUM)) == 10
    assert value([2, 4], ScaleRule(items=items, method=Method.MEAN)) == 2.5
    prorated = ScaleRule(items=items, method=Method.SUM, missing=MissingRule.PRORATE, max_missing=1)
    assert value([2, _], prorated) == 8
    assert value([_, 4], prorated) == 16


def test_items_of_unequal_range_are_prorated_by_share_and_stay_in_range() -> None:
    items = (
        ItemRule.whole_numbers(column=0, lowest=0, highest=10),
        ItemRule.whole_numbers(column=1, lowest=0, highest=2),
    )
    rule = ScaleRule(items=items, method=Method.SUM, missing=MissingRule.PRORATE, max_missing=1)
    assert value([10, _], rule) == 12
    assert value([5, _], rule) == 6


def test_answers_need_not_be_consecutive() -> None:
    items = (ItemRule(column=0, answers=(0, 2, 4)), ItemRule(column=1, answers=(0, 2, 4), reversed=True))
    rule = ScaleRule(items=items, method=Method.SUM)
    assert value([4, 4], rule) == 4
    refused = score_response([3, 4], rule)
    assert isinstance(refused, NoScore)
    assert (refused.reason, refused.columns) == (ScoreState.OUT_OF_RANGE, (0,))


def test_subscales_read_their_own_columns() -> None:
    answers = [[1, 2, 3, 3], [np.nan, 2, 3, 0]]
    items = scale(4).items
    front = ScaleRule(items=items[:2], method=Method.SUM)
    back = ScaleRule(items=(items[3], items[2]), method=Method.SUM)
    assert score_responses(answers, front).values.tolist() == [3]
    assert score_responses(answers, back).values.tolist() == [6, 3]


NOT_OFFERED = "of 9 items hold an answer that the item does not offer."


@pytest.mark.parametrize(
    ("answers", "reason", "columns", "verdict"),
    [
        (
            [1, 1, 1, 1, 1, 1, _, _, _],
            ScoreState.INCOMPLETE,
            (6, 7, 8),
            "No score: 3 of 9 items not answered; at most 2 may be.",
        ),
        ([_] * 9, ScoreState.NOTHING_ANSWERED, tuple(range(9)), "No score: none of 9 items answered."),
        ([1, 4, 1, -1, 1, 1, 1, 1.5, 1], ScoreState.OUT_OF_RANGE, (1, 3, 7), f"No score: 3 {NOT_OFFERED}"),
        ([9, _, _, _, _, _, _, _, _], ScoreState.OUT_OF_RANGE, (0,), f"No score: 1 {NOT_OFFERED}"),
    ],
)
def test_no_score_says_why(
    answers: list[float | None], reason: ScoreState, columns: tuple[int, ...], verdict: str
) -> None:
    score = score_response(answers, NINE)
    assert isinstance(score, NoScore)
    assert (score.reason, score.columns, score.verdict) == (reason, columns, verdict)


def test_many_responses_account_for_everyone() -> None:
    answers = np.full((5, 9), 1.0)
    answers[1, 0], answers[2, :3], answers[3, :], answers[4, 0] = np.nan, np.nan, np.nan, 8
    scores = score_responses(answers, NINE)
    assert scores.values.tolist() == [9, 9]
    assert scores.rows.tolist() == [0, 1]
    assert scores.prorated.tolist() == [False, True, False, False, False]
    assert scores.n_answered.tolist() == [9, 8, 6, 0, 9]
    assert scores.counts() == {
        ScoreState.SCORED: 2,
        ScoreState.NOTHING_ANSWERED: 1,
        ScoreState.INCOMPLETE: 1,
        ScoreState.OUT_OF_RANGE: 1,
    }


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ([1, 2, 3], r"answers has shape \(3,\); give \(n_responses, n_columns\)"),
        (np.empty((0, 9)), "answers is empty"),
        (np.zeros((2, 8)), "answers has 8 columns; the rule reads 9"),
        ([[1, np.inf, 1, 1, 1, 1, 1, 1, 1]], "answers holds an infinite number; give NaN"),
        ([["often"] * 9], "answers must be numbers"),
        ([[1, 2], [1]], "answers must be numbers"),
    ],
)
def test_bad_answers_are_named_with_the_fix(answers: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        score_responses(answers, NINE)  # type: ignore[arg-type]


def test_bad_rules_are_named_with_the_fix() -> None:
    item = ItemRule.whole_numbers(column=0, lowest=0, highest=3)
    with pytest.raises(ValueError, match="items is empty"):
        ScaleRule(items=(), method=Method.SUM)
    with pytest.raises(ValueError, match="use each column once"):
        ScaleRule(items=(item, item), method=Method.SUM)
    with pytest.raises(ValueError, match="max_missing is 1; give 0 to 0"):
        ScaleRule(items=(item,), method=Method.SUM, missing=MissingRule.PRORATE, max_missing=1)
    with pytest.raises(ValueError, match="max_missing is above 0 but missing is NONE"):
        ScaleRule(items=scale(2).items, method=Method.SUM, max_missing=1)
    with pytest.raises(ValueError, match="weight is 0; give"):
        ItemRule(column=0, answers=(0, 1), weight=0)
    with pytest.raises(ValueError, match="from low to high"):
        ItemRule(column=0, answers=(1, 0))
    with pytest.raises(ValueError, match="two or more finite"):
        ItemRule(column=0, answers=(1,))
    with pytest.raises(ValueError, match="columns count from 0"):
        ItemRule(column=-1, answers=(0, 1))
