"""allauth's forms in our words: what to write, and what a password must be."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.forms import Form
from django.utils.translation import gettext_lazy as _


def _say(form: Form, **labels: Any) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


def _ask_for_code(form: Form, help_text: Any) -> None:
    _say(form, code=_("Code"))
    form.fields["code"].help_text = help_text
    form.fields["code"].widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            oldpassword=_("Your password now"),
            password1=_("Your new password"),
            password2=_("Your new password once more"),
        )
        self.fields["password1"].help_text = _(
            "At least 12 characters, and nothing others would guess: not your name, not a common password. "
            "Several words in a row are easy to remember."
        )


class PasswordAgain(PasswordAgainForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password=_("Your password"))


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("Six digits; a new code comes every 30 seconds."))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class CodeAtSignIn(AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("The six digits your app shows now, or one of your recovery codes."))


class CodeAgain(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("The six digits your app shows now, or one of your recovery codes."))
