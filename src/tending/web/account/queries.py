"""What the pages of one's own account show: nobody else's account is ever read."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from tending.base.access.models import Account
from tending.base.access.viewer import Viewer
from tending.base.people.models import Role, Team

# The first that is found names it: Edge calls itself Chrome too, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: str
    team: str  # empty: the whole provider


@dataclass(frozen=True, slots=True)
class OwnAccount:
    name: str
    email: str
    roles: tuple[HeldRole, ...]
    second_step: bool
    codes_left: int
    places: int


@dataclass(frozen=True, slots=True)
class Place:
    """One browser somebody is signed in with."""

    id: int
    device: str
    address: str
    began: datetime
    last_seen: datetime
    here: bool


def own_account(*, account: Account, viewer: Viewer) -> OwnAccount:
    teams = dict(Team.objects.filter(pk__in={t for _role, t in viewer.teams_by_role if t}).values_list("pk", "name"))
    ways = {way.type: way for way in Authenticator.objects.filter(user=account)}
    codes = ways.get(Authenticator.Type.RECOVERY_CODES)
    return OwnAccount(
        name=viewer.name,
        email=account.email,
        roles=tuple(HeldRole(str(Role(role).label), teams.get(team or 0, "")) for role, team in viewer.teams_by_role),
        second_step=Authenticator.Type.TOTP in ways,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        places=len(UserSession.objects.purge_and_list(account)),
    )


def places(*, account: Account, session_key: str | None) -> tuple[Place, ...]:
    """Where somebody is signed in: the browser that asks first, then the latest seen."""
    found = [
        Place(
            id=one.pk,
            device=device(one.user_agent),
            address=str(one.ip),
            began=one.created_at,
            last_seen=one.last_seen_at,
            here=one.session_key == session_key,
        )
        for one in UserSession.objects.purge_and_list(account)
    ]
    return tuple(sorted(found, key=lambda place: (not place.here, -place.last_seen.timestamp())))


def device(user_agent: str) -> str:
    """A browser and its system in words: "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say its name")
