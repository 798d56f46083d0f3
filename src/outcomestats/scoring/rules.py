"""How a scale is scored: its items, how they are put together, and what to do about unanswered ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How item values become one score."""

    SUM = "SUM"
    MEAN = "MEAN"


class MissingRule(StrEnum):
    """What to do about unanswered items."""

    PRORATE = "PRORATE"  # read the answered items as a share of what they could have given
    NONE = "NONE"  # every item must be answered


@dataclass(frozen=True, slots=True)
class ItemRule:
    """One item: the column its answers stand in, the answers it offers from low to high, weight, direction.

    A reversed item counts as lowest + highest − answer.

    >>> ItemRule.whole_numbers(column=0, lowest=0, highest=3)
    ItemRule(column=0, answers=(0.0, 1.0, 2.0, 3.0), weight=1.0, reversed=False)
    """

    column: int
    answers: tuple[float, ...]
    weight: float = 1.0
    reversed: bool = False

    def __post_init__(self) -> None:
        if self.column < 0:
            raise ValueError(f"column is {self.column}; columns count from 0")
        if len(self.answers) < 2 or not all(math.isfinite(answer) for answer in self.answers):
            raise ValueError(
                f"answers is {self.answers}; give two or more finite numbers an item may be answered with"
            )
        if list(self.answers) != sorted(set(self.answers)):
            raise ValueError(f"answers is {self.answers}; give each answer once, from low to high")
        if not 0 < self.weight < math.inf:
            raise ValueError(
                f"weight is {self.weight}; give a finite number above 0, and reversed=True to turn an item"
            )

    @classmethod
    def whole_numbers(
        cls, *, column: int, lowest: int, highest: int, weight: float = 1.0, reversed: bool = False
    ) -> ItemRule:
        """An item answered with the whole numbers from lowest to highest."""
        answers = tuple(float(answer) for answer in range(lowest, highest + 1))
        return cls(column=column, answers=answers, weight=weight, reversed=reversed)

    @property
    def lowest(self) -> float:
        return self.answers[0]

    @property
    def highest(self) -> float:
        return self.answers[-1]


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """One scale (a total or a subscale): items, method, and how many items may be missing.

    >>> rule = ScaleRule(
    ...     items=tuple(ItemRule.whole_numbers(column=i, lowest=0, highest=3) for i in range(9)),
    ...     method=Method.SUM, missing=MissingRule.PRORATE, max_missing=2,
    ... )
    >>> rule.lowest, rule.highest
    (0.0, 27.0)
    """

    items: tuple[ItemRule, ...]
    method: Method
    missing: MissingRule = MissingRule.NONE
    max_missing: int = 0

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("items is empty; a scale needs at least one item")
        columns = [item.column for item in self.items]
        if len(set(columns)) != len(columns):
            raise ValueError(f"items use the columns {columns}; use each column once")
        if not 0 <= self.max_missing < len(self.items):
            raise ValueError(
                f"max_missing is {self.max_missing}; give 0 to {len(self.items) - 1} for {len(columns)} items"
            )
        if self.missing is MissingRule.NONE and self.max_missing:
            raise ValueError("max_missing is above 0 but missing is NONE; give max_missing=0 or missing=PRORATE")

    @property
    def total_weight(self) -> float:
        return math.fsum(item.weight for item in self.items)

    @property
    def lowest(self) -> float:
        """The lowest score the scale can give."""
        return self._put_together([item.lowest for item in self.items])

    @property
    def highest(self) -> float:
        """The highest score the scale can give."""
        return self._put_together([item.highest for item in self.items])

    def _put_together(self, values: list[float]) -> float:
        total = 0.0
        for item, value in zip(self.items, values, strict=True):
            total += item.weight * value
        return total if self.method is Method.SUM else total / self.total_weight
