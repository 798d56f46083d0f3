"""The templates in words, and as empty files to begin with."""

import csv
from pathlib import Path

from tending.collect.templates import TEMPLATES, Column, Template

_INTRODUCTION = """# CSV templates

<!-- Made from src/tending/collect/templates.py. TENDING_WRITE_REFERENCE=1 pytest src/tending/collect/csv_files
     writes it anew. -->

One file a kind, in one folder: UTF-8, a header row, a comma between cells, dates as 2026-01-31, times as
2026-01-31T14:30 in the provider's own time zone or with an offset. An empty cell means: not given. Send the files you
have; each may come alone, in any order, as often as you like. A row with an identifier that is known replaces what
was known under it; a row that is no longer sent stays. Cells that begin with = + - or @ are kept as they are.

Columns with other names, other ways to write dates and other codes are said in a mapping file: see
[csv-mapping.md](csv-mapping.md). `tending load csv FOLDER --dry-run` says what would happen.

Organisations, teams and staff are the provider's: every source means the same one by the same identifier. All other
identifiers belong to the source that sends them.
"""


def markdown() -> str:
    """The reference page."""
    return _INTRODUCTION + "".join(_section(template) for template in TEMPLATES.values())


def write_empty(folder: Path) -> list[Path]:
    """Every template as a file with its header row; a file that is there is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for template in TEMPLATES.values():
        path = folder / f"{template.kind}.csv"
        if path.exists():
            continue
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([column.name for column in template.columns])
        written.append(path)
    return written


def _section(template: Template) -> str:
    rows = "".join(_row(column) for column in template.columns)
    key = " + ".join(template.key)
    return (
        f"\n## {template.kind}.csv\n\n{template.meaning} A row is identified by {key}.\n\n"
        f"| column | holds | needed | meaning |\n|---|---|---|---|\n{rows}"
    )


def _row(column: Column) -> str:
    holds = ", ".join(column.codes) if column.codes else column.type.value
    if column.least is not None:
        holds += f", {column.least} to {column.most}"
    if column.refers_to:
        holds += f" from {column.refers_to}.csv"
    return f"| {column.name} | {holds} | {'yes' if column.required else ''} | {column.meaning} |\n"
