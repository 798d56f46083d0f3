"""What the measures say: where people stand, one person's course with the way back to each line, and the frames."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from tending.base.access.viewer import Viewer
from tending.base.access.visibility import person_or_404
from tending.base.tables.reading import over_arrow
from tending.base.tables.selection import EVERYBODY, PersonIds
from tending.keep.origins import Origin, origins
from tending.measure import words
from tending.measure.definitions import Instruments, Measure, in_force, state_of
from tending.measure.frames import keyed_frames
from tending.measure.models import Score, Standing, SupersededWhy
from tending.measure.standing import NOT_JUDGED, ONE_SCORE_ONLY

__all__ = [
    "NOT_JUDGED",
    "ONE_SCORE_ONLY",
    "Point",
    "Series",
    "StandingNow",
    "in_force",
    "keyed_frames",
    "state_of",
]


@dataclass(frozen=True, slots=True)
class StandingNow:
    """Where a person stands on one measure: last against first, best earlier and previous."""

    person_id: int
    measure: str
    title: str
    n_scores: int
    first_value: float
    first_date: date
    best_value: float
    best_date: date
    previous_value: float | None
    previous_date: date | None
    last_value: float
    last_date: date
    last_band: str
    since_first: str
    since_best: str
    since_previous: str
    verdict: str  # since the first, in words
    recent: tuple[tuple[int, float], ...]  # (day number, value), for a sparkline
    lowest: float
    highest: float
    cutoff: float | None
    higher_is_worse: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One score of a course, or the named reason why there is none that day."""

    date: date
    answered_at: datetime | None
    value: float | None
    missing_reason: str
    band: str
    n_answered: int | None
    n_items: int
    instrument_version: int
    scored_at: datetime
    made_from: str  # Response: scored here from the answers; ScoreReceived: sent as a total
    source_key: str
    origin: Origin | None
    superseded_at: datetime | None = None
    superseded_why: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One person's course on one measure: what counts now, and what counted before."""

    measure: str
    title: str
    points: tuple[Point, ...]
    superseded: tuple[Point, ...]
    standing: StandingNow | None
    lowest: float
    highest: float
    cutoff: float | None
    reliable_change: float | None
    higher_is_worse: bool
    due_every_days: int | None


def frames(person_ids: PersonIds | None) -> dict[str, pl.DataFrame]:
    """The tables of outcometables.record.schema that measure owns; None is everybody."""
    if person_ids is None:
        with over_arrow():
            return frames(EVERYBODY)
    return {name: frame.drop("source_key", strict=False) for name, frame in keyed_frames(person_ids).items()}


def standings(
    person_ids: Collection[int], *, measures: Collection[str] | None = None
) -> dict[int, list[StandingNow]]:
    """By person, each person's measures in the order of their names: one query."""
    instruments = in_force()
    rows = Standing.objects.filter(person_id__in=person_ids).order_by("person_id", "measure")
    if measures is not None:
        rows = rows.filter(measure__in=measures)
    found: dict[int, list[StandingNow]] = {}
    for row in rows:
        if row.measure in instruments.measures:
            found.setdefault(row.person_id, []).append(_standing(row, instruments))
    return found


def main_standings(person_ids: Collection[int]) -> dict[int, StandingNow]:
    """The one measure of each person that a list shows: a whole measure rather than a part of one, the most often
    scored, then the latest. Two queries, and only the rows that are shown are read whole."""
    instruments = in_force()
    main: dict[int, tuple[tuple[bool, int, date], int]] = {}
    rows = Standing.objects.filter(person_id__in=person_ids).order_by("person_id", "measure")
    for pk, person_id, measure, n_scores, last_date in rows.values_list(*_WEIGHED):
        weight = ("/" not in measure, n_scores, last_date)
        if measure in instruments.measures and (person_id not in main or weight > main[person_id][0]):
            main[person_id] = (weight, pk)
    shown = Standing.objects.filter(pk__in=[pk for _weight, pk in main.values()])
    return {row.person_id: _standing(row, instruments) for row in shown}


_WEIGHED = ("pk", "person_id", "measure", "n_scores", "last_date")


def series(*, viewer: Viewer, person_id: int) -> tuple[Series, ...]:
    """One visible person's courses, in the order of their names. Raises Http404 for anybody else."""
    return series_of(person_or_404(viewer, person_id).pk)


def series_of(person_id: int) -> tuple[Series, ...]:
    """The same for whoever has checked who may look: a constant number of queries."""
    instruments = in_force()
    standing = {each.measure: each for each in standings([person_id]).get(person_id, [])}
    scores = Score.objects.filter(person_id=person_id).select_related("instrument_version")
    rows = list(scores.defer("instrument_version__body"))  # a whole definition, to be read once a score
    rows.sort(key=lambda row: (row.date, row.answered_at is not None, row.answered_at, row.source_key))
    versions = origins("scores", {row.source_key for row in rows})
    courses: dict[str, list[Score]] = {}
    for row in rows:
        courses.setdefault(row.measure, []).append(row)
    return tuple(
        _series(instruments.measures[name], courses[name], versions, standing.get(name), instruments)
        for name in sorted(courses)
        if name in instruments.measures
    )


def _standing(row: Standing, instruments: Instruments) -> StandingNow:
    measure = instruments.measures[row.measure]
    lowest, highest = measure.scale.range
    return StandingNow(
        person_id=row.person_id,
        measure=row.measure,
        title=words.title(measure),
        n_scores=row.n_scores,
        first_value=row.first_value,
        first_date=row.first_date,
        best_value=row.best_value,
        best_date=row.best_date,
        previous_value=row.previous_value,
        previous_date=row.previous_date,
        last_value=row.last_value,
        last_date=row.last_date,
        last_band=words.band(row.measure, row.last_band, instruments),
        since_first=row.since_first,
        since_best=row.since_best,
        since_previous=row.since_previous,
        verdict=words.verdict(row.since_first, earlier=row.first_value, later=row.last_value, measure=measure),
        recent=tuple((int(day), float(value)) for day, value in row.recent),
        lowest=lowest,
        highest=highest,
        cutoff=measure.scale.cutoff.value if measure.scale.cutoff else None,
        higher_is_worse=measure.scale.direction > 0,
    )


def _series(
    measure: Measure,
    rows: list[Score],
    versions: dict[str, tuple[Origin, ...]],
    standing: StandingNow | None,
    instruments: Instruments,
) -> Series:
    points = [_point(row, measure, versions, instruments) for row in rows]
    lowest, highest = measure.scale.range
    return Series(
        measure=measure.name,
        title=words.title(measure),
        points=tuple(point for point in points if point.superseded_at is None),
        superseded=tuple(point for point in points if point.superseded_at is not None),
        standing=standing,
        lowest=lowest,
        highest=highest,
        cutoff=measure.scale.cutoff.value if measure.scale.cutoff else None,
        reliable_change=measure.change.points if measure.change else None,
        higher_is_worse=measure.scale.direction > 0,
        due_every_days=measure.instrument.due_every_days,
    )


def _point(row: Score, measure: Measure, versions: dict[str, tuple[Origin, ...]], instruments: Instruments) -> Point:
    same = [origin for origin in versions.get(row.source_key, ()) if origin.content == row.content]
    return Point(
        date=row.date,
        answered_at=row.answered_at,
        value=row.value,
        missing_reason=row.missing_reason,
        band=words.band(row.measure, row.band, instruments),
        n_answered=row.n_answered,
        n_items=len(measure.scoring.items),
        instrument_version=row.instrument_version.version,
        scored_at=row.scored_at,
        made_from=row.made_from,
        source_key=row.source_key,
        origin=same[-1] if same else None,
        superseded_at=row.superseded_at,
        superseded_why=str(SupersededWhy(row.superseded_why).label) if row.superseded_why else "",
    )
