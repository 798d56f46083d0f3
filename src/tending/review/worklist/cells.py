"""How a need is put into words on the list: who, why, what, by when, and the one thing to do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tending.base import clock
from tending.base.design.deadline import span
from tending.base.links import url_or_none
from tending.notice.person_signals import SignalSeen
from tending.review.worklist.monday import DueBeforeVisit
from tending.review.worklist.needs import Need

TAGS_SHOWN = 3
SEVERITY = {"URGENT": "urgent", "HIGH": "high", "ROUTINE": "routine"}


def columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Who")},
        {"title": _("Why")},
        {"title": _("What"), "wide": True},
        {"title": _("By when")},
        {"title": _("Next step"), "hidden": True},
    ]


def rows(needs: Sequence[Need], *, now: datetime, with_holder: bool = False) -> list[dict[str, Any]]:
    return [_row(need, now, with_holder) for need in needs]


def _row(need: Need, now: datetime, with_holder: bool) -> dict[str, Any]:
    return {
        "severity": severity(need, now),
        "cells": [
            {"text": need.who, "url": person_url(need.person_id), "note": need.team},
            {"tags": tags(need.signals), "note": since(need.known_since, now)},
            {"text": need.what, "note": _("With %(name)s") % {"name": need.holder} if with_holder else ""},
            {"due_at": need.due_at, "as_of": now},
            {"action": action(need)},
        ],
    }


def action(need: Need) -> dict[str, str]:
    """The one thing to do; what a screen reader hears tells it from the same words in the other rows."""
    return {"text": need.do, "url": need.url, "hidden": f"{need.who}: {need.what}"}


def severity(need: Need, now: datetime) -> str:
    """The stripe of the row: what it is about when that is known, otherwise how late it is."""
    if need.severity:
        return SEVERITY[need.severity]
    return "high" if need.due_at < now else ""


def tags(signals: Sequence[SignalSeen]) -> list[dict[str, str]]:
    """One tag a trigger, the most severe first; more than a few are counted, not listed."""
    rank = {"URGENT": 0, "HIGH": 1, "ROUTINE": 2}
    titles: dict[str, str] = {}
    for signal in sorted(signals, key=lambda signal: rank[signal.severity]):
        titles.setdefault(signal.title, SEVERITY[signal.severity])
    shown = [{"text": title, "severity": kind} for title, kind in list(titles.items())[:TAGS_SHOWN]]
    more = len(titles) - len(shown)
    if more:
        shown.append({"text": ngettext("%(count)d more", "%(count)d more", more) % {"count": more}, "severity": ""})
    return shown


def first_note(need: Need, now: datetime) -> str:
    return " · ".join(filter(None, [need.team, since(need.known_since, now)]))


def since(instant: datetime, now: datetime) -> str:
    return _("for %(span)s") % {"span": span(now - instant)}


def person_url(person_id: int) -> str | None:
    return url_or_none("person", person_id) if person_id else None


def day(instant: datetime) -> str:
    """Thursday 5 March, 14:30: people plan by the day of the week."""
    return date_format(instant.astimezone(clock.zone()), pgettext("date format", "l j F, H:i"))


def visit_columns() -> list[dict[str, Any]]:
    shown = [{"title": _("Who")}, {"title": _("Next visit")}, {"title": _("Due by then")}]
    return [*shown, {"title": _("Next step"), "hidden": True}]


def visit_rows(due: Sequence[DueBeforeVisit]) -> list[dict[str, Any]]:
    found = []
    for row in due:
        ask = url_or_none("ask", row.person_id) or person_url(row.person_id)
        action = {"text": _("Ask"), "url": ask, "hidden": row.name} if ask else None
        found.append(
            {
                "cells": [
                    {"text": row.name, "url": person_url(row.person_id)},
                    {"text": day(row.next_visit)},
                    {"text": ", ".join(row.measures)},
                    {"action": action},
                ]
            }
        )
    return found
