"""Has anybody touched the audit trail? Closed batches are hashed into a chain; an anchor outside the database shows
even what a database owner could do.

Events are plain inserts on the hot path (a chain of rows forks under PostgreSQL's concurrency; measured). The worker
seals what is older than a minute, so that a transaction which commits late still falls into an open batch.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from tending.base import clock
from tending.base.audit.models import AuditEvent, AuditSeal

SETTLED = timedelta(minutes=1)
FIELDS = (
    "id",
    "at",
    "kind",
    "account_id",
    "actor",
    "person_id",
    "what",
    "subject",
    "why",
    "screen",
    "address",
    "result",
    "count",
)


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a check of the chain found. ``broken`` names the first batch that does not match, in words."""

    n_events: int
    n_batches: int
    last_digest: str
    broken: str = ""

    @property
    def whole(self) -> bool:
        return not self.broken


def _digest(previous: str, rows: Iterable[tuple[object, ...]]) -> str:
    sha = hashlib.sha256(previous.encode())
    for row in rows:
        sha.update(json.dumps([str(value) for value in row], ensure_ascii=False).encode())
    return sha.hexdigest()


@transaction.atomic
def seal() -> AuditSeal | None:
    """Close the batch of settled events after the last seal; None when there is nothing to seal.

    Numbers and times need not run alike (two transactions, a clock set back): the batch ends before the first number
    that has not settled, or that event would be left behind and the chain broken for ever.
    """
    _wait_for_other_sealers()
    last = AuditSeal.objects.order_by("-last_id").first()
    waiting = AuditEvent.objects.filter(id__gt=last.last_id if last else 0)
    first_open = waiting.filter(at__gte=_everything_known_until() - SETTLED).aggregate(first=Min("id"))["first"]
    settled = waiting if first_open is None else waiting.filter(id__lt=first_open)
    rows = list(settled.order_by("id").values_list(*FIELDS)[:50_000])
    if not rows:
        return None
    previous = last.digest if last else ""
    seal_row, _ = AuditSeal.objects.get_or_create(
        last_id=rows[-1][0],
        defaults={
            "first_id": rows[0][0],
            "n_events": len(rows),
            "digest": _digest(previous, rows),
            "previous_digest": previous,
            "sealed_at": clock.now(),
        },
    )
    return seal_row


def _wait_for_other_sealers() -> None:
    """Two batches after the same one would break the chain. SQLite's transaction keeps others out by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {AuditSeal._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _everything_known_until() -> datetime:
    """Now; on PostgreSQL no later than the beginning of the oldest transaction that is still open.

    It may have written events that nobody sees yet and whose numbers are lower than those of events everybody sees.
    """
    now = clock.now()
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        (oldest,) = cursor.fetchone()
    return min(now, oldest) if oldest else now


def verify() -> AuditVerdict:
    """Recompute every batch: an event changed, removed or slipped in breaks its batch and is named."""
    previous, n_events, n_batches, after = "", 0, 0, 0
    for batch in AuditSeal.objects.order_by("last_id"):
        rows = list(
            AuditEvent.objects.filter(id__gt=after, id__lte=batch.last_id).order_by("id").values_list(*FIELDS)
        )
        if batch.previous_digest != previous or batch.digest != _digest(previous, rows):
            sealed_at = batch.sealed_at.strftime("%Y-%m-%d %H:%M")
            broken = (
                f"The audit batch of events {batch.first_id} to {batch.last_id}, sealed {sealed_at} UTC with "
                f"{batch.n_events} events, no longer matches: {len(rows)} are there now. Compare with the last "
                "backup and with the digests kept outside the database."
            )
            return AuditVerdict(n_events, n_batches, previous, broken)
        previous, after = batch.digest, batch.last_id
        n_events += len(rows)
        n_batches += 1
    return AuditVerdict(n_events, n_batches, previous)
