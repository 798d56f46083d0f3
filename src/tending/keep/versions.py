"""Is this row new, the same, or a correction? One query for what is there, then bulk writes.

A correction is a new row; the row it replaces points to it. The database allows one current row a key, so the old
row first points to itself, then the new one is added, then the old one points to the new one: all in the caller's
transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from tending.base.tables.rows import add_rows, update_rows
from tending.collect.mapped import Fault, Mapped
from tending.keep.models import SourcedRow
from tending.keep.precedence import Order, order_of

_COMPARED = (
    "id",
    "source_key",
    "content",
    "recorded_at",
    "confirmed_at",
    "source_time",
    "submission_id",
    "line",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that asks to be kept."""

    row: Mapped
    source_key: str
    content: str
    values: dict[str, Any]
    order: Order
    source_time: datetime | None
    joined: bool = False  # holds all the current row has (keep/pieces.py): it replaces it whatever the order


@dataclass(frozen=True, slots=True)
class Added:
    """What others want to know of a row that was added: whom or what it is about."""

    person_id: int | None
    subject: str


@dataclass(slots=True)
class Written:
    new: int = 0
    same: int = 0
    corrected: int = 0
    faults: list[Fault] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)  # the rows that are now current and were not
    replaced: list[Any] = field(default_factory=list)  # the rows that are current no longer
    confirmed: list[Any] = field(default_factory=list)  # rows that stay, now with a later word for them


@dataclass(slots=True)
class _Plan:
    new: list[Candidate] = field(default_factory=list)
    corrections: list[tuple[Any, Candidate]] = field(default_factory=list)
    older: list[Candidate] = field(default_factory=list)
    confirmed: list[tuple[Any, Candidate]] = field(default_factory=list)


def write(model: type[SourcedRow], candidates: Sequence[Candidate]) -> Written:
    """Keep the candidates. Call it inside a transaction."""
    written, plan = Written(), _Plan()
    of_key: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        of_key[candidate.source_key].append(candidate)
    current = current_rows(model, of_key)
    for key, versions in of_key.items():
        now = current.get(key)
        _decide(_without_contradictions(versions, now, written), now, written, plan)
    _supersede(model, plan, written)
    if plan.older:
        _add_history(model, plan.older, written)
    if plan.confirmed:
        _confirm(model, plan.confirmed)
        written.confirmed = [row for row, _candidate in plan.confirmed]
    written.new, written.corrected = len(plan.new), len(plan.corrections)
    return written


def current_rows(model: type[SourcedRow], keys: Iterable[str], *, whole: bool = False) -> dict[str, Any]:
    rows: Any = model._default_manager.filter(superseded_by__isnull=True, source_key__in=list(keys))
    if not whole:
        beside = [name for name in ("person_id", "subject", "parts") if hasattr(model, name)]
        rows = rows.only(*_COMPARED, *beside)
    return {row.source_key: row for row in rows}


_OF_THE_VERSION = {field.name for field in SourcedRow._meta.get_fields()} | {"id"}


def values_of(row: SourcedRow) -> dict[str, Any]:
    """What a row says, without where and when it was said."""
    own = [field for field in row._meta.concrete_fields if field.name not in _OF_THE_VERSION]
    return {field.attname: getattr(row, field.attname) for field in own}


def _without_contradictions(versions: list[Candidate], current: Any | None, written: Written) -> list[Candidate]:
    """The latest first; of lines of one file that say different things of one time, the first line counts.

    The first line may be in the record already; what contradicts that is left for `_decide`.
    """
    if len(versions) == 1:
        return versions
    left: list[Candidate] = []
    said = [(order_of(current), current.content)] if current is not None else []
    for version in sorted(versions, key=lambda version: version.order, reverse=True):
        rivals = [one for one in said if one[0].contradicts(version.order) and one[0] > version.order]
        if not rivals or rivals[0][1] == version.content or rivals[0][0] not in (one.order for one in left):
            left.append(version)
            said.append((version.order, version.content))
        else:
            line = -rivals[0][0].minus_line
            written.faults.append(contradiction(version.row.kind, version.row.key, version.row.line, line))
    return left


def _decide(versions: list[Candidate], current: Any | None, written: Written, plan: _Plan) -> None:
    """The latest version counts; each of the others says the same, contradicts it, or is out of date."""
    latest, others = versions[0], versions[1:]
    if current is None:
        plan.new.append(latest)
    elif current.content == latest.content:
        written.same += 1
        if latest.order > order_of(current):
            plan.confirmed.append((current, latest))
    elif latest.joined or latest.order >= order_of(current):
        plan.corrections.append((current, latest))
        if latest.order.contradicts(order_of(current)) and not latest.joined:
            written.faults.append(contradiction(latest.row.kind, latest.row.key, current.line, latest.row.line))
    else:
        for loser in versions:
            _lose(loser, order_of(current), current.content, written, plan)
        return
    for loser in others:
        _lose(loser, latest.order, latest.content, written, plan)


def _lose(loser: Candidate, to: Order, content: str, written: Written, plan: _Plan) -> None:
    if loser.content != content and loser.order.contradicts(to):
        written.faults.append(contradiction(loser.row.kind, loser.row.key, loser.row.line, -to.minus_line))
        return
    written.same += 1
    if loser.content != content:
        plan.older.append(loser)


def _supersede(model: type[SourcedRow], plan: _Plan, written: Written) -> None:
    manager: Any = model._default_manager
    old = [row for row, _candidate in plan.corrections]
    if old:
        manager.filter(pk__in=[row.pk for row in old]).update(superseded_by=F("id"))
    replacements = manager.bulk_create([_instance(model, candidate) for _row, candidate in plan.corrections])
    for row, replacement in zip(old, replacements, strict=True):
        row.superseded_by_id = replacement.pk
    update_rows(model, ["superseded_by"], [(row.pk, [row.superseded_by_id]) for row in old])
    add_rows(model, [_row(candidate) for candidate in plan.new])
    written.rows = [Added(each.values.get("person_id"), each.values.get("subject", "")) for each in plan.new]
    written.rows += replacements
    written.replaced = old


def _add_history(model: type[SourcedRow], older: list[Candidate], written: Written) -> None:
    """Versions that were already out of date when they came: kept behind the current one, once."""
    manager: Any = model._default_manager
    keys = {candidate.source_key for candidate in older}
    there: dict[str, list[tuple[Order, str]]] = defaultdict(list)
    for row in manager.filter(source_key__in=keys, superseded_by__isnull=False).only(*_COMPARED):
        there[row.source_key].append((order_of(row), row.content))
    current = current_rows(model, keys)
    coming = []
    for candidate in older:  # of one key the latest first
        if _is_to_be_added(candidate, there[candidate.source_key], written):
            there[candidate.source_key].append((candidate.order, candidate.content))
            instance: Any = _instance(model, candidate)
            instance.superseded_by_id = current[candidate.source_key].pk
            coming.append(instance)
    manager.bulk_create(coming)


def _is_to_be_added(candidate: Candidate, there: list[tuple[Order, str]], written: Written) -> bool:
    """Not when its file says so already, and not when an earlier line of its file says something else."""
    order, content = candidate.order, candidate.content
    for other, said in there:
        if said == content and (other.place == order.place or other.contradicts(order)):
            return False
    others = [other for other, said in there if other.contradicts(order) and said != content]
    if not others:
        return True
    first, last = max(*others, order), min(*others, order)
    lines = (-last.minus_line, -first.minus_line)
    written.faults.append(contradiction(candidate.row.kind, candidate.row.key, *lines))
    return first == order


def _confirm(model: type[SourcedRow], confirmed: list[tuple[Any, Candidate]]) -> None:
    """A later delivery says the same: the row stays what and which it is, and is now known to hold for longer."""
    has_parts = hasattr(model, "parts")
    names = ["confirmed_at", "source_time", "submission", "line", *(["parts"] if has_parts else [])]
    rows = []
    for current, candidate in confirmed:
        order = candidate.order
        values = [order.said_at, candidate.source_time, order.submission_id, -order.minus_line]
        rows.append((current.pk, [*values, candidate.values.get("parts")] if has_parts else values))
    update_rows(model, names, rows)


def _instance(model: type[SourcedRow], candidate: Candidate) -> SourcedRow:
    return model(**_row(candidate))


def _row(candidate: Candidate) -> dict[str, Any]:
    order = candidate.order
    return {
        "source_key": candidate.source_key,
        "content": candidate.content,
        "submission_id": order.submission_id,
        "line": -order.minus_line,
        "recorded_at": order.said_at,
        "source_time": candidate.source_time,
        "withdrawn": candidate.row.withdrawn,
        **candidate.values,
    }


def contradiction(kind: str, key: str, line: int, other: int) -> Fault:
    message = _("Line %(line)d of %(kind)s has the identifier %(key)s again, with other content than line %(other)d.")
    words = {"line": line, "kind": kind, "key": key[:120], "other": other}
    fix = _(
        "Line %(other)d is kept. Give each row its own identifier, or take out the wrong one, export the file "
        "again and load it."
    )
    return Fault(line, kind, "", "DUPLICATE_ID", (message % words)[:500], (fix % words)[:500])
