"""How does what arrives reach the record? Receive it, read it piece by piece, keep each piece, settle what waited.

Nothing here remembers anything: a delivery that is not finished is gone on with by whoever comes next, from the last
piece that was kept. Each piece and its progress are one transaction, so a process may be killed anywhere.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.base.retold import in_english
from tending.collect import actions as collect
from tending.collect import forms
from tending.collect import queries as collected
from tending.collect.arrivals import landed, one_file, unpacked
from tending.collect.csv_files import mapping as mappings
from tending.collect.mapped import Chunk, Mapped
from tending.collect.raw_store import RawStoreError
from tending.collect.reasons import Faults, FaultsOfOneReason
from tending.keep import actions as keep
from tending.keep.findings import actions as findings
from tending.keep.rehearsal import Counts, Rehearsed
from tending.keep.waiting import now_known

log = logging.getLogger(__name__)
AT_ONCE = 800
TRIES = 5
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the reading of a delivery stands: for a progress bar."""

    file: str
    lines_read: int
    bytes_read: int | None
    size: int
    new: int
    same: int
    corrected: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen, were this loaded."""

    counts: dict[str, Counts]  # by kind of row
    faults: tuple[FaultsOfOneReason, ...]  # most frequent first
    missing: dict[str, Counter[str]]  # by kind: what is referred to and described nowhere, and by how many rows
    not_read: dict[str, str]  # files, and why
    disagreements: list[tuple[str, str]]  # where an export's own list of contents is wrong, and what to do
    noticed: dict[str, int]  # columns and resources that are not read


Report = Callable[[Progress], None]
MappingGiven = Path | dict[str, Any] | None


def receive_folder(path: Path, *, source: str, form: str, mapping: MappingGiven = None, by: Account | None) -> int:
    """Take in a folder, a zip archive or one file; returns the delivery, which `work_off` then reads."""
    with _folder(path) as folder:
        return _receive(folder, name=path.name, source=source, form=form, mapping=mapping, by=by)


def receive_upload(
    file: BinaryIO, *, name: str, source: str, form: str, mapping: MappingGiven = None, by: Account | None
) -> int:
    """Take in a file sent through a page: a zip archive, or one file as it is."""
    with uploaded(file, name) as folder:
        return _receive(folder, name=name, source=source, form=form, mapping=mapping, by=by)


@in_english
def work_off(delivery_id: int, progress: Report | None = None) -> None:
    """Read a delivery on to its end. Safe to call at any time, by any number of workers, and again."""
    try:
        for item in collected.items_of(delivery_id):
            if not item.finished:
                _read_on(item, progress)
    except collect.ReadByAnother:
        return  # another worker is on it
    except RawStoreError as trouble:
        collect.stop(delivery_id=delivery_id, why=str(trouble))
        return
    settle()
    collect.finish(delivery_id=delivery_id)


def work_off_all(progress: Report | None = None) -> int:
    """Go on with every delivery that can be gone on with; how many there were.

    One that breaks does not keep the others waiting; what broke it is raised when the others are done.
    """
    waiting = collected.unfinished()
    broken: list[Exception] = []
    for delivery_id in waiting:
        try:
            work_off(delivery_id, progress)
        except Exception as trouble:
            # The kind of trouble only: its words could hold somebody's data.
            log.error("Delivery %d could not be read on: %s.", delivery_id, type(trouble).__name__)
            collect.stumble(delivery_id=delivery_id, over=type(trouble).__name__)
            broken.append(trouble)
    if broken:
        raise broken[0]
    return len(waiting)


@in_english
def settle() -> int:
    """Keep what waited for something that is known by now, and look for what cannot be right; rows kept."""
    replayed = 0
    while found := _replay_once():  # goals wait for people, ratings for goals: until nothing more can be kept
        replayed += found
    findings.find()
    return replayed


def _read_on(item: collected.Item, progress: Report | None) -> None:
    after = item.lines_read
    counts = [item.new, item.same, item.corrected, item.quarantined]
    noticed = Counter[str]()
    for chunk in collected.read_chunks(item.item_id, AT_ONCE, noticed):
        kept = _keep_piece(item, chunk, after)
        after = chunk.lines_read
        if progress:
            for place, more in enumerate((kept.new, kept.same, kept.corrected, len(kept.faults))):
                counts[place] += more
            progress(Progress(item.name, chunk.lines_read, chunk.bytes_read, item.size, *counts))
    collect.finish_item(item_id=item.item_id, noticed=noticed)


def _keep_piece(item: collected.Item, chunk: Chunk, after: int) -> keep.Kept:
    """One short transaction, with the progress it makes."""

    def keep_it() -> keep.Kept:
        kept = _keep(item, chunk)
        collect.note_progress(item_id=item.item_id, after=after, chunk=chunk, kept=kept)
        return kept

    return _taking_turns(keep_it)


def _taking_turns(write: Callable[[], Done]) -> Done:
    """In one transaction. Two processes that meet on one row: the second tries again and finds what the first wrote.

    SQLite lets one write at a time and has waited long enough when it says that the database is locked.
    """
    for _try in range(TRIES - 1):
        try:
            with transaction.atomic():
                return write()
        except IntegrityError:
            continue
        except OperationalError:  # PostgreSQL ends one of two that wait for each other
            if connection.vendor == "sqlite":
                raise
    with transaction.atomic():
        return write()


def _keep(item: collected.Item, chunk: Chunk) -> keep.Kept:
    return keep.keep_chunk(
        chunk=chunk, submission_id=item.submission_id, source=item.source, by=None, received_at=item.received_at
    )


def _replay_once() -> int:
    replayed = 0
    for waiting in collected.waiting():
        lines = now_known(waiting)
        if not lines:
            continue
        item = collected.latest_item(waiting.submission_id)
        try:
            again = collected.read_lines(item.item_id, lines)
        except RawStoreError:  # `tending check` names it; other files go on
            log.error("Rows of submission %d wait, and it cannot be read again.", waiting.submission_id)
            continue
        for rows in _by(again.rows, AT_ONCE):
            replayed += _taking_turns(partial(_keep_again, item, rows))
    return replayed


def _keep_again(item: collected.Item, rows: list[Mapped]) -> int:
    kept = _keep(item, Chunk(rows, [], lines_read=0))
    still = {fault.line for fault in kept.faults}
    collect.resolve(submission_id=item.submission_id, lines=[row.line for row in rows])
    collect.quarantine(submission_id=item.submission_id, faults=kept.faults)
    return sum(row.line not in still for row in rows)


@in_english
def read_lines_again(*, submission_id: int, lines: set[int], by: Account | None) -> int:
    """Try rows of the quarantine again; how many are in the record now. What still cannot be kept waits on."""
    item = collected.latest_item(submission_id)
    again = collected.read_lines(item.item_id, lines)
    with transaction.atomic():
        collect.resolve(submission_id=submission_id, lines=[fault.line for fault in again.faults])
        collect.quarantine(submission_id=submission_id, faults=again.faults)
        audit.wrote(
            by=by, what=f"tried {len(lines)} rows of {item.name} again", subject=f"submission:{submission_id}"
        )
    kept = sum(_keep_again(item, rows) for rows in _by(again.rows, AT_ONCE))
    settle()
    return kept


def read_file_again(*, submission_id: int, mapping: dict[str, Any] | None = None, by: Account | None) -> int:
    """Have a file read again by the worker; with a mapping (checked before), all files of its delivery.

    Returns the delivery.
    """
    return collect.replay(submission_id=submission_id, mapping=mapping, by=by)


def _by(rows: list[Mapped], size: int) -> Iterator[list[Mapped]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@in_english
def dry_run(
    path: Path, *, source: str, form: str, mapping: MappingGiven = None, progress: Report | None = None
) -> Rehearsal:
    """Read everything and say what would happen. Nothing is written: not the files, not the record."""
    rehearsed, faults = Rehearsed(), Faults()
    with _folder(path) as folder:
        gathered, read_as = forms.gather(form, folder, mapping=_plain(mapping))
        told = forms.told(form, [content.opened for content in gathered.contents], mapping=read_as)
        for content in gathered.contents:
            n_rows = n_faults = 0
            with content.opened() as file:
                for chunk in forms.chunks_in(form, file, kind=content.kind, told=told):
                    found = rehearsed.add(chunk, source=source, received=clock.today())
                    faults.add(content.name, found)
                    n_rows, n_faults = n_rows + len(chunk.rows), n_faults + len(found)
                    if progress:
                        at = (content.name, chunk.lines_read, chunk.bytes_read, content.size)
                        progress(Progress(*at, n_rows, 0, 0, n_faults))
    return Rehearsal(
        counts=dict(rehearsed.counts),
        faults=faults.shown(),
        missing=rehearsed.missing(source=source),
        not_read=gathered.not_read,
        disagreements=gathered.disagreements,
        noticed=dict(told.noticed),
    )


@in_english
def _receive(folder: Path, *, name: str, source: str, form: str, mapping: MappingGiven, by: Account | None) -> int:
    gathered, read_as = forms.gather(form, folder, mapping=_plain(mapping))
    return collect.receive(
        form=form,
        source=source,
        name=name,
        contents=gathered.contents,
        mapping=read_as,
        by=by,
        notes={"not_read": gathered.not_read, "disagreements": gathered.disagreements},
    )


def _plain(mapping: MappingGiven) -> dict[str, Any]:
    return mappings.plain(mappings.read_mapping(mapping))


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """The folder or the file as it is; an archive unpacked."""
    if path.is_dir() or path.suffix.lower() != ".zip":
        yield path
        return
    with one_file(path).opened() as archive, unpacked(archive, path.name) as folder:
        yield folder


@contextmanager
def uploaded(file: BinaryIO, name: str) -> Iterator[Path]:
    """What was sent through a page, as a folder: for receiving it, or for trying it out first."""
    with unpacked(file, name) if name.lower().endswith(".zip") else landed(file, name) as folder:
        yield folder
