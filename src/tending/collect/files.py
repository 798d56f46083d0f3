"""Which file was it? A submission's name, digest and source, for whoever follows a figure back to its line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tending.collect.models import DeliveryItem, Submission


@dataclass(frozen=True, slots=True)
class File:
    """One submission as its giver knows it. ``name`` is what it was called when it was first delivered."""

    submission_id: int
    name: str
    sha256: str
    source: str
    kind: str
    received_at: datetime


def files_of(submission_ids: Collection[int]) -> dict[int, File]:
    """By submission: two queries."""
    wanted = set(submission_ids)
    names: dict[int, str] = {}
    items = DeliveryItem.objects.filter(submission_id__in=wanted).order_by("pk")
    for submission_id, name in items.values_list("submission_id", "name"):
        names.setdefault(submission_id, name)
    return {
        row.pk: File(row.pk, names.get(row.pk, row.kind), row.sha256, row.source, row.kind, row.received_at)
        for row in Submission.objects.filter(pk__in=wanted)
    }
