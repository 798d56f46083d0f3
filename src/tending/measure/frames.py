"""The measured part of the record's frames: scores, measures and risk answers."""

import math

import polars as pl

from outcometables.record.frames import polars_schema
from tending.base.tables.expressions import DayNumber, EpochSecond
from tending.base.tables.reading import read
from tending.base.tables.selection import PersonIds, of_people
from tending.keep import queries as keep
from tending.measure.definitions import Instruments, in_force
from tending.measure.models import Score

_SCORES = {
    "person_id": pl.Int64,
    "measure": pl.String,
    "day": pl.Int32,
    "instant": pl.Int64,
    "value": pl.Float64,
    "source_key": pl.String,
}


def keyed_frames(person_ids: PersonIds) -> dict[str, pl.DataFrame]:
    """The tables of outcometables.record.schema that measure owns, with ``source_key`` where rows have one."""
    instruments = in_force()
    return {
        "scores": _scores(person_ids),
        "measures": measures(instruments),
        "risk_answers": _risk_answers(person_ids, instruments),
    }


def measures(instruments: Instruments) -> pl.DataFrame:
    """Every measure in force. Where change is not judged, no change is large enough to be reliable."""
    rows = [
        (
            measure.name,
            measure.scale.direction,
            measure.change.points if measure.change else math.inf,
            measure.change.cutoff if measure.change else None,
            measure.instrument.due_every_days,
        )
        for measure in instruments.measures.values()
    ]
    return pl.DataFrame(rows, schema=polars_schema("measures"), orient="row")


def _scores(person_ids: PersonIds) -> pl.DataFrame:
    """Numbered by the order they were answered in, not the one they arrived in (see keep/frames.py)."""
    query = of_people(Score.objects.filter(superseded_at__isnull=True, value__isnull=False), person_ids)
    found = read(
        query.values_list(
            "person_id", "measure", DayNumber("date"), EpochSecond("answered_at"), "value", "source_key"
        ),
        _SCORES,
    )
    numbered = keep.ranked(found, ["person_id", "day", "instant", "source_key", "measure"])
    ordinal = pl.int_range(pl.len()).over("person_id", "measure").cast(pl.Int32).alias("ordinal")
    return numbered.with_columns(ordinal).select([*polars_schema("scores"), "source_key"])


def _risk_answers(person_ids: PersonIds, instruments: Instruments) -> pl.DataFrame:
    items = [
        keep.RiskItem(instrument.code, item.code, item.risk.at_least)
        for instrument in instruments.by_code.values()
        for item in instrument.items
        if item.risk is not None
    ]
    found = keep.answers_at_least(person_ids, items=items)
    numbered = keep.ranked(found, ["person_id", "day", "instant", "source_key", "item"])
    return numbered.select([*polars_schema("risk_answers"), "source_key"])
