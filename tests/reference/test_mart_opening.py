"""A mart's folder: what is written is what is read, and every way in which it can be broken has its own message."""

import importlib
import json
import os
import subprocess
import sys

import polars as pl
import pytest

import outcometables
from outcometables.mart import MART, MartError, mart_schema, write_mart
from outcometables.mart.manifest import MANIFEST
from outcometables.mart.writing import writing

GOALS = pl.DataFrame(
    [(1, 5, 20, "HOUSING", "ACTIVE", None), (2, 70, 21, "", "ACHIEVED", 40), (3, 71, 22, "WORK", "ACTIVE", None)],
    schema=mart_schema("goals"),
    orient="row",
)


@pytest.fixture
def folder(tmp_path):
    write_mart(tmp_path / "mart", {"goals": GOALS}, as_of=100, people_a_part=64)
    return tmp_path / "mart"


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}


def rewrite(folder, **changes):
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | changes))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_was_written_is_read(folder, engine):
    mart = outcometables.open(folder, engine=engine)
    assert mart.as_of == 100
    found = mart["goals"].collect(backend="polars").to_native().sort("row_id")
    assert found.equals(GOALS)
    assert [mart[table].collect(backend="polars").shape[0] for table in MART if table != "goals"] == [0] * 23


def test_the_variable_names_the_engine(folder, monkeypatch):
    monkeypatch.setenv("TENDING_ENGINE", "duckdb")
    assert outcometables.open(folder)["goals"].implementation.is_duckdb()
    assert outcometables.open(folder, engine="polars")["goals"].implementation.is_polars()
    monkeypatch.setenv("TENDING_ENGINE", "oracle")
    with pytest.raises(MartError, match=r"no engine called oracle \(from TENDING_ENGINE\): use polars, duckdb"):
        outcometables.open(folder)


def _no_folder(folder):
    return folder / "elsewhere"


def _no_manifest(folder):
    (folder / MANIFEST).unlink()


def _half_a_manifest(folder):
    content = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(content[: len(content) // 2])


def _a_later_version(folder):
    rewrite(folder, version=99)


def _no_file(folder):
    next((folder / "goals").iterdir()).unlink()


def _cut_short(folder):
    path = next((folder / "goals").iterdir())
    os.truncate(path, 200)


def _rows_that_do_not_add_up(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["tables"]["goals"]["rows_in_record"] = 4
    rewrite(folder, tables=manifest["tables"])


def _no_table(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest["tables"]["looks"]
    rewrite(folder, tables=manifest["tables"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_no_folder, r"There is no folder .*elsewhere"),
        (_no_manifest, r"holds no manifest.json, so it is no mart"),
        (_half_a_manifest, r"manifest.json cannot be read .* export the mart again"),
        (_a_later_version, r"is of version 99 and this program reads version \d"),
        (_no_file, r"a file of table goals, is missing"),
        (_cut_short, r"a file of table goals, has 200 bytes and should have \d+: it was cut short"),
        (_rows_that_do_not_add_up, r"Table goals .* has 3 rows and the record had 4"),
        (_no_table, r"has no table looks: export the mart again"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_each_trouble_has_one_message(folder, damage, message, engine):
    place = damage(folder) or folder
    with pytest.raises(MartError, match=message):
        outcometables.open(place, engine=engine)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_missing_column_is_named(folder, engine):
    path = next((folder / "looks").iterdir())
    pl.read_parquet(path).drop("times").write_parquet(path)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["tables"]["looks"]["files"][0]["size"] = path.stat().st_size
    rewrite(folder, tables=manifest["tables"])
    with pytest.raises(MartError, match="Table looks has no column times"):
        outcometables.open(folder, engine=engine)


def test_another_content_of_the_same_length_is_seen_by_its_digest(folder):
    path = next((folder / "goals").iterdir())
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    outcometables.open(folder)
    with pytest.raises(MartError, match="a file of table goals, is not what was written"):
        outcometables.open(folder, whole=True)


@pytest.mark.parametrize(
    ("engine", "package", "message"),
    [
        ("duckdb", "duckdb", r"engine duckdb needs duckdb, .* pip install 'tending\[duckdb\]'"),
        ("duckdb", "pyarrow", r"engine duckdb needs pyarrow, .* pip install 'tending\[duckdb\]'"),
        ("spark", "pyspark", r"engine spark needs pyspark, .* pip install 'tending\[spark\]'"),
        ("sc://localhost", "pyspark", r"engine spark needs pyspark, .* pip install 'tending\[spark\]'"),
    ],
)
def test_an_engine_that_is_not_installed_is_named(folder, engine, package, message, monkeypatch):
    load = importlib.import_module

    def without(name, *rest):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(MartError, match=message):
        outcometables.open(folder, engine=engine)


def test_a_machine_without_java_is_told_what_to_install(folder, monkeypatch, tmp_path):
    from outcometables.mart.engines import find_java

    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MartError, match=r"Spark needs Java 17 or later, .* apt install openjdk-17-jre-headless"):
        find_java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(MartError, match=r"JAVA_HOME is .*, where there is no bin/java"):
        find_java()


LARGE = """
import sys, outcometables
rows = outcometables.open(sys.argv[1], engine="spark")["goals"].collect(backend="polars")
print("rows", rows.shape[0])
"""


@pytest.mark.slow
def test_a_spark_of_its_own_gives_large_answers(tmp_path):
    """More than fits into a message: fetched from the driver's address, which must be one that answers."""
    n = 400_000
    goals = GOALS.head(1).drop("row_id").join(pl.DataFrame({"row_id": range(n)}), how="cross")
    write_mart(tmp_path / "mart", {"goals": goals.select(list(mart_schema("goals")))}, as_of=100)
    command = [sys.executable, "-c", LARGE, str(tmp_path / "mart")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert f"rows {n}" in done.stdout, done.stderr[-2000:]


def test_writing_again_leaves_the_files_a_reader_has_open(folder):
    before = files(folder)
    opened = outcometables.open(folder)["goals"]
    write_mart(folder, {"goals": GOALS.head(1)}, as_of=101, people_a_part=64)
    assert opened.collect().shape[0] == 3
    assert before <= files(folder) | before
    assert outcometables.open(folder)["goals"].collect().shape[0] == 1
    write_mart(folder, {"goals": GOALS.head(1)}, as_of=102, people_a_part=64)
    write_mart(folder, {"goals": GOALS.head(1)}, as_of=103, people_a_part=64)
    named = {file["path"] for table in _tables(folder) for file in table["files"]}
    assert files(folder) == named


def _tables(folder):
    return json.loads((folder / MANIFEST).read_text())["tables"].values()


def test_a_new_folder_is_its_owner_s_alone(folder):
    assert folder.stat().st_mode & 0o777 == 0o700


def test_one_writer_at_a_time(folder):
    with writing(folder), pytest.raises(MartError, match="Another export is being written"), writing(folder):
        pass


def test_rows_that_were_lost_on_the_way_stop_the_export(folder):
    before = (folder / MANIFEST).read_bytes()
    with writing(folder) as mart:
        mart.add("goals", GOALS.head(2))
        with pytest.raises(
            MartError, match=r"Table goals would have 2 rows and the record has 3. Nothing was changed"
        ):
            mart.finish(as_of=1, rows_in_record={table: 3 * (table == "goals") for table in MART})
    assert (folder / MANIFEST).read_bytes() == before
    assert outcometables.open(folder, whole=True)["goals"].collect().shape[0] == 3


def test_other_columns_are_not_written(tmp_path):
    with pytest.raises(MartError, match="Table goals is to be written with"):
        write_mart(tmp_path, {"goals": GOALS.drop("day")}, as_of=1)
    with pytest.raises(MartError, match="no table called goal"):
        write_mart(tmp_path, {"goal": GOALS}, as_of=1)
