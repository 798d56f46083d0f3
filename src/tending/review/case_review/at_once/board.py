"""The reviews that acts are about, read once; every new row is collected, and all are written once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import polars as pl
from django.db import models
from django.utils.translation import gettext as _

from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.base.tables import writing
from tending.review.case_review.closing import Facts
from tending.review.models import (
    Action,
    ActionState,
    Decision,
    DecisionState,
    Entry,
    LookBack,
    Participant,
    ParticipantState,
    Review,
    ReviewSignal,
    ReviewState,
    StateRow,
)
from tending.review.rows import SomebodyWasFirst
from tending.review.seats import seat_words
from tending.review.templates import CaseReviewTemplate, spoken

Row = TypeVar("Row", bound=StateRow)
_OWN = {"id", "entered_at", "left_at", "by_id", "why"}


@dataclass(slots=True)
class OnBoard:
    """One review and the current row of everything in it."""

    review: Review
    state: ReviewState
    seats: dict[str, ParticipantState] = field(default_factory=dict)  # by role
    required: set[str] = field(default_factory=set)
    actions: dict[str, ActionState] = field(default_factory=dict)  # by the action's token
    decisions: dict[str, DecisionState] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    wrote_at: datetime | None = None
    joined_at: list[datetime] = field(default_factory=list)
    look_back: LookBack | None = None

    def facts(self, template: CaseReviewTemplate) -> Facts:
        """What the closing rules look at, as ``closing.facts_of`` reads it."""
        waiting = [role for role in self.seats if role in self.required and self.seats[role].state == "INVITED"]
        todo = sorted((row for row in self.actions.values() if row.state == "OPEN"), key=lambda row: row.due_at)
        asked = sorted((row for row in self.decisions.values() if row.state == "PROPOSED"), key=lambda r: r.due_at)
        unread = [] if self.wrote_at is None else [at for at in self.joined_at if at > self.wrote_at]
        return Facts(
            seats_waiting=tuple(seat_words(role) for role in waiting),
            sections_empty=tuple(spoken(s.title) for s in template.sections if s.code not in self.sections),
            actions_open=tuple(row.action.what for row in todo),
            decisions_waiting=tuple(row.decision.what for row in asked),
            signals_unread=len(unread),
        )


class Board:
    """Reads in a fixed number of queries; ``write`` in a fixed number of statements a table."""

    def __init__(self, review_ids: Collection[int]) -> None:
        self._left: dict[type[StateRow], list[StateRow]] = defaultdict(list)
        self._states: dict[type[StateRow], list[StateRow]] = defaultdict(list)
        self._new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._answered: list[LookBack] = []
        self._lines: list[audit.Line] = []
        # Held, as one act holds its review: two who write at once take turns.
        held = Review.objects.select_for_update().filter(pk__in=review_ids).order_by("pk")
        rows = {review.pk: review for review in held}
        current = ReviewState.objects.filter(review_id__in=rows, left_at__isnull=True)
        self.reviews = {row.review_id: OnBoard(rows[row.review_id], row) for row in current}
        self._read_parts(rows)

    def _read_parts(self, ids: Collection[int]) -> None:
        now = {"left_at__isnull": True}
        for seat in ParticipantState.objects.filter(participant__review_id__in=ids, **now).select_related(
            "participant"
        ):
            found = self.reviews[seat.participant.review_id]
            found.seats[seat.participant.role] = seat
            if seat.participant.required:
                found.required.add(seat.participant.role)
        for todo in ActionState.objects.filter(action__review_id__in=ids, **now).select_related("action"):
            self.reviews[todo.action.review_id].actions[todo.action.token] = todo
        for asked in DecisionState.objects.filter(decision__review_id__in=ids, **now).select_related("decision"):
            self.reviews[asked.decision.review_id].decisions[asked.decision.token] = asked
        for entry in Entry.objects.filter(review_id__in=ids).order_by("at").values("review_id", "section", "at"):
            found = self.reviews[entry["review_id"]]
            found.sections.add(entry["section"])
            found.wrote_at = entry["at"]
        for review_id, at in ReviewSignal.objects.filter(review_id__in=ids).values_list("review_id", "joined_at"):
            self.reviews[review_id].joined_at.append(at)
        for look_back in LookBack.objects.filter(review_id__in=ids, at__isnull=True):
            self.reviews[look_back.review_id].look_back = look_back

    def add(self, row: models.Model) -> None:
        self._new[type(row)].append(row)

    def answer(self, look_back: LookBack, **given: Any) -> None:
        """The one row that is filled in: what followed, beside the day it was asked for."""
        for name, value in given.items():
            setattr(look_back, name, value)
        if look_back.pk is not None:
            self._answered.append(look_back)

    def enter(self, row: Row) -> Row:
        """The first state row of a thing, or the next one."""
        self._states[type(row)].append(row)
        return row

    def next_row(self, current: Row, *, by: Account, why: str, at: datetime, **changes: Any) -> Row:
        """As ``rows.next_row``: leave ``current`` and enter a copy of it with the changes."""
        current.left_at = at
        if current.pk is not None:
            self._left[type(current)].append(current)
        fields = [f for f in current._meta.concrete_fields if f.attname not in _OWN and f.name not in changes]
        kept = {f.attname: getattr(current, f.attname) for f in fields if f.attname not in changes}
        row = type(current)(**{**kept, **changes, "by": by, "why": why, "entered_at": at})
        for relation in ("participant", "action", "decision"):
            if relation in current._state.fields_cache:
                setattr(row, relation, getattr(current, relation))
        return self.enter(row)

    def wrote(self, found: OnBoard, *, by: Account, at: datetime, what: str, why: str = "") -> None:
        self._lines.append(
            audit.Line(
                at=at,
                by=by,
                what=what,
                person_id=found.review.person_id,
                subject=f"review {found.review.pk}",
                why=why,
            )
        )

    def write(self) -> None:
        """What was left first, so that nothing ever has two current rows."""
        for table, left in self._left.items():
            ends = pl.DataFrame({"id": [row.pk for row in left], "left_at": [row.left_at for row in left]})
            if writing.update(table, ends, key="id", only_where_empty="left_at") < len(left):
                raise SomebodyWasFirst(_("This has just changed. Read what is new, then decide again."))
        for model in (Participant, Action, Decision, Entry, LookBack):
            model._default_manager.bulk_create(self._new[model])  # type: ignore[arg-type]
        LookBack.objects.bulk_update(self._answered, ["followed", "words", "at", "by"])
        for table, rows in self._states.items():
            for row in rows:
                _know_whose(row)
            _insert(table, rows)
        audit.wrote_all(lines=self._lines)


def _insert(table: type[StateRow], rows: Sequence[StateRow]) -> None:
    """By one prepared statement: a year of reviews has many more of these rows than of all others."""
    fields = [field for field in table._meta.concrete_fields if not field.primary_key]
    frame = pl.DataFrame({field.column: [getattr(row, field.attname) for row in rows] for field in fields})
    if writing.insert(table, frame) < len(rows):
        raise SomebodyWasFirst(_("This has just changed. Read what is new, then decide again."))


def _know_whose(row: StateRow) -> None:
    """A part that was new has its number only now."""
    if isinstance(row, ActionState):
        row.action_id = row.action.pk
    elif isinstance(row, DecisionState):
        row.decision_id = row.decision.pk
