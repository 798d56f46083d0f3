"""Who was supported when, and which crises and unplanned stays are on record: plain rows, for counting."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from tending.keep.models import CrisisContact, Episode, RecordQuerySet, Stay

# A planned residential stay or a medical one is no sign that support fell short.
UNPLANNED = ("PSYCHIATRIC_INPATIENT", "EMERGENCY_DEPARTMENT", "DETOX")


@dataclass(frozen=True, slots=True)
class Care:
    """One period of care; ``end`` None: it goes on."""

    person_id: int
    start: date
    end: date | None


def crisis_days(*, since: date, until: date, person_id: int | None = None) -> dict[int, list[date]]:
    """By person (None: everybody), the days with a crisis contact, both ends included: one query."""
    rows = CrisisContact.objects.current().filter(date__gte=since, date__lte=until)
    return _days(_of(rows, person_id).values_list("person_id", "date"))


def stay_days(*, since: date, until: date, person_id: int | None = None) -> dict[int, list[date]]:
    """By person, the days an unplanned stay began, both ends included: one query."""
    rows = Stay.objects.current().filter(kind__in=UNPLANNED, admitted_date__gte=since, admitted_date__lte=until)
    return _days(_of(rows, person_id).values_list("person_id", "admitted_date"))


def care(
    *, team_ids: Collection[int] | None, since: date, until: date, person_id: int | None = None
) -> tuple[Care, ...]:
    """The periods of care that touch these days: one query."""
    rows = Episode.objects.current().filter(Q(end_date__isnull=True) | Q(end_date__gte=since), start_date__lte=until)
    if team_ids is not None:
        rows = rows.filter(team_id__in=list(team_ids))
    rows = _of(rows, person_id)
    return tuple(Care(*row) for row in rows.values_list("person_id", "start_date", "end_date").iterator())


def latest_crisis() -> date | None:
    """How far the record of crises reaches: nothing after it can have been counted."""
    latest: date | None = CrisisContact.objects.current().aggregate(latest=Max("date"))["latest"]
    return latest


def _of(rows: RecordQuerySet, person_id: int | None) -> RecordQuerySet:
    return rows if person_id is None else rows.filter(person_id=person_id)


def _days(rows: "QuerySet[Any, tuple[int, date]]") -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for person_id, day in rows.iterator(chunk_size=5000):
        found[person_id].append(day)
    return {person_id: sorted(days) for person_id, days in found.items()}


def newest() -> tuple[int, ...]:
    """Grows with every row that arrives, corrections included."""
    tables = (CrisisContact, Stay, Episode)
    return tuple(int(table._default_manager.aggregate(newest=Max("pk"))["newest"] or 0) for table in tables)
