"""How a person stands, in the words of one row of the caseload."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tending.base import clock
from tending.measure.queries import StandingNow
from tending.review.worklist import cells
from tending.review.worklist.caseload import CaseloadRow

# The classes of outcomestats.change, as one word a tired reader takes in.
CHANGE_WORDS: dict[str, tuple[Callable[[], str], str]] = {
    "RELIABLE_DETERIORATION": (lambda: pgettext("change of a score", "worse"), "high"),
    "RELIABLE_IMPROVEMENT": (lambda: pgettext("change of a score", "better"), "good"),
    "RECOVERY": (lambda: pgettext("change of a score", "recovered"), "good"),
    "NO_RELIABLE_CHANGE": (lambda: pgettext("change of a score", "about the same"), ""),
}


def columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Person")},
        {"title": _("Why now")},
        {"title": _("Trend")},
        {"title": _("Latest"), "numeric": True},
        {"title": _("Since the start")},
        {"title": _("Last seen")},
        {"title": _("Next visit")},
        {"title": _("Next step"), "hidden": True},
    ]


def row(each: CaseloadRow) -> dict[str, Any]:
    url = cells.person_url(each.person_id)
    return {
        "severity": cells.SEVERITY[each.review.severity] if each.review else "",
        "cells": [
            {"text": each.name, "url": url, "note": each.code if each.code != each.name else ""},
            {"tags": cells.tags(each.review.signals)} if each.review else {"note": ""},
            trend(each),
            latest(each.measure),
            change(each.measure),
            {"text": _day(each.visits.last_attended) or _("not yet")},
            next_visit(each),
            {"action": action(each, url)},
        ],
    }


def trend(each: CaseloadRow) -> dict[str, Any]:
    measure = each.measure
    if measure is None:
        return {"note": _("No score yet")}
    scores = [value for _day_number, value in measure.recent]
    label = _("%(measure)s of %(name)s: %(n)d scores, last %(last)s") % {
        "measure": measure.measure,
        "name": each.name,
        "n": measure.n_scores,
        "last": number(measure.last_value),
    }
    drawn = {"scores": scores, "label": label, "lowest": measure.lowest, "highest": measure.highest}
    return {**drawn, "reference": measure.cutoff, "note": measure.measure}


def latest(measure: StandingNow | None) -> dict[str, Any]:
    if measure is None:
        return {"text": "–"}
    return {"text": number(measure.last_value), "note": _day(measure.last_date)}


def change(measure: StandingNow | None) -> dict[str, Any]:
    """Plus or minus as the numbers go, and the word that says what it means for the person."""
    if measure is None or measure.n_scores < 2:
        return {"note": _("One score so far") if measure else ""}
    points = measure.last_value - measure.first_value
    words, severity = CHANGE_WORDS.get(measure.since_first, (str, ""))
    sign = "" if round(points, 1) == 0 else "+" if points > 0 else "−"
    text = f"{sign}{abs(round(points, 1)):g} {words()}".strip()
    return {"tags": [{"text": text, "severity": severity}]} if severity else {"text": text}


def next_visit(each: CaseloadRow) -> dict[str, Any]:
    at = each.visits.next_booked
    due = _("Due: %(measures)s") % {"measures": unbroken(each.due)} if each.due else ""
    return {"text": _day(clock.local_date(at)) if at else _("none booked"), "note": due}


def action(each: CaseloadRow, url: str | None) -> dict[str, str] | None:
    if each.review:
        text = _("Begin") if each.review.state == "OPENED" else _("Go on")
        hidden = _("the review of %(name)s") % {"name": each.name}
        return {"text": text, "url": reverse("review", args=[each.review.review_id]), "hidden": hidden}
    return (
        {"text": _("Look"), "url": url, "hidden": _("at the record of %(name)s") % {"name": each.name}}
        if url
        else None
    )


def unbroken(measures: Sequence[str]) -> str:
    """PHQ-9 stays on one line: its hyphen is one that does not break."""
    return ", ".join(measures).replace("-", "\u2011")


def number(value: float) -> str:
    return f"{round(value, 2):g}"


def _day(day: Any) -> str:
    return _said(day, clock.today().year, get_language()) if day else ""


@lru_cache(maxsize=4096)  # a page says some seventy days, most of them again on the next one
def _said(day: date, this_year: int, language: str) -> str:
    return date_format(day, "j M Y" if day.year != this_year else "j M")
