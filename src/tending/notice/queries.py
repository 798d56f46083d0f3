"""What was noticed: signals that wait for an answer, one person's signals, and one signal down to its lines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from tending.base.access.viewer import Viewer
from tending.base.access.visibility import people_visible, person_or_404
from tending.keep.origins import Origin, at_the_time, origins
from tending.notice import values
from tending.notice.definitions import fingerprint_in_force
from tending.notice.models import Signal, SignalEvidence, TriggerVersion, TurnedPerson


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


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row of the record a signal rests on, as it was, and the line it came from."""

    role: str
    anchor: bool
    frame: str
    source_key: str
    measure: str
    date: date
    value: float | None
    said: str  # the value in words; empty where there is none
    origin: Origin | None
    corrected_since: bool  # the source has said something else since


@dataclass(frozen=True, slots=True)
class SignalOfPerson:
    """A signal in the words its trigger had when it was met."""

    id: int
    person_id: int
    trigger: str
    trigger_version: int
    title: str
    meaning: str
    severity: str
    owner_role: str
    team_id: int | None
    noticed_at: datetime
    as_of: date
    respond_by: datetime
    repeat_of: int | None


@dataclass(frozen=True, slots=True)
class SignalDetail:
    signal: SignalOfPerson
    definition: dict[str, Any]  # the trigger as it was, whole
    evidence: tuple[EvidenceRow, ...]
    repeats: tuple[SignalOfPerson, ...]  # met again inside the quiet period


def turned(*, as_of: date) -> "QuerySet[TurnedPerson]":
    """Whom the last turn saw on that day with today's definitions; for keep.queries.heads to leave out."""
    return TurnedPerson.objects.filter(as_of=as_of, definitions=fingerprint_in_force())


def signals_to_answer(
    *, answered: "QuerySet[Any, Any]", person_ids: Collection[int] | None = None
) -> tuple[SignalToAnswer, ...]:
    """Every first signal whose number is not among ``answered``, oldest first: one query."""
    rows = Signal.objects.filter(repeat_of__isnull=True).exclude(pk__in=answered).order_by("pk")
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    return tuple(
        SignalToAnswer(s.pk, s.trigger, s.person_id, s.team_id, s.severity, s.owner_role, s.noticed_at, s.respond_by)
        for s in rows
    )


def signals_of_person(*, viewer: Viewer, person_id: int) -> tuple[SignalOfPerson, ...]:
    """One visible person's signals, repeats included, newest first. Raises Http404 for anybody else."""
    person = person_or_404(viewer, person_id)
    rows = Signal.objects.filter(person_id=person.pk).select_related("trigger_version")
    return tuple(_signal(row) for row in rows.order_by("-noticed_at", "-pk"))


def signal_detail(*, viewer: Viewer, signal_id: int) -> SignalDetail | None:
    """One signal with its evidence down to file and line; None when there is none the viewer may see."""
    visible = Signal.objects.filter(person_id__in=people_visible(viewer).values("pk"))
    row = visible.select_related("trigger_version").filter(pk=signal_id).first()
    if row is None:
        return None
    repeats = Signal.objects.filter(repeat_of=row).select_related("trigger_version").order_by("noticed_at", "pk")
    return SignalDetail(
        signal=_signal(row),
        definition=dict(row.trigger_version.body),
        evidence=evidence_of(row.pk, noticed_at=row.noticed_at),
        repeats=tuple(_signal(each) for each in repeats),
    )


def evidence_of(signal_id: int, *, noticed_at: datetime) -> tuple[EvidenceRow, ...]:
    """The rows a signal rests on, the anchor first, each with the version that counted when it was noticed."""
    rows = list(SignalEvidence.objects.filter(signal_id=signal_id).order_by("-anchor", "-date", "frame", "pk"))
    keys: dict[str, set[str]] = {}
    for row in rows:
        keys.setdefault(row.frame, set()).add(row.source_key)
    found = {frame: origins(frame, wanted) for frame, wanted in keys.items()}
    return tuple(evidence_row(row, found[row.frame].get(row.source_key, ()), noticed_at) for row in rows)


def evidence_row(row: SignalEvidence, versions: tuple[Origin, ...], noticed_at: datetime) -> EvidenceRow:
    origin = at_the_time(versions, noticed_at)
    return EvidenceRow(
        role=row.role,
        anchor=row.anchor,
        frame=row.frame,
        source_key=row.source_key,
        measure=row.measure,
        date=row.date,
        value=row.value,
        said=values.in_words(row.frame, row.value),
        origin=origin,
        corrected_since=origin is not None and (origin.superseded or origin.withdrawn),
    )


def _signal(row: Signal) -> SignalOfPerson:
    return SignalOfPerson(
        id=row.pk,
        person_id=row.person_id,
        trigger=row.trigger,
        trigger_version=row.trigger_version.version,
        title=in_words(row.trigger_version, "title"),
        meaning=in_words(row.trigger_version, "meaning"),
        severity=row.severity,
        owner_role=row.owner_role,
        team_id=row.team_id,
        noticed_at=row.noticed_at,
        as_of=row.as_of,
        respond_by=row.respond_by,
        repeat_of=row.repeat_of_id,
    )


def in_words(version: TriggerVersion, key: str) -> str:
    """A trigger's title or meaning as it was in that version, in the reader's language."""
    words = version.body.get(key) or {}
    language = (get_language() or "en").split("-")[0]
    return str(words.get(language) or words.get("en") or version.code)
