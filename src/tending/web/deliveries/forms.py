from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LARGEST = 1 << 30  # bytes through a page; more comes as a folder on the server
CSV, FHIR = "CSV", "FHIR"
ENDINGS = {CSV: (".csv", ".txt", ".zip"), FHIR: (".ndjson", ".json", ".gz", ".zip")}


class OfferForm(forms.Form):
    """One file or archive, and how it is to be read."""

    form = forms.ChoiceField(
        label=_("How is it written?"),
        choices=[
            (CSV, _("CSV, one table a file (people.csv, contacts.csv …)")),
            (FHIR, _("FHIR R4, as NDJSON or a Bundle")),
        ],
        widget=forms.RadioSelect,
        initial=CSV,
    )
    source = forms.CharField(
        label=_("Which system does it come from?"),
        help_text=_("A short name, the same every time: identifiers are told apart by it. For example: ehr."),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Use letters, digits, dots, dashes and underscores only.")
            )
        ],
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("One file, or a zip archive of several without folders, up to 1 GB."),
        allow_empty_file=True,  # an empty file has a reason of its own
    )
    mapping = forms.FileField(
        label=_("A mapping file, if your columns or codes have other names"),
        help_text=_("For CSV only: a small YAML file. Leave it out when your files are as the templates."),
        required=False,
        allow_empty_file=True,
    )
    same_mapping = forms.BooleanField(
        label=_("Use the mapping of the last delivery from this system"),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("It is larger than 1 GB. Send it in parts, or load the folder on the server with “tending load”.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, form = given.get("file"), given.get("form")
        if file and form and not file.name.lower().endswith(ENDINGS[form]):
            endings = ", ".join(ENDINGS[form])
            self.add_error(
                "file",
                _("The name of such a file ends in one of %s. Choose another file, or the other format.") % endings,
            )
        return given


class ReadAgainForm(forms.Form):
    mapping = forms.FileField(
        label=_("A mended mapping file"),
        help_text=_("Leave it out to read the files as before, for example after an instrument was added."),
        required=False,
        allow_empty_file=True,
    )
