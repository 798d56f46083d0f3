"""What the resource at hand becomes: the rows, what was noticed, and the names of those it speaks of.

A resource that cannot be read raises `Unreadable`; its rows are then taken back, and the rest of the file goes on.
Whoever a resource names (staff, team, organisation) but the delivery does not hold gets a stand-in: a row with the
identifier and the name the reference gives, dated so long ago that any other version of it is the later one. So the
row that names them can be kept, and what is known of them from elsewhere stays.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tending.collect.fhir import dates, faults
from tending.collect.fhir.datatypes import Period, Reference
from tending.collect.fhir.faults import Unreadable
from tending.collect.fhir.mapping.catalogue import Catalogue
from tending.collect.fhir.notes import noted
from tending.collect.fhir.references import Target, target
from tending.collect.fhir.resources import Resource
from tending.collect.fhir.survey import Survey
from tending.collect.mapped import Fault, Mapped, Value

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
LONGEST_KEY = 80  # what the record's templates allow an identifier


@dataclass(slots=True)
class Draft:
    survey: Survey
    catalogue: Catalogue
    zone: ZoneInfo
    notes: Counter[str] = field(default_factory=Counter)
    rows: list[Mapped] = field(default_factory=list)
    stand_ins: list[Mapped] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    named: set[tuple[str, str]] = field(default_factory=set)
    line: int = 0
    shared_line: bool = False
    type: str = ""
    id: str = ""
    source_time: datetime | None = None
    aliases: Mapping[str, Target] = field(default_factory=dict)

    def begin(self, resource: Resource, key: str, line: int, aliases: Mapping[str, Target]) -> None:
        self.line, self.type, self.id, self.aliases = line, type(resource).__name__, key, aliases
        self.source_time = None
        if resource.meta and resource.meta.last_updated:
            self.source_time = self.instant("meta.lastUpdated", resource.meta.last_updated)

    def take_back(self, kind: str, key: str, identifier: str) -> None:
        """Withdraw a row that the resource may have become before, or never was."""
        self.rows.append(Mapped(kind, key, self.line, {identifier: key}, self.source_time, True, if_known=True))

    def row(
        self, kind: str, key: str, fields: dict[str, Value], *, withdrawn: bool = False, partial: bool = False
    ) -> None:
        self.rows.append(Mapped(kind, key, self.line, fields, self.source_time, withdrawn, partial))

    def take(self) -> tuple[list[Mapped], list[Fault]]:
        """The rows and faults so far; the draft goes on with none."""
        rows, found = self.stand_ins + self.rows, self.faults
        self.rows, self.stand_ins, self.faults = [], [], []
        return rows, found

    # What was noticed

    def fault(self, why: Unreadable) -> None:
        who = f"{self.type}/{self.id}" if self.id else self.type
        # Where several resources share a line the element alone would not tell which of them is meant.
        field = f"{who} {why.field}" if self.shared_line else why.field
        self.faults.append(
            Fault(
                line=self.line,
                kind=self.type,
                field=field[:120],
                reason=why.reason,
                message=_("Line %(line)s, %(who)s: %(message)s")
                % {"line": self.line, "who": who, "message": why.message},
                fix=why.fix,
            )
        )

    def note(self, code: str, about: str = "") -> None:
        noted(self.notes, code, about)

    def not_read(self, about: str) -> None:
        self.note("NOT_READ", about)

    # Dates

    def day(self, name: str, text: str | None) -> date | None:
        """The local day, or None when it is not given; a part of a date is a fault."""
        if not text:
            return None
        try:
            return dates.local_day(text, self.zone)
        except dates.PartialDate as error:
            raise faults.partial_date(name, text) from error
        except dates.NotADate as error:
            raise faults.bad_date(name, text) from error

    def needed_day(self, name: str, text: str | None) -> date:
        found = self.day(name, text)
        if found is None:
            raise faults.missing(name)
        return found

    def day_if_whole(self, name: str, text: str | None) -> date | None:
        """The local day, or None (and a note) when only a year or a month is given."""
        try:
            return self.day(name, text)
        except Unreadable as error:
            if error.reason != faults.PARTIAL_DATE:
                raise
            self.note("PARTIAL_DATE", f"{self.type}.{name}")
            return None

    def instant(self, name: str, text: str | None) -> datetime | None:
        if not text:
            return None
        try:
            return dates.instant(text, self.zone)
        except dates.PartialDate as error:
            raise faults.partial_date(name, text) from error
        except dates.NotADate as error:
            raise faults.bad_date(name, text) from error

    def needed_instant(self, name: str, text: str | None) -> datetime:
        found = self.instant(name, text)
        if found is None:
            raise faults.missing(name)
        return found

    def days(self, name: str, period: Period | None) -> tuple[date | None, date | None]:
        """First and last day of a period; the last before the first is a fault."""
        if period is None:
            return None, None
        start, end = self.day(f"{name}.start", period.start), self.day(f"{name}.end", period.end)
        if start and end and end < start:
            raise ends_before_it_starts(f"{name}.end")
        return start, end

    # Whom it speaks of

    def person(self, name: str, reference: Reference | None) -> str:
        found = target(reference, self.aliases)
        if found is None or found.type not in ("Patient", ""):
            raise Unreadable(
                name,
                faults.NO_PERSON,
                _("%(field)s does not say whose record this belongs to.") % {"field": name},
                _("Export it with a reference to the Patient it belongs to."),
            )
        if found.id not in self.survey.people:
            self._absent(found)
        return found.id

    def staff(self, reference: Reference | None) -> str | None:
        found = target(reference, self.aliases)
        if found is not None and found.type == "PractitionerRole":
            role = self.survey.roles.get(found.id)
            if role is None or role.practitioner is None:
                self._absent(found)
                return None
            found = Target("Practitioner", role.practitioner)
        if found is None or found.type != "Practitioner":
            return None
        if found.id not in self.survey.practitioners:
            self._absent(found)
            self._name_once("staff", found.id, {"staff_id": found.id, "family_name": _named(reference, found)})
        return found.id

    def organisation(self, reference: Reference | None) -> str | None:
        """A partner: where somebody stays, who refers."""
        found = self._organisation_of(reference)
        if found is None:
            return None
        if found.id not in self.survey.organisations:
            self._absent(found)
            name = _named(reference, found)
            self._name_once("organisations", found.id, {"organisation_id": found.id, "name": name, "kind": "OTHER"})
        return found.id

    def team(self, reference: Reference | None) -> str | None:
        """A team of the provider's own: whoever holds episodes, ordinary contacts or caseloads."""
        found = self._organisation_of(reference)
        if found is None:
            return None
        if found.id not in self.survey.organisations or found.id not in self.survey.teams:
            if found.id not in self.survey.organisations:
                self._absent(found)
            self._name_once("teams", found.id, {"team_id": found.id, "name": _named(reference, found)})
        return found.id

    def _organisation_of(self, reference: Reference | None) -> Target | None:
        found = target(reference, self.aliases)
        if found is None:
            return None
        held_by: str | None = None
        if found.type == "CareTeam":
            held_by = self.survey.care_teams.get(found.id)
        elif found.type == "PractitionerRole":
            role = self.survey.roles.get(found.id)
            held_by = role.organisation if role else None
        elif found.type == "Organization":
            held_by = found.id
        return Target("Organization", held_by) if held_by else None

    def _name_once(self, kind: str, key: str, fields: dict[str, Value]) -> None:
        """A version of that row which every other version is later than."""
        if (kind, key) not in self.named:
            self.named.add((kind, key))
            self.stand_ins.append(Mapped(kind, key, self.line, fields, LONG_AGO))

    def _absent(self, found: Target) -> None:
        if self.survey.made:
            self.note("ABSENT", found.type)
            self.note("ABSENT", str(found))


def _named(reference: Reference | None, found: Target) -> str:
    """What the reference calls it, else its identifier."""
    return ((reference.display if reference else None) or found.id)[:100]


def ends_before_it_starts(name: str) -> Unreadable:
    return Unreadable(
        name,
        faults.DATE_ORDER,
        _("%(field)s lies before the start.") % {"field": name},
        faults.correct_at_source(),
    )


def composed(*parts: str) -> str:
    """One identifier made of several; where that would be too long for the record, its digest."""
    key = "/".join(parts)
    return key if len(key) <= LONGEST_KEY else f"{parts[0][:20]}/{sha256(key.encode()).hexdigest()[:40]}"
