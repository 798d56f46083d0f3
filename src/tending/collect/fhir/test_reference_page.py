"""The reference page names everything that is read, and every reason for setting something aside."""

from pathlib import Path

from tending.collect.fhir import faults
from tending.collect.fhir.files import lines
from tending.collect.fhir.mapping.catalogue import TOTAL_VARIANTS
from tending.collect.fhir.resources import READ

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "reference" / "fhir-import.md").read_text(encoding="utf-8")
AT_THE_MANIFEST = {"MANIFEST", "EXPORT_ERROR"}  # told of the folder, not of a row


def test_every_resource_that_is_read_is_on_the_page():
    assert [kind for kind in READ if f"| {kind} |" not in PAGE] == []


def test_every_reason_is_on_the_page():
    reasons = {value for name, value in vars(faults).items() if name.isupper() and isinstance(value, str)}
    assert {reason for reason in reasons - AT_THE_MANIFEST if reason not in PAGE} == set()


def test_codes_and_limits_on_the_page_are_those_in_force():
    assert [code for code in TOTAL_VARIANTS if code not in PAGE] == []

    assert f"One line: {lines.LONGEST_LINE >> 20} MB" in PAGE
    assert f"one JSON document: {lines.LARGEST_DOCUMENT >> 20} MB" in PAGE
