"""What exactly did the source send? One line of a submission, as it arrived, and nothing of anybody else's.

A line is one record of a CSV file, one resource of NDJSON, or one entry of a file that is a single Bundle. Where one
line is itself a Bundle, only the entry asked for is shown, because the others may be about other people.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from tending.base.packed import DAMAGED
from tending.collect import raw_store
from tending.collect.fhir.files import bundles, lines
from tending.collect.models import Delivery, DeliveryItem, Submission
from tending.collect.raw_store import RawStoreError

SHOWN = 20_000  # letters; beyond that a line is cut, and said to be
CHECKED_UP_TO = 64 << 20  # bytes; a larger submission is read only as far as the line
LONGEST = 1 << 24
MOST_ROWS = 200  # of one questionnaire in a file with one row an answer


@dataclass(frozen=True, slots=True)
class RawLine:
    """``text`` is empty when the line cannot be shown; ``trouble`` says why."""

    text: str = ""
    header: str = ""  # a CSV file's first line
    laid_out: str = ""  # the same, indented, where it is JSON
    cut: bool = False
    checked: bool = False  # the whole submission was read, and is byte for byte what arrived
    trouble: str = ""


def raw_line(*, submission_id: int, line: int, own_id: str) -> RawLine:
    """``own_id`` is what the source calls the record: it finds the entry in a Bundle and the rows of one answer."""
    submission = Submission.objects.get(pk=submission_id)
    form = DeliveryItem.objects.filter(submission=submission).values_list("delivery__form", flat=True).first()
    check = submission.size <= CHECKED_UP_TO
    try:
        if check:
            for _ in raw_store.read(submission.sha256):
                pass
        found = _READERS.get(str(form), _text_line)(submission, line, own_id)
    except RawStoreError as trouble:
        return RawLine(trouble=str(trouble))
    except (ValueError, *DAMAGED) as trouble:
        return RawLine(trouble=f"{type(trouble).__name__}: the line could not be read again.")
    text, header = found
    return RawLine(
        text=text[:SHOWN],
        header=header[:SHOWN],
        laid_out=_laid_out(text) if len(text) <= SHOWN else "",
        cut=len(text) > SHOWN,
        checked=check,
        trouble="" if text else "The file has no such line.",
    )


def _numbered(submission: Submission) -> Iterator[tuple[int, str]]:
    with raw_store.unpacked(submission.sha256) as file:
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST), b""), start=1):
            yield number, raw.decode("utf-8-sig", errors="replace").rstrip("\r\n")


def _text_line(submission: Submission, line: int, own_id: str) -> tuple[str, str]:
    return next((text for number, text in _numbered(submission) if number == line), ""), ""


def _csv_record(submission: Submission, line: int, own_id: str) -> tuple[str, str]:
    """The record that begins on a line. A questionnaire with one row an answer has all its rows."""
    header = ""
    kept: list[str] = []
    for number, text in _numbered(submission):
        if number == 1:
            header = text
        if number < line:
            continue
        open_quote = bool(kept) and "\n".join(kept).count('"') % 2 == 1
        if number > line and not open_quote and not _belongs(text, own_id, header):
            break
        kept.append(text)
        if len(kept) >= MOST_ROWS:
            break
    return "\n".join(kept), header


def _belongs(text: str, own_id: str, header: str) -> bool:
    """Another row of the same record: only where the file has one row an answer."""
    return "item" in header.lower() and own_id in next(csv.reader(io.StringIO(text)), [])


def _fhir_entry(submission: Submission, line: int, own_id: str) -> tuple[str, str]:
    with raw_store.unpacked(submission.sha256) as packed:
        if submission.size <= CHECKED_UP_TO:
            whole = lines.document(lines.opened(io.BytesIO(packed.read())))
            if isinstance(whole, bytes) and bundles.is_bundle(whole):
                held, _aliases = bundles.held(bundles.decode(whole))
                return (held[line - 1].text.decode(errors="replace") if 0 < line <= len(held) else ""), ""
            if isinstance(whole, bytes):
                return whole.decode("utf-8-sig", errors="replace"), ""
    text, _ = _text_line(submission, line, own_id)
    if bundles.is_bundle(text.encode()):
        try:
            held, _aliases = bundles.held(bundles.decode(text.encode()))
        except (msgspec.MsgspecError, RecursionError):
            return "", ""
        parts = re.split(r"[:/|#,]", own_id)
        own = [each.text.decode(errors="replace") for each in held if each.id and each.id in parts]
        return "\n".join(own), ""
    return text, ""


def _laid_out(text: str) -> str:
    if not text.startswith("{"):
        return ""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return ""


_READERS = {Delivery.Form.CSV.value: _csv_record, Delivery.Form.FHIR.value: _fhir_entry}
