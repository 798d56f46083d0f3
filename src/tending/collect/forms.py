"""Which reader reads which form of delivery? FHIR, CSV and answers by link all become the same pieces."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from tending.collect import raw_store
from tending.collect.answer import reading as answers
from tending.collect.arrivals import Content, Gathered, Opened, in_folder, one_file
from tending.collect.csv_files import names as csv_names
from tending.collect.csv_files import reading as csv_files
from tending.collect.csv_files.mapping import read_mapping
from tending.collect.fhir import reading as fhir
from tending.collect.fhir.files import manifest
from tending.collect.fhir.survey import Survey
from tending.collect.mapped import Chunk, Mapped
from tending.collect.models import Delivery, DeliveryItem

CHUNK = csv_files.CHUNK
TRANSACTION_TIME = "transaction_time"  # in a FHIR delivery's mapping: when the export says its content was true


@dataclass(slots=True)
class Told:
    """What a reader is told beside the file, and what it noticed about the file as a whole."""

    mapping: dict[str, Any] = field(default_factory=dict)
    survey: Survey | None = None  # of a FHIR delivery's files together
    noticed: Counter[str] = field(default_factory=Counter)


Reader = Callable[[BinaryIO, str, Told, int, int], Iterator[Chunk]]


def gather(form: str, path: Path, *, mapping: dict[str, Any]) -> tuple[Gathered, dict[str, Any]]:
    """Which files of a folder are read, as what and in which order; and the mapping they are read with."""
    files, not_read = in_folder(path) if path.is_dir() else ([one_file(path)], {})
    if form == Delivery.Form.CSV:
        gathered = csv_names.gather(files, read_mapping(mapping))
    else:
        gathered, mapping = _gather_fhir(path, {file.name for file in files})
    gathered.not_read = not_read | gathered.not_read
    return gathered, mapping


def told(form: str, opened: Sequence[Opened], *, mapping: dict[str, Any]) -> Told:
    """What the readers of these files need to know of all of them together."""
    if form != Delivery.Form.FHIR:
        return Told(mapping)
    with ExitStack() as stack:
        files: list[Any] = [stack.enter_context(one()) for one in opened]
        return Told(mapping, fhir.survey_of(files))


def chunks_in(
    form: str, file: BinaryIO, *, kind: str, told: Told, after: int = 0, size: int = CHUNK
) -> Iterator[Chunk]:
    """What a file of this form and kind says after ``after`` lines."""
    return _READERS[form](file, kind, told, after, size)


def chunks_of(item: DeliveryItem, *, size: int, noticed: Counter[str]) -> Iterator[Chunk]:
    """The rest of a submission."""
    about = replace(_told_of(item), noticed=noticed)
    with raw_store.opened(item.submission.sha256) as file:
        yield from chunks_in(
            item.delivery.form, file, kind=item.submission.kind, told=about, after=item.lines_read, size=size
        )


def lines_of(item: DeliveryItem, wanted: set[int]) -> Chunk:
    """Some lines of a submission again."""
    form, kind = item.delivery.form, item.submission.kind
    about = _told_of(item)
    with raw_store.opened(item.submission.sha256) as file:
        if form == Delivery.Form.CSV:
            return csv_files.lines(file, kind=kind, mapping=read_mapping(about.mapping).of(kind), wanted=wanted)
        if form == Delivery.Form.FHIR:
            return _dated(fhir.read_lines(file, wanted=wanted, survey=about.survey), about)
        return next(chunks_in(form, file, kind=kind, told=about))


def _told_of(item: DeliveryItem) -> Told:
    digests = tuple(item.delivery.items.order_by("order").values_list("submission__sha256", flat=True))
    survey = _survey(digests) if item.delivery.form == Delivery.Form.FHIR else None
    return Told(item.delivery.mapping, survey)


@lru_cache(maxsize=1)
def _survey(digests: tuple[str, ...]) -> Survey | None:
    """Made once for a delivery: its files never change."""
    opened: list[Opened] = [partial(raw_store.opened, digest) for digest in digests]
    return told(Delivery.Form.FHIR, opened, mapping={}).survey


def _gather_fhir(path: Path, names: Collection[str]) -> tuple[Gathered, dict[str, Any]]:
    gathered = Gathered()
    if path.is_dir():
        folder = manifest.look_into(path, order=fhir.READ_ORDER)
        found = [(file.path, file.kind) for file in folder.files if file.path.name in names]
    else:
        folder, found = manifest.Folder(), [(path, manifest.kind_of(path))]
    for file, kind in found:
        arriving = one_file(file)
        gathered.contents.append(
            Content(
                arriving.name,
                kind,
                arriving.size,
                arriving.opened,
                media_type="application/fhir+ndjson",
                source_time=folder.transaction_time,
            )
        )
    read = {content.name for content in gathered.contents}
    why = _("It is no NDJSON or JSON file of FHIR resources.")
    gathered.not_read = {name: why for name in sorted(set(names) - read - manifest.NEVER)}
    gathered.disagreements = [(fault.message, fault.fix) for fault in folder.faults]
    time = folder.transaction_time
    return gathered, {TRANSACTION_TIME: time.isoformat()} if time else {}


def _csv(file: BinaryIO, kind: str, about: Told, after: int, size: int) -> Iterator[Chunk]:
    not_read: list[str] = []
    mapping = read_mapping(about.mapping).of(kind)
    yield from csv_files.chunks(file, kind=kind, mapping=mapping, after=after, size=size, notes=not_read)
    about.noticed.update({f"column not read: {name[:60]}": 1 for name in not_read})


def _fhir(file: BinaryIO, kind: str, about: Told, after: int, size: int) -> Iterator[Chunk]:
    reading = fhir.read(file, survey=about.survey, from_line=after, size=size)
    for chunk in reading.chunks:
        yield _dated(chunk, about)
    about.noticed.update(reading.notes)


def _dated(chunk: Chunk, about: Told) -> Chunk:
    """What the resources do not date themselves was true when the export says so."""
    if not (text := about.mapping.get(TRANSACTION_TIME)):
        return chunk
    time = datetime.fromisoformat(text)
    rows: list[Mapped] = [row if row.source_time else replace(row, source_time=time) for row in chunk.rows]
    return replace(chunk, rows=rows)


def _answers(file: BinaryIO, kind: str, about: Told, after: int, size: int) -> Iterator[Chunk]:
    yield Chunk([answers.read(file.read())] if after == 0 else [], [], lines_read=1)


_READERS: dict[str, Reader] = {
    Delivery.Form.CSV: _csv,
    Delivery.Form.FHIR: _fhir,
    Delivery.Form.ANSWERS: _answers,
}
