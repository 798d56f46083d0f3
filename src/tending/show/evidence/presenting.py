"""From the counts to what the components of the page take. What may not be shown is withheld here, in one place."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base.amounts import amount
from tending.show.evidence import disclosure, figures, judging, words
from tending.show.evidence.comparing import comparison, group_table
from tending.show.evidence.figures import Figure
from tending.show.evidence.gathering import Evidence
from tending.show.evidence.judging import WINDOWS, Response
from tending.show.evidence.pictures import hours_chart
from tending.show.evidence.queries import Question, Shown


def context(shown: Shown, question: Question) -> dict[str, Any]:
    evidence = shown.evidence
    page = _Page(question, inside=shown.inside)
    reviewed = figures.reviewed(evidence.chains)
    return {
        "inside": shown.inside,
        "signals": len(evidence.chains),
        "lede": _lede(evidence, page),
        "noticed": _noticed(evidence, page),
        "reviewed": page.figure(reviewed, title=_("Reviewed in time"), **_reviewed_words(reviewed)),
        "overdue": _overdue(reviewed, page),
        "hours": _hours(evidence, page),
        "actions": _actions(evidence, page),
        "followed": [_followed(evidence, page, within) for within in WINDOWS],
        "by_trigger": group_table(evidence, page, by="trigger"),
        "by_severity": group_table(evidence, page, by="severity"),
        "comparisons": [comparison(evidence, within, inside=shown.inside) for within in WINDOWS],
        "definitions": [{"label": str(label), "value": str(said)} for label, said in words.DEFINITIONS],
    }


class _Page:
    """The question and who asks: how a count is written, and where its records are."""

    def __init__(self, question: Question, *, inside: bool) -> None:
        self.question, self.inside = question, inside

    def address(self, code: str, *, name: str = "evidence_signals", **more: str) -> str:
        asked = {"team": self.question.team_id or "", "from": self.question.first, "to": self.question.last}
        return f"{reverse(name)}?{urlencode({**asked, 'show': code, **more})}"

    def shown(self, parts: Mapping[str, int]) -> dict[str, int | None]:
        return dict(parts) if self.inside else disclosure.protected(parts)

    def figure(self, figure: Figure, *, title: str, note: str, completeness: str) -> dict[str, Any]:
        """The figure as a row, and all its parts with the way to their records."""
        visible = self.shown({part.code: part.number for part in figure.parts})
        counted = figure.parts[0].code
        name = "evidence_actions" if figure.code == "actions" else "evidence_signals"
        parts = [self._part(code, number, title, name) for code, number in visible.items()]
        told = "" if None in visible.values() else completeness
        row: dict[str, Any] = {"title": title, "note": note, "parts": parts, "completeness": told}
        rest = {"counted": figure.counted, "rest": figure.judged - figure.counted}
        if not figure.judged:
            return {**row, "suppressed": _("No verdict yet")}
        if visible[counted] is None or None in self.shown(rest).values():
            return {**row, "suppressed": _("Withheld: few records")}
        number = {"number": figure.counted, "denominator": figure.judged, "percent": figure.percent}
        return {**row, **number, "url": self.address(counted, name=name)}

    def _part(self, code: str, number: int | None, title: str, name: str) -> dict[str, Any]:
        kind, _dash, state = code.partition("-")
        label = str(words.PARTS[kind][state.rpartition("-")[2]])
        if number is None:
            return {"label": label, "value": _("withheld")}
        row: dict[str, Any] = {"label": label, "value": amount(number)}
        if number:
            hidden = f"{title}: {label}"
            row["action"] = {"text": _("Open the records"), "url": self.address(code, name=name), "hidden": hidden}
        return row


def _lede(evidence: Evidence, page: _Page) -> str:
    n = len(evidence.chains)
    days = {"first": date_format(evidence.asked.first, "j M Y"), "last": date_format(evidence.asked.last, "j M Y")}
    said = {**days, "n": amount(n)}
    if not page.inside and n < disclosure.MINIMUM:
        return _("From %(first)s to %(last)s fewer than 11 signals were noticed.") % said
    text = ngettext(
        "From %(first)s to %(last)s %(n)s signal was noticed.",
        "From %(first)s to %(last)s %(n)s signals were noticed.",
        len(evidence.chains),
    )
    return text % said


def _noticed(evidence: Evidence, page: _Page) -> list[dict[str, Any]]:
    people = len({chain.signal.person_id for chain in evidence.chains})
    climbed = sum(1 for chain in evidence.chains if chain.escalations)
    rows = [
        (_("Signals noticed"), len(evidence.chains), page.address("all"), ""),
        (_("People they are about"), people, "", ""),
        (
            _("Met again within the quiet period"),
            len(evidence.repeats),
            "",
            _("repeats: no new review, but seen beside the first"),
        ),
        (
            _("Climbed the ladder"),
            climbed,
            page.address("escalated"),
            _("a deadline passed and somebody else was told"),
        ),
    ]
    return [_plain_row(*row, page=page) for row in rows]


def _plain_row(label: str, number: int, url: str, note: str, *, page: _Page) -> dict[str, Any]:
    small = not page.inside and 0 < number < disclosure.MINIMUM
    row: dict[str, Any] = {"label": label, "value": _("withheld") if small else amount(number), "note": note}
    if url and number and not small:
        row["action"] = {"text": _("Open the records"), "url": url, "hidden": label}
    return row


def _reviewed_words(figure: Figure) -> dict[str, str]:
    said = {"judged": amount(figure.judged), "whole": amount(figure.whole)}
    return {
        "note": _("Signals whose review was begun at the deadline or before"),
        "completeness": _("%(judged)s of %(whole)s clocks have stopped or run out.") % said,
    }


def _overdue(figure: Figure, page: _Page) -> dict[str, Any] | None:
    number = figure.part(f"response-{Response.OVERDUE}")
    if not number or not page.inside:
        return None
    text = ngettext(
        "%(n)s signal waits for a review whose deadline has passed.",
        "%(n)s signals wait for a review whose deadline has passed.",
        number,
    )
    action = {"text": _("Open the overdue signals"), "url": page.address(f"response-{Response.OVERDUE}")}
    return {"text": text % {"n": amount(number)}, "action": action}


def _hours(evidence: Evidence, page: _Page) -> dict[str, Any]:
    counts = figures.hours(evidence.chains)
    begun = sum(counts.values())
    if not begun or (not page.inside and begun < disclosure.MINIMUM):
        return {}
    joined = sum(1 for chain in evidence.chains if chain.answer and chain.answer.joined)
    said = {
        "half": judging.share_within(counts, 0.5),
        "most": judging.share_within(counts, 0.8),
        "n": amount(begun),
        "joined": amount(joined),
    }
    finding = _("Of %(n)s reviews begun, half began within %(half)s hours and four in five within %(most)s.") % said
    if joined and page.inside:
        finding += " " + _("%(joined)s more signals joined a review already under way.") % said
    return {"finding": finding, **hours_chart(evidence, inside=page.inside)}


def _actions(evidence: Evidence, page: _Page) -> dict[str, Any]:
    figure = figures.actions_done(evidence.actions, now=evidence.asked.now)
    begun = {chain.answer.review_id for chain in evidence.chains if chain.answer and chain.answer.begun_at}
    acted = {action.review_id for action in evidence.actions}
    moved = sum(1 for action in evidence.actions if action.moved)
    said = {"acted": amount(len(begun & acted)), "begun": amount(len(begun)), "moved": amount(moved)}
    complete = _("%(acted)s of %(begun)s reviews begun have an action; %(moved)s deadlines were put off.") % said
    return page.figure(
        figure,
        title=_("Actions done in time"),
        note=_("Actions agreed in these reviews, by the deadline first agreed"),
        completeness=complete if page.inside else "",
    )


def _followed(evidence: Evidence, page: _Page, within: int) -> dict[str, Any]:
    days = {"days": within}
    crisis = figures.followed(evidence.chains, what="crisis", within=within)
    stay = figures.followed(evidence.chains, what="stay", within=within)
    better = figures.scored(evidence.chains, within=within)
    until = evidence.crises_until
    reach = _("The record holds crises up to %(day)s.") % {"day": date_format(until, "j M Y")} if until else ""
    complete = f"{_over(crisis)} {reach}".strip()
    return {
        "title": _("What followed within %(days)s days") % days,
        "rows": [
            page.figure(
                crisis,
                title=_("Crisis contact within %(days)s days") % days,
                note=_("Signals followed by at least one crisis contact"),
                completeness=complete,
            ),
            page.figure(
                stay,
                title=_("Unplanned stay within %(days)s days") % days,
                note=_("Signals followed by at least one unplanned stay"),
                completeness=_over(stay),
            ),
            page.figure(
                better,
                title=_("Score better within %(days)s days") % days,
                note=_(
                    "Signals raised by a score, where that measure then became better by more than chance explains"
                ),
                completeness=_measured(better),
            ),
        ],
    }


def _over(figure: Figure) -> str:
    still_open = figure.parts[-1].number
    if still_open == figure.whole:
        return _("No window is over yet.")
    left = figure.parts[-2].number
    said = {"over": amount(figure.whole - still_open), "whole": amount(figure.whole), "left": amount(left)}
    return _("%(over)s of %(whole)s windows are over; in %(left)s the person left our care before.") % said


def _measured(figure: Figure) -> str:
    over = figure.whole - figure.parts[-1].number
    said = {"judged": amount(figure.judged), "over": amount(over)}
    if not over:
        return _("No window is over yet.") if figure.whole else _("No signal of the period rests on a score.")
    return _("Measured again in %(judged)s of %(over)s windows that are over.") % said
