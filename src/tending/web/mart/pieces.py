"""The rows of one part of people at a time, however the database keeps them.

A person's rows lie all over a table, in the order they arrived: asking for one part's people after another would read
nearly every page of the table for each of them. So where much is wanted, each table is read once, in the order it
lies on the disk, and its rows are sorted into files, one for each part; then each part is read from its files. Only
one piece of a table and one part of the people are ever in memory.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import polars as pl

from tending.base.tables.ahead import ahead
from tending.base.tables.extracts import Extract
from tending.web.mart.parts import split

_SCRATCH = ".sorting-"


class Pieces:
    """``whole`` says whether all tables are read once, or asked for the people of each part."""

    def __init__(
        self, folder: Path, extracts: Sequence[Extract], width: int, parts: Sequence[range], *, whole: bool
    ) -> None:
        self.folder = folder
        self.extracts = extracts
        self.width = width
        self.parts = set(parts)
        self.whole = whole and bool(parts)
        self.files: dict[tuple[str, range], list[Path]] = defaultdict(list)
        self.scratch: Path | None = None

    def __enter__(self) -> "Pieces":
        for left_over in self.folder.glob(f"{_SCRATCH}*"):  # of an export that was killed: only one works at a time
            shutil.rmtree(left_over, ignore_errors=True)
        if self.whole:
            self.scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=self.folder))
            everything = ((extract, span) for extract in self.extracts for span in extract.spans())
            for (extract, span), piece in ahead(lambda one: one[0].piece(one[1]), everything):
                self._sort(extract, span.start, piece)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def of(self, people: range) -> dict[str, pl.DataFrame]:
        """Everything that was read of these people."""
        if not self.whole:
            return {extract.name: extract.of(people) for extract in self.extracts}
        return {extract.name: self._sorted(extract, people) for extract in self.extracts}

    def _sort(self, extract: Extract, number: int, piece: pl.DataFrame) -> None:
        assert self.scratch is not None
        for part in split(piece, self.width):
            if part.people in self.parts:
                path = self.scratch / f"{extract.name}-{part.people.start}-{number}"
                part.rows.write_ipc(path, compression="lz4")
                self.files[extract.name, part.people].append(path)

    def _sorted(self, extract: Extract, people: range) -> pl.DataFrame:
        paths = self.files.pop((extract.name, people), [])
        rows = pl.concat([extract.empty(), *(pl.read_ipc(path) for path in paths)])
        for path in paths:
            path.unlink()
        return rows
