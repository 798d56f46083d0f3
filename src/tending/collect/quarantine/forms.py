from django import forms
from django.utils.translation import gettext_lazy as _

from tending.collect.quarantine.queries import Which


class WhichRows(forms.Form):
    """A group of rows, as its URL names it."""

    submission = forms.IntegerField(min_value=1, max_value=2**62)
    kind = forms.CharField(max_length=60)
    field = forms.CharField(max_length=120, required=False)
    reason = forms.CharField(max_length=40)

    def which(self) -> Which:
        said = self.cleaned_data
        return Which(said["submission"], said["kind"], said["field"], said["reason"])


class WhySetAside(forms.Form):
    why = forms.CharField(
        label=_("Why are they left out?"),
        help_text=_("For example: test rows of the old system, agreed with its owner on 3 May."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
