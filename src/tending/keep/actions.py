"""Writes to the record. One piece of a file is one short transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tending.base import clock
from tending.base.access.models import Account
from tending.collect.checks import fault_of
from tending.collect.mapped import Chunk, Fault, Mapped
from tending.keep import heads, pieces, references
from tending.keep.kinds import KINDS
from tending.keep.precedence import digest, order_of_mapped
from tending.keep.projections import people, provider, support
from tending.keep.versions import Candidate, Written, current_rows, values_of, write

PROVIDER = ("organisations", "teams", "staff")


@dataclass(slots=True)
class Kept:
    """What became of the rows of one piece. ``same`` also counts versions that were out of date when they came."""

    new: int = 0
    same: int = 0
    corrected: int = 0
    faults: list[Fault] = field(default_factory=list)
    people: set[int] = field(default_factory=set)  # whose record changed

    def add(self, written: Written) -> None:
        self.new += written.new
        self.same += written.same
        self.corrected += written.corrected
        self.faults += written.faults
        for row in (*written.rows, *written.replaced):
            if person_id := getattr(row, "person_id", None):
                self.people.add(person_id)


@dataclass(frozen=True, slots=True)
class _Said:
    """Where the rows of one piece come from."""

    submission_id: int
    source: str
    said_at: datetime


@transaction.atomic
def keep_chunk(
    *, chunk: Chunk, submission_id: int, source: str, by: Account | None, received_at: datetime | None = None
) -> Kept:
    """Keep the rows of one piece of a file; what cannot be kept comes back as faults, with the reader's own.

    ``received_at`` is when the delivery that brings them was received; without times of the source's own it decides
    which of two versions is the later. The lines that say who changed what are the rows themselves, each with its
    submission and line, and the delivery's line in the audit trail.
    """
    _take_turns(source)
    said = _Said(submission_id, source, received_at or clock.now())
    kept = Kept(faults=list(chunk.faults))
    day = clock.local_date(said.said_at)
    by_kind: dict[str, list[Mapped]] = defaultdict(list)
    for row in chunk.rows:
        if (fault := fault_of(row, received=day)) is not None:
            kept.faults.append(fault)
        else:
            by_kind[row.kind].append(row)
    for kind in KINDS:
        if rows := by_kind.get(kind):
            _keep_kind(kind, rows, said, kept)
    heads.touch(kept.people)
    return kept


def _take_turns(source: str) -> None:
    """Two workers with rows of one source follow each other, until the transaction ends: which version of a row is
    the later is decided against what is current, and must not change meanwhile. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tending.keep:{source}"])


def _keep_kind(kind: str, rows: Sequence[Mapped], said: _Said, kept: Kept) -> None:
    candidates = _candidates(kind, [row for row in rows if not row.withdrawn], said, kept)
    if withdrawn := [row for row in rows if row.withdrawn]:
        candidates += _withdrawals(kind, withdrawn, said, kept)
    if kind == "answers":
        candidates, faults = pieces.joined(candidates)
        kept.faults += faults
    written = write(KINDS[kind].model, candidates)
    kept.add(written)
    changed = (*written.rows, *written.replaced)
    if kind in PROVIDER:  # several versions describe one of them: a later word for one may outweigh another
        provider.project(kind, {row.subject for row in (*changed, *written.confirmed)})
    elif kind == "people":
        people.project(_people_of((*changed, *written.confirmed)))
    elif kind == "caseload":
        support.project_caseload(_people_of(changed))
    elif kind == "episodes":
        support.project_memberships(_people_of(changed))


def _withdrawals(kind: str, rows: Sequence[Mapped], said: _Said, kept: Kept) -> list[Candidate]:
    """A withdrawn row is the row as it was last known, marked; one that is not known yet is kept marked, if whole."""
    keys = {f"{said.source}:{kind}:{row.key}": row for row in rows}
    current = current_rows(KINDS[kind].model, keys, whole=True)
    found = []
    for key, row in keys.items():
        if key not in current:
            found += _not_known_yet(kind, row, said, kept)
            continue
        order = order_of_mapped(row, submission_id=said.submission_id, said_at=said.said_at)
        marked = replace(row, fields={})
        found.append(Candidate(marked, key, digest(marked), values_of(current[key]), order, row.source_time))
    return found


def _not_known_yet(kind: str, row: Mapped, said: _Said, kept: Kept) -> list[Candidate]:
    """So a version from before the withdrawal that arrives after it finds the row withdrawn."""
    if row.if_known:
        return []
    whole = replace(row, withdrawn=False)
    if fault_of(whole, received=clock.local_date(said.said_at)) is not None:
        kept.faults.append(references.nothing_to_withdraw(row))
        return []
    marked = replace(row, fields={})
    return [replace(one, row=marked, content=digest(marked)) for one in _candidates(kind, [whole], said, kept)]


def _people_of(rows: Iterable[Any]) -> set[int]:
    return {row.person_id for row in rows}


def _candidates(kind: str, rows: Sequence[Mapped], said: _Said, kept: Kept) -> list[Candidate]:
    persons = people.make_known(rows, source=said.source) if kind == "people" else {}
    known = references.known(rows, source=said.source)
    found: list[Candidate] = []
    for row in rows:
        keys = references.keys_of(row, known)
        if isinstance(keys, Fault):
            kept.faults.append(keys)
            continue
        values = KINDS[kind].build(row.fields, keys, said.source)
        if person_id := persons.get(row.key) or keys.get("person_id"):
            values["person_id"] = person_id
        found.append(
            Candidate(
                row=row,
                source_key=f"{said.source}:{kind}:{row.key}",
                content=digest(row),
                values=values,
                order=order_of_mapped(row, submission_id=said.submission_id, said_at=said.said_at),
                source_time=row.source_time,
            )
        )
    return found
