from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tending.base.access.viewer import Viewer
from tending.show.evidence.queries import Question, team_choices

DAYS = 180  # so that about half of the 90-day windows are over


class Period(forms.Form):
    """The question is the address: ?team=&from=&to=. Without dates: the last 180 days."""

    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *given: Any, viewer: Viewer, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.today = today
        choices = [(choice.value, choice.label) for choice in team_choices(viewer=viewer)]
        self.fields["team"].choices = [("", _("Every team I see")), *choices]  # type: ignore[attr-defined]
        # Named here, because "from" is a word Python keeps for itself.
        usual = today - timedelta(DAYS - 1)
        self.fields["from"] = forms.DateField(label=_("From"), required=False, initial=usual)
        self.fields["to"] = forms.DateField(label=_("To"), required=False, initial=today)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("from"), said.get("to")
        if first and last and last < first:
            self.add_error("to", _("The last day lies before the first."))
        return said

    def question(self, **more: str) -> Question:
        """What was asked; as long as something cannot be read the usual question stands, and the form says so."""
        said = self.cleaned_data if self.is_valid() else {}
        last = min(said.get("to") or self.today, self.today)
        first = min(said.get("from") or last - timedelta(DAYS - 1), last)
        team = said.get("team") or ""
        return Question(team_id=int(team) if team else None, first=first, last=last, **more)
