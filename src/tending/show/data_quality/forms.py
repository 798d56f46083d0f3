from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tending.base.people.models import Role
from tending.show.data_quality import words
from tending.show.data_quality.queries import Wanted


class QueueFilters(forms.Form):
    """The filters are the URL: a list can be bookmarked, sent and found again."""

    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("What"), required=False)
    role = forms.ChoiceField(label=_("Who can mend it"), required=False)

    def __init__(self, *given: Any, teams: dict[int, str], **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [(kind, said.title) for kind, said in words.KINDS.items()]
        roles = (Role.DATA_STEWARD, Role.SUPERVISOR, Role.PRACTITIONER)
        self.fields["team"].choices = [("", _("Every team")), *teams.items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("Anybody")), *((r.value, r.label) for r in roles)]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was asked; a word in the URL that is no choice is left out, the rest holds."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(team_id=said.get("team"), role=said.get("role", ""), kind=said.get("kind", ""))


class OpenedFilters(forms.Form):
    """Which people of one line: of one team, lacking one measure."""

    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    measure = forms.ChoiceField(label=_("Measure"), required=False)

    def __init__(self, *given: Any, teams: dict[int, str], measures: dict[str, str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["team"].choices = [("", _("Every team")), *teams.items()]  # type: ignore[attr-defined]
        if measures:
            self.fields["measure"].choices = [("", _("Every measure")), *measures.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["measure"]

    def asked(self) -> dict[str, Any]:
        """What was asked; a word in the URL that is no choice is left out, the rest holds."""
        self.is_valid()
        return {"team_id": self.cleaned_data.get("team"), "measure": self.cleaned_data.get("measure", "")}
