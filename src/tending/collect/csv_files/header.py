"""Which column of a file is which column of the template?"""

import difflib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tending.collect.csv_files.conversions import Convert, Unreadable, conversion
from tending.collect.csv_files.mapping import FileMapping
from tending.collect.mapped import Fault, Value
from tending.collect.templates import Column, Template


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the template, where it stands in the file and how it is read."""

    name: str
    place: int
    convert: Convert


@dataclass(frozen=True, slots=True)
class Plan:
    """How every row of one file is read."""

    template: Template
    width: int
    cells: tuple[Cell, ...]
    constants: dict[str, Value]
    not_read: tuple[str, ...]  # columns of the file that are in no template


def plan(template: Template, mapping: FileMapping, header: list[str]) -> Plan | Fault:
    """How to read a file with this header, or why it cannot be read."""
    names = [name.strip().casefold() for name in header]
    cells, used = [], set()
    for column in template.columns:
        if column.name in mapping.constants:
            continue
        wanted = mapping.columns.get(column.name, column.name)
        places = [place for place, name in enumerate(names) if name == wanted.strip().casefold()]
        if len(places) > 1:
            return _twice(template, wanted)
        if not places and (column.required or column.name in mapping.columns):
            return _missing(template, column, wanted, header)
        if places:
            used.add(places[0])
            cells.append(Cell(column.name, places[0], conversion(column, mapping)))
    constants = _constants(template, mapping)
    if isinstance(constants, Fault):
        return constants
    not_read = tuple(header[place] for place in range(len(header)) if place not in used)
    return Plan(template, len(header), tuple(cells), constants, not_read)


def _constants(template: Template, mapping: FileMapping) -> dict[str, Value] | Fault:
    values: dict[str, Value] = {}
    for name, text in mapping.constants.items():
        try:
            values[name] = conversion(template.column(name), mapping)(text) if text else None
        except Unreadable as trouble:
            message = _("The mapping of %(kind)s gives the constant %(column)s: %(what)s.") % {
                "kind": template.kind,
                "column": name,
                "what": trouble.what,
            }
            return Fault(1, template.kind, name, "BAD_CONSTANT", message, _("Correct the mapping file and replay."))
    return values


def _missing(template: Template, column: Column, wanted: str, header: list[str]) -> Fault:
    near = difflib.get_close_matches(wanted.casefold(), [name.strip().casefold() for name in header], n=1)
    message = _("The file for %(kind)s has no column “%(wanted)s”. Its columns are: %(header)s.") % {
        "kind": template.kind,
        "wanted": wanted,
        "header": ", ".join(name[:40] for name in header[:20]),
    }
    fix = _(
        "Add the column (%(meaning)s), or write in the mapping file under files: %(kind)s: "
        "“columns: {%(column)s: %(example)s}” and replay."
    ) % {
        "meaning": column.meaning.rstrip("."),
        "kind": template.kind,
        "column": column.name,
        "example": near[0] if near else _("your name for it"),
    }
    return Fault(1, template.kind, column.name, "MISSING_COLUMN", message[:500], fix[:500])


def _twice(template: Template, wanted: str) -> Fault:
    message = _("The file for %(kind)s has the column “%(wanted)s” more than once.") % {
        "kind": template.kind,
        "wanted": wanted,
    }
    return Fault(1, template.kind, "", "REPEATED_COLUMN", message, _("Keep one of them and load the file again."))
