"""How does this provider's export differ from the templates? A small YAML file says so.

encoding: cp1252                # of all files; utf-8 when not said
delimiter: ";"                  # of all files; a comma when not said
date_format: "%m/%d/%Y"         # of all dates; 2026-01-31 when not said
files:
  contacts:                     # the template
    file: visits.csv            # the file's own name, or a list of names
    columns: {contact_id: VisitNo, starts_at: Visit Start}
    dates: {starts_at: "%m/%d/%Y %H:%M"}
    codes: {status: {NS: NO_SHOW, Kept: ATTENDED}}
    constants: {medium: IN_PERSON}
"""

import codecs
import difflib
from pathlib import Path
from typing import Any

import msgspec
import yaml
from django.utils.translation import gettext as _

from tending.collect.templates import TEMPLATES, Template, Type

# Every one of them ends a line with the byte 0x0A, so a file can be read line by line without decoding all of it.
ENCODINGS = ("utf-8", "cp1252", "iso8859-1", "iso8859-15", "cp437", "cp850", "mac-roman")
LARGEST = 1 << 20


class MappingError(ValueError):
    """The mapping cannot be used; the message names the place and what to write there."""


class FileMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    file: str | list[str] = msgspec.field(default_factory=list)
    columns: dict[str, str] = {}
    dates: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    constants: dict[str, str] = {}
    encoding: str = ""
    delimiter: str = ""
    date_format: str = ""

    @property
    def names(self) -> list[str]:
        return [self.file] if isinstance(self.file, str) else self.file


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    encoding: str = "utf-8"
    delimiter: str = ","
    date_format: str = ""
    files: dict[str, FileMapping] = {}

    def of(self, kind: str) -> FileMapping:
        """What holds for one template, the mapping's general words filled in."""
        own = self.files.get(kind, FileMapping())
        return msgspec.structs.replace(
            own,
            encoding=_encoding(own.encoding or self.encoding),
            delimiter=own.delimiter or self.delimiter,
            date_format=own.date_format or self.date_format,
        )


def read_mapping(given: Path | dict[str, Any] | None) -> Mapping:
    """The mapping in a YAML file, or one kept with a delivery. None: the templates as they are."""
    if given is None:
        return Mapping()
    name = given.name if isinstance(given, Path) else _("the mapping")
    try:
        plain = _yaml(given) if isinstance(given, Path) else given
        mapping = msgspec.convert(plain or {}, Mapping)
    except (msgspec.ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as trouble:
        raise MappingError(
            _("%(name)s cannot be read: %(trouble)s. Compare it with docs/reference/csv-mapping.md.")
            % {"name": name, "trouble": str(trouble).rstrip(".")}
        ) from trouble
    _check(mapping, name)
    return mapping


def plain(mapping: Mapping) -> dict[str, Any]:
    """As it is kept with a delivery."""
    kept: dict[str, Any] = msgspec.to_builtins(mapping)
    return kept


def _yaml(path: Path) -> Any:
    if path.stat().st_size > LARGEST:
        raise MappingError(
            _("%(name)s is larger than a mapping can be: give the mapping file.") % {"name": path.name}
        )
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _check(mapping: Mapping, name: str) -> None:
    _check_words(mapping.encoding, mapping.delimiter, name)
    for kind, own in mapping.files.items():
        if kind not in TEMPLATES:
            raise MappingError(_unknown(f"{name}: files", kind, list(TEMPLATES)))
        place = f"{name}: files: {kind}"
        _check_words(own.encoding or "utf-8", own.delimiter or ",", place)
        for part in ("columns", "dates", "codes", "constants"):
            _check_columns(TEMPLATES[kind], getattr(own, part), f"{place}: {part}")
        _check_codes(TEMPLATES[kind], own, place)


def _check_words(encoding: str, delimiter: str, place: str) -> None:
    _encoding(encoding, place)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise MappingError(
            _("%(place)s: the delimiter is one character, such as , ; | or a tab, not “%(delimiter)s”.")
            % {"place": place, "delimiter": delimiter}
        )


def _encoding(given: str, place: str = "") -> str:
    try:
        known = codecs.lookup(given.replace("utf-8-sig", "utf-8")).name
    except LookupError:
        known = ""
    if known not in ENCODINGS:
        raise MappingError(
            _("%(place)s: the encoding “%(given)s” is not one of %(known)s. Choose one, or save the files as UTF-8.")
            % {"place": place, "given": given, "known": ", ".join(ENCODINGS)}
        )
    return known


def _check_columns(template: Template, given: dict[str, Any], place: str) -> None:
    names = [column.name for column in template.columns]
    for name in given:
        if name not in names:
            raise MappingError(_unknown(place, name, names))


def _check_codes(template: Template, own: FileMapping, place: str) -> None:
    for name, translations in own.codes.items():
        column = template.column(name)
        for code in translations.values() if column.type is Type.CODE else ():
            if code and code not in column.codes:
                raise MappingError(_unknown(f"{place}: codes: {name}", code, list(column.codes)))
    for name in own.dates:
        if template.column(name).type not in (Type.DATE, Type.INSTANT):
            raise MappingError(
                _("%(place)s: dates: %(name)s is not a date in this template: take the line out.")
                % {"place": place, "name": name}
            )


def _unknown(place: str, given: str, known: list[str]) -> str:
    near = difflib.get_close_matches(given.lower(), [word.lower() for word in known], n=1)
    words = {"place": place, "given": given, "known": ", ".join(known)}
    if near:
        return _("%(place)s: there is no “%(given)s”. Did you mean “%(near)s”?") % {**words, "near": near[0]}
    return _("%(place)s: there is no “%(given)s”. Use one of %(known)s.") % words
