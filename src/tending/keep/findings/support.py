"""Is it clear who supports whom, and in which episode?"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tending.base.people.models import CaseloadEntry
from tending.keep.findings.found import Found
from tending.keep.models import Episode

Spell = tuple[date, date | None, Any]  # from, to (exclusive; None: it holds), what


def find_overlapping_primaries(person_ids: Collection[int]) -> Iterator[Found]:
    spells: dict[int, list[Spell]] = defaultdict(list)
    entries = CaseloadEntry.objects.filter(person_id__in=person_ids, caseload_role="PRIMARY")
    for entry in entries.select_related("staff").order_by("from_date", "id"):
        spells[entry.person_id].append((entry.from_date, entry.to_date, entry.staff))
    for person_id, all_ in spells.items():
        for first, second in _overlaps(all_):
            if first[2].pk == second[2].pk:
                continue
            message = _("%(one)s and %(other)s are both primary practitioner from %(day)s.") % {
                "one": first[2].name,
                "other": second[2].name,
                "day": second[0].isoformat(),
            }
            fix = _("End the one that no longer holds in the record system, so that one person owns what is next.")
            key = f"{person_id}:{first[2].code}:{second[2].code}:{second[0].isoformat()}"
            yield Found(person_id, "TWO_PRIMARY", key, message, fix, role="SUPERVISOR")


def find_overlapping_episodes(person_ids: Collection[int]) -> Iterator[Found]:
    """Two episodes with one team at one time: figures would count the person twice."""
    spells: dict[tuple[int, int | None], list[Spell]] = defaultdict(list)
    episodes = Episode.objects.current().filter(person_id__in=person_ids)
    for episode in episodes.order_by("start_date", "id"):
        spell = (episode.start_date, episode.end_date, episode.source_key)
        spells[(episode.person_id, episode.team_id)].append(spell)
    for (person_id, _team), all_ in spells.items():
        for first, second in _overlaps(all_):
            message = _("Two episodes with one team overlap: one from %(one)s, one from %(other)s.") % {
                "one": first[0].isoformat(),
                "other": second[0].isoformat(),
            }
            fix = _("End the earlier episode in the record system, or withdraw the one entered in error.")
            yield Found(person_id, "EPISODES_OVERLAP", f"{first[2]}|{second[2]}"[:250], message, fix)


def _overlaps(spells: list[Spell]) -> Iterator[tuple[Spell, Spell]]:
    """Neighbours of which the later begins before the earlier ends."""
    for first, second in itertools.pairwise(spells):
        if first[1] is None or second[0] < first[1]:
            yield first, second
