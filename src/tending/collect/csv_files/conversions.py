"""What value does a cell hold? One function a column, made once for each file."""

import difflib
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from tending.base import clock
from tending.collect.csv_files.mapping import FileMapping
from tending.collect.mapped import Value
from tending.collect.templates import Column, Type

Convert = Callable[[str], Value]
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unreadable(ValueError):
    """A cell that holds no such value. ``reason`` is a code; the words say what is there and what to do."""

    def __init__(self, reason: str, what: str, fix: str) -> None:
        super().__init__(what)
        self.reason, self.what, self.fix = reason, what, fix


def conversion(column: Column, mapping: FileMapping) -> Convert:
    """How the cells of this column are read; an empty cell never comes here."""
    format_ = mapping.dates.get(column.name, "")
    plain: Convert
    if column.type is Type.CODE:
        return _codes(column, mapping.codes.get(column.name, {}))
    if column.type is Type.DATE:
        plain = _dates(format_ or mapping.date_format)
    elif column.type is Type.INSTANT:
        plain = _instants(format_)
    elif column.type is Type.INTEGER:
        plain = _whole_number
    elif column.type is Type.NUMBER:
        plain = _number
    else:
        plain = str
    return _translated(plain, mapping.codes.get(column.name, {}))


def _translated(convert: Convert, translations: dict[str, str]) -> Convert:
    """Any column may be translated first: numbers written as words, instruments under another code."""
    if not translations:
        return convert

    def translate(text: str) -> Value:
        text = translations.get(text, text)
        return convert(text) if text else None

    return translate


def _codes(column: Column, translations: dict[str, str]) -> Convert:
    known: dict[str, Value] = {}
    for code in column.codes:
        known[code] = known[code.lower()] = known[code.title()] = code
    known.update({written: code or None for written, code in translations.items()})

    def convert(text: str) -> Value:
        try:
            return known[text]
        except KeyError:
            pass
        if text.upper() in column.codes:
            return text.upper()
        near = difflib.get_close_matches(text.upper(), column.codes, n=1)
        raise Unreadable(
            "UNKNOWN_CODE",
            _("“%(text)s” is not one of %(codes)s") % {"text": text[:60], "codes": ", ".join(column.codes)},
            _("In the mapping file write, under codes: %(column)s: “%(text)s: %(near)s”, then replay.")
            % {"column": column.name, "text": text[:60], "near": near[0] if near else column.codes[-1]},
        )

    return convert


def _dates(format_: str) -> Convert:
    @lru_cache(maxsize=1 << 15)
    def convert(text: str) -> date:
        try:
            if format_:
                return datetime.strptime(text, format_).date()  # noqa: DTZ007 - a day has no zone
            if _ISO_DATE.match(text):
                return _day_of(text)
        except ValueError:
            pass
        raise _not_a_date(text, format_ or "%Y-%m-%d")

    return convert


def _day_of(text: str) -> date:
    """A day, also where a record system wrote midnight behind it."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).date()


def _instants(format_: str) -> Convert:
    zone = clock.zone()

    def convert(text: str) -> datetime:
        try:
            if format_:
                instant = datetime.strptime(text, format_)  # noqa: DTZ007 - the zone follows
            elif _ISO_DATE.match(text):
                instant = datetime.fromisoformat(text)
            else:
                raise ValueError
            return instant.replace(tzinfo=instant.tzinfo or zone).astimezone(UTC)
        except (ValueError, OverflowError):
            raise _not_a_date(text, format_ or "%Y-%m-%dT%H:%M") from None

    return convert


def _not_a_date(text: str, format_: str) -> Unreadable:
    example = datetime(2026, 1, 31, 14, 30, tzinfo=UTC).strftime(format_)
    return Unreadable(
        "BAD_DATE",
        _("“%(text)s” is not a date written like %(example)s") % {"text": text[:60], "example": example},
        _(
            "Correct it in the record system and load the file again; if all dates are written so, "
            "say how under dates in the mapping file and replay."
        ),
    )


def _whole_number(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _not_a_number(text, _("whole number"))
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise _not_a_number(text, _("number"))
    return float(text)


def _not_a_number(text: str, kind: str) -> Unreadable:
    return Unreadable(
        "BAD_NUMBER",
        _("“%(text)s” is not a %(kind)s") % {"text": text[:60], "kind": kind},
        _("Correct it in the record system and load the file again, or translate it in the mapping file and replay."),
    )
