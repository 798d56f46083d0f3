"""Which lines, or which entries of one bundle, does a file hold? Read with a limit, so no file costs the memory.

NDJSON is one resource (or one Bundle) a line. A file that is one JSON document is a Bundle, whose entries are counted
as its lines, or one resource. Either may be packed with gzip.
"""

import gzip
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from django.utils.translation import gettext as _

from tending.base.packed import DAMAGED
from tending.collect.fhir import faults

LONGEST_LINE = 16 << 20  # bytes of one resource, or of one bundle a line
LARGEST_DOCUMENT = 256 << 20  # bytes of a file that is one Bundle: read whole
MOST_UNPACKED = 100  # a gzip file that unpacks to more than this many times its size is refused
SMALL_ENOUGH = 64 << 20  # ... unless it stays below this many bytes
_BOM = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00{", b"{\x00")
_BUNDLE = re.compile(rb'"resourceType"\s*:\s*"Bundle"')
_GZIP = b"\x1f\x8b"


class Line(NamedTuple):
    number: int
    text: bytes
    fault: faults.Unreadable | None = None
    last: bool = False  # no line break follows: a line that is no JSON was cut off here


class Unpacked(gzip.GzipFile):
    """A gzip file that refuses to unpack into more than a text could be packed into."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file)
        self._packed = file
        self._unpacked = 0

    def readline(self, size: int | None = -1) -> bytes:
        line: bytes = super().readline(-1 if size is None else size)
        self._unpacked += len(line)
        if self._unpacked > max(SMALL_ENOUGH, self._packed.tell() * MOST_UNPACKED):
            raise TooFar
        return line


class TooFar(ValueError):
    pass


def opened(file: BinaryIO) -> BinaryIO:
    """The file, unpacked when it is packed. The file must be seekable."""
    start = file.tell()
    packed = file.read(2) == _GZIP
    file.seek(start)
    return cast(BinaryIO, Unpacked(file)) if packed else file


def document(file: BinaryIO) -> bytes | faults.Unreadable | None:
    """The whole file when it is one JSON document rather than lines; None when it is lines."""
    first = file.readline(LONGEST_LINE + 1).removeprefix(_BOM)
    second = file.readline(4096)
    file.seek(0)
    stripped = first.strip()
    spread = stripped in (b"{", b"[") or (not stripped.endswith(b"}") and second[:1] in (b" ", b"\t", b'"'))
    one_line = (not second or len(first) > LONGEST_LINE) and _BUNDLE.search(first[:4096]) is not None
    if not spread and not one_line:
        return None
    pieces = []
    size = 0
    while size <= LARGEST_DOCUMENT and (piece := file.readline(1 << 20)):
        pieces.append(piece)
        size += len(piece)
    if size > LARGEST_DOCUMENT:
        return faults.Unreadable(
            "",
            faults.TOO_LONG,
            _("the file is one document of more than %(size)s MB.") % {"size": LARGEST_DOCUMENT >> 20},
            _("Export it as NDJSON (one resource a line), or as several smaller Bundles."),
        )
    return b"".join(pieces).removeprefix(_BOM)


def lines(file: BinaryIO, *, after: int = 0) -> Iterator[Line]:
    """The lines after ``after``, without the empty ones; what cannot be a line of JSON comes with its fault."""
    number = 0
    try:
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            ended = raw.endswith(b"\n")
            if len(raw) > LONGEST_LINE and not ended:
                _pass_over_the_rest(file)
                if number > after:
                    yield Line(number, b"", _too_long())
                continue
            if number == 1:
                raw = raw.removeprefix(_BOM)
                if raw.startswith(_OTHER_ENCODINGS):
                    yield Line(number, b"", wrong_encoding())
                    return
            if number > after and (text := raw.strip()):
                yield Line(number, text, encoding_fault(text), last=not ended)
    except TooFar:
        yield Line(number + 1, b"", _bomb())
    except DAMAGED as error:
        yield Line(number + 1, b"", _damaged(error))


def _pass_over_the_rest(file: BinaryIO) -> None:
    while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def encoding_fault(text: bytes) -> faults.Unreadable | None:
    if b"\\u0000" in text or b"\x00" in text:
        return faults.Unreadable(
            "",
            faults.NUL_BYTE,
            _("it holds a NUL character, which no text has."),
            _("Take the character out in the record system and export it again."),
        )
    if text.isascii():
        return None
    try:
        text.decode()
    except UnicodeDecodeError:
        return wrong_encoding()
    return None


def wrong_encoding() -> faults.Unreadable:
    return faults.Unreadable(
        "",
        faults.BAD_ENCODING,
        _("it is not written in UTF-8, as FHIR must be."),
        _("Export it again as UTF-8 and load it again."),
    )


def _too_long() -> faults.Unreadable:
    return faults.Unreadable(
        "",
        faults.TOO_LONG,
        _("the line is longer than %(size)s MB, which no resource is.") % {"size": LONGEST_LINE >> 20},
        _("Look for a missing line break at this place, export the file again and load it again."),
    )


def _bomb() -> faults.Unreadable:
    return faults.Unreadable(
        "",
        faults.BOMB,
        _("the packed file unpacks to more than %(times)s times its size.") % {"times": MOST_UNPACKED},
        _("Unpack it yourself, look whether it is what you expect, and load the unpacked file."),
    )


def _damaged(error: Exception) -> faults.Unreadable:
    return faults.Unreadable(
        "",
        faults.TRUNCATED,
        _("the packed file is cut off or damaged here (%(error)s).") % {"error": str(error)[:80]},
        _("Copy or export the file again and load it again; what was read so far is kept."),
    )
