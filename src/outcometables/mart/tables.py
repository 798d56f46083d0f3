"""The mart in hand: one lazy frame a table, whatever engine holds it, and the day it is complete up to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.mart.schema import MART
from outcometables.record.frames import POLARS_TYPES, Frame, Record
from outcometables.record.schema import SCHEMA, Column


class MartError(ValueError):
    """The mart cannot be used: names the table or the file, the column, and what to do."""


@dataclass(frozen=True, slots=True)
class Mart:
    """The record's analytic export, one lazy frame for each table of `MART`.

    >>> mart = Mart.from_polars({"referrals": pl.DataFrame(schema=mart_schema("referrals"))}, as_of=20_000)
    >>> mart["contacts"].collect().shape[0]
    0
    """

    tables: Mapping[str, Frame]
    as_of: int  # the last day the record is complete for, in days since 1970-01-01

    @classmethod
    def from_polars(cls, tables: Mapping[str, pl.DataFrame | pl.LazyFrame], *, as_of: int) -> "Mart":
        """The mart from Polars frames; a table that is not given is empty. Raises `MartError`."""
        _refuse_unknown(tables)
        given = {table: tables.get(table, pl.LazyFrame(schema=mart_schema(table))).lazy() for table in MART}
        return cls.from_native(given, as_of=as_of)

    @classmethod
    def from_native(cls, tables: Mapping[str, Any], *, as_of: int) -> "Mart":
        """The mart from the lazy frames of any engine narwhals knows; every table has to be given.

        Raises `MartError` for a table that is unknown or missing and for a column that is missing or of another
        type. Columns the mart does not know are left out: a later version may have more.
        """
        _refuse_unknown(tables)
        missing = [table for table in MART if table not in tables]
        if missing:
            raise MartError(f"The mart has no table {', '.join(missing)}: export it again with `tending mart`.")
        frames: dict[str, Any] = {}
        for table, columns in MART.items():
            frame = nw.from_native(tables[table]).lazy()
            _check_columns(table, columns, frame.collect_schema())
            frames[table] = frame.select([column.name for column in columns])
        return cls(MappingProxyType(frames), as_of)

    def __getitem__(self, table: str) -> Frame:
        """One table's lazy frame; a `MartError` that lists the tables for a name there is none of."""
        _refuse_unknown([table])
        return self.tables[table]

    def record(self) -> Record:
        """The part of the mart that triggers look at."""
        return Record.from_native(
            {
                table: nw.to_native(self[table].select([column.name for column in columns]))
                for table, columns in SCHEMA.items()
            }
        )

    def only(self, people: Collection[int]) -> "Mart":
        """The same mart with these people's rows alone; tables about nobody stay."""
        wanted = list(people)
        about = {table for table, columns in MART.items() if any(column.name == "person_id" for column in columns)}
        frames = {
            table: frame.filter(nw.col("person_id").is_in(wanted)) if table in about else frame
            for table, frame in self.tables.items()
        }
        return Mart(MappingProxyType(frames), self.as_of)


def mart_schema(table: str) -> dict[str, type[pl.DataType]]:
    """The table's columns as a Polars schema, for whoever builds its rows.

    >>> mart_schema("consents")["given_day"]
    Int32
    """
    return {column.name: POLARS_TYPES[column.dtype] for column in MART[table]}


def _refuse_unknown(tables: Collection[str]) -> None:
    unknown = [table for table in tables if table not in MART]
    if unknown:
        raise MartError(f"The mart has no table called {unknown[0]}: use one of {', '.join(MART)}.")


def _check_columns(table: str, columns: Collection[Column], found: Mapping[str, Any]) -> None:
    for column in columns:
        if column.name not in found:
            raise MartError(
                f"Table {table} has no column {column.name} ({column.meaning}): export the mart again with "
                "`tending mart`."
            )
        if found[column.name] != column.dtype:
            raise MartError(
                f"Table {table}, column {column.name} is {found[column.name]}: it should be {column.dtype.__name__}. "
                "Export the mart again with `tending mart`."
            )
