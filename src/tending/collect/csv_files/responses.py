"""Which answers belong to one completed questionnaire? Neighbouring rows of one response become one piece of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tending.collect.mapped import Fault, Mapped, Value

_HEAD = ("person_id", "instrument", "answered_date")


def gathered(rows: Iterable[Mapped]) -> tuple[list[Mapped], list[Fault]]:
    """One `Mapped` a run of rows with the same response, on the run's first line; and the rows that contradict it."""
    pieces: list[Mapped] = []
    faults: list[Fault] = []
    for row in rows:
        if not pieces or pieces[-1].key != row.key:
            pieces.append(_begun(row))
            continue
        if (fault := _contradiction(pieces[-1], row)) is not None:
            faults.append(fault)
        else:
            _items(pieces[-1])[str(row.fields["item"])] = _answer(row)
    return pieces, faults


def _begun(row: Mapped) -> Mapped:
    fields: dict[str, Value] = {name: row.fields.get(name) for name in _HEAD}
    fields["items"] = {str(row.fields["item"]): _answer(row)} if row.fields.get("item") else {}
    return Mapped("answers", row.key, row.line, fields, partial=True)


def _items(piece: Mapped) -> dict[str, int | None]:
    items = piece.fields["items"]
    assert isinstance(items, dict)
    return items


def _answer(row: Mapped) -> int | None:
    value = row.fields.get("value")
    return value if isinstance(value, int) else None


def _contradiction(piece: Mapped, row: Mapped) -> Fault | None:
    for name in _HEAD:
        if row.fields.get(name) != piece.fields[name]:
            return _fault(
                piece,
                row,
                name,
                _("another %(column)s than on line %(first)d") % {"column": name, "first": piece.line},
            )
    item = str(row.fields.get("item") or "")
    if not item:
        return _fault(piece, row, "item", _("no item"))
    known = _items(piece)
    if item in known and known[item] != _answer(row):
        return _fault(piece, row, "item", _("a second, different answer to item %(item)s") % {"item": item})
    return None


def _fault(piece: Mapped, row: Mapped, column: str, what: str) -> Fault:
    message = _("Line %(line)d of answers gives response %(key)s %(what)s.") % {
        "line": row.line,
        "key": piece.key,
        "what": what,
    }
    fix = _("Decide which one is right in the record system, export the file again and load it.")
    return Fault(row.line, "answers", column, "CONTRADICTION", message[:500], fix)
