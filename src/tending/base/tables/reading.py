"""From a query to a frame: by Django's own cursor, or over a second connection as Arrow.

The cursor sees what the open transaction wrote and serves a few people. Arrow needs no Python object a cell, which is
what makes the whole population affordable, but it sees only what is committed.
"""

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import IO, Any
from urllib.parse import quote

import polars as pl
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from tending.base.tables import reader

Schema = Mapping[str, type[pl.DataType]]
Ask = Callable[[str, list[Any]], pl.DataFrame]


class ReaderStopped(Exception):
    """The process that reads the database as Arrow ended before it had answered; its own words are on the screen."""


_arrow: ContextVar[Ask | None] = ContextVar("arrow", default=None)


@contextmanager
def over_arrow(*, at_one_instant: bool = False) -> Iterator[bool]:
    """Inside the block ``read`` uses a second connection; says whether it can (not inside a transaction).

    ``at_one_instant``: everything read inside the block is the database as it was at the block's first question,
    whatever others write meanwhile.
    """
    if _arrow.get() is not None:
        yield True
        return
    if connection.in_atomic_block or _in_memory():
        yield False
        return
    driver = _sqlite_process if connection.vendor == "sqlite" else _postgresql_driver
    with driver(at_one_instant) as ask:
        token = _arrow.set(_one_at_a_time(ask))
        try:
            yield True
        finally:
            _arrow.reset(token)


def reading_over_arrow() -> bool:
    """Whether ``read`` goes over a second connection here and now."""
    return _arrow.get() is not None and not connection.in_atomic_block


def read(query: "QuerySet[Any, Any]", schema: Schema) -> pl.DataFrame:
    """The rows of a ``values_list`` query as a frame with the given columns, in the query's order of columns."""
    try:
        sql, params = query.query.sql_with_params()
    except EmptyResultSet:  # nobody was asked about
        return pl.DataFrame(schema=dict(schema))
    ask = None if connection.in_atomic_block else _arrow.get()
    if ask is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return pl.DataFrame(cursor.fetchall(), schema=dict(schema), orient="row", strict=False)
    frame = ask(_numbered(sql), [_plain(each) for each in params])
    frame.columns = list(schema)
    return frame.cast(dict(schema))  # type: ignore[arg-type]


def _one_at_a_time(ask: Ask) -> Ask:
    """Two threads may share a connection (see ahead.py): each waits for its own answer."""
    turn = Lock()

    def asked(sql: str, params: list[Any]) -> pl.DataFrame:
        with turn:
            return ask(sql, params)

    return asked


def count(query: "QuerySet[Any, Any]") -> int:
    """How many rows a query has, counted by the connection that ``read`` reads with."""
    try:
        sql, params = query.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    ask = None if connection.in_atomic_block else _arrow.get()
    if ask is None:
        return query.order_by().count()
    counted = f"SELECT COUNT(*) FROM ({sql}) counted"  # noqa: S608 - Django wrote it
    return int(ask(_numbered(counted), [_plain(each) for each in params]).item())


@contextmanager
def _sqlite_process(at_one_instant: bool) -> Iterator[Ask]:
    """See reader.py for why this is a process."""
    command = [sys.executable, "-P", str(Path(reader.__file__)), str(connection.settings_dict["NAME"])]
    command += ["BEGIN"] if at_one_instant else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.stdin is not None
        assert process.stdout is not None
        questions, answers = process.stdin, process.stdout

        def ask(sql: str, params: list[Any]) -> pl.DataFrame:
            try:
                questions.write(json.dumps([sql, params]).encode() + b"\n")
                questions.flush()
            except BrokenPipeError:
                raise ReaderStopped from None
            length = int.from_bytes(_exactly(answers, reader.LENGTH_BYTES))
            return pl.read_ipc_stream(_exactly(answers, length))

        try:
            yield ask
        finally:
            questions.close()


@contextmanager
def _postgresql_driver(at_one_instant: bool) -> Iterator[Ask]:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(_uri(), autocommit=not at_one_instant) as opened:
        if at_one_instant:
            with opened.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        def ask(sql: str, params: list[Any]) -> pl.DataFrame:
            with opened.cursor() as cursor:
                cursor.execute(sql, params or None)
                return pl.DataFrame(cursor.fetch_arrow())

        yield ask


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise ReaderStopped
    return found


def _numbered(sql: str) -> str:
    """Django's placeholders in the form the driver takes: ? for SQLite, $1 and so on for PostgreSQL.

    Two percent signs are one that is meant, and what follows them is no placeholder: strftime's own %s is %%s here.
    """
    numbers = itertools.count(1)

    def placed(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return "?" if connection.vendor == "sqlite" else f"${next(numbers)}"

    return re.sub(r"%%|%s", placed, sql)


def _plain(value: Any) -> Any:
    """As the driver takes it: a member of a list of choices is its value, and SQLite knows no truth values."""
    plain = value.value if isinstance(value, Enum) else value
    return int(plain) if isinstance(plain, bool) and connection.vendor == "sqlite" else plain


def _in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and (":memory:" in name or "mode=memory" in name)


def _uri() -> str:
    """The libpq address of the database Django is connected to."""
    given = connection.settings_dict
    parts = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"], "port": given["PORT"]}
    query = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in parts.items() if value)
    return f"postgresql:///{quote(str(given['NAME']), safe='')}?{query}"
