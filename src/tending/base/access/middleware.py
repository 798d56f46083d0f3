from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tending.base.access.viewer import viewer_of


class ViewerMiddleware:
    """Puts ``request.viewer`` on every signed-in request; made on first use, once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.viewer = SimpleLazyObject(lambda: viewer_of(request.user))  # type: ignore[attr-defined,arg-type]
        else:
            request.viewer = None  # type: ignore[attr-defined]
        return self.get_response(request)
