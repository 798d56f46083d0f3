"""Which records does a CSV file hold, and which of its lines cannot be read at all?

Lines are read with a limit, so a file without line breaks costs no memory; a line that cannot be read becomes one
fault and the next line is read. A quoted cell may run over several lines.
"""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from tending.collect.mapped import Fault

LONGEST_LINE = 1 << 20  # bytes; a cell of a million letters is no cell
LONGEST_RECORD = 1000  # lines; beyond this a quotation mark was left open
BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

csv.field_size_limit(LONGEST_LINE * 2)


class Records:
    """Iterate: (line, cells). ``line`` is where the record begins; ``lines_read`` counts what has been consumed."""

    def __init__(self, file: BinaryIO, *, kind: str, encoding: str, delimiter: str) -> None:
        self.lines_read = 0
        self.bytes_read = 0
        self.faults: list[Fault] = []
        self._file = file
        self._kind = kind
        self._encoding = encoding
        self._delimiter = delimiter
        self._line = 0  # where the record that was handed out last begins
        self._waiting: list[tuple[int, bytes]] = []  # lines read ahead in vain: to be read again, one by one
        self._reader = csv.reader(self._texts(), delimiter=delimiter, strict=True)

    def skip(self, lines: int) -> None:
        """Go on after this many lines, as a reading that was interrupted does."""
        while self.lines_read < lines and self._raw() is not None:
            pass

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                self._fault(self._line, "BAD_QUOTES", _("its quotation marks do not match"), _double_them())
                continue
            if cells:
                yield self._line, cells

    def _texts(self) -> Iterator[str]:
        while (raw := self._raw()) is not None:
            line = self.lines_read
            text = self._text(line, raw)
            if text is None:
                continue
            if text.count('"') % 2 and _ends_inside_quotes(text, self._delimiter):
                text = self._to_closing_quote(line, raw, text)
            if text is not None:
                self._line = line
                yield text

    def _to_closing_quote(self, line: int, raw: bytes, text: str) -> str | None:
        """Join the lines of a quoted cell. When the quotation mark never closes, only this line is lost."""
        ahead: list[tuple[int, bytes]] = []
        parts, size = [text], len(raw)
        while len(ahead) < LONGEST_RECORD and size < LONGEST_LINE and (more := self._raw()) is not None:
            ahead.append((self.lines_read, more))
            size += len(more)
            piece = self._decoded(more)
            if piece is None or "\x00" in piece:
                break
            parts.append(piece)
            if piece.count('"') % 2 and not _ends_inside_quotes("".join(parts), self._delimiter):
                return "".join(parts)
        self._waiting = ahead + self._waiting
        self.lines_read = line
        self._fault(line, "BAD_QUOTES", _("a quotation mark opens and never closes"), _double_them())
        return None

    def _raw(self) -> bytes | None:
        """The next line; one that is too long comes back cut, longer than the limit."""
        if self._waiting:
            self.lines_read, raw = self._waiting.pop(0)
            return raw
        raw = self._file.readline(LONGEST_LINE + 1)
        if not raw:
            return None
        self.lines_read += 1
        self.bytes_read += len(raw)
        if len(raw) > LONGEST_LINE:
            self._pass_over_the_rest()
        elif self.lines_read == 1:
            raw = raw.removeprefix(BOM)
        return raw

    def _pass_over_the_rest(self) -> None:
        while rest := self._file.readline(LONGEST_LINE):
            self.bytes_read += len(rest)
            if rest.endswith(b"\n"):
                return

    def _text(self, line: int, raw: bytes) -> str | None:
        if len(raw) > LONGEST_LINE:
            self._fault(
                line,
                "LINE_TOO_LONG",
                _("it is longer than a million bytes"),
                _("Look for a missing line break at this place, export the file again and load it again."),
            )
            return None
        if line == 1 and raw.startswith(UTF_16):
            self._fault(
                line,
                "BAD_ENCODING",
                _("the file is written in UTF-16"),
                _("Save it as “CSV UTF-8” and load it again."),
            )
            return None
        text = self._decoded(raw)
        if text is None:
            self._fault(line, "BAD_ENCODING", *self._about_encoding(raw))
        elif "\x00" in text:
            self._fault(
                line,
                "NUL_BYTE",
                _("it holds a NUL byte, which no text has"),
                _("The file may be damaged or not a CSV file. Export it again and load it again."),
            )
            return None
        return text

    def _decoded(self, raw: bytes) -> str | None:
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError:
            return None

    def _about_encoding(self, raw: bytes) -> tuple[str, str]:
        try:
            raw.decode(self._encoding)
        except UnicodeDecodeError as trouble:
            byte = f"0x{raw[trouble.start]:02X}"
            likely = raw[max(0, trouble.start - 12) : trouble.start + 12].decode("cp1252", "replace").strip()
            return (
                _("byte %(byte)s is not %(encoding)s; read as Windows-1252 it says “%(likely)s”")
                % {"byte": byte, "encoding": self._encoding.upper(), "likely": likely},
                _(
                    "If that reads well, write “encoding: cp1252” in the mapping file and replay; "
                    "else export the file as UTF-8."
                ),
            )
        return "", ""

    def _fault(self, line: int, reason: str, what: str, fix: str) -> None:
        message = _("Line %(line)d of %(kind)s could not be read: %(what)s.") % {
            "line": line,
            "kind": self._kind,
            "what": what,
        }
        self.faults.append(Fault(line=line, kind=self._kind, field="", reason=reason, message=message, fix=fix))


def _double_them() -> str:
    return _("Inside a quoted cell write each quotation mark twice, then load the corrected file.")


def _ends_inside_quotes(text: str, delimiter: str) -> bool:
    """As csv reads it: a quotation mark opens a cell only at the cell's beginning."""
    inside, at_start, index = False, True, 0
    while index < len(text):
        letter = text[index]
        if inside and letter == '"':
            if text[index + 1 : index + 2] == '"':
                index += 1
            else:
                inside = False
        elif not inside:
            if letter == '"' and at_start:
                inside = True
            at_start = letter == delimiter
        index += 1
    return inside
