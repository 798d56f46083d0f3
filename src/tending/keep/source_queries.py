"""Every version of one row of the record, with what it said and the line it came from.

Who may see the person was asked before; a key of somebody else's row finds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tending.collect.files import File, files_of
from tending.keep import models
from tending.keep.timeline_queries import TABLES

_TECHNICAL = {field.name for field in models.RecordRow._meta.get_fields()} | {"id", "parts"}
MODELS: Mapping[str, tuple[type[models.RecordRow], ...]] = {
    **{frame: (table.model,) for frame, table in TABLES.items()},
    "scores": (models.Response, models.ScoreReceived),
    "risk_answers": (models.Response,),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what it said, when it was received, and whether it still counts."""

    values: Mapping[str, Any]
    file: File
    line: int
    recorded_at: datetime
    source_time: datetime | None
    current: bool
    withdrawn: bool


def versions(*, person_id: int, frame: str, key: str) -> tuple[Version, ...]:
    """Oldest first, the current one last; nothing for a frame or key this person has no row of."""
    rows = [
        row
        for model in MODELS.get(frame, ())
        for row in model.objects.filter(person_id=person_id, source_key=key).select_related(*_related(model))
    ]
    rows.sort(key=lambda row: (row.superseded_by_id is None, row.recorded_at, row.pk))
    files = files_of({row.submission_id for row in rows})
    return tuple(
        Version(
            values=_values(row),
            file=files[row.submission_id],
            line=row.line,
            recorded_at=row.recorded_at,
            source_time=row.source_time,
            current=row.superseded_by_id is None and not row.withdrawn,
            withdrawn=row.withdrawn,
        )
        for row in rows
    )


def _related(model: type[models.RecordRow]) -> list[str]:
    return [field.name for field in model._meta.fields if field.is_relation and field.name not in _TECHNICAL]


def _values(row: models.RecordRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in _TECHNICAL}
