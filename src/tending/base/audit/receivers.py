"""Sign-ins, sign-outs, failed attempts and changes of how somebody signs in, as allauth and Django report them."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from tending.base.access.models import Account
from tending.base.audit.actions import record, wrote
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


@receiver(password_changed)
def changed_the_password(sender: Any, user: Account, **_: Any) -> None:
    wrote(by=user, what="changed their own password")


@receiver(authenticator_added)
def added_a_way(sender: Any, user: Account, authenticator: Any, **_: Any) -> None:
    wrote(by=user, what=f"set up a way to sign in: {authenticator.type}")


@receiver(authenticator_removed)
def removed_a_way(sender: Any, user: Account, authenticator: Any, **_: Any) -> None:
    wrote(by=user, what=f"removed a way to sign in: {authenticator.type}")


@receiver(authenticator_reset)
def renewed_a_way(sender: Any, user: Account, authenticator: Any, **_: Any) -> None:
    wrote(by=user, what=f"renewed a way to sign in: {authenticator.type}")


@receiver(authentication_failed)
def second_step_failed(sender: Any, user: Account, **_: Any) -> None:
    record(kind=AuditEvent.Kind.SIGN_IN, by=user, what="gave a wrong code", result=AuditEvent.Result.FAILED)
