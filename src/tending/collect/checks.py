"""Can this row be true at all? What every row must satisfy, whichever way it came.

Only what a row says about itself is judged here, so the answer does not depend on what else has arrived. What
contradicts other rows (a contact before birth, two primary practitioners) is kept and becomes a finding.
"""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from tending.base import clock
from tending.collect.mapped import Fault, Mapped, Value
from tending.collect.templates import ID_LENGTH, TEMPLATES, Column, Template, Type

EARLIEST = date(1880, 1, 1)
LATEST = date(2200, 1, 1)
BESIDE_THE_TEMPLATES = {"answers": {"items", "answered_at"}, "episodes": {"derived"}}
_NAMES = {
    kind: {column.name for column in template.columns} | BESIDE_THE_TEMPLATES.get(kind, set())
    for kind, template in TEMPLATES.items()
}
_NOT_IN_PIECES = {"item", "value"}  # the answers of a response lie in ``items``
_REFERRED_TO_BY_ID = {"organisations", "teams", "staff"}
_HAPPENED = {"ATTENDED", "NO_SHOW"}  # a contact with one of these states lies in the past


def fault_of(row: Mapped, *, received: date) -> Fault | None:
    """The first thing wrong with a row that arrived on this day; None: nothing."""
    template = TEMPLATES[row.kind]
    fields = row.fields
    latest = received + timedelta(days=1)  # clocks and zones of two systems differ
    if not 0 < len(row.key) <= 3 * ID_LENGTH:
        return _fault(row, template.key[0], "BAD_ID", _("the identifier is empty or too long"))
    if row.withdrawn:
        return None
    items = fields.get("items")
    for column in template.columns:
        if items is not None and column.name in _NOT_IN_PIECES:
            continue
        value = fields.get(column.name)
        if value is None:
            if column.required and not _said_by_key(column, template):
                return _fault(row, column.name, "MISSING_VALUE", _("it is empty"))
        elif (trouble := _trouble(column, value, latest)) is not None:
            return _fault(row, column.name, *trouble)
    return _about_the_row(row, template, latest)


def _said_by_key(column: Column, template: Template) -> bool:
    """A row's own identifier is its key. Of a team, say, the identifier is also what others refer to."""
    return template.key == (column.name,) and template.kind not in _REFERRED_TO_BY_ID


def _trouble(column: Column, value: Value, latest: date) -> tuple[str, str] | None:
    kind = column.type
    if kind is Type.CODE:
        return None if value in column.codes else ("UNKNOWN_CODE", _("“%s” is not one of its codes") % value)
    if kind is Type.ID or kind is Type.TEXT:
        return _about_text(column, value)
    if kind is Type.DATE or kind is Type.INSTANT:
        return _about_date(column, value, latest)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "BAD_NUMBER", _("“%s” is not a number") % value
    if kind is Type.INTEGER and not isinstance(value, int):
        return "BAD_NUMBER", _("“%s” is not a whole number") % value
    if (column.least is not None and value < column.least) or (column.most is not None and value > column.most):
        words = {"value": value, "least": column.least, "most": column.most}
        return "OUT_OF_RANGE", _("%(value)s does not lie between %(least)s and %(most)s") % words
    return None


def _about_text(column: Column, value: Value) -> tuple[str, str] | None:
    if not isinstance(value, str):
        return "BAD_TEXT", _("“%s” is not text") % value
    if len(value) > column.length:
        words = {"found": len(value), "most": column.length}
        return "TOO_LONG", _("it has %(found)d letters where %(most)d are possible") % words
    if "\x00" in value:
        return "NUL_BYTE", _("it holds a NUL byte, which no text has")
    return None


def _about_date(column: Column, value: Value, latest: date) -> tuple[str, str] | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return "BAD_DATE", _("“%s” has no time zone") % value
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        return "BAD_DATE", _("“%s” is not a date") % value
    if (column.type is Type.INSTANT) is not isinstance(value, datetime):
        return "BAD_DATE", _("“%s” is not of the right kind: a day, or a day and a time") % value
    if not EARLIEST < day < LATEST:
        return "BAD_DATE", _("the year of %s cannot be right") % day.isoformat()
    if day > latest and not column.may_be_later:
        return "FUTURE_DATE", _("%s lies in the future") % day.isoformat()
    return None


def _about_the_row(row: Mapped, template: Template, latest: date) -> Fault | None:
    fields = row.fields
    for first, second in template.order:
        start, end = fields.get(first), fields.get(second)
        if start is not None and end is not None and end < start:  # type: ignore[operator]
            words = {"end": _shown(end), "first": first, "start": _shown(start)}
            return _fault(row, second, "DATE_ORDER", _("%(end)s lies before %(first)s, which is %(start)s") % words)
    for first, needed in template.together:
        if fields.get(first) is not None and fields.get(needed) is None:
            return _fault(row, needed, "MISSING_VALUE", _("it is empty, and %s is given") % first)
    if unknown := fields.keys() - _NAMES[row.kind]:
        return _fault(row, min(unknown), "UNKNOWN_FIELD", _("no template has such a column"))
    if row.kind == "contacts":
        return _about_contact(row, latest)
    return _about_items(row) if "items" in fields else None


def _about_contact(row: Mapped, latest: date) -> Fault | None:
    starts_at = row.fields["starts_at"]
    assert isinstance(starts_at, datetime)
    if row.fields["status"] in _HAPPENED and clock.local_date(starts_at) > latest:
        words = {"status": row.fields["status"], "day": _shown(starts_at)}
        return _fault(row, "starts_at", "FUTURE_DATE", _("%(day)s lies in the future, yet it is %(status)s") % words)
    return None


def _about_items(row: Mapped) -> Fault | None:
    items = row.fields["items"]
    if not isinstance(items, dict) or not items:
        return _fault(row, "item", "MISSING_VALUE", _("there is no answer"))
    for item, value in items.items():
        if not item or len(item) > 40 or "\x00" in item:
            return _fault(row, "item", "TOO_LONG", _("“%s” is not an item's code") % item[:40])
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1000):
            return _fault(row, "value", "BAD_NUMBER", _("“%s” is not an answer's number") % str(value)[:40])
    return None


def _shown(value: Value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")
    return str(value)


def _fault(row: Mapped, column: str, reason: str, what: str) -> Fault:
    message = _("Line %(line)d of %(kind)s, column %(column)s: %(what)s.") % {
        "line": row.line,
        "kind": row.kind,
        "column": column,
        "what": what,
    }
    fix = _("Correct it in the record system, export the file again and load it; the corrected row takes its place.")
    return Fault(row.line, row.kind, column, reason, message[:500], fix)
