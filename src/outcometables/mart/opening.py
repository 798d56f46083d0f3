"""Open a mart's folder with the engine somebody asks for."""

import os
from pathlib import Path

from outcometables.mart.engines import chosen, frames
from outcometables.mart.manifest import AGAIN, Manifest, check_files, read_manifest
from outcometables.mart.schema import MART
from outcometables.mart.tables import Mart, MartError


def open_mart(path: str | os.PathLike[str], *, engine: str | None = None, whole: bool = False) -> Mart:
    """The mart that `tending mart` wrote to the folder `path`, as lazy frames: nothing is read until it is asked for.

    `engine` is polars, duckdb, spark, spark://HOST:PORT or sc://HOST:PORT (Spark Connect); without it the variable
    TENDING_ENGINE decides, and without that Polars computes. Every engine gives exactly the same answers. Each file
    must be there in its full length; `whole` also compares every file's SHA-256, which reads it all.

    Raises `MartError`, with what to do, where there is no mart, a file is missing, cut short or changed, the mart is
    of a later version, a table or column is missing, or the engine (or the Java it needs) is not installed.

    >>> import tempfile
    >>> from outcometables.mart.writing import write_mart
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_mart(folder, {}, as_of=20_000)
    ...     mart = open_mart(folder)
    ...     (mart.as_of, mart["contacts"].collect().shape[0])
    (20000, 0)
    """
    engine = chosen(engine)
    folder = Path(path).absolute()
    manifest = read_manifest(folder)
    check_files(folder, manifest, whole=whole)
    return Mart.from_native(frames(engine, _paths(folder, manifest)), as_of=manifest.as_of)


def _paths(folder: Path, manifest: Manifest) -> dict[str, list[str]]:
    for table in MART:
        if table not in manifest.tables or not manifest.tables[table].files:
            raise MartError(f"The mart in {folder} has no table {table}: {AGAIN}")
    return {table: [str(folder / file.path) for file in manifest.tables[table].files] for table in MART}
