"""Every signal of a period as plain rows, for counting. Which teams may be counted was asked before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from tending.notice.models import Signal, SignalEvidence, TriggerVersion
from tending.notice.queries import in_words


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal. ``repeat_of``: met again within the quiet period, so it asks for no answer of its own."""

    id: int
    trigger: str
    version: int  # the row of its definition
    severity: str
    person_id: int
    team_id: int | None
    noticed_at: datetime
    respond_by: datetime
    repeat_of: int | None


@dataclass(frozen=True, slots=True)
class AnchorScore:
    """The score a signal rests on: what later scores are compared with."""

    measure: str
    date: date
    value: float


_COLUMNS = (
    "id",
    "trigger",
    "trigger_version_id",
    "severity",
    "person_id",
    "team_id",
    "noticed_at",
    "respond_by",
    "repeat_of_id",
)


def signals(*, team_ids: Collection[int] | None, since: datetime, until: datetime) -> tuple[SignalRow, ...]:
    """Signals noticed from ``since`` up to, not including, ``until``, oldest first; None is every team: one query."""
    rows = _noticed(team_ids, since, until).order_by("noticed_at", "pk").values_list(*_COLUMNS)
    return tuple(SignalRow(*row) for row in rows.iterator(chunk_size=5000))


def signal(*, signal_id: int) -> SignalRow | None:
    row = Signal.objects.filter(pk=signal_id).values_list(*_COLUMNS).first()
    return SignalRow(*row) if row else None


def anchor_scores(*, team_ids: Collection[int] | None, since: datetime, until: datetime) -> dict[int, AnchorScore]:
    """For the signals of a period that rest on a score, that score: one query."""
    wanted = _noticed(team_ids, since, until).filter(repeat_of__isnull=True)
    rows = SignalEvidence.objects.filter(
        signal__in=wanted, anchor=True, frame="scores", value__isnull=False
    ).values_list("signal_id", "measure", "date", "value")
    return {pk: AnchorScore(measure, day, value) for pk, measure, day, value in rows if value is not None}


def titles(*, versions: Collection[int]) -> dict[int, str]:
    """The titles of these versions of triggers, in the reader's language: one query."""
    return {row.pk: in_words(row, "title") for row in TriggerVersion.objects.filter(pk__in=set(versions))}


def _noticed(team_ids: Collection[int] | None, since: datetime, until: datetime) -> "QuerySet[Signal]":
    rows = Signal.objects.filter(noticed_at__gte=since, noticed_at__lt=until)
    return rows if team_ids is None else rows.filter(team_id__in=list(team_ids))


def newest() -> int:
    """Grows with every signal."""
    return int(Signal.objects.aggregate(newest=Max("pk"))["newest"] or 0)
