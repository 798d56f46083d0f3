"""Who is the one named person? The role asked for, or the next one up, never nobody while anybody works here."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tending.base.people import queries as people
from tending.base.people.models import CaseloadRole, Role

_ASKED_BY_CASELOAD = {
    Role.PRACTITIONER.value: CaseloadRole.PRIMARY.value,
    Role.CARE_COORDINATOR.value: CaseloadRole.COORDINATOR.value,
    Role.PEER_WORKER.value: CaseloadRole.PEER.value,
}
_UP = (Role.SUPERVISOR.value, Role.CLINICAL_LEAD.value, Role.MANAGER.value)
# Who may own a review when the whole ladder is empty; a board member or a partner never does.
_ANYBODY = (*_UP, Role.PRACTITIONER.value, Role.CARE_COORDINATOR.value, Role.PEER_WORKER.value)


class Place(NamedTuple):
    """For whom somebody is named: the person, and the team the signal came from."""

    person_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Everybody with a live role, and who supports the people asked about; loaded with two queries."""

    held: tuple[people.RoleHeld, ...]
    caseload: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _in_place: dict[tuple[str, int | None], int] = field(init=False, default_factory=dict)  # the first of each
    _here: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for each in self.held:
            self._in_place.setdefault((each.role, each.team_id), each.staff_id)
            self._here.add(each.staff_id)

    @classmethod
    def of(cls, person_ids: Collection[int], *, on: date) -> "Ladder":
        caseload: dict[tuple[int, str], list[int]] = {}
        for each in people.caseloads(person_ids=person_ids, on=on):
            caseload.setdefault((each.person_id, each.caseload_role), []).append(each.staff_id)
        return cls(people.roles_held(on=on), caseload)

    def works_here(self, staff_id: int) -> bool:
        return staff_id in self._here

    def named(self, role: str, place: Place) -> int | None:
        """The one person in this role for this person; None when the role is empty."""
        if role in _ASKED_BY_CASELOAD:
            staff = self.caseload.get((place.person_id, _ASKED_BY_CASELOAD[role]), [])
            return next((each for each in staff if self.works_here(each)), None)
        in_team = self._in_place.get((role, place.team_id))
        return in_team if in_team is not None else self._in_place.get((role, None))

    def owner(self, role: str, place: Place, *, but: int | None = None) -> int | None:
        """The named person of the role, or the next one up the ladder; ``but`` is passed over."""
        above = _UP[_UP.index(role) + 1 :] if role in _UP else _UP
        for rung in (role, *above):
            staff_id = self.named(rung, place)
            if staff_id is not None and staff_id != but:
                return staff_id
        return self._anybody(place.team_id, but)

    def decider(self, roles: Collection[str], place: Place) -> int | None:
        """Somebody who holds the right to decide, the first role named first."""
        for role in roles:
            staff_id = self.named(role, place)
            if staff_id is not None:
                return staff_id
        return None

    def _anybody(self, team_id: int | None, but: int | None) -> int | None:
        """Anybody at all who may own a review: first in the same team, then by rank."""
        candidates = [each for each in self.held if each.role in _ANYBODY and each.staff_id != but]
        candidates.sort(key=lambda each: (each.team_id != team_id, _ANYBODY.index(each.role), each.staff_id))
        return candidates[0].staff_id if candidates else None
