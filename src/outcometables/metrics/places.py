"""Which row is the first of its kind, and which the last? Places in an order, and the first event that answers."""

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from outcometables.record.frames import Frame


def place_from_last(rows: Frame, *order_by: str, of: str | Sequence[str] = "row_id") -> Frame:
    """The rows with `place`: 1, 2, 3 … from the last in that order, for each `of`."""
    rows = rows.with_columns(nw.lit(1, nw.Int64).alias("one"))
    place = nw.col("one").cum_sum(reverse=True).over(of, order_by=order_by)
    return rows.with_columns(place.alias("place")).drop("one")


def place_from_first(rows: Frame, *order_by: str, of: str | Sequence[str] = "row_id") -> Frame:
    """The rows with `place`: 1, 2, 3 … from the first in that order, for each `of`."""
    rows = rows.with_columns(nw.lit(1, nw.Int64).alias("one"))
    return rows.with_columns(nw.col("one").cum_sum().over(of, order_by=order_by).alias("place")).drop("one")


def first_answers(keys: Frame, events: Frame, holds: nw.Expr, *, of: str | Sequence[str] = "person_id") -> Frame:
    """row_id, answer_day, answer_row_id: the first event for which it `holds`; of a day the one entered first.

    `keys` have row_id (one row each) and the columns `of`; `events` have answer_day, answer_row_id and the columns
    `of`; `holds` may compare all of them. Keys that nothing answers are not in the answer: join it to the rows.
    """
    found = keys.join(events, on=of if isinstance(of, str) else list(of), how="inner").filter(holds)
    first = place_from_first(found, "answer_day", "answer_row_id").filter(nw.col("place") == 1)
    return first.select("row_id", "answer_day", "answer_row_id")


def as_answers(events: Frame, day: str = "day", *keep: str) -> Frame:
    """The events with their row and day named as answers are."""
    return events.select("person_id", nw.col(day).alias("answer_day"), nw.col("row_id").alias("answer_row_id"), *keep)


def number(holds: nw.Expr) -> nw.Expr:
    """1 where it holds, else 0."""
    return nw.when(holds).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
