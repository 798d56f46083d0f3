"""Everything the record holds about one person, as one kind of row: what a story is told from.

Who may see the person was asked before; only current rows; one query a table, however long the history.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F

from tending.keep import models


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact of the record. ``frame`` and ``key`` lead back to its line; ``state`` and ``kind`` are codes."""

    frame: str
    key: str
    day: date
    at: datetime | None = None
    until: date | None = None
    kind: str = ""
    state: str = ""
    words: str = ""  # the person's own, or the source's
    value: int | None = None
    staff: str = ""
    place: str = ""  # the organisation or the team
    about: str = ""  # the key of the row it belongs to: a rating's goal


@dataclass(frozen=True, slots=True)
class _Table:
    model: type[models.RecordRow]
    day: str
    columns: dict[str, str]  # field of Happening: lookup
    staff: bool = False
    only: dict[str, str] = field(default_factory=dict)


TABLES = {
    "episodes": _Table(
        models.Episode,
        "start_date",
        {"until": "end_date", "state": "end_reason", "place": "team__name"},
    ),
    "referrals": _Table(
        models.Referral,
        "referred_date",
        {"until": "closed_date", "kind": "urgency", "state": "status", "place": "organisation__name"},
    ),
    "contacts": _Table(
        models.Contact,
        "date",
        {"at": "starts_at", "kind": "kind", "state": "status", "words": "medium", "place": "team__name"},
        staff=True,
    ),
    "crisis": _Table(
        models.CrisisContact,
        "date",
        {"at": "at", "kind": "kind", "words": "outcome", "place": "organisation__name"},
    ),
    "stays": _Table(
        models.Stay,
        "admitted_date",
        {
            "at": "admitted_at",
            "until": "discharged_date",
            "kind": "kind",
            "state": "destination",
            "place": "organisation__name",
        },
    ),
    "housing": _Table(models.HousingState, "from_date", {"state": "state"}),
    "goals": _Table(
        models.Goal, "stated_date", {"until": "closed_date", "kind": "domain", "state": "status", "words": "words"}
    ),
    "goal_ratings": _Table(
        models.GoalRating, "rated_date", {"value": "rating", "state": "rated_by", "about": "goal_key"}
    ),
    "care_plan_events": _Table(models.CarePlanEvent, "event_date", {"kind": "kind"}, staff=True),
    "diagnoses": _Table(
        models.Diagnosis,
        "onset_date",
        {"until": "end_date", "kind": "system", "state": "code", "words": "label"},
        only={"certainty": "CONFIRMED"},  # what is only suspected is nobody's story yet
    ),
    "consents": _Table(
        models.Consent, "given_date", {"until": "expires_date", "kind": "kind", "state": "revoked_date"}
    ),
}


def happenings(*, person_id: int) -> tuple[Happening, ...]:
    """The whole record of one person in order of time: one query a table."""
    found = [row for frame, table in TABLES.items() for row in _read(frame, table, person_id)]
    return tuple(sorted(found, key=lambda row: (row.day, row.at is not None, row.at, row.frame, row.key)))


def _read(frame: str, table: _Table, person_id: int) -> Iterator[Happening]:
    lookups = {"key": "source_key", "day": table.day, **table.columns}
    if table.staff:
        lookups |= {"given": "staff__given_name", "family": "staff__family_name"}
    rows = table.model.objects.current().filter(person_id=person_id, **table.only)
    for values in rows.values_list(*(F(lookup) for lookup in lookups.values())):
        row: dict[str, Any] = dict(zip(lookups, values, strict=True))
        if table.staff:
            row["staff"] = f"{row.pop('given') or ''} {row.pop('family') or ''}".strip()
        if row["day"] is None:  # a diagnosis of which nobody knows the beginning stands in no story
            continue
        yield Happening(frame, **{name: _plain(name, value) for name, value in row.items()})


def _plain(name: str, value: Any) -> Any:
    if value is None and name in {"kind", "state", "words", "place"}:
        return ""
    return value.isoformat() if name == "state" and isinstance(value, date) else value
