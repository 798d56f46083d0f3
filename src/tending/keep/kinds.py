"""Which table does each kind of row belong to, and what do its columns become there?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tending.base import clock
from tending.collect.templates import TEMPLATES
from tending.keep import models

Fields = Mapping[str, Any]
Keys = Mapping[str, int]  # a column that refers to something, and the row it means
Build = Callable[[Fields, Keys, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    model: type[models.SourcedRow]
    build: Build
    references: Mapping[str, str]  # column: the kind it refers to


def _day(instant: datetime | None) -> date | None:
    return clock.local_date(instant) if instant else None


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _details(fields: Fields) -> dict[str, Any]:
    """JSON keeps no dates: they are written as text, and read again where they are used."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
        if value is not None
    }


def _provider(kind: str) -> Build:
    subject = TEMPLATES[kind].key[0]

    def build(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
        return {"kind": kind, "subject": fields[subject], "details": _details(fields)}

    return build


def _person(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {"details": _details(fields)}


def _caseload(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "staff_id": keys["staff_id"],
        "caseload_role": fields["caseload_role"],
        "from_date": fields["from_date"],
        "to_date": fields.get("to_date"),
    }


def _referral(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "referred_date": fields["referred_date"],
        "organisation_id": keys.get("source_organisation_id"),
        "team_id": keys.get("team_id"),
        "urgency": fields["urgency"],
        "status": fields["status"],
        "closed_date": fields.get("closed_date"),
    }


def _episode(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    referral = fields.get("referral_id")
    return {
        "team_id": keys.get("team_id"),
        "referral_key": f"{source}:referrals:{referral}" if referral else "",
        "start_date": fields["start_date"],
        "end_date": fields.get("end_date"),
        "end_reason": _text(fields, "end_reason"),
        "derived": bool(fields.get("derived")),
    }


def _contact(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "staff_id": keys.get("staff_id"),
        "team_id": keys.get("team_id"),
        "starts_at": fields["starts_at"],
        "date": _day(fields["starts_at"]),
        "minutes": fields.get("minutes"),
        "kind": fields["kind"],
        "medium": fields["medium"],
        "status": fields["status"],
        "code": _text(fields, "code"),
    }


def _response(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "instrument": fields["instrument"],
        "date": fields["answered_date"],
        "answered_at": fields.get("answered_at"),
        "items": fields["items"],
    }


def _score(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "instrument": fields["instrument"],
        "scale": fields.get("scale") or "TOTAL",
        "date": fields["scored_date"],
        "value": float(fields["value"]),
    }


def _crisis(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "at": fields["at"],
        "date": _day(fields["at"]),
        "kind": fields["kind"],
        "organisation_id": keys.get("organisation_id"),
        "outcome": _text(fields, "outcome"),
    }


def _stay(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "kind": fields["kind"],
        "organisation_id": keys.get("organisation_id"),
        "admitted_at": fields["admitted_at"],
        "admitted_date": _day(fields["admitted_at"]),
        "discharged_at": fields.get("discharged_at"),
        "discharged_date": _day(fields.get("discharged_at")),
        "destination": _text(fields, "destination"),
        "notified_at": fields.get("notified_at"),
        "code": _text(fields, "code"),
    }


def _goal_rating(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "goal_key": f"{source}:goals:{fields['goal_id']}",
        "rated_date": fields["rated_date"],
        "rating": fields["rating"],
        "rated_by": fields["rated_by"],
    }


def _care_plan_event(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {"event_date": fields["event_date"], "kind": fields["kind"], "staff_id": keys.get("staff_id")}


def _diagnosis(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "system": fields["system"],
        "code": fields["code"],
        "label": _text(fields, "label"),
        "onset_date": fields.get("onset_date"),
        "end_date": fields.get("end_date"),
        "certainty": fields.get("certainty") or "CONFIRMED",
        "activity": _text(fields, "activity"),
    }


def _procedure(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
    return {
        "staff_id": keys.get("staff_id"),
        "from_date": fields["from_date"],
        "to_date": fields.get("to_date"),
        "system": fields["system"],
        "code": fields["code"],
        "label": _text(fields, "label"),
        "status": fields["status"],
    }


def _as_it_is(*names: str, texts: tuple[str, ...] = ()) -> Build:
    def build(fields: Fields, keys: Keys, source: str) -> dict[str, Any]:
        return {name: fields.get(name) for name in names} | {name: _text(fields, name) for name in texts}

    return build


_BUILDS: Mapping[str, tuple[type[models.SourcedRow], Build]] = {
    "organisations": (models.ProviderVersion, _provider("organisations")),
    "teams": (models.ProviderVersion, _provider("teams")),
    "staff": (models.ProviderVersion, _provider("staff")),
    "people": (models.PersonVersion, _person),
    "caseload": (models.CaseloadVersion, _caseload),
    "referrals": (models.Referral, _referral),
    "episodes": (models.Episode, _episode),
    "contacts": (models.Contact, _contact),
    "scores": (models.ScoreReceived, _score),
    "answers": (models.Response, _response),
    "crisis_contacts": (models.CrisisContact, _crisis),
    "stays": (models.Stay, _stay),
    "housing": (models.HousingState, _as_it_is("from_date", "state")),
    "goals": (models.Goal, _as_it_is("stated_date", "words", "status", "closed_date", texts=("domain",))),
    "goal_ratings": (models.GoalRating, _goal_rating),
    "care_plan_events": (models.CarePlanEvent, _care_plan_event),
    "diagnoses": (models.Diagnosis, _diagnosis),
    "procedures": (models.Procedure, _procedure),
    "consents": (models.Consent, _as_it_is("kind", "given_date", "expires_date", "revoked_date")),
}

# In the order of the templates: what others refer to comes first.
KINDS: Mapping[str, Kind] = {
    kind: Kind(*_BUILDS[kind], {c.name: c.refers_to for c in template.columns if c.refers_to})
    for kind, template in TEMPLATES.items()
}
