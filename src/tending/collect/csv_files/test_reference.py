import csv
import os
from pathlib import Path

from tending.collect.csv_files import reference
from tending.collect.templates import TEMPLATES

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "csv-templates.md"


def test_the_reference_page_says_what_the_templates_say():
    if os.environ.get("TENDING_WRITE_REFERENCE") == "1":
        PAGE.write_text(reference.markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == reference.markdown()


def test_empty_templates_have_their_header_and_leave_files_alone(tmp_path):
    (tmp_path / "people.csv").write_text("mine")
    written = reference.write_empty(tmp_path)
    assert len(written) == len(TEMPLATES) - 1
    assert (tmp_path / "people.csv").read_text() == "mine"
    with (tmp_path / "contacts.csv").open(newline="") as file:
        assert next(csv.reader(file)) == [column.name for column in TEMPLATES["contacts"].columns]
