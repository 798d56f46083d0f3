"""Hold the rows of a frame where the engine has them, so that many questions start from rows and not from a query.

Polars keeps them in memory, DuckDB in a temporary table of the frame's own connection, Spark on its workers; each is
let go with the frame, the connection or the session.
"""

from typing import Any
from uuid import uuid4

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.record.frames import Frame, joins_as_written


def held(frame: Frame, *, beside: Frame) -> Frame:
    """The same rows, computed once. `beside` is any table of the same engine: its connection keeps them.

    >>> frame = nw.from_native(pl.LazyFrame({"day": [1, 2]}))
    >>> held(frame.filter(nw.col("day") > 1), beside=frame).collect()["day"].to_list()
    [2]
    """
    native: Any = nw.to_native(frame)
    if frame.implementation.is_polars():
        rows: pl.DataFrame = native.collect(engine="streaming", optimizations=joins_as_written())
        return nw.from_native(rows.lazy())
    if frame.implementation.is_duckdb():
        name = f"held_{uuid4().hex}"
        native.query("wanted", f"CREATE TEMP TABLE {name} AS SELECT * FROM wanted")  # noqa: S608  a name of our own
        # Asked for beside a table, not beside the frame: DuckDB plans all that a relation was made from every time.
        plain: Any = nw.to_native(beside)
        kept: Frame = nw.from_native(plain.query("beside", f"SELECT * FROM {name}"))  # noqa: S608  as above
        return kept
    if frame.implementation.is_spark_like():
        frame = nw.from_native(native.localCheckpoint(eager=True))
    return frame
