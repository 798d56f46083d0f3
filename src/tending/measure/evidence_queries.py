"""The scores of some people over some days, for comparing with the score that raised a signal."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Max

from tending.measure.models import Score

AT_ONCE = 30_000  # people a query: within what both databases take


def scores(
    *, person_ids: Collection[int], measures: Collection[str], since: date, until: date
) -> dict[tuple[int, str], list[tuple[date, float]]]:
    """By person and measure in the order they were answered; one query for every 30,000 people.

    Which measure is asked here, not in the query: SQLite then read every score of these measures, not of these people
    (1.0 s instead of 0.1 s for 3,400 of 100,000 people).
    """
    people, wanted = sorted(person_ids), frozenset(measures)
    found: dict[tuple[int, str], list[tuple[date, float]]] = defaultdict(list)
    for start in range(0, len(people), AT_ONCE):
        rows = Score.objects.filter(
            person_id__in=people[start : start + AT_ONCE],
            date__gte=since,
            date__lte=until,
            superseded_at__isnull=True,
            value__isnull=False,
        ).order_by("person_id", "measure", "date", "answered_at", "source_key")
        for person_id, measure, day, value in rows.values_list("person_id", "measure", "date", "value"):
            if value is not None and measure in wanted:
                found[person_id, measure].append((day, value))
    return dict(found)


def newest() -> int:
    """Grows with every score that is made."""
    return int(Score.objects.aggregate(newest=Max("pk"))["newest"] or 0)
