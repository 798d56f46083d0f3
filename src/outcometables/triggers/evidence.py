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
    source: str,
    role: str | None = None,
    day: str = "day",
    value: str | None = None,
    anchor: bool = False,
    keep: Sequence[str] = (),
) -> Frame:
    """Rows of one table in the long form: all anchors (one row a person) or none.

    Without a `role` the rows have a column of that name already. `keep` names more columns to keep for a while.
    """
    points = nw.lit(None, nw.Float64) if value is None else nw.col(value).cast(nw.Float64)
    return rows.select(
        nw.col("person_id"),
        nw.col("role") if role is None else nw.lit(role, nw.String).alias("role"),
        nw.lit(int(anchor), nw.Int8).alias("anchor"),
        nw.lit(source, nw.String).alias("source"),
        nw.col("row_id"),
        nw.col(day).alias("day"),
        points.alias("value"),
        *keep,
    )


def by_role(rows: Frame, roles: Mapping[str, nw.Expr]) -> Frame:
    """The rows that each role is for, with the role beside them; a row may have several."""
    return nw.concat(
        [rows.filter(wanted).with_columns(nw.lit(role, nw.String).alias("role")) for role, wanted in roles.items()]
    )


def count(which: nw.Expr, of: str | Sequence[str] = "person_id") -> nw.Expr:
    """How many of a person's (or series') rows are such rows, on each of the rows."""
    return which.cast(nw.Int64).sum().over(of)


def place_from_last(*order_by: str, of: str | Sequence[str] = "person_id") -> nw.Expr:
    """1, 2, 3 … from the last of a person's (or series') rows in that order. The rows need a column `one`."""
    return nw.col("one").cum_sum(reverse=True).over(of, order_by=order_by)


def anchored(rows: Frame, *, newest_by: Sequence[str] = ("day", "row_id")) -> Frame:
    """The same rows with the person's newest as the anchor.

    `newest_by` must tell any two rows of one person apart; columns that are not part of the evidence are dropped.
    """
    newest = place_from_last(*newest_by) == 1
    return (
        rows.with_columns(nw.lit(1, nw.Int64).alias("one"))
        .with_columns(newest.cast(nw.Int8).alias("anchor"))
        .select(*EVIDENCE)
    )
