from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tending.base.access.viewer import viewer_of


class ViewerMiddleware:
    """Puts ``request.viewer`` on every signed-in request, made on first use; and keeps what it sees out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.viewer = SimpleLazyObject(lambda: viewer_of(request.user))  # type: ignore[attr-defined,arg-type]
        else:
            request.viewer = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # What a signed-in person saw is not shown again by the back button after they have signed out.
            response["Cache-Control"] = "no-store"
        return response
