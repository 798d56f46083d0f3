"""From the story to what the components of the page take."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.permissions import may
from tending.base.access.viewer import Viewer
from tending.base.audit.queries import Look
from tending.base.retold import retold
from tending.measure.words import number
from tending.show.charts.images import Drawing
from tending.show.charts.look import VARIANTS
from tending.show.person_story import answering, measures, words
from tending.show.person_story.answering import link
from tending.show.person_story.pictures import addresses
from tending.show.person_story.queries import GoalShown, MeasureShown, Story
from tending.show.person_story.source import ScoreMade, Source
from tending.show.person_story.timeline import GROUPS

LOOKS = 8


def context(story: Story, *, viewer: Viewer, show: str) -> dict[str, Any]:
    return {
        "story": story,
        "crumbs": [{"title": _("Caseload"), "url": link("caseload") or "/"}, {"title": story.who.name}],
        "header": _header(story, viewer),
        "figures": [_figure(each, story.who.id) for each in story.measures],
        "tabs": _tabs(story, show),
        "show": show,
        "shown": str(GROUPS[show]) if show else "",
        "goals": [_goal(goal) for goal in story.goals],
        "consents": [_consent(each) for each in story.consents],
        "looks": _looks(story.looks),
    }


def _header(story: Story, viewer: Viewer) -> dict[str, Any]:
    who = story.who
    place = ", ".join(who.teams) or _("no team now")
    since = _("since %(day)s") % {"day": _day(who.since)} if who.since else ""
    return {
        "name": who.name,
        "caption": " · ".join(part for part in (who.code, place, since) if part),
        "tags": [{"text": s.title, "severity": words.SEVERITIES.get(s.severity, "")} for s in _once(story)],
        "actions": _actions(story, viewer),
        "facts": [
            {"label": _("Primary practitioner"), "value": who.primary or _("nobody named")},
            {"label": _("Also supporting"), "value": ", ".join(who.others) or _("nobody else named")},
            {"label": _("Next visit"), "value": _instant(story.next_visit) if story.next_visit else _("none booked")},
            {"label": _("Last visit"), "value": _day(story.last_visit) if story.last_visit else _("none yet")},
            {"label": _("Born"), "value": _day(who.birth_date) if who.birth_date else _("not known")},
        ],
    }


def _once(story: Story) -> list[Any]:
    """Each trigger once, however often it was met."""
    return list({signal.trigger: signal for signal in reversed(story.open_signals)}.values())[::-1]


def _actions(story: Story, viewer: Viewer) -> list[dict[str, str]]:
    wanted = []
    if story.open_review and (url := link("review", story.open_review)):
        wanted.append({"text": _("Open the review"), "url": url, "kind": "primary"})
    if may(viewer, "ask_measure") and (url := link("ask", story.who.id)):
        wanted.append({"text": _("Ask a measure"), "url": url, "kind": "secondary"})
    return wanted


def _figure(shown: MeasureShown, person_id: int) -> dict[str, Any]:
    drawing: Drawing | None = shown.drawing
    return {
        "title": shown.title,
        "finding": shown.finding,
        "completeness": shown.completeness,
        "pictures": addresses(drawing, person_id=person_id, measure=shown.measure) if drawing else {},
        "width": VARIANTS["wide"].width,
        "columns": measures.columns(),
        "rows": shown.rows,
    }


def _tabs(story: Story, show: str) -> list[dict[str, Any]]:
    address = reverse("person", args=[story.who.id])
    total = sum(story.timeline.counts.values())
    tabs = [{"title": _("Everything"), "url": f"{address}#timeline", "current": not show, "count": total}]
    for group, title in GROUPS.items():
        if story.timeline.counts[group] or group == show:
            url = f"{address}?show={group}#timeline"
            tabs.append({"title": title, "url": url, "current": group == show, "count": story.timeline.counts[group]})
    return tabs


def _goal(goal: GoalShown) -> dict[str, Any]:
    own = [(day, rating) for day, rating, by in goal.ratings if by == "PERSON"] or [r[:2] for r in goal.ratings]
    note = ""
    if own:
        said = {"first": own[0][1], "last": own[-1][1], "day": _day(own[-1][0])}
        note = _("Rated %(last)s of 10 on %(day)s") % said
        if len(own) > 1:
            note = _("Rated %(first)s of 10 at first, %(last)s on %(day)s") % said
    return {
        "words": goal.words,
        "state": str(words.GOAL_STATES.get(goal.state, goal.state)),
        "severity": "good" if goal.state == "ACHIEVED" else "",
        "stated": goal.stated,
        "note": note or _("Not rated yet"),
        "scores": [rating for _day_, rating in own],
    }


def _consent(consent: Any) -> dict[str, Any]:
    until = _("until %(day)s") % {"day": _day(consent.until)} if consent.until else _("until taken back")
    note = _("Given %(day)s") % {"day": _day(consent.given)}
    return {
        "label": str(words.CONSENTS.get(consent.kind, consent.kind)),
        "value": _("In force") if consent.live else _("Ended"),
        "tag": "good" if consent.live else "neutral",
        "note": f"{note}, {until}",
    }


def _day(day: Any) -> str:
    return str(date_format(day, "j M Y"))


def _instant(at: datetime) -> str:
    return str(date_format(at.astimezone(clock.zone()), "j M Y, H:i"))


def _looks(looks: Iterable[Look]) -> list[dict[str, Any]]:
    """Who looked on which day, each once: somebody at work opens the same page many times."""
    once: dict[tuple[str, Any], Look] = {}
    for look in looks:
        once.setdefault((look.who, clock.local_date(look.at)), look)
    return [{"at": look.at, "title": look.who, "text": retold(look.what)} for look in list(once.values())[:LOOKS]]


def source_context(source: Source) -> dict[str, Any]:
    person = {"title": source.name, "url": reverse("person", args=[source.person_id])}
    return {
        "source": source,
        "crumbs": [{"title": _("Caseload"), "url": link("caseload") or "/"}, person, {"title": source.what}],
        "scores": [_score_made(each) for each in source.scores],
        "signals": answering.of_signals(source.signals),
    }


def _score_made(made: ScoreMade) -> dict[str, Any]:
    point = made.point
    said = {"version": point.instrument_version, "at": _instant(point.scored_at)}
    note = _("Scored with version %(version)s of the definition, on %(at)s.") % said
    if point.superseded_at:
        note = f"{note} {_('It no longer counts:')} {point.superseded_why}"
    value = number(point.value) if point.value is not None else str(words.MISSING.get(point.missing_reason, ""))
    return {"label": made.measure, "value": f"{value} ({point.band})" if point.band else value, "note": note}
