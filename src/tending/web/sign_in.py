from collections.abc import Callable
from time import monotonic
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tending.base.access.models import Account
from tending.web.account.language import bring_back

NOTED_EVERY_SECONDS = 60.0
MOST_NOTED = 10_000


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator; nobody signs themselves up. Errors say the next step."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This sign-in is closed. Ask your administrator if you still need it."),
        "email_password_mismatch": _("The e-mail address or the password is not correct."),
        "enter_current_password": _("This is not your password now."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _(
            "Too many wrong tries. Wait five minutes and try again, or ask your administrator for a new password."
        ),
        "rate_limited": _("Too many tries in a row. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Account, **how: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **how)
        bring_back(response, of=user)
        return response


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A wrong code is answered with where the right one is."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not correct. Take the one your app shows now."),
    }


class SessionsMiddleware:
    """Keeps somebody's own list of where they are signed in up to date, as allauth's does, but once a minute.

    A write on every page would make every reader wait for whoever writes just then, such as an import.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key, now = request.session.session_key, monotonic()
        if (
            key
            and request.user.is_authenticated
            and now - self.noted.get(key, -NOTED_EVERY_SECONDS) >= NOTED_EVERY_SECONDS
        ):
            if len(self.noted) >= MOST_NOTED:
                self.noted.clear()
            UserSession.objects.create_from_request(request)
            self.noted[key] = now
        return self.get_response(request)
