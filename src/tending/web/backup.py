"""Can everything be brought back? One archive with the database, the raw submissions and a list of digests.

SQLite is copied with VACUUM INTO (a consistent copy while people work); PostgreSQL with pg_dump. The raw store is
content-addressed, so a file is right when its digest is its name.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from tending.base import clock
from tending.base.packed import DAMAGED

MANIFEST = "manifest.json"
Progress = Callable[[str], None]


class BackupTrouble(Exception):
    """What is wrong with the archive or the place, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    vendor: str
    files: dict[str, str]  # name in the archive → sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _server_program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupTrouble(f"{name} is not on PATH. Install PostgreSQL's client programs and try again.")
    return found


def _postgresql_environment() -> dict[str, str]:
    database = settings.DATABASES["default"]
    given = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    wanted = {variable: str(database.get(key) or "") for key, variable in given.items()}
    return {**os.environ, **{variable: value for variable, value in wanted.items() if value}}


def _copy_database(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        copy = folder / "database.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return copy
    copy = folder / "database.pgdump"
    _run([_server_program("pg_dump"), "--format=custom", f"--file={copy}"])
    return copy


def back_up(*, target: Path, progress: Progress = lambda _: None) -> Manifest:
    """Write the archive beside its final name, then rename: a half-written backup never looks whole."""
    if target.exists():
        raise BackupTrouble(f"{target} exists already. Choose another name; a backup never overwrites one.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        progress("Copying the database")
        copy = _copy_database(Path(scratch))
        # What is still arriving has a name that begins with a dot, and may be gone in a moment.
        raw = sorted(path for path in settings.RAW_STORE.glob("[!.]*/*") if path.is_file())
        files = {copy.name: _digest(copy)}
        with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
            archive.add(copy, copy.name)
            for path in raw:
                name = f"raw/{path.relative_to(settings.RAW_STORE)}"
                files[name] = _digest(path)
                archive.add(path, name)
            progress(f"Kept {len(raw)} raw submissions")
            manifest = Manifest(clock.now().isoformat(), connection.vendor, files)
            listing = Path(scratch) / MANIFEST
            listing.write_text(json.dumps(asdict(manifest), indent=1))
            archive.add(listing, MANIFEST)
    partial.rename(target)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (tarfile.TarError, ValueError, TypeError, *DAMAGED) as trouble:
        raise BackupTrouble(f"{source} is not a whole Tending backup ({trouble}). Try an earlier one.") from trouble
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise BackupTrouble(
                f"{name} in {source} is missing or damaged. Nothing was changed; try an earlier backup."
            )
    return manifest


def bring_back(*, source: Path, replace: bool = False, progress: Progress = lambda _: None) -> Manifest:
    """Check every digest first, then put database and raw store back. Refuses to replace records unless told to."""
    with tempfile.TemporaryDirectory(dir=settings.HOME) as scratch:
        folder = Path(scratch)
        manifest = unpack(source, folder)
        progress(f"Every one of {len(manifest.files)} files is whole")
        if manifest.vendor != connection.vendor:
            raise BackupTrouble(
                f"This backup is of a {manifest.vendor} database and the present one is {connection.vendor}. "
                "Set TENDING_DATABASE_URL to one of the same kind."
            )
        _check_place(replace=replace)
        # The files first: they only ever add to what is there, so an interruption leaves the old records whole.
        for path in (folder / "raw").glob("*/*"):
            _put_raw_back(path, settings.RAW_STORE / path.relative_to(folder / "raw"))
        _put_database_back(folder)
        return manifest


def _check_place(*, replace: bool) -> None:
    if replace:
        return
    place = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and Path(place).exists():
        raise BackupTrouble(f"{place} holds records already. Add --replace to put the backup in its place.")
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        raise BackupTrouble("The database holds tables already. Add --replace to put the backup in their place.")


def _put_raw_back(path: Path, place: Path) -> None:
    """Beside its place and then renamed: what is there may be read-only, damaged, or being read."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_name(f".restored-{place.name}")
    shutil.copyfile(path, beside)
    beside.chmod(0o400)
    beside.replace(place)


def _put_database_back(folder: Path) -> None:
    if connection.vendor == "sqlite":
        _put_file_back(folder / "database.sqlite3", Path(settings.DATABASES["default"]["NAME"]))
        return
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    restore = [_server_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run([*restore, f"--dbname={name}", str(folder / "database.pgdump")])


def _put_file_back(copy: Path, place: Path) -> None:
    connection.close()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.restored")
    shutil.copyfile(copy, beside)  # the database may lie on another disk than TENDING_HOME
    for leftover in (place.with_name(place.name + "-wal"), place.with_name(place.name + "-shm")):
        leftover.unlink(missing_ok=True)
    beside.replace(place)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(  # noqa: S603 - our own arguments
            command, env=_postgresql_environment(), check=True, stderr=subprocess.PIPE, text=True
        )
    except subprocess.CalledProcessError as trouble:
        said = " ".join(trouble.stderr.split())[:500]
        raise BackupTrouble(
            f"{Path(command[0]).name} could not do its work: {said}. Nothing was changed."
        ) from trouble
