"""Killed with SIGKILL wherever it makes something lasting, an export leaves the mart that was there, whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import outcometables
from outcometables.mart import MART, mart_schema, write_mart
from outcometables.mart.manifest import read_manifest

CHILD = """
import os, signal, sys
import polars as pl
from outcometables.mart import mart_schema, write_mart

folder, at, moment = sys.argv[1], int(sys.argv[2]), sys.argv[3]
calls, before = 0, getattr(os, moment)

def die(*given, **more):
    global calls
    calls += 1
    if calls == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return before(*given, **more)

setattr(os, moment, die)
looks = pl.DataFrame([(n, n, 20, 2) for n in range(300)], schema=mart_schema("looks"), orient="row")
write_mart(folder, {"looks": looks}, as_of=2, people_a_part=100)
"""
OLD = pl.DataFrame([(n, n, 10, 1) for n in range(300)], schema=mart_schema("looks"), orient="row")


def export_and_die(folder: Path, at: int, moment: str) -> int:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", CHILD, str(folder), str(at), moment]
    return subprocess.run(command, env=environment, check=False, stderr=subprocess.DEVNULL).returncode


# Three files, each table's folder, then twice a manifest and the mart's folder are made lasting.
LAST = 3 + len(MART) + 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "places"),
    [("fsync", (1, 4, LAST - 3, LAST - 1, LAST)), ("rename", (2,)), ("replace", (1, 2))],
)
def test_a_killed_export_leaves_a_whole_mart(tmp_path, moment, places):
    died = 0
    for at in places:
        folder = tmp_path / f"{moment}-{at}"
        write_mart(folder, {"looks": OLD}, as_of=1, people_a_part=100)
        ended = export_and_die(folder, at, moment)
        died += ended == -signal.SIGKILL
        mart = outcometables.open(folder, whole=True)
        days = mart["looks"].collect().to_native()["day"].unique().to_list()
        assert (mart.as_of, days) in [(1, [10]), (2, [20])]
        write_mart(folder, {"looks": OLD.head(1)}, as_of=3)
        write_mart(folder, {"looks": OLD.head(1)}, as_of=3)
        assert outcometables.open(folder, whole=True)["looks"].collect().shape[0] == 1
        left = {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}
        assert left == read_manifest(folder).paths(), "what was left half written is cleared up"
        assert not list(folder.rglob(".unfinished*"))
    assert died == len(places)
