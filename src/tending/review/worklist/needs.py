"""One thing that needs somebody, and where such things come from: reviews, actions, decisions, look-backs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base import clock
from tending.base.access.viewer import Viewer
from tending.notice.person_signals import SignalSeen
from tending.review import clocks
from tending.review.models import ActionState, DecisionState, LookBack, Review, ReviewState
from tending.review.opening import OPEN_STATES
from tending.review.templates import case_review_template, spoken
from tending.review.visibility import may_see_record

MOST = 100  # of one kind; beyond that the list of reviews is the better page
SOON = timedelta(hours=24)
RISK_CONDITION = "risk_answer"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs somebody: why, since when, by when, and the one thing to do."""

    kind: str  # BEGIN, GO_ON, ACT, DECIDE, TOLD, LOOK_BACK
    review_id: int
    person_id: int
    who: str
    team: str
    severity: str
    signals: tuple[SignalSeen, ...]
    what: str
    since: datetime
    due_at: datetime
    url: str
    do: str
    holder: str = ""
    noted: bool = False
    answered: bool = True  # somebody has begun; what was told about a begun or closed review is late, not unanswered

    @property
    def risk(self) -> bool:
        return any(signal.condition == RISK_CONDITION for signal in self.signals)

    @property
    def known_since(self) -> datetime:
        """A review stands since its most severe sign was noticed, whatever happened to it afterwards."""
        if self.kind not in ("BEGIN", "GO_ON") or not self.signals:
            return self.since
        worst = clocks.most_pressing([signal.severity for signal in self.signals])
        return min(signal.noticed_at for signal in self.signals if signal.severity == worst)

    @property
    def unanswered(self) -> bool:
        return self.kind == "BEGIN" or (self.kind == "TOLD" and not self.answered)

    def order(self, now: datetime) -> tuple[int, int, datetime]:
        """Risk to life first, then what is overdue, then what is due within a day, then the rest."""
        if self.noted:
            place = 3
        elif self.unanswered and (self.risk or self.severity == "URGENT"):
            place = 0
        elif self.due_at < now:
            place = 1
        else:
            place = 2 if self.due_at - now <= SOON else 4
        return (place, 0 if self.risk and place == 0 else 1, self.due_at)


def need(review: Review, viewer: Viewer, *, fragment: str = "", **given: Any) -> Need:
    """A need about one review. Somebody without access to records sees its number, never whose it is."""
    url = reverse("review", args=[review.pk])
    named = may_see_record(viewer)
    return Need(
        review_id=review.pk,
        person_id=review.person_id if named else 0,
        who=review.person.name if named else _("Review %(number)d") % {"number": review.pk},
        team=review.team.name if review.team else "",
        signals=(),
        url=f"{url}#{fragment}" if fragment else url,
        **given,
    )


def current_reviews() -> "QuerySet[ReviewState]":
    return ReviewState.objects.filter(left_at__isnull=True)


def reviews(rows: "QuerySet[ReviewState]", viewer: Viewer) -> Iterable[Need]:
    todo = Count(
        "review__actions__states",
        filter=Q(review__actions__states__left_at__isnull=True) & Q(review__actions__states__state="OPEN"),
    )
    rows = rows.filter(state__in=OPEN_STATES).annotate(todo=todo)
    for row in rows.select_related("review__person", "review__team", "owner").order_by("respond_by")[:MOST]:
        begun = row.state != ReviewState.State.OPENED
        yield need(
            row.review,
            viewer,
            kind="GO_ON" if begun else "BEGIN",
            severity=row.severity,
            what=_go_on_words(row) if begun else _("A review to begin"),
            since=row.entered_at,
            due_at=row.close_by if begun else row.respond_by,
            do=_("Go on") if begun else _("Begin"),
            holder=row.owner.name,
        )


def _go_on_words(row: Any) -> str:
    if row.todo:
        return ngettext(
            "Review under way, %(count)d action to do", "Review under way, %(count)d actions to do", row.todo
        ) % {"count": row.todo}
    if row.state == ReviewState.State.ACTING:
        return _("Every action is answered: ready to close?")
    return _("Review under way, no action agreed yet")


def actions(rows: "QuerySet[ActionState]", viewer: Viewer) -> Iterable[Need]:
    template = case_review_template()
    rows = rows.filter(left_at__isnull=True, state=ActionState.State.OPEN).order_by("due_at")
    for row in rows.select_related("action__review__person", "action__review__team", "owner")[:MOST]:
        kind = template.action_kind(row.action.kind)
        yield need(
            row.action.review,
            viewer,
            kind="ACT",
            severity="",
            what=f"{spoken(kind.title)}: {row.action.what}" if kind else row.action.what,
            since=row.action.assigned_at,
            due_at=row.due_at,
            do=_("Say what came of it"),
            fragment=f"action-{row.action_id}",
            holder=row.owner.name,
        )


def decisions(mine: int, viewer: Viewer) -> Iterable[Need]:
    rows = DecisionState.objects.filter(left_at__isnull=True, state=DecisionState.State.PROPOSED, with_staff_id=mine)
    for row in rows.select_related("decision__review__person", "decision__review__team").order_by("due_at")[:MOST]:
        yield need(
            row.decision.review,
            viewer,
            kind="DECIDE",
            severity="",
            what=_("Waits for your decision: %(what)s") % {"what": row.decision.what},
            since=row.decision.proposed_at,
            due_at=row.due_at,
            do=_("Decide"),
            fragment=f"decision-{row.decision_id}",
        )


def look_backs(mine: int, viewer: Viewer, now: datetime) -> Iterable[Need]:
    due = LookBack.objects.filter(at__isnull=True, due_date__lte=clock.local_date(now), review=OuterRef("review"))
    rows = current_reviews().filter(Exists(due), owner_id=mine, state=ReviewState.State.CLOSED)
    for row in rows.select_related("review__person", "review__team", "review__look_back")[:MOST]:
        yield need(
            row.review,
            viewer,
            kind="LOOK_BACK",
            severity="",
            what=_("Closed 30 days ago: what followed?"),
            since=row.entered_at,
            due_at=clocks.end_of_day(row.review.look_back.due_date),
            do=_("Look back"),
            fragment="look-back",
        )
