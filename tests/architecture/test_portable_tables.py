"""Conditions and counts use only what every engine computes alike: the operations that were measured."""

import ast
from pathlib import Path

import pytest

TABLES = Path(__file__).parents[2] / "src" / "outcometables"
# What an expression is written in; evaluation.py and its like are the edge where an engine runs it.
PORTABLE = sorted(
    [
        *TABLES.glob("triggers/conditions/*.py"),
        *[TABLES / "triggers" / name for name in ("cohort.py", "evidence.py")],
        *TABLES.glob("metrics/counts/**/*.py"),
        *[TABLES / "metrics" / name for name in ("episodes.py", "opportunities.py", "strata.py", "windows.py")],
        *[TABLES / "past" / name for name in ("asking.py", "days.py", "moments.py", "together.py")],
        *[
            TABLES / "metrics" / name
            for name in ("at_the_time.py", "coded.py", "end_of_life_care.py", "places.py", "visits.py")
        ],
        TABLES / "exchange" / "changes.py",
        TABLES / "pathways" / "events.py",
    ]
)

FRAME = {"select", "filter", "with_columns", "join", "group_by", "agg", "drop"}
EXPRESSION = {
    "alias",
    "cast",
    "is_in",
    "is_null",
    "min",
    "max",
    "sum",
    "cum_sum",
    "over",
    "then",
    "otherwise",
    "when",
}
NARWHALS = {"col", "lit", "when", "concat", "len"}
TYPES = {"Expr", "Int8", "Int32", "Int64", "Float64", "String", "dtypes"}
# Python's own, msgspec's, the record's one place for frames that several conditions share, a period's days.
PYTHON = {"append", "get", "has", "items", "values", "shared", "Meta"}


def faults(source: str) -> list[str]:
    """What in this source is not known to give the same answer on every engine."""
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += [
                name for name in _modules(node) if name.split(".")[0] in {"polars", "duckdb", "pandas", "numpy"}
            ]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "nw":
            if node.attr not in NARWHALS | TYPES:
                found.append(f"nw.{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += _faults_of_call(node, node.func)
    return found


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def _faults_of_call(node: ast.Call, called: ast.Attribute) -> list[str]:
    if called.attr == "join" and not isinstance(called.value, ast.Constant):
        how = [word.value for word in node.keywords if word.arg == "how"]
        known = how and isinstance(how[0], ast.Constant) and how[0].value in {"inner", "left"}
        return [] if known else ["join that is neither inner nor left"]
    if called.attr == "over":
        return [] if _called(called.value) in {"sum", "cum_sum"} else ["over of something other than a sum"]
    if called.attr == "concat" and any(word.arg == "how" for word in node.keywords):
        return ["concat that is not vertical"]
    known = FRAME | EXPRESSION | NARWHALS | PYTHON
    return [] if called.attr in known else [f".{called.attr}()"]


def _called(node: ast.expr) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


@pytest.mark.parametrize("file", PORTABLE, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_tables_are_portable(file):
    assert faults(file.read_text()) == []


def test_the_files_are_found():
    assert len(PORTABLE) >= 12


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("import polars as pl", "polars"),
        ("from duckdb import connect", "duckdb"),
        ("frame.join_asof(other, on='day')", ".join_asof()"),
        ("frame.join(other, on='person_id', how='cross')", "join that is neither inner nor left"),
        ("frame.join(other, on='person_id')", "join that is neither inner nor left"),
        ("frame.join(other, on='person_id', how=how)", "join that is neither inner nor left"),
        ("nw.col('day').first()", ".first()"),
        ("nw.col('value').quantile(0.5)", ".quantile()"),
        ("nw.col('day').dt.year()", ".year()"),
        ("nw.col('kind').str.to_lowercase()", ".to_lowercase()"),
        ("nw.col('value').mean().over('person_id')", ".mean()"),
        ("nw.col('value').max().over('person_id')", "over of something other than a sum"),
        ("nw.col('value').map_batches(function)", ".map_batches()"),
        ("nw.concat([a, b], how='diagonal')", "concat that is not vertical"),
        ("nw.sum_horizontal('a', 'b')", "nw.sum_horizontal"),
        ("frame.collect()", ".collect()"),
        ("nw.to_native(frame)", "nw.to_native"),
    ],
)
def test_what_is_not_portable_is_refused(line, fault):
    assert fault in faults(line)
