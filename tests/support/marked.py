"""Which strings are marked for translation? Read from templates and code by Django's and Python's own parsers.

No gettext tool is needed: the test that nothing is left in English runs wherever the suite runs.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src" / "tending"
# Which arguments of a call are the words: (context, singular, plural).
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
# Django's templatize() writes each marked string as a call of one of these, and X over everything else.
IN_TEMPLATE = re.compile(r"""\b(_|n?p?gettext)\(((?:u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')(?:,\s*|(?=\))|))+)""")
LITERAL = re.compile(r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    words: str
    plural: str = ""
    context: str = ""


def product_files(pattern: str) -> list[Path]:
    """The product's own files: tests and migrations are shown to nobody."""
    return [
        path
        for path in sorted(SOURCE.rglob(pattern))
        if "migrations" not in path.parts and not path.name.startswith("test_")
    ]


def marked_strings() -> dict[Marked, Path]:
    """Every string the product marks, and one file it stands in."""
    found: dict[Marked, Path] = {}
    for path in [*product_files("*.html"), *product_files("*.txt")]:
        found |= dict.fromkeys(in_template(path.read_text(encoding="utf-8")), path)
    for path in product_files("*.py"):
        found |= dict.fromkeys(in_code(path.read_text(encoding="utf-8")), path)
    return found


def in_template(source: str) -> list[Marked]:
    found = []
    for name, arguments in IN_TEMPLATE.findall(templatize(source)):
        literals = [ast.literal_eval(literal) for literal in LITERAL.findall(arguments)]
        found.append(_marked(CALLS[name], literals))
    return found


def in_code(source: str) -> list[Marked]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (places := CALLS.get(_name(node.func))) and node.args:
            words = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
            if isinstance(words[places[1]], str):
                found.append(_marked(places, words))
            elif not isinstance(node.args[places[1]], ast.Name | ast.Attribute | ast.Subscript):
                # A name may hold words marked elsewhere by gettext_noop; put together, they are in no catalogue.
                raise ValueError(f"line {node.lineno}: what is translated must be written out, not computed")
    return found


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _marked(places: tuple[int | None, int, int | None], words: list[str]) -> Marked:
    context, singular, plural = ("" if place is None else words[place] for place in places)
    return Marked(singular, plural, context)
