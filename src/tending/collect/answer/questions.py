"""What is asked: the instrument's items in a language, in official wording where the provider brought it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from outcometables.definitions.instruments import Instrument
from outcometables.definitions.loading import load_instruments
from tending.collect.wording.queries import wording


@dataclass(frozen=True, slots=True)
class Choice:
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    number: int  # counted from 1
    code: str
    text: str
    choices: tuple[Choice, ...]
    risk_at_least: int | None

    def is_risk(self, value: int | None) -> bool:
        return self.risk_at_least is not None and value is not None and value >= self.risk_at_least


@dataclass(frozen=True, slots=True)
class Asked:
    """One instrument as the person sees it."""

    code: str
    version: int
    title: str
    purpose: str
    recall_days: int
    official: bool
    copyright: str
    questions: tuple[Question, ...]

    def question(self, number: int) -> Question | None:
        return self.questions[number - 1] if 1 <= number <= len(self.questions) else None


@lru_cache(maxsize=4)
def _read(folder: Path) -> dict[str, Instrument]:
    return load_instruments(folder)


def instruments() -> dict[str, Instrument]:
    """The instruments in force, read once a process."""
    return _read(settings.DEFINITIONS)


def answerable() -> dict[str, Instrument]:
    """Instruments that are a list of questions with answers to choose from."""
    return {code: one for code, one in instruments().items() if one.items and (one.answers or one.items[0].answers)}


def _said(text: object, language: str) -> str:
    return str(getattr(text, language, None) or getattr(text, "en", text))


def asked(code: str, language: str) -> Asked:
    """The instrument in a language; KeyError for one that is not in force."""
    instrument = instruments()[code]
    official = wording(instrument=code, language=language)
    questions = tuple(
        Question(
            number=number,
            code=item.code,
            text=(official.items.get(item.code) if official else None) or _said(item.label, language),
            choices=tuple(
                Choice(
                    answer.value,
                    (official.answer(item.code, answer.value) if official else None) or _said(answer.label, language),
                )
                for answer in instrument.answers_to(item)
            ),
            risk_at_least=item.risk.at_least if item.risk else None,
        )
        for number, item in enumerate(instrument.items, 1)
    )
    return Asked(
        code=code,
        version=instrument.version,
        title=official.title if official else _said(instrument.title, language),
        purpose=_said(instrument.purpose, language),
        recall_days=instrument.recall_days,
        official=official is not None,
        copyright=official.copyright if official else instrument.licence.notice,
        questions=questions,
    )
