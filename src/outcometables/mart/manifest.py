"""The mart's list of files: which file holds which rows of which table, how long it is and its digest.

A mart is a folder. Its Parquet files are named by their content and never changed; `manifest.json` says which of
them belong together and is put in place in one step, last. So whoever reads sees one whole export, old or new.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from outcometables.mart.schema import MART, MART_VERSION
from outcometables.mart.tables import MartError

MANIFEST = "manifest.json"
AGAIN = "export the mart again with `tending mart`."


class PartFile(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file: the rows of one table for the people from `first_person` to before `next_person`."""

    path: str  # relative to the mart's folder
    rows: int
    size: int  # bytes
    sha256: str
    first_person: int | None = None  # empty where the table is not divided by person
    next_person: int | None = None
    seen: str = ""  # the state of these people's record when it was written; see tending.web.mart


class TableFiles(msgspec.Struct, frozen=True, kw_only=True):
    """One table: how many rows the record had, how many the files have, and the files."""

    rows_in_record: int
    rows: int
    files: list[PartFile]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One export. `as_of` is the last day the record is complete for, in days since 1970-01-01."""

    format: str = "tending mart"
    version: int = MART_VERSION
    columns: str  # digest of the schema it was written with
    as_of: int
    as_of_date: str
    exported_at: str
    zone: str
    deidentified: bool = False
    people_a_part: int = 0
    tables: dict[str, TableFiles]

    def paths(self) -> set[str]:
        """Every file the mart consists of, relative to its folder."""
        return {file.path for table in self.tables.values() for file in table.files}


def columns_digest() -> str:
    """A digest of every table's columns and types: another one means that old files cannot be taken over.

    >>> len(columns_digest())
    16
    """
    lines = [f"{table}.{each.name}:{each.dtype.__name__}" for table, columns in MART.items() for each in columns]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the mart in `folder`.

    Raises `MartError` where there is no such folder, no manifest, one that cannot be read, or one of a later version.
    """
    if not folder.is_dir():
        raise MartError(f"There is no folder {folder}: give the folder that `tending mart --to` wrote.")
    try:
        content = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise MartError(
            f"{folder} holds no {MANIFEST}, so it is no mart: give the folder that `tending mart --to` wrote."
        ) from None
    try:
        version = msgspec.json.decode(content, type=_Version).version
        if version > MART_VERSION:
            raise MartError(
                f"The mart in {folder} is of version {version} and this program reads version {MART_VERSION}: "
                "use a newer Tending, or export it with this one."
            )
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise MartError(f"{folder / MANIFEST} cannot be read ({error}): {AGAIN}") from error


def check_files(folder: Path, manifest: Manifest, *, whole: bool = False) -> None:
    """Raise `MartError` for a file that is missing or of another length; with `whole`, of another content.

    The length is enough to notice a copy that was cut short; digests read every byte.
    """
    for table, files in manifest.tables.items():
        if files.rows != files.rows_in_record or files.rows != sum(file.rows for file in files.files):
            raise MartError(
                f"Table {table} of the mart in {folder} has {files.rows} rows and the record had "
                f"{files.rows_in_record}: {AGAIN}"
            )
        for file in files.files:
            _check_file(folder / file.path, file, table, whole=whole)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _check_file(path: Path, file: PartFile, table: str, *, whole: bool) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise MartError(f"{path}, a file of table {table}, is missing: copy the whole folder, or {AGAIN}") from None
    if size != file.size:
        raise MartError(
            f"{path}, a file of table {table}, has {size} bytes and should have {file.size}: it was cut short or "
            f"changed. Copy the whole folder again, or {AGAIN}"
        )
    if whole and digest_of(path) != file.sha256:
        raise MartError(f"{path}, a file of table {table}, is not what was written: {AGAIN}")


class _Version(msgspec.Struct):
    version: int
