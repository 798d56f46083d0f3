"""Triggers as clinicians own them: what is in force, its versions, and how often each was met."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import get_language

from outcometables.definitions.triggers import Trigger
from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.people.models import Role
from tending.notice.definitions import Triggers, in_force
from tending.notice.models import Signal, TriggerVersion
from tending.notice.triggers import wording

SEVERITY_ORDER = ("URGENT", "HIGH", "ROUTINE")


@dataclass(frozen=True, slots=True)
class Met:
    """How often a trigger was met: signals that asked for an answer, and repeats inside a quiet period."""

    days_30: int = 0
    days_90: int = 0
    repeats_90: int = 0


@dataclass(frozen=True, slots=True)
class TriggerShown:
    code: str
    version: int
    title: str
    meaning: str
    severity: str
    respond_within_hours: int
    owner_role: str
    owner: str
    quiet_days: int
    quiet_unless_worse_by: float | None
    met: Met


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    since: datetime
    current: bool
    severity: str
    respond_within_hours: int
    signals: int


@dataclass(frozen=True, slots=True)
class TriggerDetail:
    shown: TriggerShown
    condition: str
    settings: tuple[tuple[str, str], ...]
    programmes: tuple[str, ...]
    service_models: tuple[str, ...]
    reason: str
    source: str
    reviewer: str
    review_date: date | None
    reviewed_by_date: date | None
    versions: tuple[Version, ...]


def triggers(*, viewer: Viewer) -> tuple[TriggerShown, ...]:
    """All in force, most urgent first, with how often they were met: one query."""
    check_may(viewer, "see_triggers")
    known, met = in_force(), _met()
    shown = [_shown(trigger, met.get(code, Met())) for code, trigger in known.by_code.items()]
    return tuple(sorted(shown, key=lambda each: (SEVERITY_ORDER.index(each.severity), each.title)))


def trigger(*, viewer: Viewer, code: str) -> TriggerDetail | None:
    """One trigger in force; None when there is none of that name."""
    check_may(viewer, "see_triggers")
    known = in_force()
    found = known.by_code.get(code)
    if found is None:
        return None
    return TriggerDetail(
        shown=_shown(found, _met().get(code, Met())),
        condition=wording.condition(found.condition),
        settings=tuple(wording.settings(found.parameters)),
        programmes=tuple(found.cohort.programmes),
        service_models=tuple(found.cohort.service_models),
        reason=found.reason.in_language(get_language() or "en"),
        source=found.source,
        reviewer=found.reviewer,
        review_date=found.review_date,
        reviewed_by_date=found.reviewed_by_date,
        versions=_versions(code, known),
    )


def _met() -> dict[str, Met]:
    """By trigger: first signals of 30 and 90 days, and repeats of 90; counted where the provider's day ends."""
    today = clock.today()
    first = Q(repeat_of__isnull=True)
    rows = (
        Signal.objects.filter(as_of__gt=today - timedelta(days=90), as_of__lte=today)
        .values_list("trigger")
        .annotate(
            days_30=Count("pk", filter=first & Q(as_of__gt=today - timedelta(days=30))),
            days_90=Count("pk", filter=first),
            n_repeats=Count("pk", filter=~first),
        )
        .order_by("trigger")
    )
    return {code: Met(days_30, days_90, repeats) for code, days_30, days_90, repeats in rows}


def _shown(found: Trigger, met: Met) -> TriggerShown:
    language = get_language() or "en"
    return TriggerShown(
        code=found.code,
        version=found.version,
        title=found.title.in_language(language),
        meaning=found.meaning.in_language(language),
        severity=found.severity.value,
        respond_within_hours=found.respond_within_hours,
        owner_role=str(Role(found.owner_role.value).label),
        owner=found.owner,
        quiet_days=found.quiet_days,
        quiet_unless_worse_by=found.quiet_unless_worse_by,
        met=met,
    )


def _versions(code: str, known: Triggers) -> tuple[Version, ...]:
    rows = TriggerVersion.objects.filter(code=code).order_by("-since", "-pk")
    counts = dict(
        Signal.objects.filter(trigger=code).values_list("trigger_version_id").annotate(Count("pk")).order_by()
    )
    return tuple(
        Version(
            version=row.version,
            since=row.since,
            current=row.fingerprint == known.fingerprints[code],
            severity=str(row.body.get("severity", "")),
            respond_within_hours=int(row.body.get("respond_within_hours", 0)),
            signals=counts.get(row.pk, 0),
        )
        for row in rows
    )
