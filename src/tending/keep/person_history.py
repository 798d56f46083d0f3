"""What happened with this person lately? Short reads of the record for people who are about to decide.

Part of keep's face to the later stages: frozen rows out, only current ones, never a model. Who may see the person
was asked before; a page passes the ids it was allowed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from tending.keep import models

ATTENDED, BOOKED = "ATTENDED", "BOOKED"


@dataclass(frozen=True, slots=True)
class ContactSeen:
    date: date
    starts_at: datetime
    kind: str
    medium: str
    status: str
    staff: str
    source_key: str

    @property
    def attended(self) -> bool:
        return self.status == ATTENDED

    @property
    def missed(self) -> bool:
        """The person did not come; a visit the provider cancelled is not counted against anybody."""
        return self.status == "NO_SHOW"


@dataclass(frozen=True, slots=True)
class Visits:
    last_attended: date | None = None
    next_booked: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrisisSeen:
    date: date
    kind: str
    outcome: str
    source_key: str


@dataclass(frozen=True, slots=True)
class StaySeen:
    kind: str
    admitted: date
    discharged: date | None
    where: str
    source_key: str


@dataclass(frozen=True, slots=True)
class HousingSeen:
    state: str
    since: date


@dataclass(frozen=True, slots=True)
class GoalSeen:
    words: str
    stated: date
    rating: int | None
    rated: date | None
    rated_by: str
    earlier_rating: int | None


@dataclass(frozen=True, slots=True)
class ResponseSeen:
    instrument: str
    date: date
    answers: Mapping[str, Any]
    source_key: str


def past_contacts(*, person_id: int, before: datetime, limit: int) -> tuple[ContactSeen, ...]:
    """The latest planned contacts up to an instant, the newest first, whatever came of them."""
    rows = _current(models.Contact, [person_id]).filter(starts_at__lte=before).exclude(status=BOOKED)
    rows = rows.select_related("staff").order_by("-starts_at", "-pk")[:limit]
    return tuple(
        ContactSeen(
            row.date,
            row.starts_at,
            row.kind,
            row.medium,
            row.status,
            row.staff.name if row.staff else "",
            row.source_key,
        )
        for row in rows
    )


def visits(*, person_ids: Collection[int], as_of: datetime) -> dict[int, Visits]:
    """The last attended and the next booked contact of each person: one query."""
    rows = (
        _current(models.Contact, person_ids)
        .values("person_id")
        .annotate(
            last=Max("date", filter=Q(status=ATTENDED, starts_at__lte=as_of)),
            next=Min("starts_at", filter=Q(status=BOOKED, starts_at__gt=as_of)),
        )
    )
    return {row["person_id"]: Visits(row["last"], row["next"]) for row in rows}


def crises(*, person_id: int, since: date, until: date) -> tuple[CrisisSeen, ...]:
    rows = (
        _current(models.CrisisContact, [person_id]).filter(date__gt=since, date__lte=until).order_by("-date", "-pk")
    )
    return tuple(CrisisSeen(*row) for row in rows.values_list("date", "kind", "outcome", "source_key"))


def stays(*, person_id: int, since: date, until: date) -> tuple[StaySeen, ...]:
    """Stays that reach into the days after ``since``, the newest first."""
    rows = _current(models.Stay, [person_id]).filter(admitted_date__lte=until)
    rows = rows.filter(Q(discharged_date__isnull=True) | Q(discharged_date__gt=since)).order_by(
        "-admitted_date", "-pk"
    )
    names = ("kind", "admitted_date", "discharged_date", "organisation__name", "source_key")
    return tuple(
        StaySeen(kind, admitted, left, where or "", key)
        for kind, admitted, left, where, key in rows.values_list(*names)
    )


def housing(*, person_id: int, as_of: date) -> HousingSeen | None:
    row = (
        _current(models.HousingState, [person_id])
        .filter(from_date__lte=as_of)
        .order_by("-from_date", "-pk")
        .values_list("state", "from_date")
        .first()
    )
    return HousingSeen(*row) if row else None


def plan_events(*, person_id: int, as_of: date) -> dict[str, date]:
    """The latest day of each kind of care-plan event."""
    rows = _current(models.CarePlanEvent, [person_id]).filter(event_date__lte=as_of).values("kind")
    return {row["kind"]: row["latest"] for row in rows.annotate(latest=Max("event_date"))}


def active_goals(*, person_id: int, as_of: date) -> tuple[GoalSeen, ...]:
    """Goals the person works towards, with the latest rating and the one before: two queries."""
    goals = _current(models.Goal, [person_id]).filter(status="ACTIVE", stated_date__lte=as_of)
    ratings: dict[str, list[Any]] = defaultdict(list)
    rated = _current(models.GoalRating, [person_id]).filter(rated_date__lte=as_of).order_by("rated_date", "pk")
    for rating in rated:
        ratings[rating.goal_key].append(rating)
    return tuple(_goal(goal, ratings[goal.source_key]) for goal in goals.order_by("stated_date", "pk"))


def _goal(goal: Any, ratings: list[Any]) -> GoalSeen:
    last = ratings[-1] if ratings else None
    earlier = ratings[-2].rating if len(ratings) > 1 else None
    if last is None:
        return GoalSeen(goal.words, goal.stated_date, None, None, "", None)
    return GoalSeen(goal.words, goal.stated_date, last.rating, last.rated_date, last.rated_by, earlier)


def responses(*, person_id: int, since: date, until: date) -> tuple[ResponseSeen, ...]:
    rows = _current(models.Response, [person_id]).filter(date__gt=since, date__lte=until).order_by("-date", "-pk")
    return tuple(ResponseSeen(*row) for row in rows.values_list("instrument", "date", "items", "source_key"))


def findings_open(*, roles: Collection[str]) -> int:
    """How many things in the record wait for one of these roles to mend them."""
    return int(models.DataQualityFinding.objects.filter(gone_at__isnull=True, role__in=list(roles)).count())


def _current(table: type[models.RecordRow], person_ids: Collection[int]) -> QuerySet[Any]:
    return table.objects.current().filter(person_id__in=person_ids)
