"""From what clinicians wrote to what outcomestats computes with: scale rules and change rules."""

from __future__ import annotations

from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.scoring import rules as scoring
from outcometables.definitions.instruments import HigherIs, Instrument, Scale


def scale_rule(instrument: Instrument, scale: Scale) -> scoring.ScaleRule:
    """How to score one scale. Columns are the positions of the items in `instrument.items`.

    So answers go in as one column an item, in the instrument's order, whichever scale is scored.
    """
    wanted = set(instrument.codes_in(scale))
    items = tuple(
        scoring.ItemRule(
            column=column,
            answers=tuple(float(answer.value) for answer in instrument.answers_to(item)),
            reversed=item.reversed,
        )
        for column, item in enumerate(instrument.items)
        if item.code in wanted
    )
    return scoring.ScaleRule(
        items=items,
        method=scoring.Method(scale.method.value),
        missing=scoring.MissingRule(scale.missing.rule.value),
        max_missing=scale.missing.max_missing,
    )


def change_rule(scale: Scale) -> ChangeRule | None:
    """How to judge a change on one scale; None where no figure for reliable change has been published.

    Given points win over norms: they are what the services that use the measure agreed on.
    """
    reliable = scale.reliable_change
    if reliable is None:
        return None
    direction = Direction.HIGHER_IS_WORSE if scale.higher_is is HigherIs.WORSE else Direction.HIGHER_IS_BETTER
    cutoff = None if scale.cutoff is None else scale.cutoff.value
    if reliable.points is not None:
        return ChangeRule(
            direction=direction, points=reliable.points, cutoff=cutoff, method=f"change points: {reliable.source}"
        )
    return ChangeRule.from_norms(
        direction=direction,
        reliability=reliable.reliability or 0.0,
        norm_sd=reliable.norm_sd or 0.0,
        cutoff=cutoff,
    )
