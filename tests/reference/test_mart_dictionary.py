import os
from pathlib import Path

from outcometables.mart import MART
from outcometables.mart.dictionary import TABLES, markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "mart.md"


def test_the_data_dictionary_says_what_the_schema_says():
    if os.environ.get("TENDING_WRITE_REFERENCE") == "1":
        PAGE.write_text(markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_table_is_explained():
    assert set(TABLES) == set(MART)
    assert all(column.meaning.endswith((".", "…")) for columns in MART.values() for column in columns)
