from django import forms
from django.utils.translation import gettext_lazy as _

from tending.base.audit.models import AuditEvent


class AuditSearch(forms.Form):
    words = forms.CharField(label=_("Who or what"), required=False, max_length=100)
    person_code = forms.CharField(label=_("Person's id"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any")), *((k, k.lower()) for k in AuditEvent.Kind.values)]
    )
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("Any")), ("OK", _("Allowed")), ("DENIED", _("Denied")), ("FAILED", _("Failed"))],
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
