"""Tables taken out whole, for analysis elsewhere: in pieces by the rows' own numbers, or for people in a range."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import QuerySet

from tending.base.tables.reading import Schema, read
from tending.base.tables.selection import of_people

ROWS_AT_ONCE = 250_000
ROWS_A_PERSON = 2**20


class TooManyRows(Exception):
    """One person has more rows in one table than can be numbered: something is wrong with that table."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What is read of one table: its rows, and where each column comes from. ``person`` is the column that says whose
    row it is; without one the table is about nobody."""

    name: str
    rows: Callable[[], "QuerySet[Any, Any]"]
    columns: Mapping[str, Any]
    schema: Schema
    person: str | None = "person_id"
    shaped: Callable[[pl.DataFrame], pl.DataFrame] | None = None  # what else is done to the rows that were read

    def whole(self) -> Iterator[pl.DataFrame]:
        """All rows, in pieces: one pass through the table in the order it lies on the disk."""
        return (self.piece(span) for span in self.spans())

    def spans(self) -> Iterator[range]:
        """The rows' own numbers, in pieces of at most ``ROWS_AT_ONCE``."""
        first, last = self._end("pk"), self._end("-pk")
        if first is not None and last is not None:
            yield from (range(start, start + ROWS_AT_ONCE) for start in range(first, last + 1, ROWS_AT_ONCE))

    def piece(self, span: range) -> pl.DataFrame:
        """The rows whose own numbers lie in the span."""
        return self._read(self.rows().order_by().filter(pk__gte=span.start, pk__lt=span.stop))

    def empty(self) -> pl.DataFrame:
        """The columns of what is read, with no row."""
        rows = pl.DataFrame(schema={name: self.schema[name] for name in self.columns})
        return rows if self.shaped is None else self.shaped(rows)

    def of(self, people: range) -> pl.DataFrame:
        """The rows of the people whose numbers lie in the range."""
        assert self.person is not None
        return self._read(of_people(self.rows().order_by(), people, column=self.person))

    def _end(self, order: str) -> int | None:
        """The lowest or the highest number in the table. Asked for both at once, SQLite would read all of it."""
        everything = self.rows().model._default_manager.order_by(order).values_list("pk")
        found = read(everything[:1], {"pk": pl.Int64})["pk"]
        return None if found.is_empty() else int(found[0])

    def _read(self, query: "QuerySet[Any, Any]") -> pl.DataFrame:
        rows = read(query.values_list(*self.columns.values()), {name: self.schema[name] for name in self.columns})
        return rows if self.shaped is None else self.shaped(rows)


def numbered(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The rows in their natural order, each with a ``row_id`` that other people's rows have no part in.

    ``by`` begins with person_id. Raises TooManyRows.
    """
    in_order = frame.sort(by, nulls_last=False)
    runs = in_order["person_id"].rle().struct.unnest()
    if (most := runs.select(pl.col("len").max()).item() or 0) >= ROWS_A_PERSON:
        raise TooManyRows(f"A person has {most} rows of one kind.")
    place = runs.select(pl.int_ranges(0, pl.col("len").cast(pl.Int64)).alias("place")).explode("place")["place"]
    return in_order.with_columns((pl.col("person_id") * ROWS_A_PERSON + place).cast(pl.Int64).alias("row_id"))


def local_day(seconds: str, zone: str) -> pl.Expr:
    """The provider's calendar day of an instant in seconds since 1970, as days since 1970-01-01."""
    instant = pl.from_epoch(pl.col(seconds), time_unit="s").dt.replace_time_zone("UTC")
    return instant.dt.convert_time_zone(zone).dt.date().cast(pl.Int32)


def minute(seconds: str) -> pl.Expr:
    """Whole minutes since 1970-01-01 00:00 UTC of an instant in seconds."""
    return pl.col(seconds) // 60
