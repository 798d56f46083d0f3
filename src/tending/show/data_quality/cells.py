"""How the queue and the completeness are said on a page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base import clock
from tending.base.amounts import amount
from tending.base.people.models import Role
from tending.keep.quality.queries import FindingLine, PersonNamed
from tending.show.data_quality.queries import Opened, QueueLine, Share, TeamCompleteness
from tending.show.data_quality.words import LATE, QUARANTINE

Column = dict[str, Any]
_SEVERE = {QUARANTINE, "DUPLICATE_PERSON", "TWO_PRIMARY", "AFTER_DEATH"}


def queue_columns() -> list[Column]:
    return [
        {"title": _("What")},
        {"title": _("How many"), "numeric": True},
        {"title": _("Where")},
        {"title": _("Next step"), "wide": True},
        {"title": _("Who can mend it")},
        {"title": _("Open"), "hidden": True},
    ]


def queue_rows(lines: Iterable[QueueLine]) -> list[dict[str, Any]]:
    """Why it matters is said once a kind, with its first line."""
    rows, before = [], ""
    for line in lines:
        rows.append(queue_row(line, why="" if line.kind == before else line.why))
        before = line.kind
    return rows


def queue_row(line: QueueLine, *, why: str) -> dict[str, Any]:
    since = _("since %s") % date_format(line.since, "j M Y") if line.since else ""
    return {
        "severity": "high" if line.kind in _SEVERE else "",
        "cells": [
            {"text": line.title, "note": line.what},
            {"text": f"{line.n:,}"},
            {"text": line.where, "note": since},
            {"text": line.next_step, "note": why},
            {"text": str(Role(line.role).label) if line.role in Role.values else line.role},
            {
                "action": {
                    "text": _("Open"),
                    "hidden": f"{line.title}, {line.where}, {line.what[:60]}",
                    "url": line.url,
                }
            },
        ],
    }


def findings_columns() -> list[Column]:
    return [
        {"title": _("Person")},
        {"title": _("What"), "wide": True},
        {"title": _("Next step"), "wide": True},
        {"title": _("Found")},
    ]


def finding_row(line: FindingLine) -> dict[str, Any]:
    return {
        "cells": [
            person_cell(line.person),
            {"text": line.message},
            {"text": line.fix},
            {"text": date_format(clock.local_date(line.found_at), "j M Y")},
        ]
    }


def opened_columns(kind: str) -> list[Column]:
    days = _("Days until it was written down") if kind == LATE else _("Days waiting")
    what = _("Visit of") if kind == LATE else _("Measure")
    return [
        {"title": _("Person")},
        {"title": _("Team"), "wide": True},
        {"title": what, "wide": kind != LATE},
        {"title": days, "numeric": True},
    ]


def opened_row(line: Opened) -> dict[str, Any]:
    return {
        "cells": [
            person_cell(line.person),
            {"text": line.team or _("No team")},
            {"text": line.what},
            {"text": line.days},
        ]
    }


def person_cell(person: PersonNamed) -> dict[str, Any]:
    """A name and a way to the record for who may look; for everybody else the code the record system knows."""
    if not person.may_open:
        return {"text": person.code}
    return {"text": person.name, "note": person.code, "url": reverse("person", args=[person.person_id])}


def completeness_columns() -> list[Column]:
    return [
        {"title": _("Team")},
        {"title": _("People with an open episode"), "numeric": True},
        {"title": _("First score within 30 days")},
        {"title": _("A score in the last 60 days")},
    ]


def completeness_row(line: TeamCompleteness) -> dict[str, Any]:
    return {
        "cells": [
            {"text": line.team},
            {"text": f"{line.people:,}"},
            _share_cell(line.first, _("first score within 30 days")),
            _share_cell(line.recent, _("score in the last 60 days")),
        ]
    }


def month_columns(days: tuple[int, ...]) -> list[Column]:
    return [{"title": _("Team")}, {"title": _("Share")}, *({"title": _month(day), "numeric": True} for day in days)]


def month_rows(lines: list[TeamCompleteness]) -> list[list[str]]:
    rows = []
    for line in lines:
        rows.append([line.team, _("first score within 30 days"), *(_said(share) for share in line.first)])
        rows.append([line.team, _("score in the last 60 days"), *(_said(share) for share in line.recent)])
    return rows


def _share_cell(shares: tuple[Share, ...], what: str) -> dict[str, Any]:
    latest, scores = shares[-1], [share.percent for share in shares]
    if latest.percent is None:
        return {"text": _("Nobody to count yet")}
    course = ", ".join("–" if value is None else f"{value}%" for value in scores)
    return {
        "text": f"{latest.percent}%",
        "scores": scores,
        "label": _("%(what)s, month by month: %(course)s") % {"what": what, "course": course},
        "lowest": 0,
        "highest": 100,
        "note": _("%(number)s of %(all)s") % {"number": f"{latest.number:,}", "all": f"{latest.denominator:,}"},
    }


def _said(share: Share) -> str:
    if share.percent is None:
        return "–"
    return _("%(percent)d%% (%(number)s of %(all)s)") % {
        "percent": share.percent,
        "number": amount(share.number),
        "all": amount(share.denominator),
    }


def _month(day: int) -> str:
    return date_format(clock.EPOCH + timedelta(days=day), "M Y")


def lines_found(n: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", n) % {"n": amount(n)}


def found(n: int) -> str:
    return ngettext("%(n)s thing to mend", "%(n)s things to mend", n) % {"n": amount(n)}
