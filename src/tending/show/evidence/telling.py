"""A signal's chain and lists of signals in words: with names and days inside care, with neither outside."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tending.base import clock
from tending.notice.queries import EvidenceRow
from tending.review.evidence_queries import ActionRow
from tending.review.story_queries import StateSeen
from tending.review.templates import case_review_template, decision_rights
from tending.show.evidence import judging, words
from tending.show.evidence.chain import ChainShown
from tending.show.evidence.judging import Chain
from tending.show.evidence.queries import Listed

Row = dict[str, Any]


def told(shown: ChainShown) -> dict[str, Any]:
    signal = shown.chain.signal
    response = shown.chain.response
    return {
        "shown": shown,
        "tags": [
            {"text": words.SEVERITY.get(signal.severity, signal.severity), "severity": words.SHADES[signal.severity]},
            {"text": words.RESPONSE[response], "severity": words.RESPONSE_SHADES[response]},
        ],
        "noticed": _noticed(shown),
        "evidence": [_evidence(row, shown) for row in shown.evidence],
        "review": _review(shown),
        "actions": _actions(shown),
        "followed": _followed(shown.chain),
        "look_back": _look_back(shown),
    }


def _when(at: datetime, shown: ChainShown) -> str:
    """The moment inside care; outside only how long after the signal."""
    if shown.inside:
        return str(date_format(at.astimezone(clock.zone()), "j M Y, H:i"))
    hours = judging.hours_until(shown.chain.signal.noticed_at, at)
    return _("at once") if not hours else ngettext("after %(n)s hour", "after %(n)s hours", hours) % {"n": hours}


def _noticed(shown: ChainShown) -> list[Row]:
    signal = shown.chain.signal
    rows = []
    if shown.inside:
        rows.append({"label": _("Noticed"), "value": _when(signal.noticed_at, shown)})
    else:
        month = date_format(clock.local_date(signal.noticed_at), pgettext("date format", "F Y"))
        rows.append({"label": _("Noticed in"), "value": month})
    deadline = _when(signal.respond_by, shown)
    rows.append({"label": _("To be begun by"), "value": deadline})
    if signal.repeat_of:
        said = _("The trigger was met again within its quiet period; the first signal is being answered.")
        rows.append({"label": _("Repeat"), "value": said})
    return rows


def _evidence(row: EvidenceRow, shown: ChainShown) -> Row:
    what = row.measure or str(words.FRAMES.get(row.frame, row.frame))
    role = capfirst(str(words.ROLES.get(row.role, row.role.lower().replace("_", " "))))
    value = f"{what} {row.said}".strip()
    # The place in a file says nothing about anybody to those who may not open it.
    place = _("its line is not known")
    if row.origin is not None:
        place = _("%(file)s, line %(line)s") % {"file": row.origin.file.name, "line": row.origin.line}
    if not shown.inside:
        return {"label": role, "value": value, "note": place}
    said: Row = {"label": role, "value": f"{value}, {date_format(row.date, 'j M Y')}", "note": place}
    if row.corrected_since:
        said["note"] += f" — {_('the source has corrected it since')}"
    address = reverse("source", args=[shown.person_id, row.frame, row.source_key])
    said["action"] = {"text": _("Where it comes from"), "url": address, "hidden": f"{role} {value} {row.date}"}
    return said


def _review(shown: ChainShown) -> list[Row]:
    if shown.review is None:
        return []
    return [_state(state, state.label, shown) for state in shown.review.states]


def _state(state: StateSeen, what: str, shown: ChainShown) -> Row:
    """Who and why only inside care: reasons are free text and may name people."""
    if not shown.inside:
        return {"label": _when(state.entered_at, shown), "value": what}
    who = _("by %(who)s") % {"who": state.by} if state.by else _("by the clock or a signal")
    owner = _("owner %(owner)s") % {"owner": state.owner}
    note = ", ".join(part for part in (who, owner, state.why if state.by else "") if part)
    return {"label": _when(state.entered_at, shown), "value": what, "note": note}


def _actions(shown: ChainShown) -> list[Row]:
    if shown.review is None:
        return []
    language = get_language() or "en"
    rows = []
    for action in shown.review.actions:
        kind = case_review_template().action_kind(action.kind)
        title = kind.title.in_language(language) if kind else action.kind
        named = f"{title}: {action.what}" if shown.inside and action.what else title
        rows += [_state(state, f"{named} — {state.label}", shown) for state in action.states]
    for decision in shown.review.decisions:
        right = decision_rights().kind(decision.kind)
        title = right.title.in_language(language) if right else decision.kind
        named = f"{title}: {decision.what}" if shown.inside and decision.what else title
        rows += [_state(state, f"{named} — {state.label}", shown) for state in decision.states]
    return rows


def _followed(chain: Chain) -> list[Row]:
    rows = []
    for within, window in chain.windows.items():
        days = {"days": within}
        rows.append({"label": _("Crisis contact, %(days)s days") % days, "value": words.FOLLOWED[window.crisis]})
        rows.append({"label": _("Unplanned stay, %(days)s days") % days, "value": words.FOLLOWED[window.stay]})
        if window.score is not None:
            rows.append({"label": _("The score, %(days)s days") % days, "value": words.SCORED[window.score]})
    return rows


def _look_back(shown: ChainShown) -> str:
    review = shown.review
    if review is None or not review.followed:
        return ""
    return f"{review.followed}. {review.followed_words}" if shown.inside else review.followed


def signal_rows(listed: Iterable[Listed], *, inside: bool) -> list[Row]:
    return [_signal_row(each, inside) for each in listed]


def _signal_row(each: Listed, inside: bool) -> Row:
    chain = each.chain
    signal = chain.signal
    when = date_format(each.noticed, "j M Y") if each.person else date_format(each.noticed, "M Y")
    hours = _("%(n)s h") % {"n": chain.hours} if chain.hours is not None else ""
    window = chain.windows[30]
    severity = words.SHADES.get(signal.severity, "")
    return {
        "severity": severity,
        "cells": [
            {"text": each.reference, "url": reverse("evidence_signal", args=[signal.id]), "note": each.person},
            {"text": each.title, "tags": [{"text": words.SEVERITY.get(signal.severity, ""), "severity": severity}]},
            {"text": when},
            {
                "tags": [{"text": words.RESPONSE[chain.response], "severity": words.RESPONSE_SHADES[chain.response]}],
                "note": hours,
            },
            {"text": words.FOLLOWED[window.crisis]},
        ],
    }


def described(code: str, *, trigger: str, severity: str) -> str:
    """Which figure's records these are, in words."""
    kind, _dash, rest = code.partition("-")
    within, _dash, state = rest.rpartition("-")
    parts = [str(words.PARTS[kind][state])] if kind in words.PARTS and state in words.PARTS[kind] else []
    if within:
        what = words.OUTCOMES[kind]
        parts = [
            _("%(what)s within %(days)s days: %(part)s") % {"what": what, "days": within, "part": parts[0].lower()}
        ]
    if code == "escalated":
        parts = [_("Climbed the ladder")]
    return ", ".join([*parts, *filter(None, (trigger, str(words.SEVERITY.get(severity, severity))))])


def signal_columns() -> list[Row]:
    return [
        {"title": _("Signal")},
        {"title": _("What was noticed")},
        {"title": _("When")},
        {"title": _("Review")},
        {"title": _("Crisis within 30 days"), "wide": True},
    ]


def action_rows(actions: Iterable[ActionRow], *, now: datetime, inside: bool) -> list[Row]:
    language = get_language() or "en"
    rows = []
    for action in actions:
        kind = case_review_template().action_kind(action.kind)
        state = judging.done(action, now=now)
        shade = {"IN_TIME": "good", "LATE": "high", "OVERDUE": "urgent"}.get(state, "")
        due, ended = _moments(action, inside)
        rows.append(
            {
                "severity": "",
                "cells": [
                    {"text": kind.title.in_language(language) if kind else action.kind, "note": f"A-{action.id}"},
                    {"text": due, "note": _("put off %(n)s times") % {"n": action.moved} if action.moved else ""},
                    {"text": ended},
                    {"tags": [{"text": words.DONE[state], "severity": shade}]},
                ],
            }
        )
    return rows


def _moments(action: ActionRow, inside: bool) -> tuple[str, str]:
    """The first deadline and the end; outside care as hours from the moment the action was agreed."""
    if inside:
        due = date_format(action.first_due_at.astimezone(clock.zone()), "j M Y, H:i")
        ended = date_format(action.ended_at.astimezone(clock.zone()), "j M Y, H:i") if action.ended_at else "—"
        return str(due), str(ended)
    due_hours = judging.hours_until(action.assigned_at, action.first_due_at)
    ended_hours = judging.hours_until(action.assigned_at, action.ended_at) if action.ended_at else None
    after = _("after %(n)s hours")
    return after % {"n": due_hours}, after % {"n": ended_hours} if ended_hours is not None else "—"


def action_columns() -> list[Row]:
    return [
        {"title": _("Action")},
        {"title": _("First deadline")},
        {"title": _("Ended")},
        {"title": _("How it stands")},
    ]
