"""What may they see now? Scoped reads are the only reads.

Example: a practitioner may see people, and sees those on their caseload or supported by their teams, nobody else.
"""

from django.db.models import Q, QuerySet
from django.http import Http404

from tending.base import clock
from tending.base.access.permissions import PERMISSIONS, may
from tending.base.access.viewer import Viewer, live_on
from tending.base.people.models import CaseloadEntry, Person, Team, TeamMembership


def teams_visible(viewer: Viewer) -> QuerySet[Team]:
    if viewer.team_ids is None:
        return Team.objects.all()
    return Team.objects.filter(pk__in=viewer.team_ids)


def care_team_ids(viewer: Viewer, permission: str = "see_person") -> frozenset[int] | None:
    """The teams in which the viewer holds a role that carries the permission; None means every team."""
    teams = {team for role, team in viewer.teams_by_role if role in PERMISSIONS[permission]}
    return None if None in teams else frozenset(team for team in teams if team is not None)


def people_visible(viewer: Viewer) -> QuerySet[Person]:
    """The people whose record the viewer may open today: nobody without the permission."""
    if not may(viewer, "see_person"):
        return Person.objects.none()
    teams = care_team_ids(viewer)
    if teams is None:
        return Person.objects.all()
    today = clock.today()
    supported = TeamMembership.objects.filter(live_on(today), team_id__in=teams).values("person_id")
    held = CaseloadEntry.objects.filter(live_on(today), staff_id=viewer.staff_id or 0).values("person_id")
    return Person.objects.filter(Q(pk__in=supported) | Q(pk__in=held))


def person_or_404(viewer: Viewer, person_id: int) -> Person:
    """One visible person; Http404 otherwise, so that a guess learns nothing."""
    person = viewer.found.get(person_id) or people_visible(viewer).filter(pk=person_id).first()
    if person is None:
        raise Http404("No such person among those you support.")
    viewer.found[person_id] = person
    return person
