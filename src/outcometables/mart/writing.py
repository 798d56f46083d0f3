"""Write a mart so that nobody ever reads half of one, whatever happens to whoever writes.

Each file is written beside its place, made lasting, and renamed to a name that is its content. Only when all files
are there does one rename put the new manifest in place. Files that neither this manifest nor the one before it names
are removed afterwards: whoever had opened the mart just before goes on reading what they opened.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl

from outcometables.mart.manifest import (
    MANIFEST,
    Manifest,
    PartFile,
    TableFiles,
    columns_digest,
    digest_of,
    read_manifest,
)
from outcometables.mart.schema import MART
from outcometables.mart.tables import MartError, mart_schema

_LOCK, _BEFORE, _UNFINISHED = ".lock", ".manifest-before.json", ".unfinished-"
ROWS_A_GROUP = 262_144


@dataclass(slots=True)
class Writing:
    """A mart being written into `folder`; nothing of it is seen until `finish`."""

    folder: Path
    before: Manifest | None  # the mart that is there now
    files: dict[str, list[PartFile]] = field(default_factory=dict)
    written: int = 0

    def add(
        self, table: str, frame: pl.DataFrame, *, people: range | None = None, seen: str = "", name: str = ""
    ) -> PartFile:
        """Write one file of a table; `people` says whose rows it holds. Raises `MartError` for other columns."""
        columns = mart_schema(table)
        if dict(frame.schema) != columns:
            raise MartError(f"Table {table} is to be written with {frame.schema}: it should be {columns}.")
        _refuse_empty_cells(table, frame)
        (self.folder / table).mkdir(exist_ok=True)
        beside = self.folder / table / f"{_UNFINISHED}{os.getpid()}"
        frame.write_parquet(beside, compression="zstd", compression_level=1, row_group_size=ROWS_A_GROUP)
        digest = digest_of(beside)
        path = f"{table}/{name or _name(people)}{digest[:16]}.parquet"
        if (self.folder / path).exists():
            beside.unlink()
        else:
            _make_lasting(beside)
            beside.rename(self.folder / path)
            self.written += 1
        part = PartFile(
            path=path,
            rows=frame.height,
            size=(self.folder / path).stat().st_size,
            sha256=digest,
            first_person=people.start if people is not None else None,
            next_person=people.stop if people is not None else None,
            seen=seen,
        )
        self.take_over(table, part)
        return part

    def take_over(self, table: str, part: PartFile) -> None:
        """A file of the mart that is there now belongs to the new one as well: nobody in it has changed."""
        self.files.setdefault(table, []).append(part)

    def note_seen(self, table: str, seen: Mapping[int, str]) -> None:
        """Keep these words (by `first_person`) with the files of one table, for the next export to compare with."""
        files = self.files.get(table, [])
        if files:
            self.files[table] = [
                msgspec.structs.replace(each, seen=seen.get(each.first_person or 0, "")) for each in files
            ]

    def finish(
        self,
        *,
        as_of: int,
        rows_in_record: Mapping[str, int],
        zone: str = "UTC",
        exported_at: datetime | None = None,
        deidentified: bool = False,
        people_a_part: int = 0,
    ) -> Manifest:
        """Put the new mart in place. Raises `MartError` where a table's rows are not as many as the record's."""
        tables: dict[str, TableFiles] = {}
        for table in MART:
            if table not in self.files:
                self.add(table, pl.DataFrame(schema=mart_schema(table)))
            files = sorted(self.files[table], key=lambda file: (file.first_person or 0, file.path))
            rows, expected = sum(file.rows for file in files), rows_in_record[table]
            if rows != expected:
                raise MartError(
                    f"Table {table} would have {rows} rows and the record has {expected}. Nothing was changed: the "
                    "mart that was there is still whole. Try again; if it stays so, report it."
                )
            tables[table] = TableFiles(rows_in_record=expected, rows=rows, files=files)
        manifest = Manifest(
            columns=columns_digest(),
            as_of=as_of,
            as_of_date=(date(1970, 1, 1) + timedelta(days=as_of)).isoformat(),
            exported_at=(exported_at or datetime.fromtimestamp(0, UTC)).isoformat(),
            zone=zone,
            deidentified=deidentified,
            people_a_part=people_a_part,
            tables=tables,
        )
        self._swap(manifest)
        return manifest

    def _swap(self, manifest: Manifest) -> None:
        for table in {*manifest.tables}:
            _make_lasting(self.folder / table)
        if self.before is not None:
            _put(self.folder, _BEFORE, self.before)
        _put(self.folder, MANIFEST, manifest)
        keep = manifest.paths() | (self.before.paths() if self.before else set())
        for table in MART:
            for path in (self.folder / table).iterdir():
                if f"{table}/{path.name}" not in keep:
                    path.unlink()


@contextmanager
def writing(folder: str | os.PathLike[str]) -> Iterator[Writing]:
    """Around everything that writes one mart; one at a time. Raises `MartError` where another is being written."""
    place = Path(folder)
    place.mkdir(
        mode=0o700, parents=True, exist_ok=True
    )  # people's records: for whoever made it, and whom they let in
    with (place / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MartError(f"Another export is being written to {place}: wait until it is done.") from None
        yield Writing(place, _there_now(place))


def write_mart(
    folder: str | os.PathLike[str],
    tables: Mapping[str, pl.DataFrame],
    *,
    as_of: int,
    people_a_part: int | None = None,
) -> Manifest:
    """Write these tables as a mart, for tests, benchmarks and whoever makes marts without a database.

    A table that is not given is empty. `people_a_part` divides tables that have a person_id into one file for that
    many numbers. Raises `MartError` for an unknown table and for columns other than the mart's.
    """
    unknown = sorted(set(tables) - set(MART))
    if unknown:
        raise MartError(f"The mart has no table called {unknown[0]}: use one of {', '.join(MART)}.")
    rows = {table: tables[table].height if table in tables else 0 for table in MART}
    with writing(folder) as mart:
        for table, frame in tables.items():
            for people, part in _parts(frame, people_a_part):
                mart.add(table, part, people=people)
        return mart.finish(as_of=as_of, rows_in_record=rows, people_a_part=people_a_part or 0)


def _parts(frame: pl.DataFrame, people_a_part: int | None) -> Iterator[tuple[range | None, pl.DataFrame]]:
    if people_a_part is None or "person_id" not in frame.columns or frame.is_empty():
        yield None, frame
        return
    place = (pl.col("person_id") // people_a_part).alias("place")
    for (number,), part in frame.with_columns(place).partition_by("place", as_dict=True, maintain_order=True).items():
        first = int(str(number)) * people_a_part
        yield range(first, first + people_a_part), part.drop("place")


def _refuse_empty_cells(table: str, frame: pl.DataFrame) -> None:
    for column in MART[table]:
        if not column.nullable and (empty := frame[column.name].null_count()):
            raise MartError(
                f"Table {table}, column {column.name} would have {empty} empty cells and may have none "
                f"({column.meaning}) Nothing was changed: the mart that was there is still whole."
            )


def _there_now(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except MartError:
        return None  # no mart yet, or one that nobody could read either


def _name(people: range | None) -> str:
    return f"{people.start:010d}-" if people is not None else ""


def _put(folder: Path, name: str, manifest: Manifest) -> None:
    beside = folder / f"{_UNFINISHED}{name}"
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    _make_lasting(beside)
    beside.replace(folder / name)
    _make_lasting(folder)


def _make_lasting(path: Path) -> None:
    """On the disk, not only on its way there: after a power cut a name must not lead to an empty file."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
