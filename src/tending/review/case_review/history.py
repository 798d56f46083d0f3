"""Everything that happened in a review, in order: every row of every state, with who, when and why."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tending.notice import person_signals
from tending.review import reasons
from tending.review.case_review.queries import name_of
from tending.review.models import ActionState, DecisionState, Escalation, ParticipantState, ReviewState, StateRow
from tending.review.seats import seat_words

TOLD = {
    "RESPONSE": lambda: _("nobody had begun in time"),
    "CLOSE": lambda: _("the review was open past its day"),
    "ACTION": lambda: _("an action was past its deadline"),
    "DECISION": lambda: _("a decision was past its day"),
    "LOOK_BACK": lambda: _("nobody had looked back in time"),
}


def history(*, review_id: int, with_words: bool) -> list[dict[str, Any]]:
    """For the timeline component, the latest first: six queries. Without words for who may not see the record."""
    rows = [*_reviews(review_id), *_parts(review_id, with_words), *_told(review_id)]
    titles = person_signals.trigger_titles() if with_words else {}
    entries = [entry for _at, _place, entry in sorted(rows, key=lambda row: row[:2], reverse=True)]
    return [{**entry, "text": _said(entry["text"], titles, with_words)} for entry in entries]


def _said(why: str, titles: dict[str, str], with_words: bool) -> str:
    """Reasons are about the person: who may not see the record reads that there is one, not which."""
    if with_words or not why:
        return reasons.in_words(why, titles)
    return _("With a reason")


Row = tuple[datetime, int, dict[str, Any]]


def _reviews(review_id: int) -> Iterator[Row]:
    rows = ReviewState.objects.filter(review_id=review_id).select_related("owner", "by__staff").order_by("pk")
    before: ReviewState | None = None
    for row in rows:
        title = _("Review: %(state)s") % {"state": row.get_state_display()}
        if before is None or before.owner_id != row.owner_id:
            title = _("%(title)s, owned by %(owner)s") % {"title": title, "owner": row.owner.name}
        yield _entry(row, title)
        before = row


def _parts(review_id: int, with_words: bool) -> Iterator[Row]:
    actions = ActionState.objects.filter(action__review_id=review_id).select_related("action", "owner", "by__staff")
    for action in actions:
        what = action.action.what if with_words else _("action %(n)d") % {"n": action.action_id}
        said = {"what": what, "state": action.get_state_display(), "owner": action.owner.name}
        yield _entry(action, _("%(what)s: %(state)s, %(owner)s") % said)
    decisions = DecisionState.objects.filter(decision__review_id=review_id).select_related("decision", "by__staff")
    for decision in decisions:
        what = decision.decision.what if with_words else _("decision %(n)d") % {"n": decision.decision_id}
        yield _entry(decision, f"{what}: {decision.get_state_display()}")
    seats = ParticipantState.objects.filter(participant__review_id=review_id, by__isnull=False)
    for seat in seats.select_related("participant", "staff", "by__staff"):
        who = seat.staff.name if seat.staff else seat_words(seat.participant.role)
        yield _entry(seat, f"{who}: {seat.get_state_display()}")


def _entry(row: StateRow, title: str) -> Row:
    by = name_of(row.by) or _("by the clock")
    return (row.entered_at, row.pk, {"at": row.entered_at, "title": title, "text": row.why, "by": by})


def _told(review_id: int) -> Iterator[Row]:
    for step in Escalation.objects.filter(review_id=review_id).select_related("to"):
        why = TOLD[step.subject.partition(":")[0]]()
        title = _("%(name)s was told: %(why)s") % {"name": step.to.name, "why": why}
        by = _("by the clock; noted by %(name)s") % {"name": step.to.name} if step.seen_at else _("by the clock")
        entry = {"at": step.at, "title": title, "text": "", "by": by, "severity": "high"}
        yield (step.at, step.pk, entry)
