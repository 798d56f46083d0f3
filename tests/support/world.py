"""One small world with a named cast, a reason each. Permission tests write themselves from it.

Two teams. Alice, Carl, Petra and Sana work in East; Bob works in West. Pat and Quinn are supported by East (Pat by
Alice), Wren by West. Lena leads clinically and Mona manages for the whole provider; Dara stewards the data; Boris
sits on the board; Rita reviews for a funder; Paolo is a partner; Ada administers and may open nobody's record.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client

from tending.base.access.models import Account
from tending.base.people.models import (
    CaseloadEntry,
    Person,
    PersonIdentifier,
    Programme,
    Role,
    ServiceModel,
    Site,
    Staff,
    StaffRole,
    Team,
    TeamMembership,
)

SOURCE = "ehr"
SINCE = date(2024, 1, 1)
CAST = {
    # name: (role, team code or None for the whole provider)
    "alice": (Role.PRACTITIONER, "east"),
    "carl": (Role.CARE_COORDINATOR, "east"),
    "petra": (Role.PEER_WORKER, "east"),
    "sana": (Role.SUPERVISOR, "east"),
    "bob": (Role.PRACTITIONER, "west"),
    "lena": (Role.CLINICAL_LEAD, None),
    "mona": (Role.MANAGER, None),
    "dara": (Role.DATA_STEWARD, None),
    "boris": (Role.BOARD_MEMBER, None),
    "rita": (Role.REVIEWER, None),
    "paolo": (Role.PARTNER, None),
    "ada": (Role.ADMINISTRATOR, None),
}


@dataclass
class World:
    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        account = self.staff[name].account
        assert account is not None
        return account

    def client(self, name: str) -> Client:
        """A browser's client, signed in as one of the cast."""
        client = Client()
        client.force_login(self.account(name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def person(self, name: str, *, team: str, practitioner: str | None = None) -> Person:
        """Add a person supported by a team, known to the source system by their name."""
        person = Person.objects.create(
            code=name.upper(), given_name=name.title(), family_name="Test", birth_date=date(1990, 5, 17)
        )
        PersonIdentifier.objects.create(person=person, source=SOURCE, value=name)
        TeamMembership.objects.create(person=person, team=self.teams[team], from_date=SINCE)
        if practitioner:
            CaseloadEntry.objects.create(
                person=person, staff=self.staff[practitioner], caseload_role="PRIMARY", from_date=SINCE
            )
        self.people[name] = person
        return person


def make_world() -> World:
    world = World()
    programme = Programme.objects.create(code="adult", name="Adult services")
    model = ServiceModel.objects.create(code="outpatient", name="Outpatient")
    site = Site.objects.create(code="main", name="Main Street")
    for code in ("east", "west"):
        world.teams[code] = Team.objects.create(
            code=code, name=f"{code.title()} team", programme=programme, service_model=model, site=site
        )
    for name, (role, team) in CAST.items():
        account = Account(email=f"{name}@example.org", password="!")  # signs in by force_login only
        account.save()
        staff = Staff.objects.create(code=name, given_name=name.title(), family_name="Cast", account=account)
        StaffRole.objects.create(staff=staff, role=role, team=world.teams[team] if team else None, from_date=SINCE)
        world.staff[name] = staff
    world.person("pat", team="east", practitioner="alice")
    world.person("quinn", team="east")
    world.person("wren", team="west", practitioner="bob")
    return world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
