"""Databases and raw stores of a test's own, made from a prepared one: a file copied, or a PostgreSQL template.

A test that kills processes needs a database that other processes can reach and that no transaction of the test holds.
"""

import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Everything one provider's Tending keeps: TENDING_HOME and the name of the database."""

    home: Path
    database: str

    @property
    def raw_store(self) -> Path:
        return self.home / "raw"

    def environment(self) -> dict[str, str]:
        """For a command of its own: `tending …` at this place."""
        python_path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        return {
            **os.environ,
            "TENDING_HOME": str(self.home),
            "TENDING_DATABASE_URL": self._address(),
            "TENDING_INSECURE": "1",
            "DJANGO_SETTINGS_MODULE": "tending.web.settings",
            "PYTHONPATH": python_path,
            "COLUMNS": "1000",
        }

    def tending(self, *arguments: str, **given: object) -> "subprocess.CompletedProcess[str]":
        """Run the console command here; what it said and how it ended."""
        command = [sys.executable, "-c", "from tending.web.cli import main; main()", *arguments]
        return subprocess.run(
            command, env=self.environment(), cwd=self.home, capture_output=True, text=True, check=False, **given
        )

    def copy(self, folder: Path) -> "Place":
        """The same provider again, at a place of its own."""
        folder.mkdir(parents=True)
        if connection.vendor == "sqlite":
            copied = Place(folder, str(folder / "tending.sqlite3"))
            for suffix in ("", "-wal"):
                if Path(self.database + suffix).exists():
                    shutil.copy(self.database + suffix, copied.database + suffix)
        else:
            copied = Place(folder, f"{self.database}_{next(_numbers)}")
            on_server(f'CREATE DATABASE "{copied.database}" TEMPLATE "{self.database}"')
        if self.raw_store.exists():
            shutil.copytree(self.raw_store, copied.raw_store)
        return copied

    def remove(self) -> None:
        if connection.vendor == "postgresql":
            on_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        shutil.rmtree(self.home, ignore_errors=True)

    def _address(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.database}"
        given = connection.settings_dict
        host = quote(str(given["HOST"]), safe="")
        return f"postgres://{given['USER']}@{host}/{self.database}"


def new(folder: Path) -> Place:
    """An empty database, not yet migrated."""
    folder.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        return Place(folder, str(folder / "tending.sqlite3"))
    name = f"faults_{os.getpid()}_{next(_numbers)}"
    # template1 may have somebody connected who starts at the same moment; template0 never has.
    on_server(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return Place(folder, name)


def on_server(statement: str) -> None:
    """What PostgreSQL does outside any database of ours."""
    import psycopg

    given = connection.settings_dict
    with psycopg.connect(host=given["HOST"], user=given["USER"], dbname="template1", autocommit=True) as server:
        server.execute(statement)  # type: ignore[arg-type]
