"""Whatever the answers: scores stay in range, full answers are plain sums, and batching changes no digit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.scoring.rules import ItemRule, Method, MissingRule, ScaleRule
from outcomestats.scoring.scores import STATES, Score, ScoreState, score_response, score_responses


@st.composite
def rules(draw: st.DrawFn) -> ScaleRule:
    n = draw(st.integers(1, 8))
    items = []
    for column in range(n):
        lowest = draw(st.integers(-3, 3))
        items.append(
            ItemRule.whole_numbers(
                column=column,
                lowest=lowest,
                highest=lowest + draw(st.integers(1, 10)),
                weight=draw(st.sampled_from([1.0, 1.0, 0.1, 2.5, 7.0])),
                reversed=draw(st.booleans()),
            )
        )
    max_missing = draw(st.integers(0, n - 1))
    return ScaleRule(
        items=tuple(items),
        method=draw(st.sampled_from(Method)),
        missing=MissingRule.PRORATE if max_missing else MissingRule.NONE,
        max_missing=max_missing,
    )


@st.composite
def rules_with_answers(draw: st.DrawFn, gaps: bool = True) -> tuple[ScaleRule, NDArray[np.float64]]:
    rule = draw(rules())
    rows = draw(st.integers(1, 12))
    answer = [
        st.one_of(st.sampled_from(item.answers), st.just(np.nan)) if gaps else st.sampled_from(item.answers)
        for item in rule.items
    ]
    return rule, np.array([[draw(each) for each in answer] for _ in range(rows)])


@given(rules_with_answers())
def test_scores_stay_in_range_and_everyone_is_accounted_for(
    case: tuple[ScaleRule, NDArray[np.float64]],
) -> None:
    rule, answers = case
    scores = score_responses(answers, rule)
    assert np.isfinite(scores.values).all()
    assert ((scores.values >= rule.lowest) & (scores.values <= rule.highest)).all()
    assert sum(scores.counts().values()) == len(answers)
    n_missing = np.isnan(answers).sum(axis=1)
    may_score = (n_missing <= rule.max_missing) & (n_missing < len(rule.items))
    assert (scores.states == STATES.index(ScoreState.SCORED)).tolist() == may_score.tolist()


@given(rules_with_answers(gaps=False))
def test_full_answers_score_their_plain_weighted_sum(case: tuple[ScaleRule, NDArray[np.float64]]) -> None:
    rule, answers = case
    expected = np.zeros(len(answers))
    for item in rule.items:
        column = answers[:, item.column]
        expected += item.weight * (item.lowest + item.highest - column if item.reversed else column)
    if rule.method is Method.MEAN:
        expected /= rule.total_weight
    np.testing.assert_allclose(score_responses(answers, rule).values, expected, rtol=1e-12, atol=1e-12)


@given(rules_with_answers(), st.randoms(use_true_random=False))
def test_neither_order_nor_chunks_nor_memory_layout_change_a_digit(
    case: tuple[ScaleRule, NDArray[np.float64]], random: object
) -> None:
    rule, answers = case
    whole = score_responses(answers, rule)
    order = np.arange(len(answers))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = score_responses(np.asfortranarray(answers[order]), rule)
    by_row = dict(zip(whole.rows.tolist(), whole.values.tolist(), strict=True))
    again = dict(zip(order[shuffled.rows].tolist(), shuffled.values.tolist(), strict=True))
    assert again == by_row
    for row in range(len(answers)):
        one = score_response(answers[row].tolist(), rule)
        assert (one.value if isinstance(one, Score) else one.reason) == by_row.get(row, whole.state(row))


@given(rules_with_answers())
def test_turning_every_item_mirrors_the_score(case: tuple[ScaleRule, NDArray[np.float64]]) -> None:
    rule, answers = case
    turned = ScaleRule(
        items=tuple(
            ItemRule(item.column, item.answers, weight=item.weight, reversed=not item.reversed) for item in rule.items
        ),
        method=rule.method,
        missing=rule.missing,
        max_missing=rule.max_missing,
    )
    there, back = score_responses(answers, rule), score_responses(answers, turned)
    np.testing.assert_allclose(there.values + back.values, rule.lowest + rule.highest, rtol=1e-9, atol=1e-9)


@given(rules_with_answers(gaps=False), st.data())
def test_leaving_out_an_allowed_item_that_is_like_the_rest_changes_nothing(
    case: tuple[ScaleRule, NDArray[np.float64]], data: st.DataObject
) -> None:
    rule, _ = case
    if rule.max_missing == 0:
        return
    ends = [item.lowest if item.reversed else item.highest for item in rule.items]
    gap = data.draw(st.integers(0, len(ends) - 1))
    with_gap = [None if column == gap else end for column, end in enumerate(ends)]
    score = score_response(with_gap, rule)
    assert isinstance(score, Score)
    assert score.prorated
    assert abs(score.value - rule.highest) <= 1e-9 * max(1.0, abs(rule.highest))
