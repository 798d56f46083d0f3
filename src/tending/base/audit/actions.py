"""Every write and every read of a person's record leaves one line. Lines are only ever added."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit.models import AuditEvent
from tending.base.tables import writing


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a request comes from: set once by the middleware, so that actions need not carry it."""

    account_id: int | None = None
    actor: str = "system"
    screen: str = ""
    address: str = ""


scene: ContextVar[Scene] = ContextVar("scene", default=Scene())  # noqa: B039 - frozen, never changed


def record(
    *,
    kind: str,
    what: str,
    by: Account | None = None,
    person_id: int | None = None,
    subject: str = "",
    why: str = "",
    result: str = AuditEvent.Result.OK,
    count: int | None = None,
) -> None:
    """Add one line. ``by`` None means the account of the scene, or the system itself."""
    here = scene.get()
    AuditEvent.objects.create(
        at=clock.now(),
        kind=kind,
        account_id=by.pk if by else here.account_id,
        actor=by.email if by else here.actor,
        person_id=person_id,
        what=what[:300],
        subject=subject[:120],
        why=why[:300],
        screen=here.screen,
        address=here.address,
        result=result,
        count=count,
    )


def wrote(*, by: Account | None, what: str, person_id: int | None = None, subject: str = "", why: str = "") -> None:
    """One line for one write; called inside the write's own transaction."""
    record(kind=AuditEvent.Kind.WRITE, by=by, what=what, person_id=person_id, subject=subject, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One write among many that are written together."""

    at: datetime
    by: Account | None  # None means the account of the scene, or the system itself
    what: str
    person_id: int
    subject: str
    why: str = ""


def wrote_all(*, lines: Sequence[Line]) -> None:
    """One line for each write, in their order; called inside the writes' own transaction."""
    if not lines:
        return
    here = scene.get()
    writing.insert(
        AuditEvent,
        pl.DataFrame(
            {
                "at": [line.at for line in lines],
                "kind": AuditEvent.Kind.WRITE.value,
                "account_id": pl.Series(
                    [line.by.pk if line.by else here.account_id for line in lines], dtype=pl.Int64
                ),
                "actor": [line.by.email if line.by else here.actor for line in lines],
                "person_id": [line.person_id for line in lines],
                "what": [line.what[:300] for line in lines],
                "subject": [line.subject[:120] for line in lines],
                "why": [line.why[:300] for line in lines],
                "screen": here.screen,
                "address": here.address,
                "result": AuditEvent.Result.OK.value,
            }
        ),
    )


def viewed(*, what: str, person_id: int | None = None, count: int | None = None, subject: str = "") -> None:
    """One line for one look at a person's record, or at a list of ``count`` people."""
    record(kind=AuditEvent.Kind.VIEW, what=what, person_id=person_id, subject=subject, count=count)
