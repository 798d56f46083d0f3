"""Organisations, teams and staff as their current versions describe them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils.text import slugify

from tending.base.people.models import (
    Named,
    Organisation,
    Programme,
    ServiceModel,
    Site,
    Staff,
    StaffRole,
    Team,
)
from tending.keep.models import ProviderVersion
from tending.keep.precedence import order_of
from tending.keep.projections.support import Ends, Key, bring_to, sort_in

NOT_GIVEN = "Programme not given"


def project(kind: str, subjects: Collection[str]) -> None:
    """Bring these organisations, teams or members of staff up to date."""
    if not subjects:
        return
    versions: dict[str, list[Any]] = defaultdict(list)
    current = ProviderVersion.objects.filter(kind=kind, subject__in=subjects, superseded_by__isnull=True)
    for version in sorted(current, key=order_of):
        versions[version.subject].append(version)
    if kind == "organisations":
        _organisations(versions)
    elif kind == "teams":
        _teams(versions)
    else:
        _staff(versions)


def _latest(versions: dict[str, list[Any]]) -> dict[str, dict[str, Any]]:
    """The last word on each detail of each subject; one that was withdrawn keeps its last description.

    A member of staff has a version for each role, and not every one of them gives the name.
    """
    latest: dict[str, dict[str, Any]] = {}
    for subject, all_ in versions.items():
        for version in all_:
            if not version.withdrawn:
                latest.setdefault(subject, {}).update(version.details)
    return latest


def _organisations(versions: dict[str, list[Any]]) -> None:
    Organisation.objects.bulk_create(
        [
            Organisation(code=code, name=details["name"], kind=details["kind"])
            for code, details in sorted(_latest(versions).items())
        ],
        update_conflicts=True,
        update_fields=["name", "kind"],
        unique_fields=["code"],
    )


def _teams(versions: dict[str, list[Any]]) -> None:
    latest = _latest(versions)
    programmes = _by_name(Programme, (d.get("programme") or NOT_GIVEN for d in latest.values()))
    models = _by_name(ServiceModel, (d["service_model"] for d in latest.values() if d.get("service_model")))
    sites = _by_name(Site, (d["site"] for d in latest.values() if d.get("site")))
    Team.objects.bulk_create(
        [
            Team(
                code=code,
                name=details["name"],
                programme_id=programmes[details.get("programme") or NOT_GIVEN],
                service_model_id=models.get(details.get("service_model", "")),
                site_id=sites.get(details.get("site", "")),
            )
            for code, details in sorted(latest.items())
        ],
        update_conflicts=True,
        update_fields=["name", "programme", "service_model", "site"],
        unique_fields=["code"],
    )


def _by_name(model: type[Named], names: Iterable[str]) -> dict[str, int]:
    """The row of each name, made when there is none; a file may also give its code."""
    wanted = sorted(set(names))
    manager: Any = model._default_manager
    codes = {name: slugify(name)[:120] or name[:120] for name in wanted}
    manager.bulk_create(
        [model(code=code, name=name[:200]) for name, code in codes.items() if not _there(manager, name, code)],
        ignore_conflicts=True,
    )
    rows = list(manager.values_list("code", "name", "pk"))
    found = {name: pk for _code, name, pk in rows} | {code: pk for code, _name, pk in rows}
    return {name: found.get(name) or found[codes[name]] for name in wanted}


def _there(manager: Any, name: str, code: str) -> bool:
    return bool(manager.filter(name=name).exists() or manager.filter(code__in=[name, code]).exists())


def _staff(versions: dict[str, list[Any]]) -> None:
    latest = _latest(versions)
    Staff.objects.bulk_create(
        [
            Staff(
                code=code,
                given_name=details.get("given_name", ""),
                family_name=details.get("family_name", ""),
                email=details.get("email", ""),
            )
            for code, details in sorted(latest.items())
        ],
        update_conflicts=True,
        update_fields=["given_name", "family_name", "email"],
        unique_fields=["code"],
    )
    _roles(versions)


def _roles(versions: dict[str, list[Any]]) -> None:
    """One role a version; what a version said before it was corrected or withdrawn is taken away."""
    staff = dict(Staff.objects.filter(code__in=versions).values_list("code", "id"))
    teams = dict(Team.objects.values_list("code", "id"))
    now: Ends = {}
    before: set[Key] = set()
    for version in ProviderVersion.objects.filter(kind="staff", subject__in=versions):
        details = version.details
        if not details.get("role") or version.subject not in staff:
            continue
        from_date = date.fromisoformat(details["from_date"])
        to_date = date.fromisoformat(details["to_date"]) if details.get("to_date") else None
        key = (staff[version.subject], details["role"], teams.get(details.get("team_id", "")), from_date)
        sort_in(version, key, to_date, now, before)
    held = {
        (role.staff_id, role.role, role.team_id, role.from_date): role
        for role in StaffRole.objects.filter(staff__code__in=versions)
    }
    bring_to(StaffRole, ("staff_id", "role", "team_id", "from_date"), now, before, held)
