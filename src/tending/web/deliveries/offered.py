"""Files that were offered and not yet given: kept aside while a person reads what they would do, and says yes.

Each offer is a folder of its own beside the raw store. What it would do is worked out at once for a small file and by
the worker for a large one; like everything else it is worked out by whoever comes next, so nothing is lost when one
is killed. An offer nobody says yes to is gone after a day.
"""

import logging
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.models import Account
from tending.collect.arrivals import Refused
from tending.collect.csv_files.mapping import MappingError
from tending.web import intake
from tending.web.deliveries.rehearsal import Rehearsed, rehearsed

log = logging.getLogger(__name__)

AT_ONCE = 4 << 20  # bytes whose effect a person waits for; beyond, the worker works it out
AT_ONCE_PACKED = 1 << 20
BLOCK = 1 << 20
FORGOTTEN_AFTER = timedelta(days=1)
ABANDONED_AFTER = timedelta(minutes=5)  # without a sign of life, another worker begins again
_ID = re.compile(r"[0-9a-f]{32}")


class About(msgspec.Struct, frozen=True):
    name: str
    source: str
    form: str
    account_id: int
    size: int
    offered_at: datetime
    mapping: dict[str, Any]


class BeingReceived(Exception):
    """Somebody has said yes already, and the files are on their way in."""


class _Mark(msgspec.Struct, frozen=True):
    """A sign of life, and what it counts: bytes read so far, or the delivery that was made."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Offer:
    offer_id: str
    about: About
    result: Rehearsed | None  # None: still being worked out
    bytes_read: int


def offer(
    *, file: BinaryIO, name: str, source: str, form: str, mapping: dict[str, Any], size: int, by: Account
) -> str:
    """Keep a file aside; returns the offer's id. Raises Refused or MappingError when a small one cannot come in."""
    forget()
    offer_id = secrets.token_hex(16)
    place = _root() / offer_id
    (place / "file").mkdir(parents=True, mode=0o700)
    about = About(_plain_name(name), source, form, by.pk, size, clock.now(), mapping)
    with (place / "file" / about.name).open("wb") as disk:
        shutil.copyfileobj(file, disk, BLOCK)
    (place / "about.json").write_bytes(msgspec.json.encode(about))
    if _is_small(about):
        try:
            _write(place, _rehearse(place, about))
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return offer_id


def offered(offer_id: str, *, by: Account) -> Offer:
    """Raises Http404 for an offer that is gone, given, or somebody else's."""
    place = _place(offer_id, by)
    result, mark = place / "rehearsal.json", _mark(place / "rehearsing")
    found = msgspec.json.decode(result.read_bytes(), type=Rehearsed) if result.exists() else None
    return Offer(offer_id, _about(place), found, bytes_read=mark.number if mark else 0)


def give(offer_id: str, *, by: Account) -> int:
    """Receive what was offered; returns the delivery. Saying yes twice gives it once.

    Raises `BeingReceived` when the first yes is still at work; Refused when the files cannot come in.
    """
    if (earlier := _given(offer_id)) is not None:
        return earlier
    taken = _root() / f"{offer_id}.taken"
    if _ID.fullmatch(offer_id) and taken.exists():
        raise BeingReceived
    place = _place(offer_id, by)
    try:
        place.rename(taken)
    except OSError as gone:
        raise BeingReceived from gone
    try:
        about = _about(taken)
        delivery_id = intake.receive_folder(
            taken / "file" / about.name, source=about.source, form=about.form, mapping=about.mapping or None, by=by
        )
    except BaseException:
        taken.rename(place)
        raise
    _set_mark(_root() / f"{offer_id}.given", delivery_id)
    shutil.rmtree(taken, ignore_errors=True)
    if _is_small(about):
        _read_now(delivery_id)
    return delivery_id


def withdraw(offer_id: str, *, by: Account) -> None:
    """Forget an offer at once."""
    shutil.rmtree(_place(offer_id, by), ignore_errors=True)


def waiting() -> bool:
    """Is there an offer whose effect nobody has begun to work out?"""
    return next(_unrehearsed(), None) is not None


def rehearse_waiting() -> None:
    """Work out what the large offers would do; a refusal is a result like any other."""
    forget()
    for place in _unrehearsed():
        mark = place / "rehearsing"
        mark.unlink(missing_ok=True)  # of a worker that was killed
        try:
            with mark.open("x") as begun:
                begun.write(msgspec.json.encode(_Mark(clock.now(), 0)).decode())
        except OSError:
            continue  # another worker began, or the offer is gone
        try:
            _write(place, _rehearse(place, _about(place)))
        except (Refused, MappingError) as trouble:
            _write(place, Rehearsed(refused=str(trouble), fix=getattr(trouble, "fix", "")))
        except FileNotFoundError:
            continue  # withdrawn or given meanwhile
        finally:
            mark.unlink(missing_ok=True)


def forget() -> None:
    """Let go of what was offered more than a day ago."""
    for place in _root().iterdir():
        if place.is_dir():
            with suppress(OSError, msgspec.DecodeError):
                if clock.now() - _about(place).offered_at > FORGOTTEN_AFTER:
                    shutil.rmtree(place)
        elif (given := _mark(place)) and clock.now() - given.at > FORGOTTEN_AFTER:
            place.unlink(missing_ok=True)


def _read_now(delivery_id: int) -> None:
    """So that a small file's page shows what became of it. The files are safe: what fails here the worker does."""
    try:
        intake.work_off(delivery_id)
    except Exception:
        log.exception("Delivery %d could not be read at once; the worker goes on with it.", delivery_id)


def _rehearse(place: Path, about: About) -> Rehearsed:
    mark = place / "rehearsing"
    before = 0

    def progress(at: intake.Progress) -> None:
        nonlocal before
        if at.bytes_read and at.bytes_read - before > 4 * BLOCK:
            before = at.bytes_read
            _set_mark(mark, before)

    return rehearsed(
        intake.dry_run(
            place / "file" / about.name,
            source=about.source,
            form=about.form,
            mapping=about.mapping or None,
            progress=None if _is_small(about) else progress,
        )
    )


def _write(place: Path, result: Rehearsed) -> None:
    """Whole or not at all."""
    beside = place / "rehearsal.part"
    beside.write_bytes(msgspec.json.encode(result))
    beside.replace(place / "rehearsal.json")


def _unrehearsed() -> Iterator[Path]:
    for place in sorted(_root().iterdir()):
        if _ID.fullmatch(place.name) and (place / "about.json").exists() and not (place / "rehearsal.json").exists():
            mark = _mark(place / "rehearsing")
            if mark is None or clock.now() - mark.at > ABANDONED_AFTER:
                yield place


def _mark(path: Path) -> _Mark | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=_Mark)
    return None


def _set_mark(path: Path, number: int) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_bytes(msgspec.json.encode(_Mark(clock.now(), number)))
    beside.replace(path)


def _is_small(about: About) -> bool:
    packed = about.name.lower().endswith((".zip", ".gz"))
    return about.size <= (AT_ONCE_PACKED if packed else AT_ONCE)


def _plain_name(name: str) -> str:
    """The file's own name, whatever way the browser sent it."""
    plain = Path(name.replace("\\", "/")).name.replace("\x00", "")
    if not plain or plain.startswith(".") or len(plain.encode()) > 200:
        raise Refused(
            _("“%s” cannot be a file's name here.") % plain[:60],
            _("Give the file a short plain name, and send it again."),
        )
    return plain


def _about(place: Path) -> About:
    return msgspec.json.decode((place / "about.json").read_bytes(), type=About)


def _place(offer_id: str, by: Account) -> Path:
    place = _root() / offer_id
    if _ID.fullmatch(offer_id):
        with suppress(OSError, msgspec.DecodeError):
            if _about(place).account_id == by.pk:
                return place
    raise Http404("This offer is gone: it was given, withdrawn, or is more than a day old.")


def _given(offer_id: str) -> int | None:
    mark = _mark(_root() / f"{offer_id}.given") if _ID.fullmatch(offer_id) else None
    return mark.number if mark else None


def _root() -> Path:
    root = Path(settings.RAW_STORE).parent / "offered"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root
