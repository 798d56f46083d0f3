"""What each form on a case review asks. ``leaves`` is the state row the person saw; ``token`` makes a sending one."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tending.base.people import queries as people
from tending.base.people.models import Role
from tending.review.case_review.actions import OWNING
from tending.review.case_review.queries import ReviewPage
from tending.review.models import LookBack
from tending.review.seats import seat_words
from tending.review.templates import PERSON_SEAT, case_review_template, decision_rights, spoken

TAKING_PART = (*OWNING, Role.MANAGER)


def _words(label: Any, missing: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    """Words that must be there; ``missing`` says what to write, not only that something is missing."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=10_000,
        error_messages={"required": missing},
    )


class Leaving(forms.Form):
    leaves = forms.IntegerField(widget=forms.HiddenInput)


class Sent(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=36, initial=lambda: str(uuid4()))


class OfReview(forms.Form):
    """Knows the review, for its pickers: staff who work with the team today."""

    def __init__(self, *given: Any, page: ReviewPage, staff: Any = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.page = page
        for name in ("owner", "to", "staff"):
            if name in self.fields:
                choices = [("", _("Choose")), *((choice.value, choice.label) for choice in staff)]
                self.fields[name].choices = choices  # type: ignore[attr-defined]


class BeginForm(Leaving):
    pass


class HandOverForm(OfReview, Leaving):
    to = forms.ChoiceField(label=_("Who owns it from now on"))
    why = _words(_("Why"), _("Say why, so that the next person knows what they take on."))


class EntryForm(Sent):
    """One section's own words. Its place is known by its prefix."""

    text = forms.CharField(
        label=_("What you know"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    nothing_to_add = forms.BooleanField(label=_("Nothing to add"), required=False)

    @property
    def has_words(self) -> bool:
        """Something was written or ticked in it, whether or not it could be kept."""
        return any(self.data.get(self.add_prefix(name)) for name in ("text", "nothing_to_add"))


class EntriesForm(forms.Form):
    """Every section at once: one press of any of its buttons keeps what was written in all of them."""

    def __init__(self, *given: Any, page: ReviewPage, **more: Any) -> None:
        super().__init__(*given, **more)
        data = self.data if self.is_bound else None
        codes = [section.code for section in page.sections]
        self.parts = {code: EntryForm(data, prefix=f"{self.prefix}-{code}") for code in codes}

    def clean(self) -> dict[str, Any]:
        written = {code: part for code, part in self.parts.items() if part.has_words}
        if not written:
            raise forms.ValidationError(_("Write what you know, or tick that there is nothing to add."))
        if not all([part.is_valid() for part in written.values()]):  # each says its own errors
            raise forms.ValidationError(_("Something here could not be kept. Nothing was saved yet."))
        return {"entries": [{"section": code, **part.cleaned_data} for code, part in written.items()]}


class NameSeatForm(OfReview, Leaving):
    staff = forms.ChoiceField(label=_("Who takes this seat"))


class SeatForm(Leaving):
    pass


class ExcuseForm(Leaving):
    why = _words(_("Why the review goes on without them"), _("Say why the review goes on without them."))


class AddSeatForm(OfReview, Sent):
    role = forms.ChoiceField(label=_("In which role"))
    staff = forms.ChoiceField(label=_("Who"), required=False, help_text=_("Leave empty for the person themselves."))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role, seat_words(role)) for role in (PERSON_SEAT, *TAKING_PART)
        ]


class AddActionForm(OfReview, Sent):
    kind = forms.ChoiceField(label=_("What kind of action"))
    what = _words(_("What is to be done"), _("Say what is to be done."), _("So that somebody else could do it."))
    owner = forms.ChoiceField(label=_("Who does it"))
    due_date = forms.DateField(
        label=_("By when"), required=False, help_text=_("Leave empty for the day that belongs to the kind.")
    )
    organisation = forms.ChoiceField(label=_("With which partner"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [(kind.code, f"{spoken(kind.title)} ({due_words(kind.due_days)})") for kind in template_kinds()]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]
        partners = [(choice.value, choice.label) for choice in people.organisation_choices()]
        self.fields["organisation"].choices = [("", _("None")), *partners]  # type: ignore[attr-defined]


class FinishForm(Leaving):
    came_of_it = _words(_("What came of it"), _("Say what came of it."))


class DeclineForm(Leaving):
    why = _words(_("Why it is not done, and what happens instead"), _("Say why it is not done."))


class ReopenForm(Leaving):
    why = _words(_("Why it is still to do"), _("Say why it is still to do."))


class MoveForm(OfReview, Leaving):
    owner = forms.ChoiceField(label=_("Who does it"))
    due_date = forms.DateField(label=_("New day"), required=False, help_text=_("Leave empty to keep the day."))
    why = _words(_("Why it changes"), _("Say why the owner or the day changes."))


class ProposeForm(Sent):
    kind = forms.ChoiceField(label=_("What kind of decision"))
    what = _words(_("What should be decided"), _("Say what should be decided."))
    reason = _words(_("Why, from what the record and the person show"), _("Say why it should be so."))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [(kind.code, f"{spoken(kind.title)} ({_role_words(kind.roles)})") for kind in decision_rights().kinds]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]


class DecideForm(Leaving):
    agreed = forms.ChoiceField(
        label=_("Your decision"), choices=[("yes", _("Agreed")), ("no", _("Not agreed"))], widget=forms.RadioSelect
    )
    why = _words(_("Why"), _("Say why you decide so."), _("So that the person and the team can follow it."))


class CloseForm(Leaving):
    why = _words(_("What came of this review"), _("Say in a sentence what came of the review."))


class LookBackForm(Leaving):
    followed = forms.ChoiceField(
        label=_("How are things now, compared with when the review closed?"),
        choices=LookBack.Followed.choices,
        widget=forms.RadioSelect,
    )
    text = _words(_("What followed, and what happens next"), _("Say what followed."), rows=3)


def template_kinds() -> Any:
    return case_review_template().action_kinds


def due_words(days: int) -> str:
    if days == 0:
        return gettext("by tonight")
    return ngettext("within %(n)d day", "within %(n)d days", days) % {"n": days}


def _role_words(roles: tuple[str, ...]) -> str:
    return str(Role(roles[0]).label).lower()
