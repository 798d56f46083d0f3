"""What was noticed and what was done about it, as lines of the timeline and as what is open now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tending.base import clock
from tending.notice.queries import SignalOfPerson
from tending.review.story_queries import ReviewSeen, StateSeen
from tending.review.templates import case_review_template, decision_rights
from tending.show.person_story import words
from tending.show.person_story.timeline import Entry


def open_signals(signals: Iterable[SignalOfPerson], reviews: Iterable[ReviewSeen]) -> list[SignalOfPerson]:
    """First signals that no closed review has answered, the most pressing first."""
    answered = {signal_id for review in reviews if not review.open for signal_id in review.signal_ids}
    waiting = [signal for signal in signals if signal.repeat_of is None and signal.id not in answered]
    order = list(words.SEVERITIES)
    return sorted(waiting, key=lambda signal: (order.index(signal.severity), -signal.noticed_at.timestamp()))


def of_signals(signals: Iterable[SignalOfPerson]) -> list[Entry]:
    return [
        Entry(
            group="reviews",
            day=clock.local_date(signal.noticed_at),
            at=signal.noticed_at,
            kind=_("Signal"),
            title=signal.title,
            text=signal.meaning,
            tag=_("Met again within the quiet period") if signal.repeat_of else "",
            severity=words.SEVERITIES.get(signal.severity, ""),
            url=link("person_signal", signal.person_id, signal.id),
            hidden=f", {date_format(clock.local_date(signal.noticed_at), 'j M Y')} ({signal.id})",
        )
        for signal in signals
    ]


def of_reviews(reviews: Iterable[ReviewSeen]) -> list[Entry]:
    return [entry for review in reviews for entry in _of_review(review)]


def _of_review(review: ReviewSeen) -> list[Entry]:
    url = link("review", review.id)
    made = [
        _line(_("Review: %(state)s") % {"state": state.label.lower()}, state.entered_at, state, url, review.id)
        for state in _changes(review.states)
        if state.state != "LOOKED_BACK"
    ]
    for action in review.actions:
        for state in _changes(action.states):
            title = f"{_action_title(action.kind)}: {state.label.lower()}"
            made.append(_line(title, state.entered_at, state, url, action.id, text=action.what, kind=_("Action")))
    for decision in review.decisions:
        for state in _changes(decision.states):
            title = f"{_decision_title(decision.kind)}: {state.label.lower()}"
            made.append(
                _line(title, state.entered_at, state, url, decision.id, text=decision.what, kind=_("Decision"))
            )
    if review.followed_at:
        looked = _("Looked back: %(followed)s") % {"followed": review.followed.lower()}
        made.append(_line(looked, review.followed_at, None, url, review.id, text=review.followed_words))
    return made


def _line(
    title: str, at: datetime, state: StateSeen | None, url: str, number: int, *, text: str = "", kind: str = ""
) -> Entry:
    day = clock.local_date(at)
    by = state.by if state else ""
    return Entry(
        group="reviews",
        day=day,
        at=at,
        kind=kind or _("Review"),
        title=title,
        text=text or (state.why if state and state.by else ""),
        by=by,
        url=url,
        severity="good" if state and state.state in {"DONE", "TAKEN", "CLOSED"} else "routine",
        hidden=f", {date_format(day, 'j M Y')} ({number})",
    )


def _changes(states: Sequence[StateSeen]) -> list[StateSeen]:
    """The rows that entered another state than the one before: a new owner alone is not told here."""
    return [state for place, state in enumerate(states) if not place or states[place - 1].state != state.state]


def _action_title(code: str) -> str:
    kind = case_review_template().action_kind(code)
    return str(kind.title.in_language(_language())) if kind else code


def _decision_title(code: str) -> str:
    kind = decision_rights().kind(code)
    return str(kind.title.in_language(_language())) if kind else code


def _language() -> str:
    return get_language() or "en"


def last_review(reviews: Iterable[ReviewSeen], *, as_of: date) -> ReviewSeen | None:
    """The review somebody worked on last, up to a day."""
    begun = [review for review in reviews if review.begun_at and clock.local_date(review.begun_at) <= as_of]
    return max(begun, key=lambda review: review.begun_at or review.opened_at, default=None)


def link(name: str, *args: object) -> str:
    """The address of a page that may not be there in every release; empty then."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
