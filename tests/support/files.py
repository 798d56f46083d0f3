"""Folders of CSV files as a test wants them, and the way through the intake."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tending.collect.templates import TEMPLATES
from tending.keep.kinds import KINDS
from tending.web import intake

SOURCE = "ehr"
Rows = Iterable[dict[str, Any]]


@pytest.fixture
def raw_store(settings: Any, tmp_path: Path) -> Path:
    """An empty raw store of the test's own."""
    settings.RAW_STORE = tmp_path / "store" / "raw"
    return Path(settings.RAW_STORE)


def write(folder: Path, kind: str, rows: Rows, *, name: str = "") -> Path:
    """One file of a template; cells that are not given are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{kind}.csv")
    columns = [column.name for column in TEMPLATES[kind].columns]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_provider(folder: Path) -> Path:
    """A small provider: one team, two members of staff, two people, one episode each."""
    write(folder, "organisations", [{"organisation_id": "O1", "name": "General Hospital", "kind": "HOSPITAL"}])
    write(folder, "teams", [{"team_id": "T1", "name": "East", "programme": "Adult services", "site": "Main Street"}])
    write(
        folder,
        "staff",
        [
            {
                "staff_id": "S1",
                "given_name": "Alice",
                "role": "PRACTITIONER",
                "team_id": "T1",
                "from_date": "2024-01-01",
            },
            {"staff_id": "S2", "given_name": "Bob", "role": "SUPERVISOR", "from_date": "2024-01-01"},
        ],
    )
    write(
        folder,
        "people",
        [
            {"person_id": "P1", "given_name": "Pat", "family_name": "Example", "birth_date": "1990-05-17"},
            {"person_id": "P2", "given_name": "Quinn", "family_name": "Example", "birth_date": "1985-02-01"},
        ],
    )
    write(folder, "episodes", [episode("E1"), episode("E2", person_id="P2")])
    return folder


def episode(key: str, **cells: Any) -> dict[str, Any]:
    return {"episode_id": key, "person_id": "P1", "team_id": "T1", "start_date": "2024-02-01"} | cells


def contact(key: str, **cells: Any) -> dict[str, Any]:
    return {
        "contact_id": key,
        "person_id": "P1",
        "staff_id": "S1",
        "team_id": "T1",
        "starts_at": "2024-03-05T10:00",
        "minutes": 50,
        "kind": "THERAPY",
        "medium": "IN_PERSON",
        "status": "ATTENDED",
    } | cells


def answers(key: str, values: Sequence[int | str], **cells: Any) -> list[dict[str, Any]]:
    head = {"response_id": key, "person_id": "P1", "instrument": "PHQ-9", "answered_date": "2024-03-05"} | cells
    return [head | {"item": number, "value": value} for number, value in enumerate(values, start=1)]


def load(folder: Path, *, mapping: dict[str, Any] | None = None, source: str = SOURCE) -> int:
    """Receive a folder and read it to its end."""
    delivery = intake.receive_folder(folder, source=source, form="CSV", mapping=mapping, by=None)
    intake.work_off(delivery)
    return delivery


def record(*, confirmed: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    """The current record without numbers that depend on the order of arrival."""
    found = {}
    for kind, of in KINDS.items():
        rows: Any = of.model._default_manager.filter(superseded_by__isnull=True, source_key__contains=f":{kind}:")
        names = ["source_key", "content", "withdrawn", *(["confirmed_at"] if confirmed else [])]
        found[kind] = sorted(rows.values_list(*names))
    return found
