"""What does the line say that nobody understood? Read from the bytes as they arrived, for a person to look at."""

import csv
import json
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.collect import raw_store
from tending.collect.csv_files.mapping import FileMapping, read_mapping
from tending.collect.fhir.files import bundles
from tending.collect.fhir.files import lines as fhir_lines
from tending.collect.models import Delivery, DeliveryItem
from tending.collect.quarantine.queries import PERMISSION

MOST = 4000  # characters of one line that are shown
LONGEST = 1 << 20
MOST_LINES = 20  # of one row: a quoted cell may run over several
CONTROL = {code: chr(0x2400 + code) for code in range(32) if code not in (9, 10, 13)}


@dataclass(frozen=True, slots=True)
class Raw:
    """A line as it arrived. ``cells``: column, value, whether it is the one meant; where they can be told apart."""

    text: str
    cells: tuple[tuple[str, str, bool], ...] = ()
    cut: bool = False
    trouble: str = ""  # why it cannot be shown


def raw_line(*, viewer: Viewer, submission_id: int, line: int, field: str = "") -> Raw:
    """Raises PermissionDenied. A file that is gone or damaged is said in ``trouble``."""
    check_may(viewer, PERMISSION)
    items = DeliveryItem.objects.filter(submission_id=submission_id).select_related("delivery", "submission")
    item = items.order_by("-delivery__received_at", "-id").first()
    if item is None:
        return Raw("", trouble="No delivery names this file.")
    try:
        with raw_store.opened(item.submission.sha256) as file:
            if item.delivery.form == Delivery.Form.CSV:
                mapping = read_mapping(item.delivery.mapping).of(item.submission.kind)
                return _csv_line(file, line, field, mapping)
            return _json_line(file, line)
    except raw_store.RawStoreError as trouble:
        return Raw("", trouble=str(trouble))


def _csv_line(file: BinaryIO, line: int, field: str, mapping: FileMapping) -> Raw:
    header = _text(file.readline(LONGEST), mapping.encoding)
    if line <= 1:
        return _shown(header)
    for _ in islice(iter(lambda: file.readline(LONGEST), b""), line - 2):
        pass
    text = _text(file.readline(LONGEST), mapping.encoding)
    for _ in range(MOST_LINES):
        if text.count('"') % 2 == 0 or not (more := file.readline(LONGEST)):
            break
        text += _text(more, mapping.encoding)
    return _shown(text, _cells(header, text, field, mapping))


def _cells(header: str, text: str, field: str, mapping: FileMapping) -> tuple[tuple[str, str, bool], ...]:
    """The row's cells under their columns; nothing where it has more or fewer cells than the header."""
    try:
        names, *rest = csv.reader(header.splitlines(), delimiter=mapping.delimiter)
        values, *more = csv.reader(text.splitlines(keepends=True), delimiter=mapping.delimiter)
    except (csv.Error, ValueError):
        return ()
    if rest or more or len(names) != len(values):
        return ()
    meant = mapping.columns.get(field, field).strip().casefold()
    return tuple(
        (name.strip(), _plain(value)[:MOST], bool(meant) and name.strip().casefold() == meant)
        for name, value in zip(names, values, strict=True)
    )


def _json_line(file: BinaryIO, line: int) -> Raw:
    opened = fhir_lines.opened(file)
    whole = fhir_lines.document(opened)
    if isinstance(whole, bytes):
        if not bundles.is_bundle(whole):
            return _json(whole)
        held = json.loads(whole).get("entry", [])
        return _json(json.dumps(held[line - 1]).encode()) if 0 < line <= len(held) else _json(whole)
    if whole is not None:
        return Raw("", trouble=whole.message)
    for found in fhir_lines.lines(opened, after=line - 1):
        return _json(found.text) if found.number == line else Raw("")
    return Raw("")


def _json(text: bytes) -> Raw:
    try:
        return _shown(json.dumps(json.loads(text), indent=2, ensure_ascii=False))
    except (ValueError, RecursionError):
        return _shown(_text(text, "utf-8"))


def _text(raw: bytes, encoding: str) -> str:
    return raw.removeprefix(b"\xef\xbb\xbf").decode(encoding, "replace")


def _plain(text: str) -> str:
    """Signs that no reader sees are drawn, so that a NUL byte can be found."""
    return text.translate(CONTROL)


def _shown(text: str, cells: tuple[tuple[str, str, bool], ...] = ()) -> Raw:
    return Raw(_plain(text[:MOST]).rstrip("\r\n"), cells, cut=len(text) > MOST)
