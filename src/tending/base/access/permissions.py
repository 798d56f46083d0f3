"""May this person do it? One table: what can be done, and the roles that may.

Example: a board member may see evidence, and may not open anybody's record, whatever state it is in.
"""

from django.core.exceptions import PermissionDenied

from tending.base.access.viewer import Viewer
from tending.base.people.models import Role

_CARING = frozenset({Role.PRACTITIONER, Role.CARE_COORDINATOR, Role.PEER_WORKER, Role.SUPERVISOR, Role.CLINICAL_LEAD})
_EVERYONE = frozenset(Role)

PERMISSIONS: dict[str, frozenset[Role]] = {
    "see_monday": _EVERYONE,
    "see_caseload": _CARING,
    "see_person": _CARING,
    "ask_measure": _CARING,
    # A manager sees the clock and the duties of a review that came to them up the ladder, never the record in it.
    "see_review": _CARING | {Role.MANAGER},
    "work_on_review": _CARING | {Role.MANAGER},
    "see_all_reviews": frozenset({Role.SUPERVISOR, Role.CLINICAL_LEAD, Role.MANAGER}),
    "see_evidence": frozenset(
        {
            Role.SUPERVISOR,
            Role.CLINICAL_LEAD,
            Role.MANAGER,
            Role.DATA_STEWARD,
            Role.BOARD_MEMBER,
            Role.REVIEWER,
        }
    ),
    "see_triggers": _CARING | {Role.MANAGER, Role.DATA_STEWARD, Role.REVIEWER},
    "see_data_quality": frozenset({Role.DATA_STEWARD, Role.MANAGER, Role.ADMINISTRATOR, Role.SUPERVISOR}),
    "mend_data": frozenset({Role.DATA_STEWARD, Role.ADMINISTRATOR}),
    "give_files": frozenset({Role.DATA_STEWARD, Role.ADMINISTRATOR}),
    "see_audit": frozenset({Role.ADMINISTRATOR}),
    "see_health": frozenset({Role.ADMINISTRATOR, Role.DATA_STEWARD}),
}


def may(viewer: Viewer, permission: str) -> bool:
    """Answers; raises KeyError for a permission that does not exist."""
    return not viewer.roles.isdisjoint(PERMISSIONS[permission])


def check_may(viewer: Viewer, permission: str) -> None:
    """Raises PermissionDenied with words when the viewer may not."""
    if not may(viewer, permission):
        raise PermissionDenied(f"{viewer.name} holds no role that may {permission.replace('_', ' ')}.")
