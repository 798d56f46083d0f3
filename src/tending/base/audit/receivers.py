"""Sign-ins, sign-outs and failed attempts, as allauth and Django report them."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from tending.base.access.models import Account
from tending.base.audit.actions import record
from tending.base.audit.models import AuditEvent


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: Account, **_: Any) -> None:
    factors = [m.get("method", "") for m in request.session.get("account_authentication_methods", [])]
    how = ", ".join(dict.fromkeys(factors)) or "password"
    record(kind=AuditEvent.Kind.SIGN_IN, by=user, what=f"signed in with {how}")


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: Account | None, **_: Any) -> None:
    if user is not None:
        record(kind=AuditEvent.Kind.SIGN_OUT, by=user, what="signed out")


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    tried = str(credentials.get("email") or credentials.get("username") or "")[:120]
    # Line breaks in what was typed must not make a second line in a log.
    tried = "".join(character if character.isprintable() else "?" for character in tried)
    record(
        kind=AuditEvent.Kind.SIGN_IN,
        what=f"could not sign in as {tried}",
        result=AuditEvent.Result.FAILED,
    )
