"""What does this questionnaire ask, and what may its answers say? An instrument as clinicians write it."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal, TypeVar

import msgspec

from outcometables.definitions.definition import Definition, Part, Text

TOTAL = "TOTAL"
Picked = TypeVar("Picked")


class HigherIs(StrEnum):
    """What a higher score means for the person: the direction of benefit, as data."""

    WORSE = "WORSE"
    BETTER = "BETTER"


class Method(StrEnum):
    SUM = "SUM"
    MEAN = "MEAN"


class MissingRule(StrEnum):
    """What to do about unanswered items: fill in from the answered ones, or give no score."""

    PRORATE = "PRORATE"
    NONE = "NONE"


class RiskKind(StrEnum):
    """Why an answer needs a person to look at it today, whatever the total."""

    SELF_HARM = "SELF_HARM"
    HARM_TO_OTHERS = "HARM_TO_OTHERS"


class Risk(Part, frozen=True, kw_only=True):
    """An answer at or above `at_least` is a risk answer."""

    at_least: int
    kind: RiskKind


class Answer(Part, frozen=True, kw_only=True):
    """One possible answer: its value, and a short label of our own."""

    value: int
    label: Text
    loinc: str | None = None


class Item(Part, frozen=True, kw_only=True):
    """One question, by its number and a short label of our own (never the official wording)."""

    code: str
    label: Text
    loinc: str | None = None
    risk: Risk | None = None
    reversed: bool = False
    answers: tuple[Answer, ...] = ()  # only where this item's answers differ from the instrument's


class Missing(Part, frozen=True, kw_only=True):
    rule: MissingRule
    max_missing: int = 0
    source: str | None = None

    def __post_init__(self) -> None:
        if self.max_missing < 0:
            raise ValueError("`max_missing` cannot be negative; write 0 when every item must be answered")
        if self.rule is MissingRule.NONE and self.max_missing:
            raise ValueError("rule NONE fills nothing in; write max_missing: 0, or rule: PRORATE")
        if self.rule is MissingRule.PRORATE and not self.max_missing:
            raise ValueError("rule PRORATE with max_missing 0 never prorates; write rule: NONE")


class Band(Part, frozen=True, kw_only=True):
    """A named range of scores. A prorated score between two bands belongs to the lower-starting one."""

    lowest: float = msgspec.field(name="from")
    highest: float = msgspec.field(name="to")
    label: Text


class Cutoff(Part, frozen=True, kw_only=True):
    """The line between the range of people in treatment and the general range.

    `at_least` where higher is worse (a score of 10 or more), `at_most` where higher is better.
    """

    label: Text
    at_least: float | None = None
    at_most: float | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give `at_least` (higher is worse) or `at_most` (higher is better), not both")

    @property
    def value(self) -> float:
        return self.at_least if self.at_least is not None else self.at_most or 0.0


class ReliableChange(Part, frozen=True, kw_only=True):
    """How large a change must be to be more than measurement error: points, or norms to compute it from."""

    source: str
    points: float | None = None
    reliability: float | None = None
    norm_sd: float | None = None

    def __post_init__(self) -> None:
        if self.points is None and (self.reliability is None or self.norm_sd is None):
            raise ValueError("give `points`, or both `reliability` and `norm_sd`")
        if self.points is not None and not 0 < self.points < math.inf:
            raise ValueError("`points` must be above 0; it is the smallest change that counts")
        if self.reliability is not None and not 0 <= self.reliability < 1:
            raise ValueError("`reliability` lies from 0 up to, not including, 1")
        if self.norm_sd is not None and not 0 < self.norm_sd < math.inf:
            raise ValueError("`norm_sd` must be above 0")


class Scale(Part, frozen=True, kw_only=True):
    """One score of the instrument: which items, how they are put together, and how to read the result."""

    code: str
    title: Text
    items: tuple[str, ...] | Literal["all"]
    method: Method
    range: tuple[float, float]
    higher_is: HigherIs
    missing: Missing
    reliable_change: ReliableChange | None  # None: no figure we could name a source for; change is not judged
    bands: tuple[Band, ...] = ()
    cutoff: Cutoff | None = None

    def __post_init__(self) -> None:
        lowest, highest = self.range
        if not lowest < highest:
            raise ValueError(f"scale {self.code}: `range` runs from low to high, such as [0, 27]")
        if self.bands:
            self._check_bands()
        if self.cutoff is not None:
            wanted = "at_least" if self.higher_is is HigherIs.WORSE else "at_most"
            if getattr(self.cutoff, wanted) is None:
                raise ValueError(f"scale {self.code}: higher is {self.higher_is}, so `cutoff` needs `{wanted}`")
            if not lowest <= self.cutoff.value <= highest:
                raise ValueError(f"scale {self.code}: `cutoff` lies outside `range`; correct one of them")

    def _check_bands(self) -> None:
        if (self.bands[0].lowest, self.bands[-1].highest) != self.range:
            raise ValueError(f"scale {self.code}: `bands` must begin and end where `range` does")
        if any(band.lowest > band.highest for band in self.bands):
            raise ValueError(f"scale {self.code}: a band's `from` is above its `to`; swap them")
        for band, after in zip(self.bands, self.bands[1:], strict=False):
            if not band.highest < after.lowest <= band.highest + 1:
                raise ValueError(
                    f"scale {self.code}: bands {band.lowest:g}–{band.highest:g} and "
                    f"{after.lowest:g}–{after.highest:g} overlap or leave a gap; make them meet"
                )

    def band_for(self, value: float) -> Band | None:
        """The band a score belongs to: the last one that starts at or below it."""
        found = [band for band in self.bands if band.lowest <= value]
        return found[-1] if found else None

    @property
    def direction(self) -> int:
        """+1 where higher is worse, -1 where higher is better: the `direction` of the frame `measures`."""
        return 1 if self.higher_is is HigherIs.WORSE else -1


class Licence(Part, frozen=True, kw_only=True):
    """May the official wording be shown, and what must be printed with it?"""

    may_show_wording: bool
    notice: str
    source: str


class Loinc(Part, frozen=True, kw_only=True):
    panel: str | None = None
    total: str | None = None


class Instrument(Definition, frozen=True, kw_only=True):
    """A questionnaire: items, answers, scales and the licence, all facts with their source."""

    title: Text
    purpose: Text
    items: tuple[Item, ...]
    answers: tuple[Answer, ...]
    scales: tuple[Scale, ...]
    recall_days: int
    due_every_days: int | None
    licence: Licence
    loinc: Loinc = Loinc()

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_distinct("items", [item.code for item in self.items])
        _check_distinct("scales", [scale.code for scale in self.scales])
        if self.recall_days < 0 or (self.due_every_days is not None and self.due_every_days < 1):
            raise ValueError("`recall_days` is 0 or more, and `due_every_days` at least 1 (or null)")
        for item in self.items:
            self._check_answers(item)
        for scale in self.scales:
            self._check_scale(scale)

    def _check_answers(self, item: Item) -> None:
        values = [answer.value for answer in self.answers_to(item)]
        if len(values) < 2 or values != sorted(set(values)):
            raise ValueError(f"item {item.code}: `answers` need two or more values, each once, from low to high")
        if item.risk is not None and item.risk.at_least not in values:
            raise ValueError(f"item {item.code}: `risk.at_least` is not one of its answers; use one of {values}")

    def _check_scale(self, scale: Scale) -> None:
        known = [item.code for item in self.items]
        unknown = [code for code in self.codes_in(scale) if code not in known]
        if unknown:
            raise ValueError(f"scale {scale.code}: `items` names {unknown[0]}, which is not an item; use {known}")
        _check_distinct(f"scale {scale.code}: items", list(self.codes_in(scale)))
        if scale.missing.max_missing >= len(self.codes_in(scale)):
            raise ValueError(f"scale {scale.code}: `max_missing` would score a questionnaire with no answer")
        if scale.range != self.possible_range(scale):
            low, high = self.possible_range(scale)
            raise ValueError(
                f"scale {scale.code}: its answers give {low:g} to {high:g}; correct `range` or `answers`"
            )

    def answers_to(self, item: Item) -> tuple[Answer, ...]:
        """The answers one item offers: its own where it has them, otherwise the instrument's."""
        return item.answers or self.answers

    def codes_in(self, scale: Scale) -> tuple[str, ...]:
        """The codes of the items a scale is made of, in the instrument's order for `all`."""
        return tuple(item.code for item in self.items) if scale.items == "all" else tuple(scale.items)

    def possible_range(self, scale: Scale) -> tuple[float, float]:
        """The lowest and highest score the scale's answers can give."""
        chosen = [item for item in self.items if item.code in self.codes_in(scale)]
        low = sum(self.answers_to(item)[0].value for item in chosen)
        high = sum(self.answers_to(item)[-1].value for item in chosen)
        share = len(chosen) if scale.method is Method.MEAN else 1
        return low / share, high / share

    def item(self, code: str) -> Item:
        """The item with this code; KeyError naming the instrument when there is none."""
        return _pick("item", code, {item.code: item for item in self.items}, self.code)

    def scale(self, code: str = TOTAL) -> Scale:
        """The scale with this code; KeyError naming the instrument when there is none."""
        return _pick("scale", code, {scale.code: scale for scale in self.scales}, self.code)

    def measure(self, scale: Scale) -> str:
        """The name of this score in the record: `PHQ-9` for the total, otherwise like `DIALOG/TREATMENT`."""
        return self.code if scale.code == TOTAL else f"{self.code}/{scale.code}"


def _check_distinct(what: str, codes: list[str]) -> None:
    if not codes:
        raise ValueError(f"`{what}` is empty; list at least one")
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"`{what}` has {twice[0]} twice; give each a code of its own")


def _pick(what: str, code: str, among: dict[str, Picked], instrument: str) -> Picked:
    if code not in among:
        raise KeyError(f"{instrument} has no {what} {code!r}; it has {', '.join(among)}")
    return among[code]
