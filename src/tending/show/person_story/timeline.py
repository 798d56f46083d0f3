"""One timeline out of everything that happened: what may be filtered, and how it is paged by time. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

PAGE = 40

GROUPS: Mapping[str, object] = {
    "scores": _("Scores"),
    "visits": _("Visits"),
    "missed": _("Missed visits"),
    "crises": _("Crises and stays"),
    "living": _("Housing"),
    "goals": _("Goals"),
    "plan": _("Plan and care"),
    "reviews": _("Signals and reviews"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, in words. ``hidden`` tells a link from its twins for somebody who hears the page."""

    group: str
    day: date
    title: str
    at: datetime | None = None
    kind: str = ""
    text: str = ""
    by: str = ""
    tag: str = ""
    severity: str = ""
    url: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    entries: tuple[Entry, ...]
    older: date | None  # go on with entries before this day
    newest: bool
    counts: Mapping[str, int]  # by group, whatever is shown


def page_of(entries: Iterable[Entry], *, show: str = "", before: date | None = None, size: int = PAGE) -> Page:
    """The newest entries of a group (all, when empty) before a day. A page ends with a whole day, so that none of
    its entries is lost between two pages or seen on both."""
    every = sorted(entries, key=_newest_first)
    counts = {group: sum(1 for entry in every if entry.group == group) for group in GROUPS}
    wanted = [entry for entry in every if not show or entry.group == show]
    rest = [entry for entry in wanted if before is None or entry.day < before]
    shown = _whole_days(rest, size)
    older = shown[-1].day if len(shown) < len(rest) else None
    return Page(tuple(shown), older, newest=len(rest) == len(wanted), counts=counts)


def _newest_first(entry: Entry) -> tuple[int, float, str, str]:
    return (-entry.day.toordinal(), -(entry.at.timestamp() if entry.at else 0.0), entry.group, entry.hidden)


def _whole_days(entries: Sequence[Entry], size: int) -> Sequence[Entry]:
    if len(entries) <= size:
        return entries
    end = size
    while end < len(entries) and entries[end].day == entries[size - 1].day:
        end += 1
    return entries[:end]
