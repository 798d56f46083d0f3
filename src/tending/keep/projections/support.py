"""Who supports whom: caseload entries and team memberships as the current versions and episodes say.

Only what the record said and says no longer is taken away; entries made in other ways stay.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from tending.base.people.models import CaseloadEntry, TeamMembership
from tending.base.tables.rows import update_rows
from tending.keep.models import CaseloadVersion, Episode

Key = tuple[Any, ...]
Ends = dict[Key, date | None]


def project_caseload(person_ids: Collection[int]) -> None:
    now: Ends = {}
    before: set[Key] = set()
    for version in CaseloadVersion.objects.filter(person_id__in=person_ids):
        key = (version.person_id, version.staff_id, version.caseload_role, version.from_date)
        sort_in(version, key, version.to_date, now, before)
    held = {
        (entry.person_id, entry.staff_id, entry.caseload_role, entry.from_date): entry
        for entry in CaseloadEntry.objects.filter(person_id__in=person_ids)
    }
    bring_to(CaseloadEntry, ("person_id", "staff_id", "caseload_role", "from_date"), now, before, held)


def project_memberships(person_ids: Collection[int]) -> None:
    """A person belongs to a team from an episode's first day to its last; ``to_date`` is the day after."""
    now: Ends = {}
    before: set[Key] = set()
    for episode in Episode.objects.filter(person_id__in=person_ids, team__isnull=False):
        key = (episode.person_id, episode.team_id, episode.start_date)
        end = episode.end_date + timedelta(days=1) if episode.end_date else None
        sort_in(episode, key, end, now, before)
    held = {
        (membership.person_id, membership.team_id, membership.from_date): membership
        for membership in TeamMembership.objects.filter(person_id__in=person_ids)
    }
    bring_to(TeamMembership, ("person_id", "team_id", "from_date"), now, before, held)


def sort_in(version: Any, key: Key, end: date | None, now: Ends, before: set[Key]) -> None:
    if version.superseded_by_id is not None or version.withdrawn:
        before.add(key)
    elif key not in now:
        now[key] = end
    else:  # two rows say the same from the same day: the longer one holds
        held = now[key]
        now[key] = None if held is None or end is None else max(held, end)


def bring_to(model: Any, names: tuple[str, ...], now: Ends, before: set[Key], held: dict[Key, Any]) -> None:
    gone = [held[key].pk for key in before if key not in now and key in held]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    coming = [model(**dict(zip(names, key, strict=True)), to_date=end) for key, end in now.items() if key not in held]
    model.objects.bulk_create(coming)
    changed = [(held[key].pk, [end]) for key, end in now.items() if key in held and held[key].to_date != end]
    update_rows(model, ["to_date"], changed)
