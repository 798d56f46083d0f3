"""Every write and every read of a person's record leaves one line. Lines are only ever added."""

from contextvars import ContextVar
from dataclasses import dataclass

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit.models import AuditEvent


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


def viewed(*, what: str, person_id: int | None = None, count: int | None = None, subject: str = "") -> None:
    """One line for one look at a person's record, or at a list of ``count`` people."""
    record(kind=AuditEvent.Kind.VIEW, what=what, person_id=person_id, subject=subject, count=count)
