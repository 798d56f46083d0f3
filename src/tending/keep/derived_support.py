"""Who works with whom, where no source says so? Derived from who was there at the contacts.

Only from sources that send no caseload, for people of whom no source names anybody, and only until one does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from tending.base.people.models import Role, StaffRole
from tending.base.tables.selection import of_people
from tending.collect.mapped import Mapped
from tending.keep.models import CaseloadVersion, SourcedRow
from tending.keep.precedence import Order, digest
from tending.keep.projections import support
from tending.keep.versions import Candidate, values_of, write

if TYPE_CHECKING:
    from tending.keep.derived_episodes import Met, Run

_DERIVED = ":caseload:derived:"
IS_DERIVED = Q(source_key__contains=_DERIVED)


@dataclass(frozen=True, slots=True)
class Entries:
    """The current caseload rows of some people."""

    told: set[int]  # people of whom a source names somebody
    derived: dict[str, CaseloadVersion]  # what was derived, by source key


def entries_of(person_ids: Sequence[int]) -> Entries:
    entries = Entries(set(), {})
    for row in of_people(CaseloadVersion.objects.filter(superseded_by__isnull=True), person_ids):
        if _DERIVED in row.source_key:
            entries.derived[row.source_key] = row
        elif not row.withdrawn:
            entries.told.add(row.person_id)
    return entries


def any_derived() -> bool:
    return CaseloadVersion.objects.filter(IS_DERIVED).exists()


def sends_caseload(source: str) -> bool:
    rows = CaseloadVersion.objects.current().filter(submission__source=source)
    return rows.exclude(IS_DERIVED).exists()


def derive_caseload(by_person: "Mapping[int, Sequence[Run]]", current: Mapping[str, CaseloadVersion]) -> set[int]:
    """One primary practitioner for each of these people, from their contacts; whose caseload changed."""
    wanted = [
        _candidate(primary, latest)
        for found in by_person.values()
        if (latest := _latest(found)) and (primary := primary_of(latest))
    ]
    keys = {candidate.source_key for candidate in wanted}
    changes = [one for one in wanted if differs(current.get(one.source_key), one)]
    changes += [_withdrawal(row) for key, row in current.items() if key not in keys and not row.withdrawn]
    written = write(CaseloadVersion, changes)
    changed = {row.person_id for row in written.rows}
    support.project_caseload(changed)
    return changed


def _latest(found: "Sequence[Run]") -> "Run | None":
    """The episode whose practitioner is the person's: an open one before an ended one, then the later one."""
    return max(
        found, key=lambda run: (not run.ended, run.contacts[-1].day, run.first.day, run.source_key), default=None
    )


def primary_of(run: "Run") -> "Met | None":
    """The first kept contact with whoever the person met most often; the later met, where two are equal."""
    kept = [met for met in run.contacts if met.kept and met.staff_id is not None]
    if not kept:
        return None
    often = Counter(met.staff_id for met in kept)
    last = {met.staff_id: met.day for met in kept}
    chosen = max(often, key=lambda staff_id: (often[staff_id], last[staff_id], -(staff_id or 0)))
    return next(met for met in kept if met.staff_id == chosen)


def _candidate(first: "Met", run: "Run") -> Candidate:
    end = run.end_date
    values = {
        "person_id": first.person_id,
        "staff_id": first.staff_id,
        "caseload_role": "PRIMARY",
        "from_date": first.day,
        "to_date": end + timedelta(days=1) if end else None,
    }
    key = f"{run.first.source}{_DERIVED}{run.source_key.partition(':derived:')[2]}"
    row = Mapped("caseload", key, first.line, dict(values))
    said = order(first.recorded_at, first.submission_id, first.line)
    return Candidate(row, key, digest(row), values, said, None, joined=True)


def _withdrawal(row: CaseloadVersion) -> Candidate:
    gone = Mapped("caseload", row.source_key, row.line, {}, withdrawn=True)
    said = order(row.recorded_at, row.submission_id, row.line)
    return Candidate(gone, row.source_key, digest(gone), values_of(row), said, None, joined=True)


def order(recorded_at: datetime, submission_id: int, line: int) -> Order:
    """A derived row stands where the contact stands that it begins with."""
    return Order(recorded_at, recorded_at, submission_id, -line)


def differs(row: SourcedRow | None, candidate: Candidate) -> bool:
    if row is None or row.content != candidate.content:
        return True
    said = candidate.order
    return (row.recorded_at, row.submission_id, -row.line) != (said.said_at, said.submission_id, said.minus_line)


def derive_roles(by_person: "Mapping[int, Sequence[Run]]") -> None:
    """Staff of whom no role is known are practitioners in the teams they met people for, from the first day on."""
    first: dict[tuple[int, int], date] = {}
    for met in (met for found in by_person.values() for run in found for met in run.contacts):
        if met.staff_id is not None and met.team_id is not None and met.kept:
            key = met.staff_id, met.team_id
            first[key] = min(met.day, first.get(key, met.day))
    held = StaffRole.objects.filter(staff__in={staff_id for staff_id, _team in first})
    known = set(held.values_list("staff_id", flat=True))
    StaffRole.objects.bulk_create(
        [
            StaffRole(staff_id=staff_id, team_id=team_id, role=Role.PRACTITIONER, from_date=day)
            for (staff_id, team_id), day in sorted(first.items())
            if staff_id not in known
        ],
        ignore_conflicts=True,
    )
