"""Which totals do people have, and on which days were they given?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Max

from tending.base.tables.expressions import DayNumber
from tending.base.tables.reading import read
from tending.keep import queries as keep
from tending.measure import words
from tending.measure.definitions import in_force
from tending.measure.models import Score, Standing
from tending.measure.scoring import RESPONSE

ROUNDING = 0.01  # a total sent with fewer decimals than ours is no disagreement


@dataclass(frozen=True, slots=True)
class MeasureUsed:
    """A measure's total, as lists name it, and how often it is due."""

    measure: str
    title: str
    due_every_days: int | None


def totals() -> dict[str, MeasureUsed]:
    """The totals of the instruments in force, by measure; a part of an instrument is due with its whole."""
    return {
        name: MeasureUsed(name, words.title(each), each.instrument.due_every_days)
        for name, each in in_force().measures.items()
        if "/" not in name
    }


def first_and_last() -> pl.DataFrame:
    """Everybody's first and last day of each measure."""
    schema = {"person_id": pl.Int64, "measure": pl.String, "first_day": pl.Int32, "last_day": pl.Int32}
    rows = Standing.objects.values_list("person_id", "measure", DayNumber("first_date"), DayNumber("last_date"))
    return read(rows, schema)


def days_scored(*, since: date | None = None) -> pl.DataFrame:
    """The days on which a person has any score."""
    rows = Score.objects.filter(superseded_at__isnull=True, value__isnull=False)
    if since is not None:
        rows = rows.filter(date__gte=since)
    schema = {"person_id": pl.Int64, "day": pl.Int32}
    return read(rows.values_list("person_id", DayNumber("date")), schema).unique()


def disagreeing() -> pl.DataFrame:
    """Totals another system sent that differ from what the answers of the same day score: person_id, measure, day.

    One of the two is wrong: the answers count meanwhile.
    """
    sent = keep.totals_received().rename({"value": "sent"})
    names = {(each.instrument.code, each.scale.code): name for name, each in in_force().measures.items()}
    known = pl.DataFrame([(*key, name) for key, name in names.items()], schema=_NAMES, orient="row")
    answered = Score.objects.filter(superseded_at__isnull=True, value__isnull=False, made_from=RESPONSE)
    scored = read(answered.values_list("person_id", "measure", DayNumber("date"), "value"), _SCORED)
    same_day = sent.join(known, on=["instrument", "scale"]).join(scored, on=["person_id", "measure", "day"])
    return (
        same_day.filter((pl.col("sent") - pl.col("value")).abs() > ROUNDING)
        .select("person_id", "measure", "day")
        .unique()
    )


_NAMES = {"instrument": pl.String, "scale": pl.String, "measure": pl.String}
_SCORED = {"person_id": pl.Int64, "measure": pl.String, "day": pl.Int32, "value": pl.Float64}


def state() -> tuple[Any, ...]:
    """Different when scores have been made since."""
    return (Score.objects.aggregate(last=Max("pk"))["last"],)
