from django import forms
from django.utils.translation import gettext_lazy as _

from tending.base.audit.models import AuditEvent

KINDS = {
    "VIEW": _("look"),
    "SEARCH": _("search"),
    "WRITE": _("change"),
    "EXPORT": _("export"),
    "PRINT": _("print"),
    "SIGN_IN": _("sign-in"),
    "SIGN_OUT": _("sign-out"),
    "COMMAND": _("command"),
}
RESULTS = {"OK": _("Allowed"), "DENIED": _("Denied"), "FAILED": _("Failed")}


class AuditSearch(forms.Form):
    words = forms.CharField(label=_("Who or what"), required=False, max_length=100)
    person_code = forms.CharField(label=_("Person's id"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Any")), *((kind, KINDS.get(kind, kind)) for kind in AuditEvent.Kind.values)],
    )
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("Any")), *RESULTS.items()],
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
