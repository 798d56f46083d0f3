"""Which signals wait for an answer? (until the whole facade lands)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tending.notice.models import Signal


@dataclass(frozen=True, slots=True)
class SignalToAnswer:
    id: int
    trigger: str
    person_id: int
    team_id: int | None
    severity: str
    owner_role: str
    noticed_at: datetime
    respond_by: datetime


def signals_to_answer(*, answered: Any) -> tuple[SignalToAnswer, ...]:
    rows = Signal.objects.filter(repeat_of__isnull=True).exclude(pk__in=answered).order_by("pk")
    return tuple(
        SignalToAnswer(s.pk, s.trigger, s.person_id, s.team_id, s.severity, s.owner_role, s.noticed_at, s.respond_by)
        for s in rows
    )
