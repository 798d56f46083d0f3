"""What are all the answers of a response whose rows came in pieces, from several places or files?

Each answer keeps where it comes from, so the later version of each answer counts whatever the order of arrival.
Pieces that disagree about the person, the instrument or the day are not pieces of one response: the later one counts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tending.collect.mapped import Fault
from tending.keep.models import Response
from tending.keep.precedence import Order, digest, order_of
from tending.keep.versions import Candidate, current_rows

Answers = dict[str, int | None]
Parts = dict[str, Order]


def joined(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Fault]]:
    """The candidates, each with the answers that the record or an earlier piece already has."""
    partial = [candidate.source_key for candidate in candidates if candidate.row.partial]
    current = current_rows(Response, partial, whole=True) if partial else {}
    done: dict[str, Candidate] = {}
    parts_of: dict[str, Parts] = {}
    result: list[Candidate] = []
    faults: list[Fault] = []
    for candidate in candidates:
        key = candidate.source_key
        before = done.get(key) or _from_record(candidate, current.get(key), parts_of)
        if not candidate.row.partial:
            result.append(candidate)
            continue
        if before is None or not _same_head(candidate, before):
            result.append(candidate)
            if before is not None and before.order > candidate.order:
                continue  # about somebody or something else: later pieces are compared with the one that counts
            parts_of[key] = dict.fromkeys(candidate.values["items"], candidate.order)
        else:
            candidate = _join(candidate, before, parts_of, faults)
            result = [other for other in result if other.source_key != key or not _same_head(other, candidate)]
            result.append(candidate)
        done[key] = candidate
    return result, faults


def _from_record(candidate: Candidate, row: Response | None, parts_of: dict[str, Parts]) -> Candidate | None:
    if row is None or row.withdrawn:
        return None
    order = order_of(row)
    parts_of[row.source_key] = {
        item: _order(row.parts[item]) if row.parts and item in row.parts else order for item in row.items
    }
    values = {
        "person_id": row.person_id,
        "instrument": row.instrument,
        "date": row.date,
        "answered_at": row.answered_at,
        "items": row.items,
    }
    return replace(candidate, values=values, order=order, source_time=row.source_time, joined=True)


def _same_head(one: Candidate, other: Candidate) -> bool:
    return all(one.values[name] == other.values[name] for name in ("person_id", "instrument", "date"))


def _join(piece: Candidate, before: Candidate, parts_of: dict[str, Parts], faults: list[Fault]) -> Candidate:
    parts = dict(parts_of[piece.source_key])
    items: Answers = dict(before.values["items"])
    for item in [item for item, order in parts.items() if order.place == piece.order.place]:
        if item not in piece.values["items"]:  # read again with a better mapping, and gone
            del parts[item], items[item]
    for item, value in piece.values["items"].items():
        held = parts.get(item)
        if held is not None and held.contradicts(piece.order) and items[item] != value:
            faults.append(_two_answers(piece, item, held))
        if held is None or piece.order >= held:
            items[item], parts[item] = value, piece.order
    parts_of[piece.source_key] = parts
    later = piece if piece.order > before.order else before
    told = {item: list(_written(order)) for item, order in parts.items() if order != later.order}
    row = replace(piece.row, fields=piece.row.fields | {"items": items})
    values = piece.values | {"items": items, "parts": told or None}
    return Candidate(row, piece.source_key, digest(row), values, later.order, later.source_time, joined=before.joined)


def _written(order: Order) -> tuple[str, str, int, int]:
    return order.effective.isoformat(), order.said_at.isoformat(), order.submission_id, order.minus_line


def _order(written: list[Any]) -> Order:
    effective, said_at, submission_id, minus_line = written
    return Order(
        datetime.fromisoformat(effective), datetime.fromisoformat(said_at), int(submission_id), int(minus_line)
    )


def _two_answers(piece: Candidate, item: str, held: Order) -> Fault:
    loser, winner = (piece.order, held) if held > piece.order else (held, piece.order)
    message = _(
        "Response %(key)s has two different answers to item %(item)s, on lines %(one)d and %(other)d or after."
    )
    words = {"key": piece.row.key[:120], "item": item, "one": -winner.minus_line, "other": -loser.minus_line}
    fix = _("The first one is kept. Decide which is right in the record system, export the file again and load it.")
    return Fault(-loser.minus_line, "answers", item, "CONTRADICTION", (message % words)[:500], fix)
