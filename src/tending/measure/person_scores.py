"""Which measures are due, which answers carry risk, which measure does a list show? Short reads for worklists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from outcometables.definitions import Text
from tending.keep import person_history
from tending.measure.models import Standing
from tending.measure.queries import in_force


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    instrument: str
    item: str
    label: Text
    value: int
    answer: Text | None
    date: date
    source_key: str


def measures_due(*, person_ids: Collection[int], by: dict[int, date]) -> dict[int, tuple[str, ...]]:
    """Which regular measures come due for each person until their own day in ``by``: one query.

    Only measures the person has answered before: what a person should be asked at all is the clinician's choice.
    """
    every = {code: each.due_every_days for code, each in in_force().by_code.items() if each.due_every_days}
    due: dict[int, list[str]] = {}
    rows = Standing.objects.filter(person_id__in=person_ids, measure__in=every).order_by("measure")
    for person_id, measure, last in rows.values_list("person_id", "measure", "last_date"):
        if person_id in by and last + timedelta(days=every[measure] or 0) <= by[person_id]:
            due.setdefault(person_id, []).append(measure)
    return {person_id: tuple(codes) for person_id, codes in due.items()}


def risk_answers(*, person_id: int, since: date, until: date) -> tuple[RiskAnswer, ...]:
    """Answers at or above an item's risk threshold, the newest first."""
    known = in_force().by_code
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
