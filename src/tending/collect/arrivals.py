"""Which files are in a folder, an upload or an archive, and may they come in?

Only plain files are read: no links, no folders inside folders, no names that point elsewhere. An archive is read with
limits on its entries, its size and its compression, counted while it is read and not as it claims.
"""

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from tending.base.packed import DAMAGED

BLOCK = 1 << 20
MOST_ENTRIES = 200
LARGEST_ARCHIVE = 8 << 30  # bytes, unpacked
MOST_COMPRESSED = 200  # times; exports of records reach about 40, an archive made to burst reaches 1000
SMALL = 4 << 20  # below this many bytes compression is not looked at


Opened = Callable[[], AbstractContextManager[BinaryIO]]


class Refused(Exception):
    """This cannot come in. ``str()`` says what is wrong, ``fix`` says what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Arriving:
    """One file on its way in."""

    name: str
    size: int
    opened: Opened


@dataclass(frozen=True, slots=True)
class Content:
    """One file and what it holds: a CSV template, a FHIR resource type."""

    name: str
    kind: str
    size: int
    opened: Opened
    media_type: str = "text/csv"
    source_time: datetime | None = None


@dataclass(slots=True)
class Gathered:
    """The files that will be read, in the order in which they are best read, and what will not be and why."""

    contents: list[Content] = field(default_factory=list)
    not_read: dict[str, str] = field(default_factory=dict)
    # Where an export's own list of contents and its files do not agree: what, and what to do.
    disagreements: list[tuple[str, str]] = field(default_factory=list)


def in_folder(folder: Path) -> tuple[list[Arriving], dict[str, str]]:
    """The plain files of a folder, and why each of the others is not read."""
    if not folder.is_dir():
        raise Refused(
            _("There is no folder %(folder)s.") % {"folder": folder},
            _("Check the name. Give the folder that holds the files."),
        )
    files, not_read = [], {}
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            not_read[entry.name] = _("It is a link; copy the file itself into the folder.")
        elif not entry.is_file(follow_symlinks=False):
            not_read[entry.name] = _("It is not a plain file; move the files it holds into the folder itself.")
        else:
            files.append(one_file(Path(entry.path)))
    return files, not_read


def one_file(path: Path) -> Arriving:
    try:
        found = path.lstat()
    except OSError as missing:
        raise Refused(
            _("%(name)s cannot be opened: %(why)s.") % {"name": path.name, "why": missing.strerror},
            _("Check the name and that this account may read it."),
        ) from missing
    if not stat.S_ISREG(found.st_mode):
        raise Refused(
            _("%(name)s is not a plain file.") % {"name": path.name},
            _("Give the file itself, not a link or a device."),
        )
    return Arriving(path.name, found.st_size, lambda: _open(path))


def _open(path: Path) -> BinaryIO:
    """Open without following a link that was put there since."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as trouble:
        raise Refused(
            _("%(name)s cannot be opened: %(why)s.") % {"name": path.name, "why": trouble.strerror},
            _("Check that it is a plain file and that this account may read it."),
        ) from trouble
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused(_("%(name)s is not a plain file.") % {"name": path.name}, _("Give the file itself."))
    return os.fdopen(handle, "rb")


@contextmanager
def unpacked(file: BinaryIO, name: str) -> Iterator[Path]:
    """A zip archive's files in a folder of their own, which is gone afterwards. Refused as a whole when anything
    about it is wrong."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError) as trouble:
        raise Refused(
            _("%(name)s is not a zip archive, or it is damaged.") % {"name": name},
            _("Make the archive again and send it again."),
        ) from trouble
    with archive:
        entries = [entry for entry in archive.infolist() if not _beside_the_point(entry)]
        _check_entries(entries, name)
        with landing_place() as folder:
            left = LARGEST_ARCHIVE
            for entry in entries:
                left -= _unpack(archive, entry, name, folder / entry.filename, left)
            yield folder


@contextmanager
def landed(file: BinaryIO, name: str) -> Iterator[Path]:
    """One file that was sent, in a folder of its own, which is gone afterwards."""
    with landing_place() as folder:
        path = folder / (Path(name.replace("\\", "/")).name or "file")
        with path.open("wb") as disk:
            shutil.copyfileobj(file, disk, BLOCK)
        yield folder


@contextmanager
def landing_place() -> Iterator[Path]:
    """A folder beside the raw store, which only this account can read."""
    root = Path(settings.RAW_STORE).parent / "arriving"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=root) as folder:
        yield Path(folder)


def _beside_the_point(entry: zipfile.ZipInfo) -> bool:
    """What macOS adds to every archive."""
    return entry.filename.startswith("__MACOSX/") or entry.filename.endswith(".DS_Store")


def _check_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    again = _("Make an archive of the files themselves, without folders, and send it again.")
    if len(entries) > MOST_ENTRIES:
        raise Refused(
            _("%(name)s holds %(found)d files; at most %(most)d are read.")
            % {"name": name, "found": len(entries), "most": MOST_ENTRIES},
            again,
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise Refused(_("%(name)s holds two files of one name.") % {"name": name}, again)
    for entry in entries:
        inside = entry.filename
        if entry.is_dir() or "/" in inside or "\\" in inside or inside.startswith(".") or ":" in inside:
            raise Refused(
                _("%(name)s holds “%(inside)s”, which lies in a folder or points elsewhere.")
                % {"name": name, "inside": inside[:120]},
                again,
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused(_("%(name)s holds a link, “%(inside)s”.") % {"name": name, "inside": inside[:120]}, again)
        if entry.flag_bits & 0x1:
            raise Refused(
                _("%(name)s is protected by a password.") % {"name": name},
                _("Send it without a password: the way here is encrypted."),
            )
    if sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
        raise _too_large(name)
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_COMPRESSED * max(entry.compress_size, 1):
            raise _too_large(name)


def _too_large(name: str) -> Refused:
    return Refused(
        _("%(name)s would unpack to far more than an export holds, so it was not unpacked.") % {"name": name},
        _("Send the files in several archives, or put them in a folder on the server and load that."),
    )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, place: Path, left: int) -> int:
    """Unpack one file, counting: what an archive says about itself is not believed."""
    most = min(left, max(SMALL, MOST_COMPRESSED * max(entry.compress_size, 1)))
    size = 0
    try:
        with archive.open(entry) as packed, place.open("xb") as disk:
            while block := packed.read(BLOCK):
                size += len(block)
                if size > most:
                    raise _too_large(name)
                disk.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *DAMAGED) as trouble:
        raise Refused(
            _("“%(inside)s” in %(name)s cannot be unpacked.") % {"name": name, "inside": entry.filename[:120]},
            _("Make the archive again and send it again."),
        ) from trouble
    return size
