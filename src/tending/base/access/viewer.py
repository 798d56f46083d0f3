"""Who is asking: the account, the staff member behind it and the roles that are live today."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from tending.base import clock
from tending.base.access.models import Account
from tending.base.people.models import Person, Role, Staff, StaffRole


@dataclass(frozen=True, slots=True)
class Viewer:
    """Passed to every query a view makes. ``team_ids`` None means: the whole provider."""

    account_id: int
    staff_id: int | None
    name: str
    roles: frozenset[str]
    team_ids: frozenset[int] | None
    # The teams (None: all) in which each role is held, so that a supervisor in one team is not one in another.
    teams_by_role: tuple[tuple[str, int | None], ...] = ()
    # People found visible already: a viewer lives as long as one request, whose parts all ask about the same person.
    found: dict[int, Person] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def holds_in(self, team_id: int | None, *roles: str) -> bool:
        """Does this person hold one of the roles in that team, or in the whole provider?"""
        return any(role in roles and team in (None, team_id) for role, team in self.teams_by_role)

    @property
    def role_words(self) -> str:
        return ", ".join(str(Role(role).label) for role in Role.values if role in self.roles)


def live_on(day: date) -> Q:
    """Roles, caseload entries and memberships that hold on a day (``to_date`` is exclusive)."""
    return Q(from_date__lte=day) & (Q(to_date__isnull=True) | Q(to_date__gt=day))


def viewer_of(account: Account) -> Viewer:
    """The viewer behind a signed-in account: two queries."""
    staff = Staff.objects.filter(account_id=account.pk).first()
    held = (
        list(
            StaffRole.objects.filter(live_on(clock.today()), staff=staff)
            .order_by("role", "team_id")
            .values_list("role", "team_id")
        )
        if staff
        else []
    )
    return Viewer(
        account_id=account.pk,
        staff_id=staff.pk if staff else None,
        name=staff.name if staff else account.email,
        roles=frozenset(role for role, _ in held),
        team_ids=None if any(team is None for _, team in held) else frozenset(t for _, t in held if t is not None),
        teams_by_role=tuple(held),
    )
