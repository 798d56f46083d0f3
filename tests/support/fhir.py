"""FHIR resources by hand, and what they become: for the tests beside the mapping."""

import json
from collections import Counter
from io import BytesIO
from typing import Any

from tending.collect.fhir import reading
from tending.collect.fhir.survey import Survey, look
from tending.collect.mapped import Chunk, Mapped

PAT = {"reference": "Patient/p1"}
LOINC = "http://loinc.org"


def concept(code: str, system: str = "", display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def ndjson(*resources: dict[str, Any]) -> BytesIO:
    return BytesIO(b"\n".join(json.dumps(one).encode() for one in resources) + b"\n")


def surveyed(*resources: dict[str, Any]) -> Survey:
    return look((json.dumps(one).encode(), None, {}) for one in resources)


def read(*resources: dict[str, Any], survey: Survey | None = None) -> tuple[Chunk, dict[str, int]]:
    found = reading.read(ndjson(*resources), survey=survey, size=10_000)
    (chunk,) = found.chunks
    return chunk, dict(found.notes)


def rows(*resources: dict[str, Any], survey: Survey | None = None) -> list[Mapped]:
    chunk, _notes = read(*resources, survey=survey)
    assert chunk.faults == []
    return chunk.rows


def one(resource: dict[str, Any], kind: str, survey: Survey | None = None) -> dict[str, Any]:
    (row,) = [row for row in rows(resource, survey=survey) if row.kind == kind]
    assert row.key == row.fields[next(iter(row.fields))]
    return dict(row.fields)


def fault(resource: dict[str, Any]) -> tuple[str, str]:
    chunk, _notes = read(resource)
    (found,) = chunk.faults
    assert found.message.startswith("Line 1")
    assert found.fix
    return found.reason, found.field


def encounter(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": PAT,
        "period": {"start": "2026-03-02T14:00:00Z", "end": "2026-03-02T14:50:00Z"},
        **changes,
    }


def patient(**changes: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "1990-05-17", **changes}


def observation(code: str, **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [concept("laboratory")],  # where real systems file them
        "code": concept(code, LOINC),
        "subject": PAT,
        "effectiveDateTime": "2026-03-02T02:30:00Z",
        **changes,
    }


def whole(content: bytes, **how: Any) -> tuple[Chunk, Counter[str]]:
    found = reading.read(BytesIO(content), size=1_000_000, **how)
    chunks = list(found.chunks)
    assert len(chunks) <= 1
    return (chunks[0] if chunks else Chunk([], [], 0)), found.notes
