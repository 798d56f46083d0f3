"""Which episodes would there be, had the source any? Derived from contacts, for sources that send no episodes.

Few record systems export episodes of care. Where a source has none, a person's contacts with a team that lie no more
than `GAP_DAYS` apart are one episode: it begins with the first contact that was kept, is open until `GAP_DAYS` have
passed without any, and then ended on the day of the last one that was kept. Missed, cancelled and booked contacts
hold an episode together and keep it open; they never begin one. As soon as the person has an episode from any source,
what was derived is withdrawn. A derived row is dated and named by the contact it begins with.

`derive` is a function of the record and the day: it compares what should be with what is and writes the difference.
So it may be called at any time and again, and the order in which contacts arrived does not matter.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import transaction

from tending.base.audit import actions as audit
from tending.base.tables.selection import of_people
from tending.collect import queries as collected
from tending.collect.mapped import Mapped
from tending.keep import derived_support, heads
from tending.keep.models import CaseloadVersion, Contact, Episode, PersonHead
from tending.keep.precedence import digest
from tending.keep.projections import support
from tending.keep.versions import Candidate, Written, values_of, write

GAP_DAYS = 180  # half a year without any contact ends an episode nobody ended
PEOPLE_AT_ONCE = 5_000
_COLUMNS = (
    "person_id",
    "team_id",
    "staff_id",
    "date",
    "status",
    "source_key",
    "submission_id",
    "line",
    "recorded_at",
    "submission__source",
)


@dataclass(frozen=True, slots=True)
class Met:
    """One contact of a person with a team, as far as deriving needs it."""

    person_id: int
    team_id: int | None
    staff_id: int | None
    day: date
    status: str
    source_key: str
    submission_id: int
    line: int
    recorded_at: datetime
    source: str

    @property
    def kept(self) -> bool:
        return self.status == "ATTENDED"


@dataclass(frozen=True, slots=True)
class Run:
    """Contacts that belong together: one derived episode."""

    contacts: tuple[Met, ...]  # in order; the first and the last kept one bound it
    ended: bool

    @property
    def first(self) -> Met:
        return next(contact for contact in self.contacts if contact.kept)

    @property
    def end_date(self) -> date | None:
        return max(contact.day for contact in self.contacts if contact.kept) if self.ended else None

    @property
    def source_key(self) -> str:
        """Named by the contact it begins with, so that it stays itself while later contacts arrive."""
        prefix = f"{self.first.source}:contacts:"
        return f"{self.first.source}:episodes:derived:{self.first.source_key.removeprefix(prefix)}"


def runs(contacts: Iterable[Met], *, as_of: date, gap_days: int = GAP_DAYS) -> list[Run]:
    """The episodes in one person's contacts with one team."""
    gap = timedelta(days=gap_days)
    pieces: list[list[Met]] = []
    for contact in sorted(contacts, key=lambda met: (met.day, met.source_key)):
        if pieces and contact.day - pieces[-1][-1].day <= gap:
            pieces[-1].append(contact)
        else:
            pieces.append([contact])
    return [
        Run(tuple(piece), ended=as_of - piece[-1].day > gap)
        for piece in pieces
        if any(contact.kept and contact.day <= as_of for contact in piece)
    ]


def derive(*, person_ids: Collection[int], as_of: date, gap_days: int = GAP_DAYS) -> int:
    """Bring these people's derived episodes, caseloads and staff roles up to date; how many people changed."""
    people = sorted(person_ids)
    if not people or _nothing_to_derive():
        return 0
    starts = range(0, len(people), PEOPLE_AT_ONCE)
    return sum(_derive(people[start : start + PEOPLE_AT_ONCE], as_of, gap_days) for start in starts)


def _nothing_to_derive() -> bool:
    """Every source that sends contacts sends episodes and caseloads too, and nothing derived is left to withdraw.

    The usual case, asked in a few reads of one row each, so that turning everybody costs nothing here.
    """
    if Episode.objects.filter(derived=True).exists() or derived_support.any_derived():
        return False
    for source in collected.sources():
        sends_contacts = Contact.objects.filter(submission__source=source).exists()
        if sends_contacts and not (_sends_episodes(source) and derived_support.sends_caseload(source)):
            return False
    return True


@transaction.atomic
def _derive(person_ids: Sequence[int], as_of: date, gap_days: int) -> int:
    there = list(of_people(Episode.objects.filter(derived=True, superseded_by__isnull=True), person_ids))
    entries = derived_support.entries_of(person_ids)
    without_episodes = _without_episodes(person_ids)
    without_caseload = set(person_ids) - entries.told
    if not without_episodes and not without_caseload and not there and not entries.derived:
        return 0
    # Whoever else derives for these people waits, and then finds it done.
    held = PersonHead.objects.select_for_update().order_by("pk")
    list(of_people(held, person_ids, column="pk").values_list("pk", flat=True))
    contacts = _contacts(without_episodes | without_caseload)
    sources = {met.source for met in contacts}
    silent = {source for source in sources if not _sends_episodes(source)}
    found = _runs(
        [met for met in contacts if met.person_id in without_episodes and met.source in silent], as_of, gap_days
    )
    written = write(Episode, _differences({run.source_key: run for run in chain(*found.values())}, there))
    changed = {row.person_id for row in written.rows}
    support.project_memberships(changed)
    silent = {source for source in sources if not derived_support.sends_caseload(source)}
    found = _runs(
        [met for met in contacts if met.person_id in without_caseload and met.source in silent], as_of, gap_days
    )
    changed |= derived_support.derive_caseload(found, entries.derived)
    derived_support.derive_roles(found)
    heads.touch(changed)
    _forget(changed)
    _audit(written)
    return len(changed)


def _forget(person_ids: Collection[int]) -> None:
    """What was derived before is no history: a rebuild could not make it again."""
    for model in (Episode.objects.filter(derived=True), CaseloadVersion.objects.filter(derived_support.IS_DERIVED)):
        of_people(model.filter(superseded_by__isnull=False), sorted(person_ids)).delete()


def _without_episodes(person_ids: Sequence[int]) -> set[int]:
    """People of whom no source has sent an episode."""
    real = of_people(Episode.objects.current().filter(derived=False), person_ids)
    return set(person_ids) - set(real.values_list("person_id", flat=True))


def _contacts(person_ids: Collection[int]) -> list[Met]:
    rows = of_people(Contact.objects.current(), sorted(person_ids))
    return [Met(*row) for row in rows.values_list(*_COLUMNS)]


def _runs(contacts: Iterable[Met], as_of: date, gap_days: int) -> dict[int, list[Run]]:
    """By person: the runs of contacts with each team."""
    by_team: dict[tuple[int, int | None], list[Met]] = defaultdict(list)
    for met in contacts:
        by_team[met.person_id, met.team_id].append(met)
    found: dict[int, list[Run]] = defaultdict(list)
    for (person_id, _team_id), together in by_team.items():
        found[person_id] += runs(together, as_of=as_of, gap_days=gap_days)
    return found


def _sends_episodes(source: str) -> bool:
    return Episode.objects.current().filter(derived=False, submission__source=source).exists()


def _differences(wanted: dict[str, Run], there: list[Episode]) -> list[Candidate]:
    """What to add, to correct and to withdraw."""
    current = {row.source_key: row for row in there}
    candidates = []
    for key, run in wanted.items():
        candidate = _candidate(key, run)
        if derived_support.differs(current.get(key), candidate):
            candidates.append(candidate)
    candidates += [_withdrawal(row) for key, row in current.items() if key not in wanted and not row.withdrawn]
    return candidates


def _candidate(key: str, run: Run) -> Candidate:
    first = run.first
    values = {
        "person_id": first.person_id,
        "team_id": first.team_id,
        "referral_key": "",
        "start_date": first.day,
        "end_date": run.end_date,
        "end_reason": "",
        "derived": True,
    }
    row = Mapped("episodes", key, first.line, {**values, "referral_key": None})
    order = derived_support.order(first.recorded_at, first.submission_id, first.line)
    return Candidate(row, key, digest(row), values, order, None, joined=True)


def _withdrawal(row: Episode) -> Candidate:
    gone = Mapped("episodes", row.source_key, row.line, {}, withdrawn=True)
    order = derived_support.order(row.recorded_at, row.submission_id, row.line)
    return Candidate(gone, row.source_key, digest(gone), values_of(row), order, None, joined=True)


def _audit(written: Written) -> None:
    if written.rows:
        what = f"derived episodes from contacts: {written.new} new, {written.corrected} changed"
        audit.wrote(by=None, what=what, subject="derived episodes")
