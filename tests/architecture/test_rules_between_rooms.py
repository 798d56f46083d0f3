"""import-linter holds the rules; here each is broken on purpose in a copy, and must be caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "a stage imports a later one": ("tending/keep/early.py", "import tending.show\n"),
    "a table imports the application": ("outcometables/upward.py", "import tending.base\n"),
    "the numbers import the tables": ("outcomestats/upward.py", "import outcometables\n"),
    "a library knows Django": ("outcometables/web.py", "import django\n"),
    "the numbers know a data frame": ("outcomestats/frames.py", "import polars\n"),
    "a new stage nobody placed": ("tending/unplaced/__init__.py", ""),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_rules_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_planted_violation_is_caught(copy: Path, violation: str) -> None:
    name, text = VIOLATIONS[violation]
    planted = copy / "src" / name
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text)
    done = lint(copy)
    assert done.returncode != 0, f"{violation} went unnoticed"
