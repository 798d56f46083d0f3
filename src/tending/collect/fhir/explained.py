"""What is wrong with this JSON, in words? The decoder's message, turned into a fault with a next step."""

import re

import msgspec
from django.utils.translation import gettext as _

from tending.collect.fhir import faults
from tending.collect.fhir.faults import Unreadable

_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object { … }",
    "array": "a list [ … ]",
    "null": "nothing (null)",
}


def explained(error: Exception, *, cut_off: bool = False) -> Unreadable:
    """``cut_off``: the file ends in the middle of its last line."""
    problem, _sep, place = str(error).partition(" - at ")
    if isinstance(error, msgspec.ValidationError):
        return _wrong_type(problem, place.strip("`").removeprefix("$").removeprefix("."))
    if isinstance(error, RecursionError):
        return _not_json(_("it is nested too deeply"))
    if cut_off:
        return Unreadable(
            "",
            faults.TRUNCATED,
            _("the file ends in the middle of this line."),
            _("Copy or export the file again and load it again; the lines before it are kept."),
        )
    return _not_json(problem)


def _wrong_type(problem: str, place: str) -> Unreadable:
    found = _EXPECTED.search(problem)
    if not place or place == "resourceType" or found is None:
        return Unreadable(
            "",
            faults.NOT_A_RESOURCE,
            _("this is JSON, but no FHIR resource: it has no resourceType at its top."),
            _("Look whether this is the right file; a FHIR export has one resource a line."),
        )
    wanted = _in_words(found[1].replace(" | null", ""))
    given = _in_words(found[2])
    return Unreadable(
        place,
        faults.WRONG_TYPE,
        _("%(field)s is %(given)s where FHIR R4 has %(wanted)s.")
        % {"field": place, "given": given, "wanted": wanted},
        _("Export it again as FHIR R4 (4.0.1); other versions write some elements differently."),
    )


def _in_words(kind: str) -> str:
    return _KINDS.get(kind, kind)


def _not_json(problem: str) -> Unreadable:
    return Unreadable(
        "",
        faults.BAD_JSON,
        _("this is not readable JSON (%(problem)s).") % {"problem": problem[:100]},
        _("Look at this line, or export the file again and load it again; the other lines are read."),
    )
