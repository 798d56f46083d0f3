"""Is there a demonstration already, whole and of today? Kept apart from real records, one process at a time."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

MADE = "demonstration.json"


class InUse(Exception):
    """Another process works with this demonstration."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a demonstration was made of. Written last: without it, the making was cut short."""

    on: str
    people: int
    seed: int
    days: int


def made(home: Path) -> Made | None:
    try:
        return Made(**json.loads((home / MADE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def note(home: Path, what: Made) -> None:
    (home / MADE).write_text(json.dumps(asdict(what)) + "\n")


def clear(home: Path) -> None:
    """Take the demonstration away, and nothing else that may lie in the folder."""
    (home / MADE).unlink(missing_ok=True)
    for path in home.glob("tending.sqlite3*"):
        path.unlink()
    for folder in ("raw", "cache", "files"):
        shutil.rmtree(home / folder, ignore_errors=True)


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Nobody else makes or shows this demonstration meanwhile. Raises InUse."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as trouble:
            raise InUse from trouble
        yield
