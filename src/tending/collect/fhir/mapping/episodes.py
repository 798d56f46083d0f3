"""EpisodeOfCare -> episodes (and its care manager -> caseload). ServiceRequest -> referrals."""

from datetime import date

from tending.collect.fhir import faults
from tending.collect.fhir.mapping import codes, procedures
from tending.collect.fhir.mapping.draft import Draft, composed, ends_before_it_starts
from tending.collect.fhir.references import target
from tending.collect.fhir.resources import EpisodeOfCare, ServiceRequest

_NOT_BEGUN = {"planned", "waitlist"}
_BEGUN = {"active", "onhold", "finished"}
_EPISODE_STATUSES = _NOT_BEGUN | _BEGUN | {"cancelled", "entered-in-error"}


def episode_of_care(resource: EpisodeOfCare, key: str, draft: Draft) -> None:
    if resource.status not in _EPISODE_STATUSES:
        raise faults.unknown_code("status", resource.status)
    if resource.status in _NOT_BEGUN:
        draft.not_read(f"EpisodeOfCare ({resource.status})")
        return
    begun = resource.status in _BEGUN or any(past.status in _BEGUN for past in resource.status_history)
    withdrawn = resource.status == "entered-in-error" or not begun
    start, end = draft.days("period", resource.period)
    start = _first_active_day(resource, draft) or start
    if not withdrawn:
        _check_days(resource, start, end)
    person = draft.person("patient", resource.patient)
    referral = next((found for one in resource.referral_request if (found := target(one, draft.aliases))), None)
    draft.row(
        "episodes",
        key,
        {
            "episode_id": key,
            "person_id": person,
            "team_id": draft.team(resource.managing_organization),
            "referral_id": referral.id if referral else None,
            "start_date": start,
            "end_date": end,
            # FHIR says that an episode is over, not why; cancelled is the exception.
            "end_reason": "OTHER" if resource.status == "cancelled" else None,
        },
        withdrawn=withdrawn,
    )
    _care_manager(resource, key, person, (start, end), draft, withdrawn=withdrawn)


def _first_active_day(resource: EpisodeOfCare, draft: Draft) -> date | None:
    """Waiting is not care: where the history tells when the episode became active, it begins there."""
    days = [
        draft.day("statusHistory.period.start", past.period.start)
        for past in resource.status_history
        if past.status == "active" and past.period
    ]
    known = [day for day in days if day]
    return min(known) if known else None


def _check_days(resource: EpisodeOfCare, start: date | None, end: date | None) -> None:
    if start is None:
        raise faults.missing("period.start")
    if resource.status in ("finished", "cancelled") and end is None:
        raise faults.missing("period.end")
    if end and end < start:
        raise ends_before_it_starts("period.end")


def _care_manager(
    resource: EpisodeOfCare,
    key: str,
    person: str,
    days: tuple[date | None, date | None],
    draft: Draft,
    *,
    withdrawn: bool,
) -> None:
    staff = draft.staff(resource.care_manager)
    if staff is None:
        return
    row = composed(key, "careManager")
    draft.row(
        "caseload",
        row,
        {
            "caseload_id": row,
            "person_id": person,
            "staff_id": staff,
            "caseload_role": "COORDINATOR",
            "from_date": days[0],
            "to_date": days[1],
        },
        withdrawn=withdrawn,
    )


_REFERRAL_CODES = {"3457005", "306206005", "103696004"}  # patient referral, referral to service, to specialist
_URGENCIES = {"routine": "ROUTINE", "urgent": "URGENT", "asap": "URGENT", "stat": "EMERGENCY"}
_REFERRAL_STATUSES = {
    "active": "WAITING",
    "on-hold": "WAITING",
    "completed": "ACCEPTED",
    "revoked": "WITHDRAWN",
}


def service_request(resource: ServiceRequest, key: str, draft: Draft) -> None:
    if not _is_referral(resource):
        procedures.order(resource, key, draft)
        return
    if resource.status in ("draft", None) or resource.intent == "option":
        draft.not_read("ServiceRequest (a draft)")
        return
    if resource.status == "unknown":
        raise faults.unknown_status("status")
    withdrawn = resource.status == "entered-in-error"
    if not withdrawn and resource.status not in _REFERRAL_STATUSES:
        raise faults.unknown_code("status", resource.status)
    if resource.priority and resource.priority not in _URGENCIES:
        raise faults.unknown_code("priority", resource.priority)
    day = draft.day("authoredOn", resource.authored_on)
    if day is None and not withdrawn:
        raise faults.missing("authoredOn")
    draft.row(
        "referrals",
        key,
        {
            "referral_id": key,
            "person_id": draft.person("subject", resource.subject),
            "referred_date": day,
            "source_organisation_id": draft.organisation(resource.requester),
            "team_id": next((team for one in resource.performer if (team := draft.team(one))), None),
            "urgency": _URGENCIES[resource.priority or "routine"],
            "status": _REFERRAL_STATUSES.get(resource.status, "WAITING"),
            "closed_date": None,  # FHIR keeps no date of the decision on the request
        },
        withdrawn=withdrawn,
    )


def _is_referral(resource: ServiceRequest) -> bool:
    if resource.do_not_perform:
        return False
    concepts = [*resource.category, *([resource.code] if resource.code else [])]
    return bool(_REFERRAL_CODES & set(codes.codes(concepts))) or "referral" in codes.words(concepts)
