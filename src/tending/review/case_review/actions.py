"""What people do in a review: begin, hand over, write, say who took part, close, look back.

Every act leaves one row and one audit line. A form carries the state row it leaves, or a token: sent twice, it
happens once; sent after somebody else was first, it is refused with words and nothing is lost.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.models import Account
from tending.base.access.policies import StateRefuses
from tending.base.people.models import Role
from tending.review.case_review import closing
from tending.review.case_review.holding import Held, Incomplete, fresh, hold, sent_before, staff_here, words
from tending.review.models import (
    Entry,
    Escalation,
    LookBack,
    Participant,
    ParticipantState,
    ReviewState,
)
from tending.review.rows import next_row, row_to_leave
from tending.review.states import DID, PARTICIPANT, REVIEW
from tending.review.templates import PERSON_SEAT, case_review_template

# Who may own a review: whoever may work on one.
OWNING = (Role.PRACTITIONER, Role.CARE_COORDINATOR, Role.PEER_WORKER, Role.SUPERVISOR, Role.CLINICAL_LEAD)


@transaction.atomic
def begin(*, review_id: int, leaves: int, by: Account) -> None:
    """Somebody is on it: the response clock stops here."""
    held = hold(review_id=review_id, by=by)
    _move(held, "begin", leaves=leaves, why="", what="began a review", state=ReviewState.State.UNDER_WAY)


@transaction.atomic
def hand_over(*, review_id: int, leaves: int, to: int, why: str, by: Account) -> None:
    """Another person owns it from this moment; the row says why."""
    held = hold(review_id=review_id, by=by)
    why = words(why, _("Say why, so that the next person knows what they take on."))
    owner = staff_here(to, held=held, roles=OWNING)
    verb = "take_over" if owner.pk == held.viewer.staff_id else "hand_over"
    _move(held, verb, leaves=leaves, why=why, what="handed a review over", owner_id=owner.pk)


@transaction.atomic
def close(*, review_id: int, leaves: int, why: str, by: Account) -> None:
    """Close when nothing is left open, and set the day somebody looks again."""
    held = hold(review_id=review_id, by=by)
    closed = ReviewState.State.CLOSED
    if held.state.pk == leaves:  # otherwise the double click or the conflict is told apart below
        held.check(REVIEW, "close", held.state.state)
        missing = closing.still_missing(closing.facts_of(held.review.pk, case_review_template()))
        if missing:
            raise StateRefuses(" ".join([_("Not yet:"), *missing]))
    why = words(why, _("Say in a sentence what came of the review."))
    if _move(held, "close", leaves=leaves, why=why, what="closed a review", state=closed):
        due = clock.today() + timedelta(days=case_review_template().look_back_days)
        LookBack.objects.create(review=held.review, due_date=due)


@transaction.atomic
def look_back(*, review_id: int, leaves: int, followed: str, text: str, by: Account) -> None:
    """Thirty days on: what followed, and the words that go with it."""
    held = hold(review_id=review_id, by=by)
    text = words(text, _("Say what followed, and what happens next if it is not better."))
    if followed not in LookBack.Followed.values:
        raise Incomplete(_("Choose how things are now."))
    if _move(held, "look_back", leaves=leaves, why=text, what="looked back", state=ReviewState.State.LOOKED_BACK):
        found = LookBack.objects.filter(review=held.review, at__isnull=True)
        found.update(followed=followed, words=text, at=clock.now(), by=by)


def _move(held: Held, verb: str, *, leaves: int, why: str, what: str, **changes: Any) -> bool:
    """One step of the review; False when this person already made exactly this step."""
    rows = ReviewState.objects.filter(review=held.review)
    current = row_to_leave(rows, leaves=leaves, by=held.by, why=why, **changes)
    if current is None:
        return False
    held.check(REVIEW, verb, current.state)
    next_row(current, by=held.by, why=why, at=clock.now(), **changes)
    held.wrote(what, why)
    return True


@transaction.atomic
def write_entries(*, review_id: int, entries: Iterable[Mapping[str, Any]], by: Account) -> None:
    """Add what somebody wrote to several sections: all of it or, when one is refused, nothing."""
    for entry in entries:
        write_entry(review_id=review_id, by=by, **entry)


@transaction.atomic
def write_entry(
    *, review_id: int, section: str, text: str, nothing_to_add: bool, prefilled: Any, token: str, by: Account
) -> None:
    """Add what somebody wrote to one section. Entries are only added: two people writing at once lose nothing."""
    held = hold(review_id=review_id, by=by)
    text = text.strip()
    if case_review_template().section(section) is None:
        raise Incomplete(_("There is no such section in this review."))
    if not text and not nothing_to_add:
        raise Incomplete(_("Write what you know, or tick that there is nothing to add."))
    content = {"section": section, "text": text, "nothing_to_add": nothing_to_add and not text}
    rows = Entry.objects.filter(review=held.review)
    if sent_before(rows, token=token, **content):
        return
    held.check_under_way()
    _check_caring(held)
    now = clock.now()
    token = fresh(Entry.objects, token, now=now)
    Entry.objects.create(review=held.review, prefilled=prefilled, at=now, by=by, token=token, **content)
    held.wrote("wrote in a review", section)


def _check_caring(held: Held) -> None:
    if not held.viewer.holds(*OWNING):
        raise StateRefuses(_("Only those who give support write in a review."))


@transaction.atomic
def add_seat(*, review_id: int, role: str, staff_id: int | None, token: str, by: Account) -> None:
    """Somebody else takes part; an added seat is never required."""
    held = hold(review_id=review_id, by=by)
    if role not in (*Role.values, PERSON_SEAT):
        raise Incomplete(_("Choose a role."))
    staff = None if role == PERSON_SEAT else staff_here(staff_id or 0, held=held)
    if sent_before(Participant.objects.filter(review=held.review), token=token, role=role):
        return
    held.check_under_way()
    held.check(PARTICIPANT, "invite", "")
    now = clock.now()
    token = fresh(Participant.objects, token, now=now)
    seat = Participant.objects.create(review=held.review, role=role, required=False, added_at=now, token=token)
    invited = ParticipantState.State.INVITED
    ParticipantState.objects.create(participant=seat, state=invited, staff=staff, entered_at=now, by=by)
    held.wrote("asked somebody to take part in a review", role)


@transaction.atomic
def name_seat(*, participant_id: int, leaves: int, staff_id: int, by: Account) -> None:
    held = _hold_seat(participant_id, by)
    _move_seat(held, participant_id, "name", leaves=leaves, owner=staff_here(staff_id, held=held).pk)


@transaction.atomic
def confirm_seat(*, participant_id: int, leaves: int, by: Account) -> None:
    held = _hold_seat(participant_id, by)
    seat = ParticipantState.objects.select_related("participant").get(
        participant_id=participant_id, left_at__isnull=True
    )
    if seat.staff_id is None and seat.participant.role != PERSON_SEAT:
        raise Incomplete(_("Name who it was first."))
    _move_seat(held, participant_id, "confirm", leaves=leaves)


@transaction.atomic
def excuse_seat(*, participant_id: int, leaves: int, why: str, by: Account) -> None:
    """The review may close without them; the reason stays."""
    held = _hold_seat(participant_id, by)
    why = words(why, _("Say why the review goes on without them."))
    _move_seat(held, participant_id, "excuse", leaves=leaves, why=why)


@transaction.atomic
def correct_seat(*, participant_id: int, leaves: int, by: Account) -> None:
    _move_seat(_hold_seat(participant_id, by), participant_id, "correct", leaves=leaves)


def _hold_seat(participant_id: int, by: Account) -> Held:
    review_id = Participant.objects.filter(pk=participant_id).values_list("review_id", flat=True).first() or 0
    return hold(review_id=review_id, by=by)


def _move_seat(
    held: Held, participant_id: int, verb: str, *, leaves: int, why: str = "", owner: int | None = None
) -> None:
    held.check_under_way()
    rows = ParticipantState.objects.filter(participant_id=participant_id)
    target = next(t.target for t in PARTICIPANT if t.verb == verb)
    changes: dict[str, Any] = {"state": target} | ({} if owner is None else {"staff_id": owner})
    current = row_to_leave(rows, leaves=leaves, by=held.by, why=why, **changes)
    if current is not None:
        held.check(PARTICIPANT, verb, current.state)
        next_row(current, by=held.by, why=why, at=clock.now(), **changes)
        held.wrote(DID["participant", verb], why)


@transaction.atomic
def note_escalation(*, escalation_id: int, by: Account) -> None:
    """Whoever was told says that they know; the deadline stays passed and stays on the page."""
    found = Escalation.objects.filter(pk=escalation_id).values_list("review_id", flat=True).first()
    held = hold(review_id=found or 0, by=by)
    mine = Escalation.objects.filter(pk=escalation_id, to_id=held.viewer.staff_id)
    if not mine.exists():
        raise StateRefuses(_("This was told to somebody else."))
    if mine.filter(seen_at__isnull=True).update(seen_at=clock.now()):
        held.wrote("took note of a passed deadline")
