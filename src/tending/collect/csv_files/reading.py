"""What does one CSV file say, piece by piece?"""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from tending.collect.csv_files.conversions import Unreadable
from tending.collect.csv_files.header import Plan, plan
from tending.collect.csv_files.lines import Records
from tending.collect.csv_files.mapping import FileMapping
from tending.collect.csv_files.responses import gathered
from tending.collect.mapped import Chunk, Fault, Mapped, Value
from tending.collect.templates import TEMPLATES

CHUNK = 800  # rows in one short transaction: other writers wait for no longer than that takes


def chunks(
    file: BinaryIO,
    *,
    kind: str,
    mapping: FileMapping,
    after: int = 0,
    size: int = CHUNK,
    notes: list[str] | None = None,
) -> Iterator[Chunk]:
    """The file's rows after ``after`` lines. The last chunk says how many lines the file has.

    ``notes`` gathers the names of columns that no template knows.
    """
    records = Records(file, kind=kind, encoding=mapping.encoding, delimiter=mapping.delimiter)
    found = _plan(records, kind, mapping)
    if isinstance(found, Fault):
        yield Chunk([], [found], lines_read=max(records.lines_read, 1))
        return
    if notes is not None:
        notes.extend(found.not_read)
    records.skip(after)
    yield from _pieces(records, found, size)


def lines(file: BinaryIO, *, kind: str, mapping: FileMapping, wanted: set[int]) -> Chunk:
    """The rows that begin on these lines: for reading again what had to wait.

    Answers are read with the rest of their response's rows, since they are one row of the record.
    """
    records = Records(file, kind=kind, encoding=mapping.encoding, delimiter=mapping.delimiter)
    found = _plan(records, kind, mapping)
    if isinstance(found, Fault):
        return Chunk([], [found], lines_read=1)
    rows: list[Mapped] = []
    faults: list[Fault] = []
    for chunk in _pieces(records, found, CHUNK, wanted=None if kind == "answers" else wanted):
        rows.extend(row for row in chunk.rows if row.line in wanted)
        faults.extend(fault for fault in chunk.faults if fault.line in wanted)
    return Chunk(rows, faults, lines_read=records.lines_read)


def _plan(records: Records, kind: str, mapping: FileMapping) -> Plan | Fault:
    first = next(iter(records), None)
    if records.faults:  # the header itself could not be read: what follows it means nothing
        return records.faults.pop(0)
    if first is None:
        return _empty(kind)
    return plan(TEMPLATES[kind], mapping, first[1])


def _pieces(records: Records, found: Plan, size: int, wanted: set[int] | None = None) -> Iterator[Chunk]:
    rows: list[Mapped] = []
    faults: list[Fault] = []
    one_response = found.template.kind == "answers"
    lines_read = records.lines_read
    for line, cells in records:
        if wanted is not None and line not in wanted:
            continue
        row = _row(found, line, cells)
        if isinstance(row, Fault):
            faults.append(row)
        else:
            # A response's answers stay together: a piece ends where the next response begins.
            if len(rows) >= size and not (one_response and rows[-1].key == row.key):
                yield _chunk(rows, faults, records, lines_read, one_response)
                rows, faults = [], []
            rows.append(row)
        lines_read = records.lines_read
        if len(faults) >= size * 4:
            yield _chunk(rows, faults, records, lines_read, one_response)
            rows, faults = [], []
    yield _chunk(rows, faults, records, records.lines_read, one_response)


def _chunk(rows: list[Mapped], faults: list[Fault], records: Records, lines_read: int, one_response: bool) -> Chunk:
    faults, records.faults = faults + records.faults, []
    if one_response:
        rows, conflicts = gathered(rows)
        faults = faults + conflicts
    return Chunk(rows, faults, lines_read=lines_read, bytes_read=records.bytes_read)


def _row(found: Plan, line: int, cells: list[str]) -> Mapped | Fault:
    if len(cells) != found.width and any(cell.strip() for cell in cells[found.width :]) | (len(cells) < found.width):
        return _ragged(found, line, len(cells))
    fields: dict[str, Value] = dict(found.constants)
    for cell in found.cells:
        text = cells[cell.place].strip()
        try:
            fields[cell.name] = cell.convert(text) if text else None
        except Unreadable as trouble:
            return _unreadable(found.template.kind, line, cell.name, trouble)
    identifier = found.template.key[0]
    if fields.get(identifier) is None:
        return _without_key(found.template.kind, line, identifier)
    key = ":".join(str(fields.get(name) or "") for name in found.template.key)
    return Mapped(found.template.kind, key, line, fields)


def _unreadable(kind: str, line: int, column: str, trouble: Unreadable) -> Fault:
    message = _("Line %(line)d of %(kind)s, column %(column)s: %(what)s.") % {
        "line": line,
        "kind": kind,
        "column": column,
        "what": trouble.what,
    }
    return Fault(line, kind, column, trouble.reason, message[:500], trouble.fix[:500])


def _without_key(kind: str, line: int, column: str) -> Fault:
    message = _("Line %(line)d of %(kind)s has no %(column)s, so it cannot be told from other rows.") % {
        "line": line,
        "kind": kind,
        "column": column,
    }
    return Fault(line, kind, column, "MISSING_VALUE", message, _("Fill in the column and load the file again."))


def _ragged(found: Plan, line: int, width: int) -> Fault:
    message = _("Line %(line)d of %(kind)s has %(width)d cells where the header has %(wanted)d.") % {
        "line": line,
        "kind": found.template.kind,
        "width": width,
        "wanted": found.width,
    }
    fix = _("Look for a delimiter inside a cell that is not in quotation marks, correct it and load the file again.")
    return Fault(line, found.template.kind, "", "RAGGED_ROW", message, fix)


def _empty(kind: str) -> Fault:
    message = _("The file for %(kind)s is empty: it has no header row.") % {"kind": kind}
    fix = _("Export it again. If there is nothing to send, send the header row alone or leave the file out.")
    return Fault(1, kind, "", "EMPTY_FILE", message, fix)
