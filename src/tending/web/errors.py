"""Error pages that say what happened and what to do next, and never show a trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tending.base.access.views import open_to_all
from tending.base.audit import actions as audit


@open_to_all("an error page must be shown to anybody")
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@open_to_all("an error page must be shown to anybody")
def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Denied attempts are part of the trail; the page itself does not say what lies behind it.
    audit.record(kind="VIEW", what=f"was refused {request.path}", why=str(exception or ""), result="DENIED")
    return render(request, "403.html", status=403)


@open_to_all("an error page must be shown to anybody")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@open_to_all("an error page must be shown to anybody")
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


@open_to_all("an error page must be shown to anybody")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


class NothingSentMiddleware:
    """Who was signed out while writing comes back, signed in, to an address that takes forms only: say so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        said = render(request, "405.html", status=405)
        said["Allow"] = response["Allow"]
        return said
