"""Writes of what was collected: deliveries, how far they have been read, and the rows nobody understood."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.collect import raw_store
from tending.collect.arrivals import Content
from tending.collect.mapped import Chunk, Fault
from tending.collect.models import STUMBLED, Delivery, DeliveryItem, QuarantinedRow, Submission
from tending.collect.templates import SOURCE_LENGTH

REPLAYED = "REPLAYED"


class Outcome(Protocol):
    """What keep says became of a piece of a file."""

    @property
    def new(self) -> int: ...
    @property
    def same(self) -> int: ...
    @property
    def corrected(self) -> int: ...
    @property
    def faults(self) -> list[Fault]: ...


class ReadByAnother(Exception):
    """Somebody else has read this piece in the meantime: stop here, nothing was written."""


def receive(
    *,
    form: str,
    source: str,
    name: str,
    contents: Iterable[Content],
    mapping: dict[str, Any] | None,
    by: Account | None,
    notes: dict[str, Any] | None = None,
) -> int:
    """Keep the bytes of every file, then write down the delivery: from here on it will be worked off.

    The bytes are stored before the transaction begins, so a delivery never names bytes that are not there.
    """
    received_at = received_now()
    arrived = [(content, _stored(content)) for content in contents]
    with transaction.atomic():
        delivery = Delivery.objects.create(
            form=form,
            source=source[:SOURCE_LENGTH],
            name=name[:300],
            received_at=received_at,
            by=by,
            mapping=mapping or {},
            notes=notes or {},
        )
        for order, (content, stored) in enumerate(arrived):
            submission, _ = Submission.objects.get_or_create(
                sha256=stored.sha256,
                source=delivery.source,
                kind=content.kind,
                defaults={
                    "media_type": content.media_type,
                    "size": stored.size,
                    "received_at": received_at,
                    "source_time": content.source_time,
                },
            )
            DeliveryItem.objects.create(
                delivery=delivery, submission=submission, order=order, name=content.name[:300]
            )
        files = f"{len(arrived)} file{'' if len(arrived) == 1 else 's'}"
        audit.wrote(by=by, what=f"received {files} from {delivery.source}", subject=f"delivery:{delivery.pk}")
    return delivery.pk


def received_now() -> datetime:
    """The present instant, yet after everything received before.

    Without times of the source's own this decides which of two versions is the later one; a clock that was set back
    must not make a correction the older.
    """
    latest = Delivery.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    now = clock.now()
    return now if latest is None or latest < now else latest + timedelta(microseconds=1)


def _stored(content: Content) -> raw_store.Stored:
    with content.opened() as file:
        return raw_store.keep(raw_store.blocks_of(file))


@transaction.atomic
def note_progress(*, item_id: int, after: int, chunk: Chunk, kept: Outcome) -> None:
    """Write down that a piece was kept and what could not be; call it in the transaction that kept the piece.

    ``after`` is how far the file had been read when the piece was read. Raises `ReadByAnother` when it has been read
    further since, so that two workers on one delivery do not count a piece twice.
    """
    item = DeliveryItem.objects.select_for_update(of=("self",)).select_related("delivery").get(pk=item_id)
    if item.lines_read != after:
        raise ReadByAnother
    item.lines_read = chunk.lines_read
    item.rows_new += kept.new
    item.rows_same += kept.same
    item.rows_corrected += kept.corrected
    item.rows_quarantined += len({fault.line for fault in kept.faults})
    item.save()
    if not _read_later(item, chunk.lines_read):
        _mend(item.submission_id, after, chunk.lines_read, kept.faults)
        quarantine(submission_id=item.submission_id, faults=kept.faults)


@transaction.atomic
def quarantine(*, submission_id: int, faults: Sequence[Fault]) -> None:
    """Put rows aside with the reason and the next step. One that is there already stays as it is."""
    now = clock.now()
    QuarantinedRow.objects.bulk_create(
        [
            QuarantinedRow(
                submission_id=submission_id,
                line=fault.line,
                kind=fault.kind[:60],
                field=fault.field[:120],
                reason=fault.reason,
                message=fault.message[:500],
                fix=fault.fix[:500],
                reference=fault.reference[:200],
                quarantined_at=now,
            )
            for fault in faults
        ],
        ignore_conflicts=True,
    )
    _open_again(submission_id, faults)


@transaction.atomic
def finish(*, delivery_id: int) -> None:
    """The delivery has been read to its end."""
    if Delivery.objects.filter(pk=delivery_id, finished_at__isnull=True).update(
        finished_at=clock.now(), failed_why=""
    ):
        delivery = Delivery.objects.get(pk=delivery_id)
        if delivery.notes.pop(STUMBLED, None):
            delivery.save(update_fields=["notes"])
        audit.wrote(by=delivery.by, what=f"kept delivery {delivery.name}", subject=f"delivery:{delivery_id}")


@transaction.atomic
def stop(*, delivery_id: int, why: str) -> None:
    """The delivery cannot be read on; the reason stays with it until somebody starts it again."""
    Delivery.objects.filter(pk=delivery_id).update(failed_why=why[:500])


@transaction.atomic
def stumble(*, delivery_id: int, over: str) -> None:
    """Reading it on went wrong this time. It is tried again, and until then nothing else waits for it."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    delivery.notes[STUMBLED] = over
    delivery.save(update_fields=["notes"])


@transaction.atomic
def finish_item(*, item_id: int, noticed: Mapping[str, int] | None = None) -> None:
    """A file has been read to its end; what was noticed about it as a whole is added to the delivery's notes."""
    item = DeliveryItem.objects.get(pk=item_id)
    if item.finished_at is None:
        DeliveryItem.objects.filter(pk=item_id).update(finished_at=clock.now())
    if noticed:
        delivery = Delivery.objects.select_for_update().get(pk=item.delivery_id)
        of_files = delivery.notes.setdefault("noticed", {})
        of_files[item.name] = dict(Counter(of_files.get(item.name, {})) + Counter(noticed))
        delivery.save(update_fields=["notes"])


@transaction.atomic
def replay(*, submission_id: int, mapping: dict[str, Any] | None = None, by: Account | None) -> int:
    """Have a file read again from its beginning, with a mended mapping if one is given; returns the delivery.

    Rows that were kept are the same rows; rows that can now be understood leave the quarantine. The file keeps the
    time at which it was received, so a later correction of it still counts.
    """
    item = (
        DeliveryItem.objects.filter(submission_id=submission_id)
        .select_related("delivery")
        .order_by("-delivery__received_at", "-id")[0]
    )
    delivery = item.delivery
    if mapping is not None:
        delivery.mapping = mapping
        _read_from_the_beginning(DeliveryItem.objects.filter(delivery=delivery))
    _read_from_the_beginning(DeliveryItem.objects.filter(pk=item.pk))
    delivery.finished_at = None
    delivery.failed_why = ""
    delivery.save()
    why = "with a new mapping" if mapping is not None else ""
    audit.wrote(by=by, what=f"had {item.name} read again", subject=f"delivery:{delivery.pk}", why=why)
    return delivery.pk


@transaction.atomic
def resolve(*, submission_id: int, lines: Iterable[int]) -> None:
    """These rows were read again and are now understood."""
    _resolve(QuarantinedRow.objects.filter(submission_id=submission_id, line__in=list(lines)), by=None, how=REPLAYED)


@transaction.atomic
def set_aside(*, quarantined_ids: Sequence[int], why: str, by: Account) -> int:
    """Leave rows out for good, for a reason in words. They stay in the file as it arrived."""
    if not why.strip():
        raise ValueError("Say why these rows are set aside.")
    n = _resolve(QuarantinedRow.objects.filter(pk__in=quarantined_ids), by=by, how=why.strip()[:300])
    audit.wrote(by=by, what=f"set aside {n} quarantined rows", why=why.strip())
    return n


def _resolve(rows: Any, *, by: Account | None, how: str) -> int:
    done: int = rows.filter(resolved_at__isnull=True).update(resolved_at=clock.now(), resolution=how, resolved_by=by)
    return done


def _read_later(item: DeliveryItem, until: int) -> bool:
    """Has a later delivery of the same bytes been read this far? Then what it found wrong holds, not this reading.

    Rows that wait are kept with the time of the latest delivery that says them, so they go on waiting for that.
    """
    others = DeliveryItem.objects.filter(submission_id=item.submission_id).exclude(pk=item.pk)
    later = Q(delivery__received_at__gt=item.delivery.received_at) | Q(
        delivery__received_at=item.delivery.received_at, pk__gt=item.pk
    )
    return others.filter(later).filter(Q(lines_read__gte=until) | Q(finished_at__isnull=False)).exists()


def _mend(submission_id: int, after: int, until: int, faults: Sequence[Fault]) -> None:
    """What was wrong with these lines before and is wrong no longer leaves the quarantine."""
    first = Q(line__gt=after) if after else Q(line__gte=0)
    open_ = QuarantinedRow.objects.filter(
        first, submission_id=submission_id, resolved_at__isnull=True, line__lte=until
    )
    still = {(fault.line, fault.field, fault.reason) for fault in faults}
    mended = [pk for pk, *place in open_.values_list("pk", "line", "field", "reason") if tuple(place) not in still]
    if mended:
        _resolve(QuarantinedRow.objects.filter(pk__in=mended), by=None, how=REPLAYED)


def _open_again(submission_id: int, faults: Sequence[Fault]) -> None:
    """A row that was understood once and is not now; one that somebody set aside stays so."""
    gone = QuarantinedRow.objects.filter(
        submission_id=submission_id, resolution=REPLAYED, line__in=[fault.line for fault in faults]
    )
    still = {(fault.line, fault.field, fault.reason) for fault in faults}
    back = [pk for pk, *place in gone.values_list("pk", "line", "field", "reason") if tuple(place) in still]
    if back:
        QuarantinedRow.objects.filter(pk__in=back).update(resolved_at=None, resolution="", resolved_by=None)


def _read_from_the_beginning(items: Any) -> None:
    items.update(
        lines_read=0,
        rows_new=0,
        rows_same=0,
        rows_corrected=0,
        rows_quarantined=0,
        finished_at=None,
    )
