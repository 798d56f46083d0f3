"""Where does each person stand now, and which measures are due? Short reads for lists and summaries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from outcometables.definitions import Instrument, Scale, Text, load_instruments
from tending.keep import person_history
from tending.measure.models import Standing


@dataclass(frozen=True, slots=True)
class StandingNow:
    """One measure of one person: the facts; worse and better follow from ``higher_is_worse``."""

    measure: str
    title: str
    n_scores: int
    first_value: float
    first_date: date
    best_value: float
    previous_value: float | None
    previous_date: date | None
    last_value: float
    last_date: date
    last_band: str
    since_first: str
    verdict: str
    recent: tuple[tuple[int, float], ...]
    lowest: float
    highest: float
    cutoff: float | None
    higher_is_worse: bool


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    instrument: str
    item: str
    label: Text
    value: int
    answer: Text | None
    date: date
    source_key: str


def standings(*, person_ids: Collection[int]) -> dict[int, tuple[StandingNow, ...]]:
    """Every measure each person has a score on, the one scored last first: one query."""
    found: dict[int, list[StandingNow]] = {}
    for row in Standing.objects.filter(person_id__in=person_ids).order_by("-last_date", "-n_scores", "measure"):
        found.setdefault(row.person_id, []).append(_standing(row))
    return {person_id: tuple(rows) for person_id, rows in found.items()}


def main_measure(rows: Sequence[StandingNow]) -> StandingNow | None:
    """The one a list shows: a whole measure rather than a part of one, the most often scored, then the latest."""
    return max(rows, key=lambda row: ("/" not in row.measure, row.n_scores, row.last_date), default=None)


def measures_due(*, person_ids: Collection[int], by: dict[int, date]) -> dict[int, tuple[str, ...]]:
    """Which regular measures come due for each person until their own day in ``by``: one query.

    Only measures the person has answered before: what a person should be asked at all is the clinician's choice.
    """
    every = {code: each.due_every_days for code, each in instruments().items() if each.due_every_days}
    due: dict[int, list[str]] = {}
    rows = Standing.objects.filter(person_id__in=person_ids, measure__in=every).order_by("measure")
    for person_id, measure, last in rows.values_list("person_id", "measure", "last_date"):
        if person_id in by and last + timedelta(days=every[measure] or 0) <= by[person_id]:
            due.setdefault(person_id, []).append(measure)
    return {person_id: tuple(codes) for person_id, codes in due.items()}


def risk_answers(*, person_id: int, since: date, until: date) -> tuple[RiskAnswer, ...]:
    """Answers at or above an item's risk threshold, the newest first."""
    known = instruments()
    found = []
    for response in person_history.responses(person_id=person_id, since=since, until=until):
        instrument = known.get(response.instrument)
        for item in instrument.items if instrument else ():
            value = response.answers.get(item.code)
            if instrument and item.risk and isinstance(value, int) and value >= item.risk.at_least:
                label = next((a.label for a in item.answers or instrument.answers if a.value == value), None)
                found.append(
                    RiskAnswer(
                        instrument.code, item.code, item.label, value, label, response.date, response.source_key
                    )
                )
    return tuple(found)


def _standing(row: Standing) -> StandingNow:
    scale = _scale(row.measure)
    return StandingNow(
        measure=row.measure,
        title=str(scale.title) if scale else row.measure,
        n_scores=row.n_scores,
        first_value=row.first_value,
        first_date=row.first_date,
        best_value=row.best_value,
        previous_value=row.previous_value,
        previous_date=row.previous_date,
        last_value=row.last_value,
        last_date=row.last_date,
        last_band=row.last_band,
        since_first=row.since_first,
        verdict="",
        recent=tuple((int(day), float(value)) for day, value in row.recent),
        lowest=scale.range[0] if scale else 0,
        highest=scale.range[1] if scale else 0,
        cutoff=scale.cutoff.value if scale and scale.cutoff else None,
        higher_is_worse=scale.direction > 0 if scale else True,
    )


def _scale(measure: str) -> Scale | None:
    code, _slash, part = measure.partition("/")
    instrument = instruments().get(code)
    scales = instrument.scales if instrument else ()
    return next((scale for scale in scales if scale.code == (part or "TOTAL")), None)


def instruments() -> dict[str, Instrument]:
    """The instruments in force, read again only when a file has changed."""
    folder = Path(settings.DEFINITIONS) / "instruments"
    changed = max((file.stat().st_mtime_ns for file in folder.glob("*.yaml")), default=0)
    return _instruments(folder, changed)


@lru_cache(maxsize=4)
def _instruments(folder: Path, changed: int) -> dict[str, Instrument]:
    return load_instruments(folder)
