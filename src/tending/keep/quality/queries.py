"""Findings in the record, grouped and one by one, and the frames that data quality is worked out from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q, QuerySet

from tending.base import clock
from tending.base.access.viewer import Viewer, live_on
from tending.base.access.visibility import care_team_ids, people_visible
from tending.base.people.models import Person, TeamMembership
from tending.base.retold import retold
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.reading import read
from tending.keep.models import Contact, DataQualityFinding, Episode, PersonHead

PAGE = 50
PERMISSION = "see_data_quality"


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All open findings of one kind that one role can mend."""

    kind: str
    role: str
    n: int
    n_people: int
    since: datetime
    example: str
    fix: str


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """How a person may be named to this viewer: a code always, a name and a record only where they may look."""

    person_id: int
    code: str
    name: str  # empty: may not be seen
    may_open: bool


@dataclass(frozen=True, slots=True)
class FindingLine:
    person: PersonNamed
    kind: str
    message: str
    fix: str
    role: str
    found_at: datetime


def finding_groups(*, viewer: Viewer, team_id: int | None = None) -> tuple[FindingGroup, ...]:
    """Open findings by kind and role, the most frequent first: two queries."""
    rows = list(
        _open(viewer, team_id)
        .values("kind", "role")
        .annotate(n=Count("pk"), n_people=Count("person", distinct=True), since=Min("found_at"), first=Min("pk"))
        .order_by("-n", "kind", "role")
    )
    said = {each.pk: each for each in DataQualityFinding.objects.filter(pk__in=[row["first"] for row in rows])}
    return tuple(
        FindingGroup(
            kind=row["kind"],
            role=row["role"],
            n=row["n"],
            n_people=row["n_people"],
            since=row["since"],
            example=retold(said[row["first"]].message),
            fix=retold(said[row["first"]].fix),
        )
        for row in rows
    )


def findings(*, viewer: Viewer, kind: str, number: str, team_id: int | None = None) -> tuple["Page[Any]", list[Any]]:
    """One page of the open findings of a kind, the oldest first, and its lines."""
    rows = _open(viewer, team_id).filter(kind=kind).order_by("found_at", "pk")
    page = Paginator(rows, PAGE).get_page(number)
    held = list(page.object_list)
    named = named_people(viewer=viewer, person_ids={row.person_id for row in held})
    lines = [
        FindingLine(named[row.person_id], row.kind, retold(row.message), retold(row.fix), row.role, row.found_at)
        for row in held
    ]
    return page, lines


def named_people(*, viewer: Viewer, person_ids: set[int]) -> dict[int, PersonNamed]:
    """How this viewer may name these people: two queries."""
    visible = set(people_visible(viewer).filter(pk__in=person_ids).values_list("pk", flat=True))
    return {
        person.pk: PersonNamed(
            person.pk, person.code, person.name if person.pk in visible else "", person.pk in visible
        )
        for person in Person.objects.filter(pk__in=person_ids)
    }


def episodes_since(since: date) -> pl.DataFrame:
    """Episodes that were open on or after a day."""
    rows = Episode.objects.current().filter(Q(end_date__isnull=True) | Q(end_date__gte=since))
    schema = {"person_id": pl.Int64, "team_id": pl.Int64, "start_day": pl.Int32, "end_day": pl.Int32}
    return read(rows.values_list("person_id", "team_id", DayNumber("start_date"), DayNumber("end_date")), schema)


def visits_written_down(since: date) -> pl.DataFrame:
    """Every version of each attended contact since a day, and the second in which it came to us."""
    rows = Contact.objects.filter(date__gte=since, status="ATTENDED", withdrawn=False)
    schema = {
        "source_key": pl.String,
        "person_id": pl.Int64,
        "team_id": pl.Int64,
        "day": pl.Int32,
        "recorded": pl.Int64,
    }
    columns = ("source_key", "person_id", "team_id", DayNumber("date"), EpochSecond("recorded_at"))
    return read(rows.values_list(*columns), schema)


def state() -> tuple[Any, ...]:
    """Different when the record has changed in a way that matters here: three look-ups by primary key."""
    return (
        Episode.objects.aggregate(last=Max("pk"))["last"],
        Contact.objects.aggregate(last=Max("pk"))["last"],
        PersonHead.objects.aggregate(last=Max("pk"))["last"],
    )


def _open(viewer: Viewer, team_id: int | None) -> "QuerySet[DataQualityFinding, DataQualityFinding]":
    found = DataQualityFinding.objects.filter(gone_at__isnull=True)
    teams = care_team_ids(viewer, PERMISSION)
    if team_id is not None:
        teams = frozenset({team_id}) if teams is None else teams & {team_id}
    if teams is None:
        return found
    supported = TeamMembership.objects.filter(live_on(clock.today()), team_id__in=teams).values("person_id")
    return found.filter(person_id__in=supported)
