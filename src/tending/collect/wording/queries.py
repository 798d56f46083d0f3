"""The official words of a questionnaire, where the provider brought them."""

from dataclasses import dataclass

from tending.collect.models import QuestionnaireWording


@dataclass(frozen=True, slots=True)
class Wording:
    """``items``: {item: words}. ``answers``: {value: words}, or {"item:value": words} where items differ."""

    title: str
    copyright: str
    items: dict[str, str]
    answers: dict[str, str]

    def answer(self, item: str, value: int) -> str | None:
        return self.answers.get(f"{item}:{value}") or self.answers.get(str(value))


def wording(*, instrument: str, language: str) -> Wording | None:
    """The words loaded last in this language (es for es-MX); None: there are none, use our short labels."""
    rows = QuestionnaireWording.objects.filter(instrument=instrument, language=language.split("-")[0].lower())
    latest = rows.order_by("-loaded_at", "-id").first()
    if latest is None:
        return None
    return Wording(title=latest.title, copyright=latest.copyright, items=latest.items, answers=latest.answers)
