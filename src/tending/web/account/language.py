"""Somebody's language goes with them: chosen on any page, kept with their account, there wherever they sign in next.

Browsers are shared in community care; a cookie alone would greet the next colleague in the last one's language.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language

from tending.base.access.models import Account
from tending.web.account import actions


def choose(request: HttpRequest) -> HttpResponse:
    """Django's own choice of a language, by cookie; whoever is signed in has it remembered."""
    response: HttpResponse = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is not None and isinstance(request.user, Account):
        actions.remember_language(code=chosen.value, by=request.user)
    return response


def bring_back(response: HttpResponse, *, of: Account) -> None:
    """The language somebody once chose, for this browser; without a choice the browser's own decides."""
    if of.language not in dict(settings.LANGUAGES):
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        of.language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
