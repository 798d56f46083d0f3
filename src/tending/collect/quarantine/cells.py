"""How quarantined rows are said on a page."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tending.base import clock
from tending.collect.quarantine.queries import Row


def columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Line"), "numeric": True},
        {"title": _("What is wrong"), "wide": True},
        {"title": _("Waits for")},
        {"title": _("Since")},
        {"title": _("Open"), "hidden": True},
    ]


def row(held: Row) -> dict[str, Any]:
    url = reverse("quarantine_row", args=[held.quarantined_id])
    return {
        "cells": [
            {"text": held.line},
            {"text": held.message},
            {"text": held.reference},
            {"text": _day(held.quarantined_at)},
            {"action": {"text": _("See the row"), "hidden": _("on line %d") % held.line, "url": url}},
        ]
    }


def facts(held: Row) -> list[dict[str, Any]]:
    state = _("Waiting in quarantine since %s") % _day(held.quarantined_at)
    if held.resolved_at and held.resolution == "REPLAYED":
        state = _("Understood on %s, and in the record") % _day(held.resolved_at)
    elif held.resolved_at:
        words = {"day": _day(held.resolved_at), "who": held.resolved_by}
        state = _("Set aside on %(day)s by %(who)s") % words
    found: list[dict[str, Any]] = [
        {"label": _("What to do"), "value": held.fix},
        {"label": _("Column"), "value": held.field or _("the whole row")},
        {"label": _("From"), "value": held.source},
    ]
    if held.reference:
        found.append({"label": _("Waits for"), "value": held.reference})
    reason = "" if held.resolution == "REPLAYED" else held.resolution
    return [*found, {"label": _("State"), "value": state, "note": reason}]


def crumbs(file: str, group_url: str = "", line: int | None = None) -> list[dict[str, str]]:
    found = [
        {"title": _("Data quality"), "url": reverse("data_quality")},
        {"title": _("Quarantine: %s") % file, "url": group_url},
    ]
    return found if line is None else [*found, {"title": _("Line %d") % line, "url": ""}]


def _day(instant: Any) -> str:
    return date_format(clock.local_date(instant), "j M Y")
