"""What was written down in English when it happened, said in the reader's language.

Why a row was not understood and what in the record cannot be right are kept as sentences, by whoever was at work: a
worker, or a person who had just answered in Spanish. They are kept in English, whoever was at work, and said again
for each reader: the sentence is one the catalogue knows, with its gaps filled.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import get_language, override

WRITTEN_IN = "en"
GAP = re.compile(r"%(?:\((\w+)\))?[sdg]|%%")
FEWEST_LETTERS, FEWEST_WORDS = 8, 2  # a sentence with less of its own could be anybody's
SHORT_BUT_OURS = {"Line %(line)s, %(who)s: %(message)s"}
ANYTHING, WHOLE_NUMBER = "(.+?)", r"(-?\d+)"

Given = ParamSpec("Given")
Got = TypeVar("Got")


def in_english(work: Callable[Given, Got]) -> Callable[Given, Got]:
    """What this function writes down is written in English, whoever asked for it."""

    @wraps(work)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Got:
        with override(WRITTEN_IN):
            return work(*args, **kwargs)

    return done


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the catalogue: its English as a pattern, and what it is in the other language."""

    english: re.Pattern[str]
    gaps: tuple[str, ...]
    other: str
    own_letters: int
    begins_with_gap: bool
    marks: tuple[str, ...]  # pieces that must be there: looked for first, because that is fast

    def told(self, text: str) -> str | None:
        if any(mark not in text for mark in self.marks):
            return None
        found = self.english.fullmatch(text)
        if found is None:
            return None
        filled = [retold(value) for value in found.groups()]
        if self.gaps == ("",):
            return GAP.sub(lambda gap: "%" if gap[0] == "%%" else filled[0], self.other)
        values = dict(zip(self.gaps, filled, strict=True))
        return GAP.sub(lambda gap: "%" if gap[0] == "%%" else values[gap[1]], self.other)


def retold(text: str) -> str:
    """The sentence in the reader's language; as it was written where the catalogue does not know it."""
    language = get_language() or WRITTEN_IN
    if not text or language.startswith(WRITTEN_IN):
        return text
    for sentence in _sentences(language):
        if (told := sentence.told(text)) is not None:
            return told
    return text


@cache
def _sentences(language: str) -> tuple[Sentence, ...]:
    """The most exact first: those that begin with words of their own, for a sentence may hold another at its end;
    then those with the most letters of their own."""
    found = [sentence(english, other) for english, other in _catalogue(language).items()]
    kept = [each for each in found if each is not None]
    return tuple(sorted(kept, key=lambda each: (each.begins_with_gap, -each.own_letters)))


def _catalogue(language: str) -> Mapping[str, str]:
    ours = gettext.translation("django", str(settings.LOCALE_PATHS[0]), [language], fallback=True)
    words: Mapping[object, str] = getattr(ours, "_catalog", {})  # gettext offers no other way to list it
    return {english: other for english, other in words.items() if isinstance(english, str) and english}


def sentence(english: str, other: str) -> Sentence | None:
    """The pattern of one entry, or None when it says too little to be told from other sentences."""
    own = GAP.split(english)[::2]
    letters = sum(letter.isalpha() for piece in own for letter in piece)
    words = sum(len(re.findall(r"[^\W\d_]{2,}", piece)) for piece in own)
    if (letters < FEWEST_LETTERS or words < FEWEST_WORDS) and english not in SHORT_BUT_OURS:
        return None
    pattern, at = "", 0
    gaps: list[str] = []
    for gap in GAP.finditer(english):
        pattern += re.escape(english[at : gap.start()])
        at = gap.end()
        if gap[0] == "%%":
            pattern += "%"
        elif gap[1] and gap[1] in gaps:
            pattern += rf"\{gaps.index(gap[1]) + 1}"
        else:
            pattern += WHOLE_NUMBER if gap[0].endswith("d") else ANYTHING
            gaps.append(gap[1] or "")
    pattern += re.escape(english[at:])
    return Sentence(re.compile(pattern, re.DOTALL), tuple(gaps), other, letters, not own[0], tuple(filter(None, own)))
