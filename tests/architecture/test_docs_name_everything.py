"""The docs name every setting and every command, and every link between them leads somewhere."""

import re
from pathlib import Path

from tending.web.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_every_setting_is_in_the_reference() -> None:
    read = set()
    for path in (ROOT / "src").rglob("*.py"):
        read |= set(re.findall(r"TENDING_[A-Z_]*[A-Z]", path.read_text()))
    named = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert {name for name in read if name not in named} == set()


def test_every_command_is_in_the_readme_or_a_how_to() -> None:
    text = "".join(path.read_text() for path in DOCS)
    assert {name for name in COMMANDS if f"tending {name}" not in text} == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in DOCS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} links to {target}")
    assert broken == []


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No machine's paths and no registry's address."""
    hosts = re.compile(r"files\.pythonhosted|pypi\.org/simple|/opt/pypi|registry\.npmjs", re.IGNORECASE)
    kinds = {".py", ".md", ".txt", ".toml", ".yaml", ".html", ".css", ".js", ".sh"}
    own = Path(__file__)
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "docs", "definitions", "benchmarks", "requirements")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and path != own and hosts.search(path.read_text(errors="ignore"))
    ]
    assert wrong == []
