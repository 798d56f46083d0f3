"""What other stages may ask of what was collected. Frozen dataclasses out, never a model or a QuerySet."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.retold import retold
from tending.collect import forms
from tending.collect.mapped import Chunk
from tending.collect.models import STUMBLED, Delivery, DeliveryItem, QuarantinedRow, Submission

WAITING = "UNKNOWN_"  # reasons that begin so wait for something another row describes


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a delivery, and how far it has been read."""

    item_id: int
    delivery_id: int
    submission_id: int
    name: str
    kind: str
    size: int
    source: str
    received_at: datetime
    lines_read: int
    new: int
    same: int
    corrected: int
    quarantined: int
    finished: bool


@dataclass(frozen=True, slots=True)
class DeliveryShown:
    delivery_id: int
    form: str
    source: str
    name: str
    received_at: datetime
    by: str
    finished_at: datetime | None
    failed_why: str
    notes: dict[str, Any]
    mapping: dict[str, Any]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one submission that wait for references."""

    submission_id: int
    source: str
    lines: tuple[tuple[int, str, str, str], ...]  # line, kind, reason, reference


def read_chunks(item_id: int, size: int = forms.CHUNK, noticed: Counter[str] | None = None) -> Iterator[Chunk]:
    """The rest of a file, from where the last reading stopped. The bytes are checked against their digest first.

    ``noticed`` gathers what is true of the file as a whole: columns and resources that were not read, and how many.
    """
    item = DeliveryItem.objects.select_related("delivery", "submission").get(pk=item_id)
    yield from forms.chunks_of(item, size=size, noticed=Counter() if noticed is None else noticed)


def read_lines(item_id: int, lines: set[int]) -> Chunk:
    """These lines of a file again."""
    item = DeliveryItem.objects.select_related("delivery", "submission").get(pk=item_id)
    return forms.lines_of(item, lines)


def sources() -> list[str]:
    """The systems anything has come from."""
    return list(Submission.objects.order_by("source").values_list("source", flat=True).distinct())


def unfinished() -> list[int]:
    """Deliveries that can be gone on with, the oldest first. One that stopped for a reason waits for a person."""
    waiting = Delivery.objects.filter(finished_at__isnull=True, failed_why="").order_by("received_at", "id")
    return list(waiting.values_list("id", flat=True))


def being_read() -> bool:
    """Is there a delivery that has been read in part, or not yet? One that cannot be read on does not count."""
    waiting = Delivery.objects.filter(finished_at__isnull=True, failed_why="")
    return waiting.exclude(notes__has_key=STUMBLED).exists()


def delivery(delivery_id: int) -> DeliveryShown:
    one = Delivery.objects.select_related("by").get(pk=delivery_id)
    return _shown(one, items_of(delivery_id))


def deliveries(*, viewer: Viewer, limit: int = 50) -> tuple[DeliveryShown, ...]:
    """The latest deliveries of files, for whoever looks after data: two queries. Raises PermissionDenied."""
    check_may(viewer, "give_files")
    files = Delivery.objects.exclude(form=Delivery.Form.ANSWERS).select_related("by")
    latest = list(files.order_by("-received_at", "-id")[:limit])
    items: dict[int, list[Item]] = {one.pk: [] for one in latest}
    rows = DeliveryItem.objects.filter(delivery__in=items).select_related("delivery", "submission")
    for row in rows.order_by("order"):
        items[row.delivery_id].append(_item(row))
    return tuple(_shown(one, tuple(items[one.pk])) for one in latest)


def latest_mapping(*, viewer: Viewer, source: str) -> dict[str, Any] | None:
    """The mapping the last CSV delivery from this source was read with; None when there was none."""
    check_may(viewer, "give_files")
    earlier = Delivery.objects.filter(form=Delivery.Form.CSV, source=source).order_by("-received_at", "-id").first()
    return earlier.mapping if earlier else None


def items_of(delivery_id: int) -> tuple[Item, ...]:
    rows = DeliveryItem.objects.filter(delivery_id=delivery_id).select_related("delivery", "submission")
    return tuple(_item(row) for row in rows.order_by("order"))


def item(item_id: int) -> Item:
    return _item(DeliveryItem.objects.select_related("delivery", "submission").get(pk=item_id))


def latest_item(submission_id: int) -> Item:
    """Where this submission was delivered last: its mapping and its time hold."""
    rows = DeliveryItem.objects.filter(submission_id=submission_id).select_related("delivery", "submission")
    return _item(rows.order_by("-delivery__received_at", "-id")[0])


def waiting() -> Iterator[Waiting]:
    """Rows that wait for something to become known, one submission after the other."""
    rows = QuarantinedRow.objects.filter(resolved_at__isnull=True, reason__startswith=WAITING)
    for submission_id, source in (
        rows.order_by("submission_id").values_list("submission_id", "submission__source").distinct()
    ):
        lines = rows.filter(submission_id=submission_id).order_by("line")
        yield Waiting(submission_id, source, tuple(lines.values_list("line", "kind", "reason", "reference")))


def quarantined_by_reason(*, viewer: Viewer) -> dict[str, int]:
    """How many rows wait for each reason. Raises PermissionDenied."""
    check_may(viewer, "mend_data")
    rows = QuarantinedRow.objects.filter(resolved_at__isnull=True).values("reason").annotate(n=Count("id"))
    return {row["reason"]: row["n"] for row in rows.order_by("-n", "reason")}


def _item(row: DeliveryItem) -> Item:
    return Item(
        item_id=row.pk,
        delivery_id=row.delivery_id,
        submission_id=row.submission_id,
        name=row.name,
        kind=row.submission.kind,
        size=row.submission.size,
        source=row.delivery.source,
        received_at=row.delivery.received_at,
        lines_read=row.lines_read,
        new=row.rows_new,
        same=row.rows_same,
        corrected=row.rows_corrected,
        quarantined=row.rows_quarantined,
        finished=row.finished_at is not None,
    )


def _shown(one: Delivery, items: tuple[Item, ...]) -> DeliveryShown:
    return DeliveryShown(
        delivery_id=one.pk,
        form=one.form,
        source=one.source,
        name=one.name,
        received_at=one.received_at,
        by=one.by.email if one.by else "",
        finished_at=one.finished_at,
        failed_why=retold(one.failed_why),
        notes=one.notes,
        mapping=one.mapping,
        items=items,
    )
