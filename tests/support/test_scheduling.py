"""What is slow to start is started once: seen from a run of its own with two processes."""

import os
import subprocess
import sys

from tests.support.scheduling import group

TESTS = """
import os, pytest

@pytest.mark.parametrize("engine", ["spark", "spark-connect"])
@pytest.mark.parametrize("n", range(6))
def test_one(engine, n, tmp_path):
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(os.environ["PYTEST_XDIST_WORKER"] + " ")
"""


def test_names_tell_the_group():
    assert group("tests/journeys/test_every_page.py::test_links[en]") == "browser"
    assert group("tests/spec/metrics/test_sums.py::test_all[spark-connect]") == "spark"
    assert group("tests/spec/metrics/test_sums.py::test_all[duckdb]") == ""


def test_the_tests_of_one_group_run_in_one_process(tmp_path):
    (tmp_path / "test_shared.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(
        "def pytest_xdist_make_scheduler(config, log):\n"
        "    from tests.support.scheduling import scheduler\n"
        "    return scheduler(config, log)\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    environment = {**os.environ, "SEEN": str(tmp_path / "seen"), "PYTHONPATH": os.getcwd()}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    options = ["-q", "-n", "2", "-p", "no:django", "-p", "no:cacheprovider", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pytest", *options], env=environment, cwd=tmp_path, check=True)
    workers = (tmp_path / "seen").read_text().split()
    assert len(workers) == 12
    assert len(set(workers)) == 1
