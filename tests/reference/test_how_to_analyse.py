"""The lines of docs/how-to/analyse-the-mart.md run as they stand, on every engine that a machine can have."""

import re
import runpy
from pathlib import Path

import polars as pl
import pytest
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF
from tests.support.engines import filled

from outcometables.mart import mart_schema, write_mart

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "analyse-the-mart.md"
ASKED, IN_SQL = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """The folder `mart`, and the program beside it."""
    teams = [(number, f"Team {number:02}", "ADULT", "OUTPATIENT", "") for number in range(30)]
    tables = filled(population(200)) | {"teams": pl.DataFrame(teams, schema=mart_schema("teams"), orient="row")}
    write_mart(tmp_path / "mart", tables, as_of=AS_OF, people_a_part=64)
    (tmp_path / "missed.py").write_text(ASKED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder, capsys):
    runpy.run_path(str(folder / "missed.py"))
    return capsys.readouterr().out


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_example_says_the_same_on_every_engine(beside, capsys, monkeypatch, engine):
    expected = run(beside, capsys)
    assert "Team 00" in expected
    monkeypatch.setenv("TENDING_ENGINE", engine)
    assert run(beside, capsys) == expected


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["spark", "sc"])
def test_the_example_runs_on_spark(beside, capsys, monkeypatch, engine, spark_port):
    expected = run(beside, capsys)
    monkeypatch.setenv("TENDING_ENGINE", engine if engine == "spark" else f"sc://127.0.0.1:{spark_port}")
    assert run(beside, capsys) == expected


def test_the_files_can_be_asked_in_sql(beside, capsys):
    exec(compile(IN_SQL, str(PAGE), "exec"), {})
    assert "ATTENDED" in capsys.readouterr().out
