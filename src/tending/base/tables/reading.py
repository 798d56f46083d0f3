"""From a query to a frame: by Django's own cursor, or over a second connection as Arrow.

The cursor sees what the open transaction wrote and serves a few people. Arrow needs no Python object a cell, which is
what makes the whole population affordable, but it sees only what is committed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

import polars as pl
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Schema = Mapping[str, type[pl.DataType]]

_arrow: ContextVar[Any] = ContextVar("arrow_connection", default=None)


@contextmanager
def over_arrow() -> Iterator[bool]:
    """Inside the block ``read`` uses a second connection; says whether it can (not inside a transaction)."""
    if connection.in_atomic_block or _in_memory():
        yield False
        return
    with _connect() as opened:
        token = _arrow.set(opened)
        try:
            yield True
        finally:
            _arrow.reset(token)


def read(query: "QuerySet[Any, Any]", schema: Schema) -> pl.DataFrame:
    """The rows of a ``values_list`` query as a frame with the given columns, in the query's order of columns."""
    try:
        sql, params = query.query.sql_with_params()
    except EmptyResultSet:  # nobody was asked about
        return pl.DataFrame(schema=dict(schema))
    opened = _arrow.get()
    if opened is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return pl.DataFrame(cursor.fetchall(), schema=dict(schema), orient="row", strict=False)
    with opened.cursor() as cursor:
        cursor.execute(_numbered(sql), [_plain(each) for each in params] or None)
        frame = pl.from_arrow(cursor.fetch_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    frame.columns = list(schema)
    return frame.cast(dict(schema))  # type: ignore[arg-type]


def _numbered(sql: str) -> str:
    """Django's placeholders in the form the driver takes: ? for SQLite, $1 and so on for PostgreSQL."""
    if connection.vendor == "sqlite":
        return sql.replace("%s", "?").replace("%%", "%")
    count = iter(range(1, sql.count("%s") + 1))
    return re.sub(r"%s", lambda _: f"${next(count)}", sql).replace("%%", "%")


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) and connection.vendor == "sqlite" else value


def _in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and (":memory:" in name or "mode=memory" in name)


def _connect() -> Any:
    if connection.vendor == "sqlite":
        from adbc_driver_sqlite import dbapi as sqlite

        opened = sqlite.connect(f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro", autocommit=True)
        with opened.cursor() as cursor:
            # A person's rows lie all over the file: without these, each page is read many times (measured: a third
            # of the time saved).
            for pragma in ("mmap_size=4294967296", "cache_size=-64000"):
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()
        return opened
    from adbc_driver_postgresql import dbapi as postgresql

    return postgresql.connect(_uri(), autocommit=True)


def _uri() -> str:
    """The libpq address of the database Django is connected to."""
    given = connection.settings_dict
    parts = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"], "port": given["PORT"]}
    query = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in parts.items() if value)
    return f"postgresql:///{quote(str(given['NAME']), safe='')}?{query}"
