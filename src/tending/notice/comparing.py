"""Which of the signals there should be are new, and which of the new ones repeat an earlier one?

The same evidence never signals twice, whichever version of the trigger saw it first. New evidence inside the quiet
period is a signal too, but one that points to the first: it is shown beside it and asks for nothing of its own. Both
rules give way to a trigger that has become more urgent since, and the quiet period gives way to evidence that is
worse than the first by as much as the trigger says: from at risk of losing a home to a shelter is no repeat.
"""

from datetime import date

import polars as pl
from django.db.models import OuterRef, Subquery

from tending.base import clock
from tending.base.tables.expressions import DayNumber
from tending.base.tables.reading import read
from tending.notice.models import Signal, SignalEvidence

RANK = {"ROUTINE": 0, "HIGH": 1, "URGENT": 2}

_STORED = {
    "earlier_id": pl.Int64,
    "person_id": pl.Int64,
    "trigger": pl.String,
    "evidence_key": pl.String,
    "severity": pl.String,
    "repeat_of": pl.Int64,
    "earlier_day": pl.Int32,
    "earlier_value": pl.Float64,
}
_SERIES = ["person_id", "trigger"]


def stored_signals(people: pl.Series) -> pl.DataFrame:
    query = Signal.objects.filter(person_id__in=people.to_list())
    anchors = SignalEvidence.objects.filter(signal=OuterRef("pk"), anchor=True).values("value")
    series = ("person_id", "trigger", "evidence_key", "severity", "repeat_of_id")
    return read(
        query.values_list("pk", *series, DayNumber("as_of"), Subquery(anchors[:1])),
        _STORED,
    ).with_columns(_rank().alias("earlier_rank"))


def new_signals(wanted: pl.DataFrame, stored: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """``wanted`` has trigger, person_id, evidence_key, severity, value, quiet_days and quiet_unless_worse_by; the new
    ones of them, with repeat_of."""
    known = stored.group_by([*_SERIES, "evidence_key"]).agg(pl.col("earlier_rank").max().alias("known_rank"))
    unseen = wanted.with_columns(_rank().alias("rank")).join(known, on=[*_SERIES, "evidence_key"], how="left")
    unseen = unseen.filter(pl.col("known_rank").is_null() | (pl.col("rank") > pl.col("known_rank")))
    firsts = stored.filter(pl.col("repeat_of").is_null()).sort("earlier_day", "earlier_id")
    last = firsts.group_by(_SERIES, maintain_order=True).agg(
        pl.col("earlier_id", "earlier_day", "earlier_rank", "earlier_value").last()
    )
    days_since = clock.day_number(as_of) - pl.col("earlier_day")
    quiet = (days_since < pl.col("quiet_days")) & (pl.col("rank") <= pl.col("earlier_rank")) & ~_worse()
    return unseen.join(last, on=_SERIES, how="left").with_columns(
        pl.when(quiet).then("earlier_id").alias("repeat_of_id")
    )


def _worse() -> pl.Expr:
    """By as much as the trigger says, in its direction; never where one of the values is missing."""
    by = pl.col("quiet_unless_worse_by")
    return ((pl.col("value") - pl.col("earlier_value")) * by.sign() >= by.abs()).fill_null(False)


def _rank() -> pl.Expr:
    return pl.col("severity").replace_strict(RANK, return_dtype=pl.Int8)
