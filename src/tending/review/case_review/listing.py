"""Which reviews are there, and how do they stand? Those still open by their clock, then the closed ones."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tending.base import clock
from tending.base.access.viewer import Viewer
from tending.base.design.deadline import span
from tending.notice import person_signals
from tending.notice.person_signals import SignalSeen
from tending.review import clocks
from tending.review.models import ReviewSignal, ReviewState
from tending.review.opening import OPEN_STATES
from tending.review.visibility import may_see_record, reviews_visible

PAGE_SIZE = 25
OPEN, MINE, LATE, LOOK_BACK, CLOSED = "open", "mine", "late", "look-back", "closed"
SHOW = [
    (OPEN, pgettext_lazy("reviews", "Open")),
    (MINE, gettext_lazy("Open, mine")),
    (LATE, gettext_lazy("Late")),
    (LOOK_BACK, gettext_lazy("Closed, look-back to come")),
    (CLOSED, gettext_lazy("Looked back")),
]
SEVERITY = {"URGENT": "urgent", "HIGH": "high", "ROUTINE": "routine"}
RANKED = Case(
    *(When(severity=name, then=Value(rank)) for name, rank in clocks.RANK.items()), output_field=IntegerField()
)


class ListFilters(forms.Form):
    show = forms.ChoiceField(label=gettext_lazy("Show"), choices=SHOW, required=False)

    def filters(self) -> str:
        return (self.cleaned_data.get("show") if self.is_valid() else "") or OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    page: "Page[ReviewState]"


def reviews(*, viewer: Viewer, filters: str, number: int | str, now: datetime) -> Listed:
    """One page, five queries: a review and its people are never read one by one."""
    rows = _rows(viewer, filters, now).select_related("review__person", "review__team", "owner", "review__look_back")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    signals = _signals([row.review_id for row in page.object_list])
    named = may_see_record(viewer)
    return Listed(_columns(), [_row(row, signals[row.review_id], named, now) for row in page.object_list], page)


def _rows(viewer: Viewer, filters: str, now: datetime) -> "QuerySet[ReviewState]":
    rows = ReviewState.objects.filter(left_at__isnull=True, review__in=reviews_visible(viewer).values("pk"))
    if filters == LOOK_BACK:
        return rows.filter(state=ReviewState.State.CLOSED).order_by("review__look_back__due_date", "pk")
    if filters == CLOSED:
        return rows.filter(state=ReviewState.State.LOOKED_BACK).order_by("-entered_at", "-pk")
    rows = rows.filter(state__in=OPEN_STATES).order_by(RANKED.desc(), "respond_by", "pk")
    if filters == MINE:
        return rows.filter(owner_id=viewer.staff_id or 0)
    if filters == LATE:
        begun = rows.exclude(state=ReviewState.State.OPENED).filter(close_by__lt=now)
        return begun | rows.filter(state=ReviewState.State.OPENED, respond_by__lt=now)
    return rows


def _signals(review_ids: list[int]) -> dict[int, list[SignalSeen]]:
    joined = list(ReviewSignal.objects.filter(review_id__in=review_ids).order_by("pk"))
    seen = person_signals.signals(ids=[row.signal_id for row in joined])
    found: dict[int, list[SignalSeen]] = defaultdict(list)
    for row in joined:
        if row.signal_id in seen:
            found[row.review_id].append(seen[row.signal_id])
    return found


def _columns() -> list[dict[str, Any]]:
    titles = (_("Who"), _("Why"), _("State"), _("Owner"))
    return [
        *({"title": title} for title in titles),
        {"title": _("Opened"), "nowrap": True},
        {"title": _("By when")},
        {"title": _("Next step"), "hidden": True},
    ]


def _row(row: ReviewState, signals: list[SignalSeen], named: bool, now: datetime) -> dict[str, Any]:
    review = row.review
    who = review.person.name if named else _("Review %(number)d") % {"number": review.pk}
    titles = dict.fromkeys(signal.title for signal in signals) if named else {}
    opened = date_format(review.opened_at.astimezone(clock.zone()), "j M Y")
    ago = _("%(span)s ago") % {"span": span(now - review.opened_at)}
    action = {"text": _("Open"), "url": reverse("review", args=[review.pk]), "hidden": f"{who}, {opened}"}
    return {
        "severity": SEVERITY[row.severity] if row.state in OPEN_STATES else "",
        "cells": [
            {"text": who, "note": review.team.name if review.team else ""},
            {"tags": [{"text": title, "severity": ""} for title in titles]},
            {"text": row.get_state_display()},
            {"text": row.owner.name},
            {"text": opened, "note": ago},
            _when(row, now),
            {"action": action},
        ],
    }


def _when(row: ReviewState, now: datetime) -> dict[str, Any]:
    if row.state == ReviewState.State.OPENED:
        return {"due_at": row.respond_by, "as_of": now, "note": _("to begin")}
    if row.state in OPEN_STATES:
        return {"due_at": row.close_by, "as_of": now, "note": _("to close")}
    look_back = getattr(row.review, "look_back", None)
    if look_back is None:
        return {"text": ""}
    if look_back.at is None:
        return {"due_at": clocks.end_of_day(look_back.due_date), "as_of": now, "note": _("to look back")}
    return {"text": look_back.get_followed_display()}
