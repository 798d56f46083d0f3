"""The rows that say why a trigger fired, in one long form for all conditions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame

EVIDENCE: Mapping[str, type[nw.dtypes.DType]] = MappingProxyType(
    {
        "person_id": nw.Int64,
        "role": nw.String,  # what the row is in this evidence: LATEST, FIRST, MISSED …
        "anchor": nw.Int8,  # 1 on exactly one row of each person: the row that makes the evidence new
        "source": nw.String,  # the record's table
        "row_id": nw.Int64,  # the row in that table
        "day": nw.Int32,
        "value": nw.Float64,
    }
)


def last_days(column: str, *, as_of: int, days: int) -> nw.Expr:
    """The row lies in the last `days` days: `as_of` and the days before it."""
    return (nw.col(column) > as_of - days) & (nw.col(column) <= as_of)


def evidence(
    rows: Frame,
    *,
    role: str,
    source: str,
    day: str = "day",
    value: str | None = None,
    anchor: bool = False,
    keep: Sequence[str] = (),
) -> Frame:
    """Rows of one table in the long form: all anchors (one row a person) or none; `keep` more columns for a while."""
    points = nw.lit(None, nw.Float64) if value is None else nw.col(value).cast(nw.Float64)
    return rows.select(
        nw.col("person_id"),
        nw.lit(role, nw.String).alias("role"),
        nw.lit(int(anchor), nw.Int8).alias("anchor"),
        nw.lit(source, nw.String).alias("source"),
        nw.col("row_id"),
        nw.col(day).alias("day"),
        points.alias("value"),
        *keep,
    )


def anchored(rows: Frame, *, newest_by: Sequence[str] = ("day", "row_id")) -> Frame:
    """The same rows with the person's newest as the anchor.

    `newest_by` must tell any two rows of one person apart; columns that are not part of the evidence are
    dropped.
    """
    newest_first = [f"_{name}" for name in newest_by]
    return (
        rows.with_columns(
            *[(0 - nw.col(name).cast(nw.Int64)).alias(f"_{name}") for name in newest_by],
            nw.lit(1, nw.Int64).alias("_one"),
        )
        .with_columns(nw.col("_one").cum_sum().over("person_id", order_by=newest_first).alias("_place"))
        .with_columns(nw.when(nw.col("_place") == 1).then(1).otherwise(0).cast(nw.Int8).alias("anchor"))
        .select(*EVIDENCE)
    )
