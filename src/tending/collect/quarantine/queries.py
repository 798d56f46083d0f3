"""What lies in quarantine: grouped so that five thousand rows of one fault are one line, and one row by itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404

from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.retold import retold
from tending.collect.models import Delivery, DeliveryItem, QuarantinedRow, Submission

PERMISSION = "mend_data"
PAGE = 50
MOST_GROUPS = 300


@dataclass(frozen=True, slots=True)
class Group:
    """Open rows of one file that have one fault in one column."""

    submission_id: int
    source: str
    file: str
    kind: str
    field: str
    reason: str
    n: int
    since: datetime
    message: str  # of its first row
    fix: str


@dataclass(frozen=True, slots=True)
class Which:
    """Names a group in a URL."""

    submission_id: int
    kind: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    quarantined_id: int
    submission_id: int
    source: str
    file: str
    line: int
    kind: str
    field: str
    reason: str
    message: str
    fix: str
    reference: str
    quarantined_at: datetime
    resolved_at: datetime | None
    resolution: str
    resolved_by: str


def groups(*, viewer: Viewer, submission_ids: Collection[int] | None = None) -> tuple[Group, ...]:
    """The largest groups first: three queries. Raises PermissionDenied."""
    check_may(viewer, PERMISSION)
    rows = QuarantinedRow.objects.filter(resolved_at__isnull=True)
    if submission_ids is not None:
        rows = rows.filter(submission_id__in=submission_ids)
    found = list(
        rows.values("submission_id", "submission__source", "kind", "field", "reason")
        .annotate(n=Count("pk"), since=Min("quarantined_at"), first=Min("pk"))
        .order_by("-n", "submission_id", "kind", "field", "reason")[:MOST_GROUPS]
    )
    said = {row.pk: row for row in QuarantinedRow.objects.filter(pk__in=[row["first"] for row in found])}
    names = _file_names({row["submission_id"] for row in found})
    return tuple(
        Group(
            submission_id=row["submission_id"],
            source=row["submission__source"],
            file=names.get(row["submission_id"], ""),
            kind=row["kind"],
            field=row["field"],
            reason=row["reason"],
            n=row["n"],
            since=row["since"],
            message=retold(said[row["first"]].message),
            fix=retold(said[row["first"]].fix),
        )
        for row in found
    )


def waiting_in(*, viewer: Viewer, submission_ids: Collection[int]) -> dict[int, int]:
    """How many rows of these submissions wait, by submission: one query."""
    check_may(viewer, PERMISSION)
    rows = QuarantinedRow.objects.filter(resolved_at__isnull=True, submission_id__in=submission_ids)
    counted = rows.values("submission_id").annotate(n=Count("line", distinct=True))
    return {row["submission_id"]: row["n"] for row in counted}


def rows_of(*, viewer: Viewer, which: Which, number: str) -> tuple["Page[Any]", list[Row]]:
    """One page of a group's open rows, in the order of the file. Raises Http404 when nothing is left of it."""
    check_may(viewer, PERMISSION)
    rows = open_rows(which).select_related("submission", "resolved_by").order_by("line", "pk")
    page = Paginator(rows, PAGE).get_page(number)
    if not page.paginator.count:
        raise Http404("Nothing of this kind waits any longer.")
    names = _file_names({which.submission_id})
    return page, [_row(row, names) for row in page.object_list]


def every_row_of(*, viewer: Viewer, which: Which) -> Iterator[Row]:
    """All open rows of a group, for the list that is taken along."""
    check_may(viewer, PERMISSION)
    rows = open_rows(which).select_related("submission", "resolved_by").order_by("line", "pk")
    names = _file_names({which.submission_id})
    for row in rows.iterator(chunk_size=2000):
        yield _row(row, names)


def row(*, viewer: Viewer, quarantined_id: int) -> Row:
    """Raises PermissionDenied, and Http404 when there is no such row."""
    check_may(viewer, PERMISSION)
    found = QuarantinedRow.objects.select_related("submission", "resolved_by").filter(pk=quarantined_id).first()
    if found is None:
        raise Http404("No such row.")
    return _row(found, _file_names({found.submission_id}))


def lines_of(*, viewer: Viewer, which: Which) -> set[int]:
    """The lines of a group's open rows, to be read again."""
    check_may(viewer, PERMISSION)
    return set(open_rows(which).values_list("line", flat=True))


def open_rows(which: Which) -> "QuerySet[QuarantinedRow, QuarantinedRow]":
    return QuarantinedRow.objects.filter(
        submission_id=which.submission_id,
        kind=which.kind,
        field=which.field,
        reason=which.reason,
        resolved_at__isnull=True,
    )


def first_deliveries() -> dict[str, date]:
    """When each source first gave anything: what is older came with it as history."""
    rows = Submission.objects.values("source").annotate(first=Min("received_at")).values_list("source", "first")
    return {source: clock.local_date(first) for source, first in rows}


def state() -> tuple[Any, ...]:
    """Different when something has arrived since."""
    return (Delivery.objects.aggregate(last=Max("pk"))["last"],)


def _file_names(submission_ids: Collection[int]) -> dict[int, str]:
    """What each submission was called when it was delivered last."""
    rows = DeliveryItem.objects.filter(submission_id__in=submission_ids).order_by("pk")
    return dict(rows.values_list("submission_id", "name"))


def _row(row: QuarantinedRow, names: dict[int, str]) -> Row:
    return Row(
        quarantined_id=row.pk,
        submission_id=row.submission_id,
        source=row.submission.source,
        file=names.get(row.submission_id, ""),
        line=row.line,
        kind=row.kind,
        field=row.field,
        reason=row.reason,
        message=retold(row.message),
        fix=retold(row.fix),
        reference=row.reference,
        quarantined_at=row.quarantined_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        resolved_by=row.resolved_by.email if row.resolved_by else "",
    )
