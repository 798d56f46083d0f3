"""From answers to scores: one questionnaire, or a whole column of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.scoring.rules import Method, ScaleRule


class ScoreState(StrEnum):
    """Scored, or the reason why not."""

    SCORED = "SCORED"
    NOTHING_ANSWERED = "NOTHING_ANSWERED"
    INCOMPLETE = "INCOMPLETE"  # more items unanswered than the instrument allows
    OUT_OF_RANGE = "OUT_OF_RANGE"  # an answer the item does not offer


STATES = tuple(ScoreState)


@dataclass(frozen=True, slots=True)
class Score:
    """A score that exists.

    value: in the scale's units, not rounded. prorated: some items were unanswered and allowed to be.
    """

    value: float
    n_answered: int
    n_items: int
    prorated: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class NoScore:
    """Why there is no score. columns: the columns of the items concerned (unanswered, or out of range)."""

    reason: ScoreState
    columns: tuple[int, ...]
    n_answered: int
    n_items: int
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of many questionnaires. There is no NaN in it: a questionnaire without a score has no value.

    values: (n_scored,) float64, the scores that exist. rows: (n_scored,) int64, the response each belongs to.
    states: (n_responses,) int8, position in STATES. n_answered: (n_responses,) int64.
    prorated: (n_responses,) bool, true only where there is a score.
    """

    values: NDArray[np.float64]
    rows: NDArray[np.int64]
    states: NDArray[np.int8]
    n_answered: NDArray[np.int64]
    prorated: NDArray[np.bool_]
    n_items: int

    def state(self, row: int) -> ScoreState:
        """Scored, or the reason why not, for one response."""
        return STATES[int(self.states[row])]

    def counts(self) -> dict[ScoreState, int]:
        """How many responses ended in each state; the parts add up to all responses."""
        found = np.bincount(self.states, minlength=len(STATES))
        return {state: int(n) for state, n in zip(STATES, found, strict=True)}


def score_responses(answers: ArrayLike, rule: ScaleRule) -> Scores:
    """Score many completed questionnaires at once.

    answers: (n_responses, n_columns), NaN where an item was not answered; the rule says which columns count.
    A scale with unanswered items, where its rule allows them, is prorated: the answered items' share of what
    they could have given, applied to all items. Where the items share one range this is the usual
    "mean of the answered items in place of the missing ones"; where they do not, it cannot leave the range.
    Do not use it to fill in items that are left out on purpose (a skipped block): score the block as a scale.

    Raises ValueError when answers is not two-dimensional, is empty, is not numeric, holds an infinite
    number, or has fewer columns than the rule needs.

    >>> from outcomestats.scoring.rules import ItemRule, Method, MissingRule, ScaleRule
    >>> rule = ScaleRule(
    ...     items=tuple(ItemRule.whole_numbers(column=i, lowest=0, highest=3) for i in range(3)),
    ...     method=Method.SUM, missing=MissingRule.PRORATE, max_missing=1,
    ... )
    >>> scores = score_responses([[1, 2, 3], [1, np.nan, 3], [np.nan, np.nan, 3], [1, 7, 3]], rule)
    >>> scores.values.tolist(), scores.rows.tolist()
    ([6.0, 6.0], [0, 1])
    >>> [scores.state(row).value for row in range(4)]
    ['SCORED', 'SCORED', 'INCOMPLETE', 'OUT_OF_RANGE']
    """
    given = _checked(answers, rule)
    n_answered = np.zeros(len(given), dtype=np.int64)
    outside = np.zeros(len(given), dtype=bool)
    for item in rule.items:
        column = given[:, item.column]
        answered = ~np.isnan(column)
        n_answered += answered
        outside |= answered & ~np.isin(column, item.answers)
    n_missing = len(rule.items) - n_answered
    states = np.select(
        [outside, n_answered == 0, n_missing > rule.max_missing],
        [
            STATES.index(ScoreState.OUT_OF_RANGE),
            STATES.index(ScoreState.NOTHING_ANSWERED),
            STATES.index(ScoreState.INCOMPLETE),
        ],
        default=STATES.index(ScoreState.SCORED),
    ).astype(np.int8)
    scored = states == STATES.index(ScoreState.SCORED)
    rows = np.flatnonzero(scored).astype(np.int64)
    return Scores(
        values=_values(given[rows], rule),
        rows=rows,
        states=states,
        n_answered=n_answered,
        prorated=scored & (n_missing > 0),
        n_items=len(rule.items),
    )


def score_response(answers: Sequence[float | None], rule: ScaleRule) -> Score | NoScore:
    """Score one completed questionnaire; None (or NaN) where an item was not answered.

    answers: one value a column, as in score_responses. Raises ValueError as score_responses does.

    >>> from outcomestats.scoring.rules import ItemRule, Method, ScaleRule
    >>> items = (ItemRule.whole_numbers(column=0, lowest=0, highest=4),
    ...          ItemRule.whole_numbers(column=1, lowest=0, highest=4, reversed=True))
    >>> score_response([3, 0], ScaleRule(items=items, method=Method.SUM))
    Score(value=7.0, n_answered=2, n_items=2, prorated=False, verdict='7: all 2 items answered.')
    >>> score_response([3, None], ScaleRule(items=items, method=Method.SUM)).verdict
    'No score: 1 of 2 items not answered; at most 0 may be.'
    """
    # None becomes NaN here; whatever else is no number is refused by score_responses.
    scores = score_responses([[np.nan if answer is None else answer for answer in answers]], rule)
    row = np.array([np.nan if answer is None else answer for answer in answers], dtype=np.float64)
    n_answered, n_items = int(scores.n_answered[0]), scores.n_items
    state = scores.state(0)
    if state is ScoreState.SCORED:
        value, prorated = float(scores.values[0]), bool(scores.prorated[0])
        return Score(value, n_answered, n_items, prorated, _verdict(value, n_answered, n_items))
    columns = _columns_concerned(row, rule, state)
    return NoScore(state, columns, n_answered, n_items, _why_not(state, columns, rule))


def _checked(answers: ArrayLike, rule: ScaleRule) -> NDArray[np.float64]:
    if np.ma.is_masked(answers):
        raise ValueError("answers has masked items; give NaN where an item was not answered")
    try:
        table = np.asarray(answers)
        # Text, dates and complex numbers would turn into answers without a word.
        if table.dtype.kind not in "biufO":
            raise TypeError(table.dtype)
        given = table.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("answers must be numbers, NaN where not answered, in rows of equal length") from error
    if given.ndim != 2:
        raise ValueError(f"answers has shape {given.shape}; give (n_responses, n_columns), one row a questionnaire")
    if given.size == 0:
        raise ValueError(f"answers is empty (shape {given.shape}); give at least one response and one column")
    needed = 1 + max(item.column for item in rule.items)
    if given.shape[1] < needed:
        raise ValueError(f"answers has {given.shape[1]} columns; the rule reads {needed}, so add the missing ones")
    if np.isinf(given).any():
        raise ValueError("answers holds an infinite number; give NaN where an item was not answered")
    return given


def _values(given: NDArray[np.float64], rule: ScaleRule) -> NDArray[np.float64]:
    """Scores of rows that are known to have one. Item by item, so that neither the number nor the order of
    the
    rows changes a digit."""
    lowest = gained = possible = possible_here = np.zeros(len(given))
    for item in rule.items:
        column = given[:, item.column]
        answered = ~np.isnan(column)
        above = item.highest - column if item.reversed else column - item.lowest
        span = item.weight * (item.highest - item.lowest)
        lowest = lowest + item.weight * item.lowest
        gained = gained + np.where(answered, item.weight * above, 0.0)
        possible = possible + span
        possible_here = possible_here + np.where(answered, span, 0.0)
    complete = possible_here == possible
    # One division, after the multiplication: whole numbers stay exact.
    total = lowest + np.where(complete, gained, gained * possible / possible_here)
    score = total if rule.method is Method.SUM else total / rule.total_weight
    # Uneven weights can round one unit in the last place past the end.
    return np.clip(score, rule.lowest, rule.highest)


def _columns_concerned(row: NDArray[np.float64], rule: ScaleRule, state: ScoreState) -> tuple[int, ...]:
    if state is ScoreState.OUT_OF_RANGE:
        wrong = [
            item for item in rule.items if not np.isnan(row[item.column]) and row[item.column] not in item.answers
        ]
        return tuple(item.column for item in wrong)
    return tuple(item.column for item in rule.items if np.isnan(row[item.column]))


def _verdict(value: float, n_answered: int, n_items: int) -> str:
    if n_answered == n_items:
        return f"{value:g}: all {n_items} items answered."
    return f"{value:g}: {n_answered} of {n_items} items answered, the others filled in from them."


def _why_not(state: ScoreState, columns: tuple[int, ...], rule: ScaleRule) -> str:
    n_items = len(rule.items)
    if state is ScoreState.OUT_OF_RANGE:
        return f"No score: {len(columns)} of {n_items} items hold an answer that the item does not offer."
    if state is ScoreState.NOTHING_ANSWERED:
        return f"No score: none of {n_items} items answered."
    return f"No score: {len(columns)} of {n_items} items not answered; at most {rule.max_missing} may be."
