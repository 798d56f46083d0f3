"""May the review close? Only when nothing is left open; the answer says what still is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.review.models import (
    ActionState,
    DecisionState,
    Entry,
    Participant,
    ParticipantState,
    ReviewSignal,
)
from tending.review.seats import seat_words
from tending.review.templates import CaseReviewTemplate, spoken


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at; each is what is still open, in words a person recognises."""

    seats_waiting: tuple[str, ...] = ()  # required seats that neither took part nor were excused
    sections_empty: tuple[str, ...] = ()
    actions_open: tuple[str, ...] = ()
    decisions_waiting: tuple[str, ...] = ()
    signals_unread: int = 0  # joined after the last thing anybody wrote


def still_missing(facts: Facts) -> tuple[str, ...]:
    """One sentence for each rule that is not met; empty when the review may close."""
    sentences = []
    if facts.seats_waiting:
        names = ", ".join(facts.seats_waiting)
        sentences.append(_("%(names)s must have taken part, or be excused with a reason.") % {"names": names})
    if facts.sections_empty:
        names = ", ".join(facts.sections_empty)
        sentences.append(
            _("Nothing is written under %(names)s: write, or mark that there is nothing to add.") % {"names": names}
        )
    if facts.actions_open:
        names = _quoted(facts.actions_open)
        sentences.append(_("Still to do: %(names)s. Finish each, or decline it with a reason.") % {"names": names})
    if facts.decisions_waiting:
        names = _quoted(facts.decisions_waiting)
        sentences.append(_("Waiting for a decision: %(names)s.") % {"names": names})
    if facts.signals_unread:
        sentences.append(
            ngettext(
                "%(count)d signal joined after anything was written: say what it means.",
                "%(count)d signals joined after anything was written: say what they mean.",
                facts.signals_unread,
            )
            % {"count": facts.signals_unread}
        )
    return tuple(sentences)


def _quoted(sayings: tuple[str, ...]) -> str:
    """People write commas: quotation marks show where one action ends and the next begins."""
    return ", ".join(_("“%(words)s”") % {"words": words} for words in sayings)


def facts_of(review_id: int, template: CaseReviewTemplate) -> Facts:
    """The facts of one review: five queries."""
    seats = Participant.objects.filter(
        review_id=review_id,
        required=True,
        states__left_at__isnull=True,
        states__state=ParticipantState.State.INVITED,
    ).order_by("pk")
    written = set(Entry.objects.filter(review_id=review_id).values_list("section", flat=True))
    actions = ActionState.objects.filter(
        action__review_id=review_id, left_at__isnull=True, state=ActionState.State.OPEN
    ).order_by("due_at")
    decisions = DecisionState.objects.filter(
        decision__review_id=review_id, left_at__isnull=True, state=DecisionState.State.PROPOSED
    ).order_by("due_at")
    last = Entry.objects.filter(review_id=review_id).order_by("-at").values_list("at", flat=True).first()
    unread = 0
    if last is not None:
        unread = ReviewSignal.objects.filter(review_id=review_id, joined_at__gt=last).count()
    return Facts(
        seats_waiting=tuple(seat_words(role) for role in seats.values_list("role", flat=True)),
        sections_empty=tuple(spoken(s.title) for s in template.sections if s.code not in written),
        actions_open=tuple(actions.values_list("action__what", flat=True)),
        decisions_waiting=tuple(decisions.values_list("decision__what", flat=True)),
        signals_unread=unread,
    )
