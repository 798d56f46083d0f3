"""Who works here, in which role and team, and who supports whom on a day? Reads for every stage and for pickers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tending.base.access.viewer import Viewer, live_on
from tending.base.access.visibility import teams_visible
from tending.base.people.models import CaseloadEntry, Organisation, Programme, Role, Staff, StaffRole


@dataclass(frozen=True, slots=True)
class RoleHeld:
    staff_id: int
    role: str
    team_id: int | None  # None: the whole provider


@dataclass(frozen=True, slots=True)
class CaseloadHeld:
    person_id: int
    staff_id: int
    caseload_role: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker."""

    value: str
    label: str


def roles_held(*, on: date) -> tuple[RoleHeld, ...]:
    """Every role that is live on a day, in an order that does not change from one read to the next."""
    rows = (
        StaffRole.objects.filter(live_on(on)).order_by("from_date", "pk").values_list("staff_id", "role", "team_id")
    )
    return tuple(RoleHeld(*row) for row in rows)


def caseloads(*, person_ids: Collection[int], on: date) -> tuple[CaseloadHeld, ...]:
    """Who supports these people on a day, the longest-standing first."""
    rows = (
        CaseloadEntry.objects.filter(live_on(on), person_id__in=person_ids)
        .order_by("from_date", "pk")
        .values_list("person_id", "staff_id", "caseload_role")
    )
    return tuple(CaseloadHeld(*row) for row in rows)


def staff_names(*, staff_ids: Collection[int]) -> dict[int, str]:
    return {staff.pk: staff.name for staff in Staff.objects.filter(pk__in=set(staff_ids))}


def staff_who_cannot_sign_in(*, staff_ids: Collection[int]) -> dict[int, str]:
    """Names of those among ``staff_ids`` who have no account, or one that is switched off."""
    able = Staff.objects.filter(pk__in=staff_ids, account__is_active=True).values_list("pk", flat=True)
    return staff_names(staff_ids=set(staff_ids) - set(able))


def staff_choices(
    *, viewer: Viewer, team_id: int | None, on: date, roles: Collection[str] | None = None
) -> tuple[Choice, ...]:
    """Staff with a live role in the team or in the whole provider, each once with their role in words."""
    held = [r for r in roles_held(on=on) if team_id is None or r.team_id in (None, team_id)]
    if viewer.team_ids is not None:
        held = [r for r in held if r.team_id is None or r.team_id in viewer.team_ids or r.team_id == team_id]
    words: dict[int, list[str]] = {}
    for each in held:
        if roles is None or each.role in roles:
            label = str(Role(each.role).label)
            if label not in words.setdefault(each.staff_id, []):
                words[each.staff_id].append(label)
    names = staff_names(staff_ids=words)
    lines = [Choice(str(pk), f"{names[pk]} ({', '.join(words[pk]).lower()})") for pk in words]
    return tuple(sorted(lines, key=lambda choice: choice.label))


def organisation_choices() -> tuple[Choice, ...]:
    return tuple(
        Choice(str(pk), name) for pk, name in Organisation.objects.order_by("name").values_list("pk", "name")
    )


def team_choices(*, viewer: Viewer) -> tuple[Choice, ...]:
    rows = teams_visible(viewer).order_by("name").values_list("pk", "name")
    return tuple(Choice(str(pk), name) for pk, name in rows)


def programme_choices() -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in Programme.objects.order_by("name").values_list("code", "name"))
