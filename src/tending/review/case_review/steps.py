"""Every form of the page: what it asks, what it does, what is said afterwards. The views and addresses follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from tending.base.access.models import Account
from tending.review.case_review import actions, commitments, forms
from tending.review.case_review.brief import as_stored
from tending.review.case_review.queries import ReviewPage

Act = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    address: str  # below the review's own
    form: type[Form]
    act: Act
    done: Any  # said when it is done
    anchor: str = ""
    confirm: Any = ""

    def back_to(self, thing_id: int) -> str:
        anchor = self.anchor.format(thing_id)
        return f"#{anchor}" if anchor else ""


def _begin(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.begin(review_id=review.review_id, leaves=said["leaves"], by=by)


def _hand_over(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.hand_over(review_id=review.review_id, leaves=said["leaves"], to=int(said["to"]), why=said["why"], by=by)


def _write(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    beside = {section.code: as_stored(section.lines) for section in review.sections}
    entries = [{**entry, "prefilled": beside[entry["section"]]} for entry in said["entries"]]
    actions.write_entries(review_id=review.review_id, entries=entries, by=by)


def _add_seat(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    staff_id = int(said["staff"]) if said["staff"] else None
    actions.add_seat(review_id=review.review_id, role=said["role"], staff_id=staff_id, token=said["token"], by=by)


def _name_seat(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.name_seat(participant_id=thing_id, leaves=said["leaves"], staff_id=int(said["staff"]), by=by)


def _confirm_seat(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.confirm_seat(participant_id=thing_id, leaves=said["leaves"], by=by)


def _excuse_seat(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.excuse_seat(participant_id=thing_id, leaves=said["leaves"], why=said["why"], by=by)


def _correct_seat(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.correct_seat(participant_id=thing_id, leaves=said["leaves"], by=by)


def _add_action(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.add_action(
        review_id=review.review_id,
        kind=said["kind"],
        what=said["what"],
        owner_id=int(said["owner"]),
        due_date=said["due_date"],
        organisation_id=int(said["organisation"]) if said["organisation"] else None,
        token=said["token"],
        by=by,
    )


def _finish(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.finish_action(action_id=thing_id, leaves=said["leaves"], came_of_it=said["came_of_it"], by=by)


def _decline(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.decline_action(action_id=thing_id, leaves=said["leaves"], why=said["why"], by=by)


def _reopen(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.reopen_action(action_id=thing_id, leaves=said["leaves"], why=said["why"], by=by)


def _move(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.move_action(
        action_id=thing_id,
        leaves=said["leaves"],
        owner_id=int(said["owner"]),
        due_date=said["due_date"],
        why=said["why"],
        by=by,
    )


def _propose(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.propose_decision(
        review_id=review.review_id,
        kind=said["kind"],
        what=said["what"],
        reason=said["reason"],
        token=said["token"],
        by=by,
    )


def _decide(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    commitments.decide(
        decision_id=thing_id, leaves=said["leaves"], agreed=said["agreed"] == "yes", why=said["why"], by=by
    )


def _note(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.note_escalation(escalation_id=thing_id, by=by)


def _close(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.close(review_id=review.review_id, leaves=said["leaves"], why=said["why"], by=by)


def _look_back(*, review: ReviewPage, thing_id: int, said: dict[str, Any], by: Account) -> None:
    actions.look_back(
        review_id=review.review_id, leaves=said["leaves"], followed=said["followed"], text=said["text"], by=by
    )


_ALL = (
    Step("begin", "begin/", forms.BeginForm, _begin, _("You have begun. The response clock has stopped.")),
    Step("hand_over", "hand-over/", forms.HandOverForm, _hand_over, _("Handed over."), "ownership"),
    Step("write", "write/", forms.EntriesForm, _write, _("Written."), "sections"),
    Step("add_seat", "seats/", forms.AddSeatForm, _add_seat, _("Asked to take part."), "participants"),
    Step("name_seat", "seats/{}/name/", forms.NameSeatForm, _name_seat, _("Named."), "participants"),
    Step("confirm_seat", "seats/{}/confirm/", forms.SeatForm, _confirm_seat, _("Noted as present."), "participants"),
    Step("excuse_seat", "seats/{}/excuse/", forms.ExcuseForm, _excuse_seat, _("Excused."), "participants"),
    Step("correct_seat", "seats/{}/correct/", forms.SeatForm, _correct_seat, _("Corrected."), "participants"),
    Step("add_action", "actions/", forms.AddActionForm, _add_action, _("Assigned."), "actions"),
    Step("finish", "actions/{}/finish/", forms.FinishForm, _finish, _("Done and noted."), "action-{}"),
    Step("decline", "actions/{}/decline/", forms.DeclineForm, _decline, _("Declined, with the reason."), "action-{}"),
    Step("reopen", "actions/{}/reopen/", forms.ReopenForm, _reopen, _("To do again."), "action-{}"),
    Step("move", "actions/{}/move/", forms.MoveForm, _move, _("Changed; the row before stays."), "action-{}"),
    Step("propose", "decisions/", forms.ProposeForm, _propose, _("With whoever may decide."), "decisions"),
    Step("decide", "decisions/{}/decide/", forms.DecideForm, _decide, _("Decided."), "decision-{}"),
    Step("note", "told/{}/note/", Form, _note, _("Noted. The deadline stays passed until somebody acts."), "told"),
    Step(
        "close",
        "close/",
        forms.CloseForm,
        _close,
        _("Closed. Somebody looks again on the day named."),
        confirm=_("Close this review? Nothing more can be written in it; somebody looks again in 30 days."),
    ),
    Step("look_back", "look-back/", forms.LookBackForm, _look_back, _("Thank you. The loop is closed.")),
)
STEPS = {step.name: step for step in _ALL}
