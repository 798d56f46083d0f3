"""Reads of the audit trail: the privacy officer's search, and who looked at one person's record."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import person_or_404
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Staff

PAGE = 100


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    actor: str
    kind: str
    what: str
    person: str
    why: str
    screen: str
    address: str
    result: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a record, for the record's own page: who and when, not from where."""

    at: datetime
    who: str
    what: str


def search(
    *,
    viewer: Viewer,
    words: str = "",
    person_code: str = "",
    kind: str = "",
    result: str = "",
    since: date | None = None,
    until: date | None = None,
    before_id: int | None = None,
) -> tuple[list[AuditLine], int | None]:
    """The newest lines first, and the id to go on from (None at the end). Raises PermissionDenied."""
    check_may(viewer, "see_audit")
    events = AuditEvent.objects.select_related("person").order_by("-id")
    if words:
        events = events.filter(what__icontains=words) | events.filter(actor__icontains=words)
    if person_code:
        events = events.filter(person__code__iexact=person_code)
    if kind:
        events = events.filter(kind=kind)
    if result:
        events = events.filter(result=result)
    if since:
        events = events.filter(at__gte=clock.at(since))
    if until:
        events = events.filter(at__lt=clock.at(until + timedelta(days=1)))
    if before_id:
        events = events.filter(id__lt=before_id)
    found = list(events[: PAGE + 1])
    lines = [
        AuditLine(
            at=event.at,
            actor=event.actor,
            kind=event.kind,
            what=event.what,
            person=event.person.code if event.person_id and event.person else "",
            why=event.why,
            screen=event.screen,
            address=event.address,
            result=event.result,
            count=event.count,
        )
        for event in found[:PAGE]
    ]
    return lines, found[PAGE - 1].pk if len(found) > PAGE else None


def looks_at(*, viewer: Viewer, person_id: int, limit: int = 50) -> list[Look]:
    """Who looked at a record lately: two queries. Raises Http404 for a person the viewer does not support."""
    person_or_404(viewer, person_id)
    lines = AuditEvent.objects.filter(person_id=person_id, kind=AuditEvent.Kind.VIEW).order_by("-id")[:limit]
    seen = list(lines.values_list("at", "account_id", "actor", "what"))
    staff = Staff.objects.filter(account_id__in={account_id for _at, account_id, _actor, _what in seen if account_id})
    names = {member.account_id: member.name for member in staff}
    return [Look(at, names.get(account_id, actor), what) for at, account_id, actor, what in seen]
