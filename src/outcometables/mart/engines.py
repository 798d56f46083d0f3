"""Which engine computes? Polars unless another is asked for; each reads the mart's files in its own way.

DuckDB and Spark are extras and are imported only when somebody asks for them.
"""

import importlib
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from outcometables.mart.tables import MartError

ENGINE_VARIABLE = "TENDING_ENGINE"
ENGINES = "polars, duckdb, spark, spark://HOST:PORT or sc://HOST:PORT"

Paths = Mapping[str, Sequence[str]]  # table: its files


def chosen(engine: str | None) -> str:
    """The engine to use: the argument, else the variable TENDING_ENGINE, else polars.

    Raises `MartError` for a name that is no engine.

    >>> chosen("DuckDB")
    'duckdb'
    """
    name = (engine or os.environ.get(ENGINE_VARIABLE) or "polars").strip()
    if re.match(r"^(spark|sc)://.", name):
        return name
    if name.lower() in {"polars", "duckdb", "spark"}:
        return name.lower()
    said = "" if engine else f" (from {ENGINE_VARIABLE})"
    raise MartError(f"There is no engine called {name}{said}: use {ENGINES}.")


def frames(engine: str, paths: Paths) -> dict[str, Any]:
    """Each table as a lazy frame of the engine. Raises `MartError` where the engine is not installed."""
    if engine == "polars":
        return {table: pl.scan_parquet(list(files)) for table, files in paths.items()}
    if engine == "duckdb":
        return _duckdb(paths)
    return _spark(spark_session(engine), paths)


def _duckdb(paths: Paths) -> dict[str, Any]:
    """A connection of its own, in memory: it lives as long as the frames do and touches no database file."""
    duckdb = _installed("duckdb", lambda: importlib.import_module("duckdb"), needs="duckdb")
    _installed("duckdb", lambda: importlib.import_module("pyarrow"), needs="pyarrow")
    connection = duckdb.connect(":memory:")
    return {table: connection.read_parquet(list(files)) for table, files in paths.items()}


def _spark(session: Any, paths: Paths) -> dict[str, Any]:
    return {table: session.read.parquet(*files) for table, files in paths.items()}


def spark_session(engine: str) -> Any:
    """The Spark session for `spark`, `spark://…` (a standalone cluster) or `sc://…` (Spark Connect).

    `spark` takes the session that is running already, as in a notebook on a cluster, or starts one on this machine.
    Raises `MartError` where PySpark is not installed or no Java is found.
    """
    sql = _installed("spark", lambda: importlib.import_module("pyspark.sql"), needs="pyspark")
    if engine.startswith("sc://"):
        # The builder of pyspark.sql refuses while a Spark of this process runs; this one does not mind.
        remote = _installed("spark", lambda: importlib.import_module("pyspark.sql.connect.session"), needs="grpcio")
        return remote.SparkSession.builder.remote(engine).getOrCreate()
    running = sql.SparkSession.getActiveSession()
    if engine == "spark" and running is not None:
        return running
    find_java()
    builder = sql.SparkSession.builder.appName("tending").master("local[*]" if engine == "spark" else engine)
    if engine == "spark":
        # On one machine: no page of its own, and no more pieces of a join than there are cores to join them.
        builder = builder.config("spark.ui.enabled", "false")
        # Only this machine: where its name has another address, large answers would be fetched from there, in vain.
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", str(os.cpu_count() or 1))
    return builder.getOrCreate()


def find_java() -> Path:
    """The Java program that Spark would start. Raises `MartError` that says what to install where there is none."""
    home = os.environ.get("JAVA_HOME")
    if home:
        program = Path(home) / "bin" / "java"
        if program.is_file():
            return program
        raise MartError(
            f"JAVA_HOME is {home}, where there is no bin/java: set it to a Java 17 or later, or unset it."
        )
    found = shutil.which("java")
    if found is None:
        raise MartError(
            "Spark needs Java 17 or later, and there is no java on PATH and no JAVA_HOME. Debian: apt install "
            "openjdk-17-jre-headless. macOS: brew install openjdk@17. Or use an engine without it: polars, duckdb."
        )
    return Path(found)


def _installed(extra: str, load: Callable[[], Any], *, needs: str) -> Any:
    try:
        return load()
    except ImportError as error:
        raise MartError(
            f"The engine {extra} needs {needs}, which is not installed: pip install 'tending[{extra}]'."
        ) from error
