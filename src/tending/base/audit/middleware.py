from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tending.base.access.models import Account
from tending.base.audit.actions import Scene, scene


class SceneMiddleware:
    """Tells the audit trail who is asking, from which screen and from where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user if isinstance(request.user, Account) else None
        token = scene.set(
            Scene(
                account_id=account.pk if account else None,
                actor=account.email if account else "not signed in",
                screen=request.path[:120],
                address=request.META.get("REMOTE_ADDR", ""),
            )
        )
        try:
            return self.get_response(request)
        finally:
            scene.reset(token)
