"""The same mart on every engine: Polars, DuckDB, Spark on this machine and the same Spark over Spark Connect.

def test_all_engines_agree(engine, tables):
    found = opportunities(engine.mart(tables, as_of=AS_OF), ...)

`engine` runs a test once for each. Spark is slow to start and to plan: one process of the tests has one, its tests
are marked slow, and where there is no Java they are skipped and say so.
"""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcometables.mart import MART, Mart, MartError, mart_schema, open_mart, write_mart
from outcometables.mart.engines import find_java

_SPARK = [pytest.mark.slow]
ENGINES = ["polars", "duckdb", pytest.param("spark", marks=_SPARK), pytest.param("spark-connect", marks=_SPARK)]
OTHER_ENGINES = ENGINES[1:]
PEOPLE_A_PART = 512  # several files a table, as a real mart has


@dataclass(frozen=True, slots=True)
class Engine:
    """Opens marts on one engine. `address` is what open_mart is told."""

    name: str
    address: str
    folder: Path
    _made: list[Any] = field(default_factory=list)

    def mart(self, tables: Mapping[str, pl.DataFrame], *, as_of: int) -> Mart:
        """These tables as the engine reads them from files; what is not given is filled (see `filled`)."""
        folder = self.folder / f"mart-{len(self._made)}"
        self._made.append(folder)
        write_mart(folder, filled(tables), as_of=as_of, people_a_part=PEOPLE_A_PART)
        return open_mart(folder, engine=self.address)


def filled(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with every column of the mart: what a test does not speak of is empty, 0 or empty text."""
    return {table: _filled(table, frame) for table, frame in tables.items()}


def _filled(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    types, missing = mart_schema(table), []
    for column in MART[table]:
        if column.name not in frame.columns:
            nothing = None if column.nullable else "" if types[column.name] == pl.String else 0
            missing.append(pl.lit(nothing, dtype=types[column.name]).alias(column.name))
    return frame.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in types.items())


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Every engine in turn."""
    return _engine(request, request.param, tmp_path_factory)


@pytest.fixture(scope="session", params=OTHER_ENGINES)
def other_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Every engine but Polars, for comparing with it."""
    return _engine(request, request.param, tmp_path_factory)


def _engine(request: pytest.FixtureRequest, name: str, folders: pytest.TempPathFactory) -> Engine:
    address = name
    if name.startswith("spark"):
        port = request.getfixturevalue("spark_port")
        address = f"sc://127.0.0.1:{port}" if name == "spark-connect" else "spark"
    return Engine(name, address, folders.mktemp(name))


@pytest.fixture(scope="session")
def spark_port() -> Iterator[int]:
    """One Spark in one Java process, which answers over Spark Connect as well: on this port of 127.0.0.1."""
    try:
        find_java()
    except MartError as error:
        pytest.skip(f"not here: {error}")
    from pyspark.sql import SparkSession

    port = _free_port()
    settings = {
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # A few thousand rows: compiling code for them takes longer than reading them. Measured: half the time.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "1",
        # Sending a small table to every worker is a job of its own, and there is one worker: a third of the time.
        "spark.sql.autoBroadcastJoinThreshold": "-1",
    }
    builder = SparkSession.builder.appName("tending tests").master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield port
    from pyspark.sql.connect.session import SparkSession as RemoteSession

    # First: a client whose server is gone goes on asking it to end the session, for ten minutes.
    if (remote := RemoteSession.getActiveSession()) is not None:
        remote.stop()
    session.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
