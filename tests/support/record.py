"""Rows of the record without a file: for tests of the stages after it. Every row moves the person's head.

record.contact("pat", "2026-03-02", status="NO_SHOW")
record.answers("pat", "2026-03-02", "PHQ-9", "111111111")
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import md5
from typing import Any
from uuid import uuid4

import pytest

from tending.base import clock
from tending.base.people.models import Person
from tending.collect.models import Submission
from tending.keep import models as keep
from tending.keep import queries as keep_queries
from tending.measure import actions as measure
from tending.notice import actions as notice
from tending.notice import queries as notice_queries
from tending.notice.actions import Noticed
from tests.support.world import SOURCE, World

RECEIVED_AT = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class RecordWriter:
    world: World
    submission: Submission
    lines: int = 0
    rows: dict[str, keep.RecordRow] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return self.world.people[name]

    def contact(self, name: str, day: str, *, status: str = "ATTENDED", kind: str = "THERAPY", **given: Any):
        on = date.fromisoformat(day)
        starts_at = datetime.combine(on, time(15), UTC)
        fields = {"date": on, "starts_at": starts_at, "status": status, "kind": kind, "medium": "IN_PERSON"}
        return self._row(keep.Contact, name, fields, given)

    def episode(self, name: str, start: str, *, team: str = "east", end: str | None = None, **given: Any):
        fields = {
            "start_date": date.fromisoformat(start),
            "end_date": date.fromisoformat(end) if end else None,
            "team": self.world.teams[team],
        }
        return self._row(keep.Episode, name, fields, given)

    def answers(self, name: str, day: str, instrument: str, values: str | dict[str, int | None], **given: Any):
        """``values``: one digit an item, a dot for one that was not answered; or a dictionary by item."""
        if isinstance(values, str):
            values = {str(n): int(v) for n, v in enumerate(values, start=1) if v != "."}
        fields = {"instrument": instrument, "date": date.fromisoformat(day), "items": values}
        return self._row(keep.Response, name, fields, given)

    def total(self, name: str, day: str, instrument: str, value: float, **given: Any):
        fields = {"instrument": instrument, "date": date.fromisoformat(day), "value": value}
        return self._row(keep.ScoreReceived, name, fields, given)

    def crisis(self, name: str, day: str, *, kind: str = "CRISIS_LINE", **given: Any):
        on = date.fromisoformat(day)
        return self._row(
            keep.CrisisContact, name, {"date": on, "at": datetime.combine(on, time(3), UTC), "kind": kind}, given
        )

    def housing(self, name: str, day: str, state: str, **given: Any):
        return self._row(keep.HousingState, name, {"from_date": date.fromisoformat(day), "state": state}, given)

    def stay(self, name: str, admitted: str, discharged: str | None = None, **given: Any):
        on, until = date.fromisoformat(admitted), date.fromisoformat(discharged) if discharged else None
        fields = {
            "kind": "PSYCHIATRIC_INPATIENT",
            "admitted_date": on,
            "admitted_at": datetime.combine(on, time(10), UTC),
            "discharged_date": until,
            "discharged_at": datetime.combine(until, time(16), UTC) if until else None,
        }
        return self._row(keep.Stay, name, fields, given)

    def corrected(self, row: Any, **changes: Any) -> Any:
        """A later version of a row, as a corrected file would bring it."""
        later = type(row).objects.get(pk=row.pk)
        later.pk = None
        later._state.adding = True
        for name, value in changes.items():
            setattr(later, name, value)
        later.content, later.line = uuid4().hex, self._next_line()
        type(row).objects.filter(pk=row.pk).update(superseded_by=row.pk)
        later.save()
        type(row).objects.filter(pk=row.pk).update(superseded_by=later)
        self.moved(later.person_id)
        return later

    def withdrawn(self, row: Any) -> None:
        type(row).objects.filter(pk=row.pk).update(withdrawn=True)
        self.moved(row.person_id)

    def notice(self, day: date) -> Noticed:
        """Score and notice, at nine in the morning of a day: the loop without its reviews."""
        with clock.travelling(clock.at(day, 9)):
            heads = keep_queries.heads(unless=notice_queries.turned(as_of=day))
            measure.score(heads=heads)
            return notice.notice(heads=heads, as_of=day)

    def moved(self, person_id: int) -> None:
        keep.PersonHead.objects.update_or_create(person_id=person_id, defaults={"token": uuid4().hex})

    def _row(self, model: type[keep.RecordRow], name: str, fields: dict[str, Any], given: dict[str, Any]) -> Any:
        line = self._next_line()
        key = given.pop("key", f"{model.__name__}-{line}")
        values = {**fields, **given}
        row = model.objects.create(
            person=self.person(name),
            source_key=f"{SOURCE}:{model._meta.model_name}:{key}",
            content=md5(repr(sorted((k, str(v)) for k, v in values.items())).encode()).hexdigest(),
            submission=self.submission,
            line=line,
            recorded_at=RECEIVED_AT,
            **values,
        )
        self.moved(row.person_id)
        return row

    def _next_line(self) -> int:
        self.lines += 1
        return self.lines


def make_record(world: World) -> RecordWriter:
    submission = Submission.objects.create(
        sha256="ab" * 32, source=SOURCE, kind="contacts", media_type="text/csv", size=1, received_at=RECEIVED_AT
    )
    return RecordWriter(world, submission)


@pytest.fixture
def record(world: World) -> RecordWriter:
    return make_record(world)
