"""A process of its own that reads an SQLite database as Arrow: a question in on one line, out its length and Arrow.

Why a process: the Arrow driver brings a second copy of SQLite. Two copies in one process do not see each other's
locks on one file (POSIX forgets a process's locks when either copy closes it), and the second one resets the shared
index the first is using: measured as a bus error within seconds, and a way to a broken database. Between processes
the locks hold. This file imports nothing of Tending and nothing else that opens the database.
"""

import io
import json
import os
import sys
from typing import BinaryIO
from urllib.parse import quote

# Where pyarrow happens to be installed the driver imports it, and that imports pandas: a second of every start, for
# nothing that is used here. Said to be absent, it is not looked for; afterwards it is there again for others.
_LOADED = sys.modules.get("pyarrow")
sys.modules["pyarrow"] = None  # type: ignore[assignment]

import polars as pl  # noqa: E402
from adbc_driver_sqlite import dbapi  # noqa: E402

del sys.modules["pyarrow"]
if _LOADED is not None:
    sys.modules["pyarrow"] = _LOADED

LENGTH_BYTES = 8
# Fewer and larger pieces than the driver's own 1,024 rows: half the time. It also looks at a whole piece to tell a
# column's type, and a column that is empty so far has none.
ROWS_A_PIECE = "131072"

# A person's rows lie all over the file: without these, each page is read many times.
PRAGMAS = ("mmap_size=4294967296", "cache_size=-64000", "busy_timeout=20000")


def main(path: str, first: list[str], questions: BinaryIO, answers: BinaryIO) -> None:
    """Until the asker closes its end. ``first`` goes before all questions: BEGIN, to answer as of one instant."""
    with dbapi.connect(f"file:{quote(path)}?mode=ro", autocommit=True) as connection:
        with connection.cursor() as cursor:
            for statement in (*(f"PRAGMA {pragma}" for pragma in PRAGMAS), *first):
                cursor.execute(statement)
                pl.DataFrame(cursor.fetch_arrow())  # fetchall would need pyarrow, which is not installed
        for line in questions:
            sql, params = json.loads(line)
            with connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": ROWS_A_PIECE})
                cursor.execute(sql, params or None)
                frame = pl.DataFrame(cursor.fetch_arrow())
            answer = io.BytesIO()
            frame.write_ipc_stream(answer)
            answers.write(answer.tell().to_bytes(LENGTH_BYTES))
            answers.write(answer.getbuffer())
            answers.flush()


if __name__ == "__main__":
    # Who asks is often also writing, or answering somebody's page: they go first where processors are few.
    os.nice(5)
    main(sys.argv[1], sys.argv[2:], sys.stdin.buffer, sys.stdout.buffer)
