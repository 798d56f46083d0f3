"""From a frame to a table: one prepared statement for all rows, the same on both databases."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection, models
from django.db.backends.utils import CursorWrapper


def insert(model: type[models.Model], frame: pl.DataFrame) -> int:
    """Add the frame's rows, columns named as in the table; a row that is already there (any unique rule) stays.

    Answers how many rows were added.
    """
    return _write(model, frame, "ON CONFLICT DO NOTHING")


def upsert(model: type[models.Model], frame: pl.DataFrame, *, key: Sequence[str]) -> int:
    """Add the frame's rows, or bring the row with the same key to the frame's values."""
    changed = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in frame.columns if name not in key)
    return _write(model, frame, f"ON CONFLICT ({', '.join(map(_quoted, key))}) DO UPDATE SET {changed}")


def update(model: type[models.Model], frame: pl.DataFrame, *, key: str, only_where_empty: str) -> int:
    """Set the frame's columns on the rows named by ``key``, where one column is still empty."""
    names = [name for name in frame.columns if name != key]
    sets = ", ".join(f"{_quoted(name)} = %s" for name in names)
    sql = (
        f"UPDATE {_table(model)} SET {sets} "  # noqa: S608 - names come from the models, never from data
        f"WHERE {_quoted(key)} = %s AND {_quoted(only_where_empty)} IS NULL"
    )
    return _execute(sql, frame.select([*names, key]))


def _write(model: type[models.Model], frame: pl.DataFrame, conflict: str) -> int:
    marks = ", ".join(["%s"] * frame.width)
    names = ", ".join(map(_quoted, frame.columns))
    return _execute(
        f"INSERT INTO {_table(model)} ({names}) VALUES ({marks}) {conflict}",  # noqa: S608 - as above
        frame,
    )


def _execute(sql: str, frame: pl.DataFrame) -> int:
    if frame.is_empty():
        return 0
    cursor: CursorWrapper
    with connection.cursor() as cursor:
        cursor.executemany(sql, _rows(frame))
        return int(cursor.rowcount)


def _rows(frame: pl.DataFrame) -> list[Any]:
    """Python values as the database takes them: SQLite keeps dates and instants as Django writes them, as text."""
    if connection.vendor == "sqlite":
        frame = frame.with_columns(
            pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Datetime).dt.to_string("%Y-%m-%d %H:%M:%S")
        )
    return frame.rows()


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
