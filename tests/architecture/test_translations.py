"""Nothing a person reads is left in English: every marked string has its Spanish, and no string goes unmarked."""

import ast
import re
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import polib
import pytest
import yaml
from django.template.base import Lexer, TokenType
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tests.support.marked import SOURCE, Marked, in_code, in_template, marked_strings, product_files
from tests.support.translations import CATALOGUE, gathered

DEFINITIONS = SOURCE.parents[1] / "definitions"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")
TAG = re.compile(r"</?[a-z]+[^>]*>")

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "label"}
SPOKEN_ARGUMENTS = {"title", "text", "label", "caption", "heading", "hint", "note", "empty", "message"}
SILENT = {"script", "style", "code"}  # not read out as words: programs, and identifiers of files and commands
OF_THE_MARKUP = {"density", "body_class"}  # blocks that fill an attribute of the page
# What may stand in a template as it is, and why.
AS_IT_IS = {
    "Tending": "the product's name",
    "X-CSRFToken": "a header's name",
    **dict.fromkeys(("Ana Rivera", "Inés Kim", "Sam Brooks"), "made-up people of the design gallery"),
    "SC1042,P0012,PHQ-9,TOTAL,2026-08-12,19": "a line of a file, in the design gallery",
}
SHOWN_NOWHERE = {
    "web/demonstration/planted.py": "the known truth of the demonstration, written to a file for tests",
}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_marked_string_has_its_spanish(catalogue: polib.POFile) -> None:
    spanish = {Marked(entry.msgid, entry.msgid_plural, entry.msgctxt or ""): entry for entry in catalogue}
    # gettext keeps one entry for a string used with and without plural.
    alone = {Marked(entry.msgid, "", entry.msgctxt or "") for entry in catalogue}
    missing = []
    for marked, path in marked_strings().items():
        entry = spanish.get(marked)
        if entry is None and marked.plural == "" and marked in alone:
            continue
        if entry is None or "fuzzy" in entry.flags or not all(text.strip() for text in _translations(entry)):
            missing.append(f"{path.relative_to(SOURCE)}: {marked.words}")
    assert not missing, "Run “make translations”, then write the Spanish of:\n" + "\n".join(missing)


def test_the_catalogue_is_what_make_translations_writes(catalogue: polib.POFile) -> None:
    """So nothing stays that nobody shows, and a change of words is a change of those words only."""
    assert str(gathered(catalogue)) == CATALOGUE.read_text("utf-8"), "Run “make translations”"


def test_placeholders_and_markup_are_kept(catalogue: polib.POFile) -> None:
    wrong = []
    for entry in catalogue:
        wanted = _pieces(entry.msgid_plural or entry.msgid)
        least = _pieces(entry.msgid)
        for text in _translations(entry):
            if not least - wanted <= _pieces(text) or _pieces(text) not in (wanted, least):
                wrong.append(f"{entry.msgid!r} → {text!r}")
    assert wrong == []


def _pieces(text: str) -> Counter[str]:
    """The placeholders and tags of a text, whatever their order."""
    return Counter(PLACEHOLDER.findall(text)) + Counter(TAG.findall(text))


def test_the_spanish_says_usted_and_keeps_the_edges(catalogue: polib.POFile) -> None:
    """Nobody is called tú, and a sentence ends as its English does."""
    familiar = re.compile(r"\b(tú|tu|tus|ti|contigo|puedes|tienes|quieres|debes|haz|eres|vosotros|vuestr\w+)\b", re.I)
    wrong = []
    for entry in catalogue:
        for text in _translations(entry):
            same_end = text.rstrip()[-1:] == entry.msgid.rstrip()[-1:] or entry.msgid[-1:] not in ".?:!"
            opened = text.count("?") == text.count("¿") and text.count("!") == text.count("¡")
            if familiar.search(text) or not same_end or not opened or text != text.strip():
                wrong.append(text)
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text(catalogue: polib.POFile) -> None:
    compiled = CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == catalogue.to_binary(), "Run “make translations”"
    assert len(polib.mofile(BytesIO(compiled).read())) == len(catalogue)


def test_a_page_speaks_spanish() -> None:
    with override("es"):
        assert _("Send my answers") == "Enviar mis respuestas"


def test_numbers_in_spanish_are_those_of_the_charts() -> None:
    with override("es"):
        assert number_format(1200.5, force_grouping=True) == "1,200.5"
        assert date_format(date(2026, 3, 2)) == "2 de marzo de 2026"


def test_every_definition_says_it_in_both_languages() -> None:
    silent = []
    for path in sorted(DEFINITIONS.rglob("*.yaml")):
        silent += [f"{path.name}: {place}" for place in _one_language(yaml.safe_load(path.read_text("utf-8")), "")]
    assert silent == []


def _one_language(value: object, place: str) -> list[str]:
    if isinstance(value, list):
        return [found for n, each in enumerate(value) for found in _one_language(each, f"{place}[{n}]")]
    if not isinstance(value, dict):
        return []
    if "en" in value and not str(value.get("es") or "").strip():
        return [place]
    return [found for key, each in value.items() for found in _one_language(each, f"{place}.{key}")]


class _Text(HTMLParser):
    """What a person reads or hears of a page: text and spoken attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.said += [value for name, value in attrs if value and name in SPOKEN_ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def unmarked_in_template(source: str) -> list[str]:
    """Text with letters that stands outside every translate tag, or is handed to a component as it is."""
    kept, passed, inside = [], [], ""
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "blocktrans", "comment"}:
                inside = f"end{name}"
            elif name == inside:
                inside = ""
            elif name == "block" and token.contents.split()[1] in OF_THE_MARKUP:
                inside = "endblock"
            elif name in {"include", "with"}:
                given = re.findall(r'(\w+)="([^"]*)"', token.contents)
                passed += [text for key, text in given if key in SPOKEN_ARGUMENTS]
        elif token.token_type is TokenType.TEXT and not inside:
            kept.append(token.contents)
    parser = _Text()
    parser.feed("".join(kept))
    said = [" ".join(text.split()) for text in [*parser.said, *passed]]
    return [text for text in said if re.search(r"[^\W\d_]", text) and text not in AS_IT_IS]


@pytest.mark.parametrize("path", product_files("*.html"), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_speaks_english_by_itself(path: Path) -> None:
    assert unmarked_in_template(path.read_text("utf-8")) == []


def unmarked_in_code(source: str) -> list[str]:
    """Words handed to a component or a form field without being marked."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [_wording(value) for key, value in pairs if getattr(key, "value", None) in SPOKEN_ARGUMENTS]
        elif isinstance(node, ast.keyword) and node.arg in {"label", "help_text", "empty_label"}:
            found.append(_wording(node.value))
    return [words for words in found if words and words not in AS_IT_IS]


def _wording(value: ast.expr) -> str:
    """The words of a plain string as a page would show it; a dash or a code of our own says nothing."""
    words = value.value if isinstance(value, ast.Constant) else ""
    return words if isinstance(words, str) and re.search(r"^[A-ZÁ-Ú].*[a-z]{2}|[a-z]{2} ", words) else ""


def _code() -> list[Path]:
    return [path for path in product_files("*.py") if path.relative_to(SOURCE).as_posix() not in SHOWN_NOWHERE]


@pytest.mark.parametrize("path", _code(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_code_hands_english_to_a_page(path: Path) -> None:
    assert unmarked_in_code(path.read_text("utf-8")) == []


class TestTheChecksThemselves:
    def test_templates_are_read_whole(self) -> None:
        source = (
            '<p title="{% translate "One" %}">{% translate "It\'s" context "c" as x %}{{ y|default:_("Two") }}</p>'
            "{% blocktranslate trimmed count n=3 %}\n {{ n }} row of 100%\n {% plural %}"
            " {{ n }} rows {% endblocktranslate %}"
        )
        found = in_template(source)
        assert Marked("One") in found
        assert Marked("Two") in found
        assert Marked("%(n)s row of 100%%", "%(n)s rows") in found
        assert Marked("It's", "", "c") in found

    def test_code_is_read_whole(self) -> None:
        source = '_("One" "two"); translation.ngettext("a", "b", n); pgettext_lazy("c", "d")'
        assert in_code(source) == [Marked("Onetwo"), Marked("a", "b"), Marked("d", "", "c")]

    def test_computed_words_are_refused(self) -> None:
        with pytest.raises(ValueError, match="written out"):
            in_code('_(f"{a} b")')

    @pytest.mark.parametrize(
        "source",
        [
            "<p>Not marked</p>",
            '<button aria-label="Close"></button>',
            '{% include "x.html" with title="Not marked" only %}',
            "{% if a %}{% translate 'A' %}{% else %}b{% endif %}",
        ],
    )
    def test_english_in_a_template_is_found(self, source: str) -> None:
        assert unmarked_in_template(source) != []

    def test_marked_words_and_names_are_not_found(self) -> None:
        source = (
            "<p class='a{% if b %} c{% endif %}'>{% blocktranslate %}A{% endblocktranslate %} · {{ b }}</p>"
            "<script>let a</script>{% block density %}person{% endblock %}"
        )
        assert unmarked_in_template(source) == []

    def test_english_in_code_is_found(self) -> None:
        assert unmarked_in_code('{"title": "Who"}; Field(label="Why")') == ["Who", "Why"]
        assert unmarked_in_code('{"title": _("Who"), "kind": "primary", "text": "—"}') == []
