"""What is stored against what should be: the scores to add, and those that no longer count, with the reason."""

from dataclasses import dataclass

import polars as pl

from tending.base.tables.reading import read
from tending.base.tables.selection import PersonIds, of_people
from tending.measure.models import Score, SupersededWhy
from tending.measure.scoring import RECEIVED

_STORED = {
    "id": pl.Int64,
    "person_id": pl.Int64,
    "measure": pl.String,
    "source_key": pl.String,
    "content": pl.String,
    "instrument_version_id": pl.Int64,
    "made_from": pl.String,
}
# One score is one measure of one row of the record; these say that it is still the same one.
_KEY = ["person_id", "measure", "source_key"]
_SAME = [*_KEY, "content", "instrument_version_id"]


@dataclass(frozen=True, slots=True)
class Difference:
    """``new``: as wanted. ``gone``: id and superseded_why of stored scores."""

    new: pl.DataFrame
    gone: pl.DataFrame


def stored_scores(person_ids: PersonIds) -> pl.DataFrame:
    query = of_people(Score.objects.filter(superseded_at__isnull=True), person_ids)
    return read(query.values_list(*_STORED), _STORED)


def difference(wanted: pl.DataFrame, set_aside: pl.DataFrame, stored: pl.DataFrame) -> Difference:
    """Empty on both sides when nothing has changed: scoring twice is scoring once."""
    new = wanted.join(stored, on=_SAME, how="anti")
    gone = stored.join(wanted, on=_SAME, how="anti")
    why = gone.join(wanted.select(*_KEY, wanted_content="content"), on=_KEY, how="left").with_columns(
        pl.col("source_key").is_in(set_aside["source_key"].implode()).alias("set_aside")
    )
    reason = (
        pl.when(pl.col("set_aside") & (pl.col("made_from") == RECEIVED))
        .then(pl.lit(SupersededWhy.ANSWERS_ARRIVED.value))
        .when(pl.col("wanted_content").is_null())
        .then(pl.lit(SupersededWhy.WITHDRAWN.value))
        .when(pl.col("wanted_content") != pl.col("content"))
        .then(pl.lit(SupersededWhy.CORRECTED.value))
        .otherwise(pl.lit(SupersededWhy.NEW_DEFINITION.value))
    )
    return Difference(new, why.select("id", reason.alias("superseded_why"), *_KEY))
