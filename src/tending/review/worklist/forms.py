from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tending.base.people import queries as people
from tending.notice import person_signals
from tending.review.worklist.caseload import MINE, TEAM, Filters

WHOSE = [(MINE, _("The people I support")), (TEAM, _("Everybody in my teams"))]


class CaseloadFilters(forms.Form):
    """The filters are the URL: a list can be bookmarked, sent and found again."""

    words = forms.CharField(label=_("Find a person"), required=False, max_length=100)
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=WHOSE,
    )
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    trigger = forms.ChoiceField(label=_("Warning sign"), required=False)
    look = forms.BooleanField(label=_("Only who needs a look"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        triggers = person_signals.trigger_titles()
        programmes = [(choice.value, choice.label) for choice in people.programme_choices()]
        self.fields["trigger"].choices = [("", _("Any")), *triggers.items()]  # type: ignore[attr-defined]
        self.fields["programme"].choices = [("", _("Every programme")), *programmes]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What was asked; a word in the URL that is no choice is left out, the rest holds."""
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            words=said.get("words", ""),
            whose=said.get("whose") or MINE,
            needs_a_look=said.get("look", False),
            trigger=said.get("trigger", ""),
            programme=said.get("programme", ""),
        )
