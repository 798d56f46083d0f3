from collections.abc import Callable
from time import monotonic

from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

NOTED_EVERY_SECONDS = 60.0
MOST_NOTED = 10_000


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by an administrator; nobody signs themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


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
