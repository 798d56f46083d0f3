"""The page on expected courses is run as it stands: what it prints is compared with what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "expected-course.md"
PIECE = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def run() -> str:
    """The page with what it prints now in place of what it says it prints."""
    names: dict[str, object] = {}
    printed = ""

    def now(found: re.Match[str]) -> str:
        nonlocal printed
        kind, body = found.groups()
        if kind == "text":
            return f"```text\n{printed}```"
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(body, str(PAGE), "exec"), names)
        printed = out.getvalue()
        return found.group()

    return PIECE.sub(now, PAGE.read_text())


def test_it_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run() == PAGE.read_text()


if __name__ == "__main__":  # python -m tests.reference.test_explanation_course: write what it prints
    PAGE.write_text(run())
