"""What somebody changes about their own sign-in: where else they are signed in, and their language."""

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import Http404

from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.web.account.queries import device


@transaction.atomic
def end_place(*, by: Account, place_id: int, session_key: str | None) -> str:
    """Sign out one other browser of one's own; its name in words. Http404 for another's or this one."""
    one = UserSession.objects.filter(user=by, pk=place_id).exclude(session_key=session_key).first()
    if one is None:
        raise Http404("No such place where you are signed in.")
    ended = device(one.user_agent)
    one.end()
    audit.record(kind="SIGN_OUT", by=by, what="signed out another place of their own")
    return ended


@transaction.atomic
def end_others(*, by: Account, session_key: str | None) -> int:
    """Sign out every other browser of one's own; how many there were."""
    others = list(UserSession.objects.filter(user=by).exclude(session_key=session_key))
    for one in others:
        one.end()
    audit.record(kind="SIGN_OUT", by=by, what="signed out every other place of their own", count=len(others))
    return len(others)


@transaction.atomic
def remember_language(*, code: str, by: Account) -> None:
    """Kept with the account, so that it is there wherever they sign in next."""
    if by.language == code:
        return
    Account.objects.filter(pk=by.pk).update(language=code)
    audit.wrote(by=by, what=f"chose the language {code}")
