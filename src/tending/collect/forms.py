"""Which reader reads which form of delivery? FHIR, CSV and answers by link all become the same pieces."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from tending.collect import raw_store
from tending.collect.answer import reading as answers
from tending.collect.arrivals import Arriving, Gathered
from tending.collect.csv_files import names as csv_names
from tending.collect.csv_files import reading as csv_files
from tending.collect.csv_files.mapping import read_mapping
from tending.collect.mapped import Chunk, Mapped
from tending.collect.models import Delivery, DeliveryItem

CHUNK = csv_files.CHUNK
Gather = Callable[[list[Arriving], dict[str, Any]], Gathered]
Reader = Callable[[BinaryIO, str, dict[str, Any], int, int], Iterator[Chunk]]


def gather(form: str, files: list[Arriving], *, mapping: dict[str, Any]) -> Gathered:
    """Which of these files are read, as what, and in which order."""
    return _GATHER[form](files, mapping)


def chunks_in(
    form: str, file: BinaryIO, *, kind: str, mapping: dict[str, Any], after: int = 0, size: int = CHUNK
) -> Iterator[Chunk]:
    """What a file of this form and kind says after ``after`` lines."""
    return _READERS[form](file, kind, mapping, after, size)


def chunks_of(item: DeliveryItem, *, size: int) -> Iterator[Chunk]:
    with raw_store.opened(item.submission.sha256) as file:
        yield from chunks_in(
            item.delivery.form,
            file,
            kind=item.submission.kind,
            mapping=item.delivery.mapping,
            after=item.lines_read,
            size=size,
        )


def lines_of(item: DeliveryItem, wanted: set[int]) -> Chunk:
    """Some lines of a submission again."""
    form, kind, mapping = item.delivery.form, item.submission.kind, item.delivery.mapping
    with raw_store.opened(item.submission.sha256) as file:
        if form == Delivery.Form.CSV:
            return csv_files.lines(file, kind=kind, mapping=read_mapping(mapping).of(kind), wanted=wanted)
        rows: list[Mapped] = []
        faults = []
        for chunk in chunks_in(form, file, kind=kind, mapping=mapping):
            rows += [row for row in chunk.rows if row.line in wanted]
            faults += [fault for fault in chunk.faults if fault.line in wanted]
        return Chunk(rows, faults, lines_read=max(wanted, default=0))


def _csv_files(files: list[Arriving], mapping: dict[str, Any]) -> Gathered:
    return csv_names.gather(files, read_mapping(mapping))


def _csv(file: BinaryIO, kind: str, mapping: dict[str, Any], after: int, size: int) -> Iterator[Chunk]:
    return csv_files.chunks(file, kind=kind, mapping=read_mapping(mapping).of(kind), after=after, size=size)


def _answers(file: BinaryIO, kind: str, mapping: dict[str, Any], after: int, size: int) -> Iterator[Chunk]:
    if after == 0:
        yield Chunk([answers.read(file.read())], [], lines_read=1)


_GATHER: dict[str, Gather] = {Delivery.Form.CSV: _csv_files}
_READERS: dict[str, Reader] = {Delivery.Form.CSV: _csv, Delivery.Form.ANSWERS: _answers}
