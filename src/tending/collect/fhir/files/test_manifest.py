"""A bulk export's folder is compared with its manifest; what is there is read, what is wrong is said."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tending.collect.fhir.files.manifest import Folder, look_into
from tending.collect.fhir.reading import READ_ORDER

LINE = b'{"resourceType":"Patient","id":"p1"}\n'


def folder(path: Path, manifest: dict[str, Any] | bytes | None = None, **files: bytes) -> Path:
    for name, content in files.items():
        (path / name.replace("__", ".")).write_bytes(content)
    if manifest is not None:
        raw = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        (path / "manifest.json").write_bytes(raw)
    return path


def seen(path: Path) -> Folder:
    return look_into(path, order=READ_ORDER)


def listed(name: str, **more: Any) -> dict[str, Any]:
    return {"type": name.split(".")[0], "url": f"https://ehr.example.org/export/{name}", **more}


def test_files_are_read_in_the_order_in_which_nothing_has_to_wait(tmp_path):
    found = seen(
        folder(
            tmp_path,
            Observation__000__ndjson=b"",
            Encounter__000__ndjson=b"",
            Patient__000__ndjson=b"",
            Organization__000__ndjson=b"",
            bundles__ndjson=b'{"resourceType":"Bundle"}\n',
            Location__000__ndjson=b"",
            log__ndjson=b"{}\n",
            readme__txt=b"",
        )
    )
    assert [one.kind for one in found.files] == [
        "Organization",
        "Patient",
        "Encounter",
        "Observation",
        "Location",
        "Bundle",
    ]
    assert found.faults == []


def test_a_manifest_that_agrees_dates_the_export(tmp_path):
    manifest = {
        "transactionTime": "2026-10-01T00:00:00Z",
        "output": [listed("Patient.000.ndjson", count=2), listed("Encounter.000.ndjson", count=1)],
    }
    found = seen(
        folder(tmp_path, manifest, Patient__000__ndjson=LINE * 2, Encounter__000__ndjson__gz=gzip.compress(LINE))
    )
    assert found.faults == []
    assert found.transaction_time == datetime(2026, 10, 1, tzinfo=UTC)
    assert [one.path.name for one in found.files] == ["Patient.000.ndjson", "Encounter.000.ndjson.gz"]


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (
            {"output": [listed("Goal.000.ndjson"), listed("Patient.000.ndjson")]},
            "lists Goal.000.ndjson, but it is not",
        ),
        (
            {"output": [listed("Patient.000.ndjson", count=9)]},
            "says 9 resources in Patient.000.ndjson, and there are 2",
        ),
        ({"output": []}, "Patient.000.ndjson is in the folder but not in the manifest"),
        ({"transactionTime": "today", "output": [listed("Patient.000.ndjson")]}, "“today” is not a time"),
        (b"{", "manifest.json cannot be read"),
        (b'{"output": 7}', "manifest.json cannot be read"),
    ],
)
def test_where_folder_and_manifest_disagree_it_is_said_and_what_is_there_is_read(tmp_path, manifest, says):
    found = seen(folder(tmp_path, manifest, Patient__000__ndjson=LINE * 2))
    assert [one.path.name for one in found.files] == ["Patient.000.ndjson"]
    (fault,) = found.faults
    assert says in fault.message
    assert fault.fix


def test_deletions_are_read_and_after_everything_else(tmp_path):
    manifest = {
        "output": [listed("Patient.000.ndjson")],
        "deleted": [{"type": "Bundle", "url": "deleted.000.ndjson"}],
    }
    found = seen(folder(tmp_path, manifest, Patient__000__ndjson=LINE, deleted__000__ndjson=b"{}\n"))
    assert [(one.path.name, one.kind) for one in found.files] == [
        ("Patient.000.ndjson", "Patient"),
        ("deleted.000.ndjson", "Bundle"),
    ]


def test_what_the_server_could_not_export_is_said_in_its_words(tmp_path):
    manifest = {"output": [], "error": [{"type": "OperationOutcome", "url": "errors.ndjson"}]}
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "diagnostics": "Goal is too large"}],
    }
    found = seen(folder(tmp_path, manifest, errors__ndjson=json.dumps(outcome).encode() + b"\nnot JSON\n"))
    assert found.files == []
    assert [fault.message.split(": ")[1] for fault in found.faults] == [
        "Goal is too large",
        "an error message that cannot be read (line 2)",
    ]


@pytest.mark.parametrize(
    "url", ["../../etc/passwd", "https://x.example/../../etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd"]
)
def test_a_manifest_never_leads_out_of_the_folder(tmp_path, url):
    found = seen(folder(tmp_path, {"output": [{"type": "Patient", "url": url}]}))
    assert found.files == []
    assert [fault.field for fault in found.faults] == ["passwd"]
