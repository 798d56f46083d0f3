"""What do the triggers say about these people today, and on which rows of the record does each rest?"""

from collections.abc import Collection, Mapping

import polars as pl

from outcometables.record import Record
from outcometables.triggers import evaluate
from tending.base.tables.selection import only, span_of
from tending.keep import queries as keep
from tending.measure import queries as measure
from tending.notice.definitions import Triggers

EVIDENCE = {
    "trigger": pl.String,
    "person_id": pl.Int64,
    "role": pl.String,
    "anchor": pl.Int8,
    "frame": pl.String,
    "source_key": pl.String,
    "measure": pl.String,
    "day": pl.Int32,
    "value": pl.Float64,
}


def evidence_for(people: Collection[int], triggers: Triggers, *, as_of: int) -> pl.DataFrame:
    """Every row of evidence of every trigger these people meet at the end of the day ``as_of``."""
    tables = tables_of(people)
    record = Record.from_polars({name: table.drop(KEY, strict=False) for name, table in tables.items()})
    return with_keys(evaluate(record, list(triggers.by_code.values()), as_of=as_of), tables)


def with_keys(found: Mapping[str, pl.DataFrame], tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the triggers found, by trigger, as one table that names each row by the key that leads to its line."""
    rows = [frame.with_columns(pl.lit(code).alias("trigger")) for code, frame in found.items() if frame.height]
    if not rows:
        return pl.DataFrame(schema=EVIDENCE)
    keys = pl.concat([_keys(name, tables[name]) for name in {str(n) for row in rows for n in row["source"].unique()}])
    return pl.concat(rows).rename({"source": "frame"}).join(keys, on=["frame", "row_id"]).select(list(EVIDENCE))


def signals_in(evidence: pl.DataFrame) -> pl.DataFrame:
    """One row a trigger and person: the anchor, which is what makes the evidence new."""
    return evidence.filter(pl.col("anchor") == 1).with_columns(
        pl.concat_str(
            [
                pl.format("{}:{}", "frame", "source_key"),
                pl.when(pl.col("measure") != "").then(pl.col("measure")),
            ],
            separator=":",
            ignore_nulls=True,
        ).alias("evidence_key")
    )


KEY = ["source_key"]


def tables_of(people: Collection[int]) -> dict[str, pl.DataFrame]:
    """The record's frames of these people, each row with its source key beside the schema's columns."""
    with span_of(people) as span:
        tables = {**keep.keyed_frames(span), **measure.keyed_frames(span)}
    return {name: table if name == "measures" else only(table, people) for name, table in tables.items()}


def _keys(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """From a row's number in its frame to the key that leads to its line, and the measure it belongs to."""
    what = {
        "scores": pl.col("measure") if name == "scores" else pl.lit(""),
        "risk_answers": pl.format("{}/{}", "instrument", "item") if name == "risk_answers" else pl.lit(""),
    }.get(name, pl.lit(""))
    return table.select("row_id", "source_key", pl.lit(name).alias("frame"), what.alias("measure"))
