"""Where are the bytes that arrived? One file a content, named by its SHA-256, written once and never changed.

The digest is of the bytes as they arrived; on disk they are compressed. A file is complete or absent: it is written
beside its place, flushed to the disk and then renamed.
"""

import gzip
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings

from tending.base.packed import DAMAGED

BLOCK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class RawStoreError(Exception):
    """A submission's bytes are missing, or are no longer what arrived; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


def keep(blocks: Iterable[bytes]) -> Stored:
    """Store these bytes, unless they are here already. What the iterable raises leaves nothing behind."""
    root = Path(settings.RAW_STORE)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=root, prefix=".arriving-")
    try:
        with os.fdopen(handle, "wb") as disk:
            with gzip.GzipFile(fileobj=disk, mode="wb", compresslevel=1, mtime=0, filename="") as packed:
                for block in blocks:
                    digest.update(block)
                    size += len(block)
                    packed.write(block)
            disk.flush()
            os.fsync(disk.fileno())
        _put_in_place(Path(name), path_of(digest.hexdigest()))
    finally:
        Path(name).unlink(missing_ok=True)
    return Stored(sha256=digest.hexdigest(), size=size)


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def path_of(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):
        raise RawStoreError("This is not the digest of a submission.")
    return Path(settings.RAW_STORE) / sha256[:2] / f"{sha256}.gz"


def read(sha256: str) -> Iterator[bytes]:
    """The bytes as they arrived, in blocks. Whoever reads to the end knows that they are whole."""
    digest = hashlib.sha256()
    with unpacked(sha256) as file:
        try:
            for block in blocks_of(file):
                digest.update(block)
                yield block
        except DAMAGED as trouble:
            raise _damaged(sha256) from trouble
    if digest.hexdigest() != sha256:
        raise _damaged(sha256)


def opened(sha256: str) -> BinaryIO:
    """A file to read from the beginning, after all of it has been checked against its digest."""
    for _ in read(sha256):
        pass
    return unpacked(sha256)


def unpacked(sha256: str) -> BinaryIO:
    """A file to read from the beginning, unchecked."""
    try:
        packed = gzip.GzipFile(path_of(sha256), "rb")
    except FileNotFoundError as missing:
        raise RawStoreError(
            f"The submission {sha256[:12]} is not in the raw store: bring it back from a backup."
        ) from missing
    return cast(BinaryIO, io.BufferedReader(packed, BLOCK))


def _damaged(sha256: str) -> RawStoreError:
    return RawStoreError(
        f"The submission {sha256[:12]} is no longer what arrived: bring it back from a backup before going on."
    )


def _put_in_place(arrived: Path, place: Path) -> None:
    if place.exists():
        return
    place.parent.mkdir(exist_ok=True, mode=0o700)
    arrived.chmod(0o400)
    arrived.replace(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
