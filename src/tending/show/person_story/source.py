"""Where does one fact come from, and what did it set in motion? From the line of a file to the signal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tending.base import clock
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import person_or_404
from tending.collect.raw_lines import RawLine, raw_line
from tending.keep.source_queries import Version, versions
from tending.measure.queries import Point, series_of
from tending.notice.queries import SignalOfPerson
from tending.notice.story_queries import signals_resting_on
from tending.show.person_story import words

FRAMES: Mapping[str, Any] = {
    "episodes": gettext_lazy("Period of care"),
    "referrals": gettext_lazy("Referral"),
    "contacts": gettext_lazy("Visit"),
    "crisis": gettext_lazy("Crisis contact"),
    "stays": gettext_lazy("Stay"),
    "housing": gettext_lazy("Housing"),
    "goals": gettext_lazy("Goal"),
    "goal_ratings": gettext_lazy("Goal rating"),
    "care_plan_events": gettext_lazy("Care plan"),
    "diagnoses": gettext_lazy("Diagnosis"),
    "consents": gettext_lazy("Consent"),
    "scores": gettext_lazy("Score"),
    "risk_answers": gettext_lazy("Answer that carries risk"),
}

FIELDS: Mapping[str, Any] = {
    "team": gettext_lazy("Team"),
    "staff": gettext_lazy("Staff"),
    "organisation": gettext_lazy("Organisation"),
    "referral_key": gettext_lazy("Referral"),
    "goal_key": gettext_lazy("Goal"),
    "start_date": gettext_lazy("Began"),
    "end_date": gettext_lazy("Ended"),
    "end_reason": gettext_lazy("Why it ended"),
    "derived": gettext_lazy("Worked out by us"),
    "referred_date": gettext_lazy("Referred"),
    "urgency": gettext_lazy("How urgent"),
    "status": gettext_lazy("State"),
    "state": gettext_lazy("State"),
    "closed_date": gettext_lazy("Ended"),
    "starts_at": gettext_lazy("Begins"),
    "date": gettext_lazy("Day"),
    "at": gettext_lazy("When"),
    "minutes": gettext_lazy("Minutes"),
    "kind": gettext_lazy("Kind"),
    "medium": gettext_lazy("How they met"),
    "outcome": gettext_lazy("What came of it"),
    "admitted_at": gettext_lazy("Admitted"),
    "admitted_date": gettext_lazy("Day of admission"),
    "discharged_at": gettext_lazy("Discharged"),
    "discharged_date": gettext_lazy("Day of discharge"),
    "destination": gettext_lazy("Where the person went"),
    "notified_at": gettext_lazy("We were told"),
    "from_date": gettext_lazy("Since"),
    "stated_date": gettext_lazy("Day it was said"),
    "words": gettext_lazy("In the person's words"),
    "domain": gettext_lazy("Part of life"),
    "rated_date": gettext_lazy("Day"),
    "rating": gettext_lazy("Rating"),
    "rated_by": gettext_lazy("Rated by"),
    "event_date": gettext_lazy("Day"),
    "system": gettext_lazy("Code system"),
    "code": gettext_lazy("Code"),
    "label": gettext_lazy("In words"),
    "onset_date": gettext_lazy("Since"),
    "given_date": gettext_lazy("Given"),
    "expires_date": gettext_lazy("Good until"),
    "revoked_date": gettext_lazy("Taken back"),
    "instrument": gettext_lazy("Questionnaire"),
    "answered_at": gettext_lazy("Answered"),
    "items": gettext_lazy("Answers"),
    "scale": gettext_lazy("Scale"),
    "value": gettext_lazy("Score"),
}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version with what was sent, letter for letter."""

    version: Version
    raw: RawLine


@dataclass(frozen=True, slots=True)
class ScoreMade:
    measure: str
    point: Point


@dataclass(frozen=True, slots=True)
class Source:
    person_id: int
    name: str
    what: str
    own_id: str
    columns: list[dict[str, Any]]
    rows: list[list[str]]
    versions: tuple[VersionShown, ...]
    scores: tuple[ScoreMade, ...]
    signals: tuple[SignalOfPerson, ...]


def source(*, viewer: Viewer, person_id: int, frame: str, key: str) -> Source:
    """Raises Http404 for a person the viewer does not support, and for a row this person does not have."""
    person = person_or_404(viewer, person_id)
    found = versions(person_id=person.pk, frame=frame, key=key)
    if not found:
        raise Http404("There is no such row in this record.")
    own_id = key.split(":", 2)[-1]
    shown = tuple(
        VersionShown(each, raw_line(submission_id=each.file.submission_id, line=each.line, own_id=own_id))
        for each in reversed(found)
    )
    columns = [{"title": _("What it says")}, *({"title": _version_title(each)} for each in found)]
    return Source(
        person_id=person.pk,
        name=person.name,
        what=str(FRAMES.get(frame, frame)),
        own_id=own_id,
        columns=columns,
        rows=_rows(frame, found),
        versions=shown,
        scores=_scores_made(person.pk, key) if frame in {"scores", "risk_answers"} else (),
        signals=signals_resting_on(viewer=viewer, person_id=person.pk, source_key=key),
    )


def _version_title(version: Version) -> str:
    if version.withdrawn:
        return _("Taken back by the source")
    if version.current:
        return _("What counts now")
    return _("Before, received %(day)s") % {"day": date_format(clock.local_date(version.recorded_at), "j M Y")}


def _rows(frame: str, found: Iterable[Version]) -> list[list[str]]:
    """One row a field that any version fills, one column a version."""
    found = list(found)
    names = dict.fromkeys(name for version in found for name in version.values)
    rows = [
        [
            str(FIELDS.get(name) or name.replace("_", " ").capitalize()),
            *(_said(frame, name, version.values.get(name)) for version in found),
        ]
        for name in names
    ]
    return [row for row in rows if any(cell != "—" for cell in row[1:])]


def _said(frame: str, name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return str(date_format(value.astimezone(clock.zone()), "j M Y, H:i"))
    if isinstance(value, date):
        return str(date_format(value, "j M Y"))
    if isinstance(value, dict):
        return ", ".join(f"{item}: {'—' if answer is None else answer}" for item, answer in value.items())
    return words.with_code(frame, name, str(value))


def _scores_made(person_id: int, key: str) -> tuple[ScoreMade, ...]:
    return tuple(
        ScoreMade(each.measure, point)
        for each in series_of(person_id)
        for point in (*each.points, *each.superseded)
        if point.source_key == key
    )
