"""Which tests are calculation alone? They open no database, so a second database would only see them again.

A test under tests/reference, tests/spec or tests/property is calculation where its file imports nothing of Django, of
the application or of what the tests of the application lean on, and no fixture of it opens the database.
"""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = tuple(ROOT / "tests" / name for name in ("reference", "spec", "property"))
_APPLICATION = re.compile(r"^\s*(?:from|import)\s+(?:django|tending|tests\.support)\b", re.MULTILINE)


def mark_calculation(items: list[pytest.Item]) -> None:
    for item in items:
        opens_database = "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db")
        if not opens_database and is_calculation(item.path):
            item.add_marker(pytest.mark.calculation)


@cache
def is_calculation(file: Path) -> bool:
    return any(file.is_relative_to(folder) for folder in FOLDERS) and not imports_application(file.read_text())


def imports_application(source: str) -> bool:
    return _APPLICATION.search(source) is not None
