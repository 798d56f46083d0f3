"""What somebody's own account says, line by line."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from tending.web.account.queries import OwnAccount


def who(own: OwnAccount) -> list[dict[str, Any]]:
    roles = [
        _("%(role)s, %(team)s") % {"role": held.role, "team": held.team or _("the whole organisation")}
        for held in own.roles
    ]
    none = _("None today. Your administrator can tell you why.")
    return [
        {"label": _("Name"), "value": own.name},
        {"label": _("E-mail address you sign in with"), "value": own.email},
        {"label": ngettext("Role", "Roles", len(roles)), "value": "\n".join(roles) or none},
    ]


def sign_in(own: OwnAccount) -> list[dict[str, Any]]:
    codes = ngettext("%(n)d recovery code left.", "%(n)d recovery codes left.", own.codes_left) % {
        "n": own.codes_left
    }
    without = _(
        "A code from an app on your phone, asked for after your password. Nobody gets in with a password alone."
    )
    places = ngettext("In %(n)d place", "In %(n)d places", own.places) % {"n": own.places}
    return [
        {
            "label": _("Password"),
            "value": _("Set"),
            "note": _("Change it when somebody else may know it."),
            "action": {"text": _("Change"), "url": reverse("account_change_password")},
        },
        {
            "label": _("Second step"),
            "value": _("On") if own.second_step else _("Not set up"),
            "tag": "good" if own.second_step else "high",
            "note": codes if own.second_step else without,
            "action": {"text": _("See") if own.second_step else _("Set up"), "url": reverse("mfa_index")},
        },
        {
            "label": _("Where you are signed in"),
            "value": places,
            "action": {"text": _("See"), "url": reverse("my_places")},
        },
        {
            "label": _("Language"),
            "value": str(get_language_info(get_language() or "en")["name_local"]).capitalize(),
            "note": _("Choose another at the top of any page; it is there wherever you sign in."),
        },
    ]
