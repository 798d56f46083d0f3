"""How does a member of staff get a sign-in? Made by whoever runs the command line; nobody signs themselves up."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.base.people.models import Role, Staff, StaffRole, Team


class AccountTrouble(Exception):
    """What is wrong with the request, and what to give instead."""


def _staff(code: str | None, name: str | None, email: str) -> Staff:
    found = Staff.objects.filter(code=code).first() if code else Staff.objects.filter(email__iexact=email).first()
    if found:
        return found
    if not name:
        raise AccountTrouble(
            f"No member of staff is known by {code or email!r}. Give --staff with an id from your staff file, "
            "or --name to make a new one."
        )
    given, _, family = name.strip().partition(" ")
    return Staff.objects.create(code=code or email.lower(), given_name=given, family_name=family, email=email)


def _team(code: str | None) -> Team | None:
    if not code:
        return None
    team = Team.objects.filter(code=code).first()
    if team is None:
        known = ", ".join(Team.objects.order_by("code").values_list("code", flat=True)[:20]) or "none yet"
        raise AccountTrouble(f"No team has the id {code!r}. Known: {known}.")
    return team


@transaction.atomic
def give_account(
    *,
    email: str,
    password: str,
    staff_code: str | None = None,
    name: str | None = None,
    role: str | None = None,
    team_code: str | None = None,
) -> str:
    """Make or renew the sign-in and give the role; the sentence to show. Raises AccountTrouble, ValidationError."""
    if role and role not in Role.values:
        raise AccountTrouble(f"There is no role {role!r}. Roles: {', '.join(Role.values)}.")
    staff, team = _staff(staff_code, name, email), _team(team_code)
    account = staff.account or Account.objects.filter(email=email.lower()).first() or Account(email=email.lower())
    if staff.account is None and Staff.objects.filter(account__email=email.lower()).exists():
        raise AccountTrouble(f"{email} already signs in as somebody else. Use another e-mail address.")
    validate_password(password, account)
    account.email = email.lower()
    account.set_password(password)
    account.save()
    Staff.objects.filter(pk=staff.pk).update(account=account)
    if role and not StaffRole.objects.filter(staff=staff, role=role, team=team, to_date=None).exists():
        StaffRole.objects.create(staff=staff, role=role, team=team, from_date=clock.today())
    audit.record(kind="COMMAND", what=f"gave a sign-in to {staff.name}", subject=f"staff:{staff.pk}", why=role or "")
    where = f" in {team.name}" if team else ""
    return f"{staff.name} can sign in as {email.lower()}" + (f", {Role(role).label}{where}." if role else ".")


@transaction.atomic
def take_second_step_away(*, email: str) -> str:
    """For a lost phone: app and recovery codes are forgotten; the sentence to show. Raises AccountTrouble."""
    account = Account.objects.filter(email=email.lower()).first()
    if account is None:
        raise AccountTrouble(f"Nobody signs in as {email}.")
    ways = Authenticator.objects.filter(user=account)
    if not ways.exists():
        raise AccountTrouble(f"{account.email} has no second step.")
    ways.delete()
    audit.record(kind="COMMAND", what=f"took the second step of {account.email} away", why="lost phone")
    return f"{account.email} signs in with the password alone, and should set up a new second step under My account."
