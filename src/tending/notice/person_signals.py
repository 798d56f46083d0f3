"""What was noticed about these people, in words, and on which rows of the record does it rest?"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tending.keep.origins import origins
from tending.notice.models import Signal, SignalEvidence, TriggerVersion
from tending.notice.queries import EvidenceRow, evidence_row, in_words


@dataclass(frozen=True, slots=True)
class SignalSeen:
    id: int
    person_id: int
    trigger: str
    version: int
    title: str
    meaning: str
    condition: str
    severity: str
    noticed_at: datetime
    respond_by: datetime
    evidence: tuple[EvidenceRow, ...] = ()


def signals(*, ids: Collection[int], with_evidence: bool = False) -> dict[int, SignalSeen]:
    """Signals by id, with their words in the reader's language: one query, two with the evidence."""
    return {signal.id: signal for signal in _seen(Signal.objects.filter(pk__in=ids), with_evidence)}


def signals_since(*, person_id: int, since: datetime) -> tuple[SignalSeen, ...]:
    """What was noticed about one person after an instant, repeats left out, the newest first."""
    rows = Signal.objects.filter(person_id=person_id, noticed_at__gt=since, repeat_of__isnull=True)
    return _seen(rows.order_by("-noticed_at", "-pk"), with_evidence=False)


def repeats_of(*, ids: Collection[int]) -> dict[int, int]:
    """How often each signal was met again inside its quiet period: kept visible, not silent."""
    found: dict[int, int] = defaultdict(int)
    for first in Signal.objects.filter(repeat_of_id__in=ids).values_list("repeat_of_id", flat=True):
        found[first or 0] += 1
    return dict(found)


def trigger_titles() -> dict[str, str]:
    """Every trigger that ever was in force, by its latest words, for a picker: one query of a small table."""
    latest = {version.code: version for version in TriggerVersion.objects.order_by("since", "pk")}
    return {code: in_words(version, "title") for code, version in sorted(latest.items())}


def _seen(rows: "QuerySet[Signal]", with_evidence: bool) -> tuple[SignalSeen, ...]:
    found = list(rows.select_related("trigger_version"))
    evidence = _evidence(found) if with_evidence else {}
    return tuple(
        SignalSeen(
            id=signal.pk,
            person_id=signal.person_id,
            trigger=signal.trigger,
            version=signal.trigger_version.version,
            title=in_words(signal.trigger_version, "title"),
            meaning=in_words(signal.trigger_version, "meaning"),
            condition=str(signal.trigger_version.body.get("condition", "")),
            severity=signal.severity,
            noticed_at=signal.noticed_at,
            respond_by=signal.respond_by,
            evidence=evidence.get(signal.pk, ()),
        )
        for signal in found
    )


def _evidence(signals: list[Signal]) -> dict[int, tuple[EvidenceRow, ...]]:
    """The rows each signal rests on, with the lines they came from: one query, and two for each kind of row."""
    noticed = {signal.pk: signal.noticed_at for signal in signals}
    rows = list(SignalEvidence.objects.filter(signal_id__in=noticed).order_by("-anchor", "-date", "frame", "pk"))
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        keys[row.frame].add(row.source_key)
    versions = {frame: origins(frame, wanted) for frame, wanted in keys.items()}
    found: dict[int, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        known = versions[row.frame].get(row.source_key, ())
        found[row.signal_id].append(evidence_row(row, known, noticed[row.signal_id]))
    return {signal_id: tuple(each) for signal_id, each in found.items()}
