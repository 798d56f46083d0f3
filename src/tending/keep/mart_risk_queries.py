"""The answers that carry risk, for the mart: one pass through the questionnaires, one row an answer."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import polars as pl
from django.db.models import F, Q, QuerySet

from tending.base.tables.expressions import DayNumber, EpochSecond, JsonNumber
from tending.base.tables.extracts import Extract
from tending.base.tables.reading import count
from tending.keep.models import Response
from tending.keep.queries import RiskItem

_READ = {
    "person_id": pl.Int64,
    "instrument": pl.String,
    "day": pl.Int32,
    "instant": pl.Int64,
    "source_key": pl.String,
}


def risk_answers(items: Sequence[RiskItem]) -> Extract:
    """Answers to these items at or above their thresholds."""
    answers = {f"answer_{place}": JsonNumber("items", item.item) for place, item in enumerate(items)}
    wanted = reduce(
        or_,
        (
            Q(instrument=item.instrument) & Q(**{f"answer_{place}__gte": item.at_least})
            for place, item in enumerate(items)
        ),
        Q(pk__in=[]),
    )

    def rows() -> "QuerySet[Any, Any]":
        found: QuerySet[Any, Any] = Response.objects.current().annotate(**answers).filter(wanted)
        return found

    def shaped(found: pl.DataFrame) -> pl.DataFrame:
        return pl.concat(
            [found.select(*_READ, *_NOTHING).clear(), *map(part, [found] * len(items), range(len(items)))]
        )

    def part(found: pl.DataFrame, place: int) -> pl.DataFrame:
        answer, item = pl.col(f"answer_{place}"), items[place]
        risky = found.filter(pl.col("instrument") == item.instrument, answer >= item.at_least)
        return risky.select(*_READ, pl.lit(item.item).alias("item"), answer.alias("value"))

    columns = {
        "person_id": F("person_id"),
        "instrument": F("instrument"),
        "day": DayNumber("date"),
        "instant": EpochSecond("answered_at"),
        "source_key": F("source_key"),
        **{name: F(name) for name in answers},
    }
    schema = {**_READ, **dict.fromkeys(answers, pl.Int32)}
    return Extract("risk_answers", rows, columns, schema, shaped=shaped)


_NOTHING = (pl.lit("").alias("item"), pl.lit(0, dtype=pl.Int32).alias("value"))


def rows_in_record(items: Sequence[RiskItem]) -> int:
    """How many there are, counted by the database itself."""
    return sum(count(_answered(item)) for item in items)


def _answered(item: RiskItem) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = Response.objects.current().filter(instrument=item.instrument)
    found: QuerySet[Any, Any] = rows.annotate(answer=JsonNumber("items", item.item)).filter(answer__gte=item.at_least)
    return found
