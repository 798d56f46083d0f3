"""Every view says what it needs: ``@requires("see_person")``. One that says nothing is refused by a test."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from tending.base.access.models import Account
from tending.base.access.permissions import PERMISSIONS, check_may
from tending.base.access.viewer import Viewer

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A signed-in request, for annotations: the middleware has put the viewer on it."""

    viewer: Viewer
    user: Account


def requires(permission: str) -> Callable[[View], View]:
    """The view runs only for a viewer with the permission; the name stays readable on the view."""
    if permission not in PERMISSIONS:
        raise KeyError(f"No permission called {permission!r}: add it to base/access/permissions.py.")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check_may(request.viewer, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def for_the_signed_in(reason: str) -> Callable[[View], View]:
    """A page for whoever is signed in, whatever their role, and why: it shows nobody but themselves."""

    def decorate(view: View) -> View:
        view.signed_in_because = reason  # type: ignore[attr-defined]
        return view

    return decorate


def open_to_all(reason: str) -> Callable[[View], View]:
    """A page without sign-in, and why: the answer pages, health, the sign-in itself."""

    def decorate(view: View) -> View:
        view.open_because = reason  # type: ignore[attr-defined]
        return login_not_required(view)

    return decorate
