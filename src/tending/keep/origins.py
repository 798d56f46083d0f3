"""Where does a row of the record come from? The file and the line, for the version that counted at the time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tending.collect.files import File, files_of
from tending.keep.models import (
    CarePlanEvent,
    Contact,
    CrisisContact,
    Episode,
    GoalRating,
    HousingState,
    RecordRow,
    Response,
    ScoreReceived,
    Stay,
)

# The record's tables behind each frame: a score comes from answers or from a total that was sent.
_MODELS: Mapping[str, tuple[type[RecordRow], ...]] = {
    "episodes": (Episode,),
    "contacts": (Contact,),
    "crisis": (CrisisContact,),
    "stays": (Stay,),
    "housing": (HousingState,),
    "goal_ratings": (GoalRating,),
    "care_plan_events": (CarePlanEvent,),
    "scores": (Response, ScoreReceived),
    "risk_answers": (Response,),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """One version of one row: where it stands, and whether it still counts."""

    source_key: str
    content: str
    file: File
    line: int
    recorded_at: datetime
    superseded: bool  # a later version took its place
    withdrawn: bool  # the source took it back


_OF_ORIGIN = ("source_key", "content", "submission_id", "line", "recorded_at", "superseded_by_id", "withdrawn")


def origins(frame: str, source_keys: Collection[str]) -> dict[str, tuple[Origin, ...]]:
    """Every version of these rows of one frame, oldest first: two queries for the files, one or two for the rows."""
    rows = [
        row
        for model in _MODELS[frame]
        for row in model.objects.filter(source_key__in=set(source_keys)).only(*_OF_ORIGIN).order_by("pk")
    ]
    files = files_of({row.submission_id for row in rows})
    found: dict[str, tuple[Origin, ...]] = {}
    for row in rows:
        origin = Origin(
            source_key=row.source_key,
            content=row.content,
            file=files[row.submission_id],
            line=row.line,
            recorded_at=row.recorded_at,
            superseded=row.superseded_by_id is not None,
            withdrawn=row.withdrawn,
        )
        found[row.source_key] = (*found.get(row.source_key, ()), origin)
    return found


def at_the_time(versions: Collection[Origin], instant: datetime) -> Origin | None:
    """The version that counted at an instant; the oldest where all came later (the record was rebuilt since)."""
    known = [version for version in versions if version.recorded_at <= instant]
    return known[-1] if known else next(iter(versions), None)
