"""The record itself: one lazy frame a table, whatever engine holds it."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.record.schema import SCHEMA, Column

Frame = nw.LazyFrame[Any]

# Below this, planning a query costs more than any plan can save: measured on one person, 15 ms of 40.
_FEW_ROWS = 20_000

POLARS_TYPES: Mapping[type[nw.dtypes.DType], type[pl.DataType]] = {
    nw.Int8: pl.Int8,
    nw.Int32: pl.Int32,
    nw.Int64: pl.Int64,
    nw.Float64: pl.Float64,
    nw.String: pl.String,
}


class RecordError(ValueError):
    """A frame does not have the record's shape; the message names the table, the column and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the triggers and metrics may look at, one lazy frame for each table of `SCHEMA`.

    >>> people = pl.DataFrame([(1, None, None)], schema=polars_schema("people"), orient="row")
    >>> record = Record.from_polars({"people": people})
    >>> record.contacts.collect().shape
    (0, 7)
    """

    people: Frame
    episodes: Frame
    contacts: Frame
    scores: Frame
    measures: Frame
    risk_answers: Frame
    crisis: Frame
    stays: Frame
    housing: Frame
    goal_ratings: Frame
    care_plan_events: Frame
    rows: int | None = None  # how many rows all tables have together, where that is known without asking the engine
    empty: frozenset[str] = frozenset()  # tables known to have no rows
    _shared: dict[Hashable, Frame] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_polars(cls, tables: Mapping[str, pl.DataFrame]) -> "Record":
        """The record from Polars frames; a table that is not given is empty.

        Raises `RecordError` for an unknown table, a column that is missing, unknown or of another type, and
        an empty cell in a column that may not have one.
        """
        _refuse_unknown_tables(tables)
        frames: dict[str, Any] = {}
        for table in SCHEMA:
            frame = tables.get(table, empty_table(table))
            _check_columns(table, nw.from_native(frame).schema)
            _check_cells(table, frame)
            frames[table] = nw.from_native(frame.lazy()).select([column.name for column in SCHEMA[table]])
        empty = frozenset(table for table in SCHEMA if table not in tables or tables[table].is_empty())
        return cls(**frames, rows=sum(frame.height for frame in tables.values()), empty=empty)

    @classmethod
    def from_native(cls, tables: Mapping[str, Any]) -> "Record":
        """The record from the lazy frames of any engine narwhals knows (DuckDB relations, Spark frames …).

        Every table has to be given: an empty one cannot be made without knowing the engine's connection.
        Raises `RecordError` as `from_polars` does, but cells are not looked at: that would run a query.
        """
        _refuse_unknown_tables(tables)
        missing = [table for table in SCHEMA if table not in tables]
        if missing:
            raise RecordError(f"The record has no table {', '.join(missing)}: give it, if need be with no rows.")
        frames: dict[str, Any] = {}
        for table in SCHEMA:
            frame = nw.from_native(tables[table]).lazy()
            _check_columns(table, frame.collect_schema())
            frames[table] = frame.select([column.name for column in SCHEMA[table]])
        return cls(**frames)

    def shared(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """A frame that several questions start from, built once for each key."""
        if key not in self._shared:
            self._shared[key] = self._computed(build())
        return self._shared[key]

    def run(self, frames: Sequence[Frame]) -> list[pl.DataFrame]:
        """The rows of these frames of this record: one run for all of them on Polars, elsewhere one query each."""
        if not all(frame.implementation.is_polars() for frame in frames):
            return [nw.to_native(frame.collect(backend="polars")) for frame in frames]
        native: list[pl.LazyFrame] = [nw.to_native(frame) for frame in frames]
        if self.rows is not None and self.rows < _FEW_ROWS:
            return pl.collect_all(native, engine="in-memory", optimizations=pl.QueryOptFlags.none())
        return pl.collect_all(native, engine="streaming", optimizations=joins_as_written())

    def _computed(self, frame: Frame) -> Frame:
        """On Polars the frame's rows, ready to be read again and again; elsewhere the frame as it is."""
        return nw.from_native(self.run([frame])[0].lazy()) if frame.implementation.is_polars() else frame

    def only(self, people: Collection[int]) -> "Record":
        """The same record with these people's rows alone; the measures stay."""
        wanted = list(people)
        tables: dict[str, Any] = {table: getattr(self, table) for table in SCHEMA}
        return Record(
            **{
                name: frame if name == "measures" else frame.filter(nw.col("person_id").is_in(wanted))
                for name, frame in tables.items()
            }
        )


def joins_as_written() -> pl.QueryOptFlags:
    """How Polars runs what we write: all its optimisations but a new order of joins.

    It takes a table of three rows that is joined by a column of ones, or by a name everybody has, for the best place
    to start; from there the next join is everybody with everybody. Measured: 21 GB for what is 0.5 GB as written.
    """
    flags = pl.QueryOptFlags()
    if hasattr(flags, "join_order"):  # since Polars 2
        flags.join_order = False
    return flags


def empty_table(table: str) -> pl.DataFrame:
    """A table of the record with its columns and no rows.

    >>> empty_table("crisis").columns
    ['row_id', 'person_id', 'day', 'kind']
    """
    return pl.DataFrame(schema=polars_schema(table))


def polars_schema(table: str) -> dict[str, type[pl.DataType]]:
    """The table's columns as a Polars schema, for whoever builds its rows.

    >>> polars_schema("housing")["day"]
    Int32
    """
    return {column.name: POLARS_TYPES[column.dtype] for column in SCHEMA[table]}


def _refuse_unknown_tables(tables: Mapping[str, Any]) -> None:
    unknown = [table for table in tables if table not in SCHEMA]
    if unknown:
        raise RecordError(f"The record has no table called {unknown[0]}: use one of {', '.join(SCHEMA)}.")


def _check_columns(table: str, found: Mapping[str, nw.dtypes.DType]) -> None:
    for column in SCHEMA[table]:
        if column.name not in found:
            raise RecordError(
                f"Table {table} has no column {column.name} ({column.meaning}): add it as {_name(column)}."
            )
        if found[column.name] != column.dtype:
            raise RecordError(
                f"Table {table}, column {column.name} is {found[column.name]}: cast it to {_name(column)}."
            )
    known = {column.name for column in SCHEMA[table]}
    for name in found:
        if name not in known:
            raise RecordError(f"Table {table} has a column {name} unknown to the record: leave it out.")


def _check_cells(table: str, frame: pl.DataFrame) -> None:
    for column in SCHEMA[table]:
        if not column.nullable and frame[column.name].null_count():
            raise RecordError(
                f"Table {table}, column {column.name} has {frame[column.name].null_count()} empty cells: "
                f"fill them or leave those rows out ({column.meaning})"
            )


def _name(column: Column) -> str:
    return f"{column.dtype.__name__}{', empty where not known' if column.nullable else ''}"
