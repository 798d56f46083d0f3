from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tending.base.audit.actions import Scene, scene


class SceneMiddleware:
    """Tells the audit trail who is asking, from which screen and from where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        token = scene.set(
            Scene(
                account_id=request.user.pk if signed_in else None,
                actor=request.user.email if signed_in else "not signed in",
                screen=request.path[:120],
                address=request.META.get("REMOTE_ADDR", ""),
            )
        )
        try:
            return self.get_response(request)
        finally:
            scene.reset(token)
