"""Which passed deadlines were told to this person and are still not met?"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from tending.base.access.viewer import Viewer
from tending.review.models import ActionState, DecisionState, Escalation
from tending.review.opening import OPEN_STATES
from tending.review.worklist.needs import MOST, Need, need

TOLD_WORDS: dict[str, Callable[[], str]] = {
    "RESPONSE": lambda: _("Nobody has begun this review in time"),
    "CLOSE": lambda: _("This review is open past its day"),
    "ACTION": lambda: _("An action is past its deadline"),
    "DECISION": lambda: _("A decision is past its day"),
    "LOOK_BACK": lambda: _("Nobody has looked back in time"),
}


def told(staff_id: int, viewer: Viewer) -> Iterable[Need]:
    """One line a review, whatever of it is late, by the last step that was told of each deadline: three queries."""
    steps = Escalation.objects.filter(to_id=staff_id).annotate(
        current=FilteredRelation("review__states", condition=Q(review__states__left_at__isnull=True)),
        state_now=F("current__state"),
        severity_now=F("current__severity"),
        respond_by_now=F("current__respond_by"),
        close_by_now=F("current__close_by"),
    )
    steps = steps.exclude(current__state="LOOKED_BACK").select_related("review__person", "review__team")
    found = list(steps.order_by("-at", "-step")[: MOST * 3])
    parts = _open_parts(found)
    latest: dict[tuple[int, str, datetime], Any] = {}
    for step in found:
        if _still_late(step, parts):
            latest.setdefault((step.review_id, step.subject, step.deadline), step)
    by_review: dict[int, list[Any]] = {}
    for step in latest.values():
        by_review.setdefault(step.review_id, []).append(step)
    for steps_of_one in by_review.values():
        yield _told_of(steps_of_one, viewer)


def _told_of(steps: list[Any], viewer: Viewer) -> Need:
    """Everything late about one review: the oldest deadline stands for them all."""
    oldest = min(steps, key=lambda step: step.deadline)
    return need(
        oldest.review,
        viewer,
        kind="TOLD",
        severity=oldest.severity_now,
        what=_in_words(steps),
        since=min(step.at for step in steps),
        due_at=oldest.deadline,
        do=_("Step in"),
        noted=all(step.seen_at is not None for step in steps),
        answered=all(step.subject != "RESPONSE" for step in steps),
    )


def _in_words(steps: list[Any]) -> str:
    """What is late, each kind once: "2 actions are past their deadline. This review is open past its day"."""
    kinds = [step.subject.partition(":")[0] for step in steps]
    said = []
    for kind, words in TOLD_WORDS.items():
        count = kinds.count(kind)
        if kind == "ACTION" and count > 1:
            said.append(_("%(count)d actions are past their deadline") % {"count": count})
        elif count:
            said.append(words())
    return ". ".join(said)


def _open_parts(steps: Iterable[Any]) -> set[tuple[str, datetime]]:
    """(subject, deadline) of the actions and decisions among these that still wait."""
    subjects = [step.subject.partition(":") for step in steps]
    actions = ActionState.objects.filter(
        action_id__in=[int(pk) for kind, _colon, pk in subjects if kind == "ACTION"],
        left_at__isnull=True,
        state="OPEN",
    )
    decisions = DecisionState.objects.filter(
        decision_id__in=[int(pk) for kind, _colon, pk in subjects if kind == "DECISION"],
        left_at__isnull=True,
        state="PROPOSED",
    )
    found = {(f"ACTION:{pk}", due) for pk, due in actions.values_list("action_id", "due_at")}
    return found | {(f"DECISION:{pk}", due) for pk, due in decisions.values_list("decision_id", "due_at")}


def _still_late(step: Any, parts: set[tuple[str, datetime]]) -> bool:
    if step.subject == "RESPONSE":
        return bool(step.state_now == "OPENED" and step.respond_by_now == step.deadline)
    if step.subject == "CLOSE":
        return bool(step.state_now in OPEN_STATES and step.close_by_now == step.deadline)
    if step.subject == "LOOK_BACK":
        return bool(step.state_now == "CLOSED")
    return (step.subject, step.deadline) in parts
