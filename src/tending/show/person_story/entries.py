"""From rows of the record to lines of the timeline: the words of each kind of fact."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tending.keep.timeline_queries import Happening
from tending.measure.queries import Point, Series
from tending.measure.words import number
from tending.show.person_story import words
from tending.show.person_story.timeline import Entry

Words = Mapping[str, Any]


def of_record(rows: Iterable[Happening], *, person_id: int) -> list[Entry]:
    """One entry a row; a goal that was reached or set aside has one more, the day that happened."""
    rows = list(rows)
    goals = {row.key: row.words for row in rows if row.frame == "goals"}
    made = []
    for row in rows:
        url = source_address(person_id, row.frame, row.key)
        fields = {"day": row.day, "at": row.at, "by": row.staff, "url": url, "hidden": _hidden(row.day, row.key)}
        made.append(Entry(**{**fields, **_SAID[row.frame](row, goals)}))
        if row.frame == "goals" and row.until and row.state != "ACTIVE":
            made.append(_goal_closed(row, row.until, url))
    return made


def _goal_closed(row: Happening, day: date, url: str) -> Entry:
    return Entry(
        group="goals",
        day=day,
        kind=_("Goal"),
        title=_said(words.GOAL_STATES, row.state),
        text=f"“{row.words}”",
        severity="good" if row.state == "ACHIEVED" else "",
        url=url,
        hidden=_hidden(day, row.key),
    )


def of_scores(series: Iterable[Series], *, person_id: int) -> list[Entry]:
    return [_score(each, point, person_id) for each in series for point in each.points]


def _score(series: Series, point: Point, person_id: int) -> Entry:
    key = f"{series.measure}|{point.source_key}"
    if point.value is None:
        title = _("%(measure)s: no score") % {"measure": series.measure}
        text = _said(words.MISSING, point.missing_reason)
    else:
        title = f"{series.measure}: {number(point.value)}"
        text = point.band
    return Entry(
        group="scores",
        day=point.date,
        at=point.answered_at,
        kind=_("Score"),
        title=title,
        text=text,
        url=source_address(person_id, "scores", point.source_key),
        hidden=_hidden(point.date, key),
    )


def source_address(person_id: int, frame: str, key: str) -> str:
    """The page behind one fact; put together by hand, because a long story has thousands of them."""
    return f"{_story(person_id)}source/{frame}/{quote(key)}/"


@lru_cache(maxsize=64)
def _story(person_id: int) -> str:
    return reverse("person", args=[person_id])


def _said(table: Words, code: str) -> str:
    return str(table.get(code, code))


def _hidden(day: Any, key: str) -> str:
    return f", {date_format(day, 'j M Y')} ({key.rsplit(':', 1)[-1]})"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _contact(row: Happening, _goals: Words) -> dict[str, Any]:
    kind = _said(words.CONTACT_KINDS, row.kind)
    how = _said(words.MEDIA, row.words)
    missed = row.state == "NO_SHOW"
    tag = "" if row.state == "ATTENDED" else _said(words.CONTACT_STATES, row.state)
    return {
        "group": "missed" if missed else "visits",
        "kind": _("Visit"),
        "title": f"{kind}, {how}" if how else kind,
        "tag": tag,
        "severity": "high" if missed else "",
    }


def _crisis(row: Happening, _goals: Words) -> dict[str, Any]:
    return {
        "group": "crises",
        "kind": _("Crisis"),
        "title": _said(words.CRISIS_KINDS, row.kind),
        "text": _joined(row.place, row.words),
        "severity": "urgent",
    }


def _stay(row: Happening, _goals: Words) -> dict[str, Any]:
    if row.until:
        left = date_format(row.until, "j M Y")
        end = _("until %(day)s, %(where)s") % {"day": left, "where": _said(words.DESTINATIONS, row.state)}
        text = _joined(row.place, end.rstrip(", "))
    else:
        text = _joined(row.place, _("not yet discharged"))
    title = _said(words.STAY_KINDS, row.kind)
    return {"group": "crises", "kind": _("Stay"), "title": title, "text": text, "severity": "high"}


def _housing(row: Happening, _goals: Words) -> dict[str, Any]:
    return {
        "group": "living",
        "kind": _("Housing"),
        "title": _said(words.HOUSING, row.state),
        "severity": "high" if row.state in words.UNSETTLED else "",
    }


def _goal(row: Happening, _goals: Words) -> dict[str, Any]:
    title = _("Goal in the person's own words")
    return {"group": "goals", "kind": _("Goal"), "title": title, "text": f"“{row.words}”"}


def _rating(row: Happening, goals: Words) -> dict[str, Any]:
    said = goals.get(row.about, "")
    return {
        "group": "goals",
        "kind": _("Goal rating"),
        "title": _("%(rating)s of 10") % {"rating": row.value},
        "text": f"“{said}”" if said else "",
        "by": _said(words.RATED_BY, row.state),
    }


def _plan(row: Happening, _goals: Words) -> dict[str, Any]:
    return {"group": "plan", "kind": _("Care plan"), "title": _said(words.PLAN_KINDS, row.kind)}


def _episode(row: Happening, _goals: Words) -> dict[str, Any]:
    text = ""
    if row.until:
        ended = {"day": date_format(row.until, "j M Y"), "why": _said(words.EPISODE_ENDS, row.state)}
        text = _("Ended %(day)s: %(why)s") % ended
    return {"group": "plan", "kind": _("Care"), "title": _("Support began"), "text": text, "by": row.place}


def _referral(row: Happening, _goals: Words) -> dict[str, Any]:
    text = _joined(row.place, _said(words.REFERRAL_STATES, row.state))
    return {"group": "plan", "kind": _("Referral"), "title": _("Referred to us"), "text": text}


def _diagnosis(row: Happening, _goals: Words) -> dict[str, Any]:
    return {"group": "plan", "kind": _("Diagnosis"), "title": row.words or row.state, "text": _joined(row.state)}


def _consent(row: Happening, _goals: Words) -> dict[str, Any]:
    title = _("Consent: %(what)s") % {"what": _said(words.CONSENTS, row.kind)}
    return {"group": "plan", "kind": _("Consent"), "title": title}


_SAID: Mapping[str, Callable[[Happening, Words], dict[str, Any]]] = {
    "contacts": _contact,
    "crisis": _crisis,
    "stays": _stay,
    "housing": _housing,
    "goals": _goal,
    "goal_ratings": _rating,
    "care_plan_events": _plan,
    "episodes": _episode,
    "referrals": _referral,
    "diagnoses": _diagnosis,
    "consents": _consent,
}
