"""Who can sign in to the demonstration, and how? Shown on the sign-in page of a demonstration and nowhere else."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from tending.base.people.models import Role
from tending.web.demonstration.setting.cast import CAST

# Known to everybody on purpose: it opens made-up records on this machine and nothing else.
PASSWORD = "every-monday-counts"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SignIn:
    name: str
    role: str
    email: str
    story: str
    password: str


def sign_ins() -> tuple[SignIn, ...]:
    """The cast in the reader's language."""
    return tuple(
        SignIn(
            name=f"{member.given_name} {member.family_name}",
            role=str(Role(member.role).label),
            email=member.email,
            story=gettext(member.story),
            password=PASSWORD,
        )
        for member in CAST
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """For the sign-in page of a demonstration: the cast. For every other page: nothing."""
    match = request.resolver_match
    if not settings.DEMONSTRATION or match is None or match.url_name != "account_login":
        return {}
    return {"demonstration": sign_ins()}
