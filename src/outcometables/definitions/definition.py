"""What every definition has in common: words in two languages, a version, a source and a review date."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import msgspec


class DefinitionError(ValueError):
    """A definition cannot be used: names the file, the key in it, what is wrong and what to do about it."""

    def __init__(self, *, file: Path, key: str, problem: str, fix: str) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        self.fix = fix
        super().__init__(f"{file}: {key}: {problem}. {fix}")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One block of a definition. An unknown key is an error, so a slip in spelling cannot pass unseen."""


class Text(Part, frozen=True, kw_only=True):
    """Words a person reads, in each language the product speaks.

    >>> words = Text(en="Interest", es="Interés")
    >>> words.in_language("es-MX"), str(words)
    ('Interés', 'Interest')
    """

    en: str
    es: str

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.es.strip():
            raise ValueError("the words are empty in one language; write both `en` and `es`")

    def in_language(self, language: str) -> str:
        """The words for a BCP 47 language tag; English where the product does not speak that language."""
        return self.es if language.lower().split("-")[0] == "es" else self.en

    def __str__(self) -> str:
        return self.en


class Definition(Part, frozen=True, kw_only=True):
    """A definition a clinician owns: its name, its version, where it comes from, who looked at it."""

    code: str
    version: int
    source: str
    reviewer: str
    review_date: datetime.date | None = None  # the day it was last reviewed; None: nobody has reviewed it yet
    reviewed_by_date: datetime.date | None = None  # the day by which it must be reviewed (again)

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise ValueError("`code` is empty; give the definition a short code such as PHQ-9")
        if self.version < 1:
            raise ValueError("`version` counts from 1; write version: 1 for the first")

    def review_is_due(self, *, as_of: datetime.date) -> bool:
        """Whether somebody should look at it again: its date has passed, or a year since the last review has,
        or it has neither date."""
        if self.reviewed_by_date is not None:
            return self.reviewed_by_date < as_of
        return self.review_date is None or self.review_date + datetime.timedelta(days=365) < as_of


def plain(definition: Part) -> Any:
    """The definition as plain dictionaries, lists, text and numbers, ready for JSON; defaults left out."""
    return msgspec.to_builtins(definition)
