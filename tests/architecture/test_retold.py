"""Sentences kept in English are said again in Spanish exactly as they would have been said at once."""

from datetime import date

import pytest
from django.utils.translation import gettext, gettext_noop, override

from tending.base.retold import in_english, retold, sentence
from tending.collect.checks import fault_of
from tending.collect.mapped import Mapped
from tests.support.marked import SOURCE, in_code, product_files

WRITERS = ("collect/checks.py", "collect/csv_files/", "collect/fhir/", "collect/arrivals.py", "keep/")
SAID = sorted(
    {
        marked.words
        for path in product_files("*.py")
        if path.relative_to(SOURCE).as_posix().startswith(WRITERS)
        for marked in in_code(path.read_text("utf-8"))
        if not marked.plural
    }
)


class Anything(dict[str, object]):
    """A value for whatever gap a sentence has, each told from the others."""

    def __missing__(self, name: str) -> object:
        return self.setdefault(name, 7 + len(self))


def filled(words: str, values: Anything) -> str:
    return words % values if "%(" in words else words.replace("%s", "X-1").replace("%d", "3").replace("%%", "%")


@pytest.mark.parametrize("words", SAID)
def test_each_sentence_about_files_and_the_record_is_told_as_if_said_at_once(words: str) -> None:
    values = Anything()
    english = filled(words, values)
    with override("es"):
        spanish = filled(gettext(words), values)
        told = retold(english)
    # Too short to be told from other sentences: it is left as it stands, never told wrongly.
    assert told == (spanish if sentence(words, spanish) else english)


@pytest.mark.parametrize("words", [words for words in SAID if not words.startswith("Line ")])
def test_each_of_them_is_told_inside_a_fault_of_a_row(words: str) -> None:
    values, said = Anything(), gettext_noop("Line %(line)d of %(kind)s, column %(column)s: %(what)s.")
    place = {"line": 6, "kind": "stays", "column": "discharged_at"}
    with override("es"):
        spanish = filled(gettext(words), values) if sentence(words, "") else filled(words, values)
        assert retold(said % {**place, "what": filled(words, values)}) == gettext(said) % {**place, "what": spanish}


def test_what_is_inside_a_sentence_is_told_too() -> None:
    with override("en"):
        fault = fault_of(Mapped("people", "P1", 4, {"person_id": "P1", "sex": "Q"}), received=date(2026, 3, 2))
    assert fault is not None
    with override("es"):
        assert retold(fault.message) == "Línea 4 de people, columna sex: “Q” no es uno de sus códigos."


def test_english_readers_and_unknown_sentences_get_what_was_written() -> None:
    assert retold("it is empty") == "it is empty"
    with override("es"):
        assert retold("Called on Tuesday, she is well.") == "Called on Tuesday, she is well."
        assert retold("") == ""


def test_what_is_written_down_is_english_whoever_asked() -> None:
    @in_english
    def find() -> str:
        return gettext("it is empty")

    with override("es"):
        assert find() == "it is empty"
        assert gettext("it is empty") == "está vacío"
