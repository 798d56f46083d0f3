"""What the record says: as frames for whole populations, and row by row for one person.

``person_ids`` is a few numbers, or a ``range``: everybody whose number lies in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Exists, F, OuterRef, QuerySet

from tending.base.tables.expressions import DayNumber, EpochSecond, JsonNumber, JsonText
from tending.base.tables.reading import over_arrow, read
from tending.base.tables.selection import EVERYBODY, PersonIds, of_people
from tending.keep.frames import keyed_frames, ranked
from tending.keep.models import PersonHead, Response, ScoreReceived

__all__ = [
    "RiskItem",
    "answers_at_least",
    "frames",
    "heads",
    "keyed_frames",
    "ranked",
    "responses_of",
    "scores_received_of",
]

_RESPONSES = {
    "person_id": pl.Int64,
    "instrument": pl.String,
    "day": pl.Int32,
    "instant": pl.Int64,
    "items": pl.String,
    "source_key": pl.String,
    "content": pl.String,
}
_RECEIVED = {
    "person_id": pl.Int64,
    "instrument": pl.String,
    "scale": pl.String,
    "day": pl.Int32,
    "value": pl.Float64,
    "source_key": pl.String,
    "content": pl.String,
}
_RISK = {
    "person_id": pl.Int64,
    "instrument": pl.String,
    "day": pl.Int32,
    "instant": pl.Int64,
    "value": pl.Int32,
    "source_key": pl.String,
}


@dataclass(frozen=True, slots=True)
class RiskItem:
    """One item of one instrument, and the answer from which it is a risk answer."""

    instrument: str
    item: str
    at_least: int


def frames(person_ids: PersonIds | None) -> dict[str, pl.DataFrame]:
    """The tables of outcometables.record.schema that the record owns; None is everybody."""
    if person_ids is None:
        with over_arrow():
            return frames(EVERYBODY)
    return {name: frame.drop("source_key", strict=False) for name, frame in keyed_frames(person_ids).items()}


def heads(
    person_ids: Collection[int] | None = None,
    *,
    unless: "QuerySet[Any, Any] | None" = None,
    hold: bool = False,
) -> dict[int, str]:
    """The token of each person's record, by person, in the order of their numbers.

    ``unless`` leaves out those with a row of that query, by ``person_id``, whose ``head`` is the token: whoever asks
    has seen that state already. ``hold`` keeps the tokens from changing until the transaction ends.
    """
    query = PersonHead.objects.order_by("pk")
    if person_ids is not None:
        query = of_people(query, person_ids, column="pk")
    if unless is not None:
        query = query.filter(~Exists(unless.filter(person_id=OuterRef("pk"), head=OuterRef("token"))))
    if hold:
        query = query.select_for_update()
    return dict(query.values_list("pk", "token"))


def responses_of(person_ids: PersonIds) -> pl.DataFrame:
    """Completed questionnaires: the answers as JSON text, and the second they were given where it is known."""
    query = of_people(Response.objects.current(), person_ids).values_list(
        "person_id",
        "instrument",
        DayNumber("date"),
        EpochSecond("answered_at"),
        JsonText("items"),
        "source_key",
        "content",
    )
    return read(query, _RESPONSES)


def scores_received_of(person_ids: PersonIds) -> pl.DataFrame:
    """Totals that another system computed and sent."""
    query = of_people(ScoreReceived.objects.current(), person_ids).values_list(
        "person_id", "instrument", "scale", DayNumber("date"), "value", "source_key", "content"
    )
    return read(query, _RECEIVED)


def totals_received() -> pl.DataFrame:
    """The same of everybody, without the way back to their lines."""
    schema = {name: _RECEIVED[name] for name in ("person_id", "instrument", "scale", "day", "value")}
    rows = ScoreReceived.objects.current().values_list("person_id", "instrument", "scale", DayNumber("date"), "value")
    return read(rows, schema)


def answers_at_least(person_ids: PersonIds, *, items: Collection[RiskItem]) -> pl.DataFrame:
    """The answers to these items at or above their thresholds: one query an item."""
    found = [_risk_answers(person_ids, item).with_columns(pl.lit(item.item).alias("item")) for item in items]
    empty = pl.DataFrame(schema={**_RISK, "item": pl.String})
    return pl.concat([empty, *found])


def _risk_answers(person_ids: PersonIds, item: RiskItem) -> pl.DataFrame:
    answered = JsonNumber("items", item.item)
    query = of_people(Response.objects.current().filter(instrument=item.instrument), person_ids)
    return read(
        query.annotate(answer=answered)
        .filter(answer__gte=item.at_least)
        .values_list(
            "person_id", "instrument", DayNumber("date"), EpochSecond("answered_at"), F("answer"), "source_key"
        ),
        _RISK,
    )
