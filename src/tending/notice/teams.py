"""Whose team answers? The one that supports the person that day, or the last that did."""

from collections.abc import Collection
from datetime import date

from tending.base.people.models import TeamMembership


def teams_of(person_ids: Collection[int], *, on: date) -> dict[int, int]:
    """Of several teams the one that began last; of teams that have all ended the one that ended last. One query.

    Somebody who has just left still has a team that knows them: a signal about them must not fall between two.
    """
    rows = TeamMembership.objects.filter(person_id__in=person_ids, from_date__lte=on)
    found: dict[int, tuple[bool, date, int]] = {}
    for person, team, start, end in rows.values_list("person_id", "team_id", "from_date", "to_date"):
        over = end is not None and end <= on
        candidate = (not over, end if over and end else start, team)
        if person not in found or candidate > found[person]:
            found[person] = candidate
    return {person: team for person, (_live, _since, team) in found.items()}
