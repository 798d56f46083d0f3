"""The forms a page shows: those whose verb is open to the viewer, each with its address and its own prefix."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from tending.base import clock
from tending.base.access.permissions import may
from tending.base.access.viewer import Viewer
from tending.base.people import queries as people
from tending.review.case_review import forms
from tending.review.case_review.actions import OWNING
from tending.review.case_review.queries import Part, ReviewPage
from tending.review.case_review.steps import STEPS

WHOLE = ["begin", "close", "look_back"]
SEATS = ("confirm_seat", "name_seat", "excuse_seat", "correct_seat")
ACTIONS = ("finish", "decline", "move", "reopen")


@dataclass(frozen=True, slots=True)
class Shown:
    form: Form
    url: str
    failed: bool  # sent and refused: its place on the page lies open


def key(name: str, thing_id: int | str = 0) -> str:
    return f"{name}-{thing_id}" if thing_id else name


def bound(form: type[Form], review: ReviewPage, viewer: Viewer, data: QueryDict, prefix: str) -> Form:
    """The form as it was sent."""
    return form(data, prefix=prefix, **_given(form, review, viewer))


def _given(form: type[Form], review: ReviewPage, viewer: Viewer) -> dict[str, Any]:
    if form is forms.EntriesForm:
        return {"page": review}
    if not issubclass(form, forms.OfReview):
        return {}
    roles = OWNING if form is forms.HandOverForm else forms.TAKING_PART
    staff = people.staff_choices(viewer=viewer, team_id=review.team_id, on=clock.today(), roles=roles)
    return {"page": review, "staff": staff}


class PageForms:
    """Makes each form once; the staff picker is read once for all of them."""

    def __init__(self, review: ReviewPage, viewer: Viewer, failed: dict[str, Form]) -> None:
        self.review = review
        self.viewer = viewer
        self.failed = {form.prefix or "": form for form in failed.values()}
        self._staff: dict[bool, Any] = {}

    def shown(self, name: str, thing_id: int | str = 0, **initial: Any) -> Shown:
        step, prefix = STEPS[name], key(name, thing_id)
        args = [self.review.review_id, thing_id] if "{}" in step.address else [self.review.review_id]
        url = reverse(f"review_{name}", args=args)
        if prefix in self.failed:
            return Shown(self.failed[prefix], url, True)
        return Shown(step.form(prefix=prefix, initial=initial, **self._given(step.form)), url, False)

    def _given(self, form: type[Form]) -> dict[str, Any]:
        if not issubclass(form, forms.OfReview):
            return _given(form, self.review, self.viewer)
        owning = form is forms.HandOverForm
        if owning not in self._staff:
            self._staff[owning] = _given(form, self.review, self.viewer)
        return dict(self._staff[owning])


def of(review: ReviewPage, viewer: Viewer, failed: dict[str, Form]) -> dict[str, Any]:
    """The page's parts, each with the forms that are open to the viewer; by name, those of the review itself."""
    make = PageForms(review, viewer, failed)
    works = may(viewer, "work_on_review")
    writes = works and review.working and review.sees_record
    write = make.shown("write") if writes else None
    parts = write.form.parts if write else {}  # type: ignore[attr-defined]
    found: dict[str, Any] = {
        "write": write,
        "sections": [{"section": each, "part": parts.get(each.code)} for each in review.sections],
        "seats": [{"part": part, **_verbs(make, part, SEATS, "_seat")} for part in review.seats],
        "actions": [{"part": part, **_verbs(make, part, ACTIONS)} for part in review.actions],
        "decisions": [{"part": part, "decide": _decide(make, part)} for part in review.decisions],
        "told": [
            {"told": told, "note": make.shown("note", told.pk) if told.mine and not told.seen_at else None}
            for told in review.told
        ],
    }
    if works:
        found |= {verb: make.shown(verb, leaves=review.leaves) for verb in _of_review(review)}
    if writes:
        found |= {"add_seat": make.shown("add_seat"), "propose": make.shown("propose")}
        found["add_action"] = make.shown("add_action", owner=review.owner_id)
    return found


def _decide(make: PageForms, part: Part) -> Shown | None:
    return make.shown("decide", part.pk, leaves=part.leaves) if "take" in part.verbs else None


def _of_review(review: ReviewPage) -> list[str]:
    verbs = [verb for verb in WHOLE if verb in review.verbs]
    return [*verbs, "hand_over"] if review.verbs & {"hand_over", "take_over"} else verbs


def _verbs(make: PageForms, part: Part, names: tuple[str, ...], ending: str = "") -> dict[str, Shown]:
    return {
        name: make.shown(name, part.pk, leaves=part.leaves, owner=part.holder_id, staff=part.holder_id)
        for name in names
        if name.removesuffix(ending) in part.verbs
    }
