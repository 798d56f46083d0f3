"""Condition -> diagnoses. Goal -> goals. CarePlan -> care_plan_events. Consent -> consents."""

import re

from django.utils.translation import gettext as _

from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept, Coding, Period
from tending.collect.fhir.faults import Unreadable
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.draft import Draft
from tending.collect.fhir.resources import CarePlan, Condition, Consent, Goal

_NOT_CERTAIN = {"unconfirmed", "provisional", "differential"}
_ACTIVE = {"active", "recurrence", "relapse"}
_TAKEN_BACK = {"entered-in-error", "refuted"}


def condition(resource: Condition, key: str, draft: Draft) -> None:
    verification = codes.first_code(resource.verification_status)
    withdrawn = verification in _TAKEN_BACK
    found = _diagnosis_code(resource.code)
    if found is None and not withdrawn:
        draft.not_read("Condition (no ICD-10 or SNOMED code)")
        return
    onset = resource.onset_date_time or (resource.onset_period or Period()).start or resource.recorded_date
    abated = resource.abatement_date_time or (resource.abatement_period or Period()).end
    system, coding = found or (None, Coding())
    draft.row(
        "diagnoses",
        key,
        {
            "diagnosis_id": key,
            "person_id": draft.person("subject", resource.subject),
            "system": system,
            "code": coding.code,
            "label": ((resource.code and resource.code.text) or coding.display or coding.code or "")[:250],
            "onset_date": draft.day_if_whole("onset", onset),
            "end_date": draft.day_if_whole("abatement", abated),
            "certainty": "PROVISIONAL" if verification in _NOT_CERTAIN else "CONFIRMED",
            "activity": _activity(resource),
        },
        withdrawn=withdrawn,
    )


def _activity(resource: Condition) -> str | None:
    status = codes.first_code(resource.clinical_status)
    return None if status is None else "ACTIVE" if status in _ACTIVE else "INACTIVE"


def _diagnosis_code(concept: CodeableConcept | None) -> tuple[str, Coding] | None:
    given = [coding for coding in (concept.coding if concept else ()) if coding.code]
    for coding in given:
        if coding.system in codes.ICD10:
            return "ICD10", coding
    return next((("SNOMED", coding) for coding in given if coding.system == codes.SNOMED), None)


_OPEN_GOAL = {"planned", "accepted", "active", "on-hold"}
_CLOSED_GOAL = {"completed": "ACHIEVED", "cancelled": "DROPPED", "rejected": "DROPPED", "entered-in-error": "DROPPED"}
_REACHED = {"achieved", "sustaining"}
_NOT_REACHED = {"not-achieved", "not-attainable"}


def goal(resource: Goal, key: str, draft: Draft) -> None:
    lifecycle = resource.lifecycle_status
    if lifecycle == "proposed":
        draft.not_read("Goal (proposed)")
        return
    if lifecycle not in _OPEN_GOAL and lifecycle not in _CLOSED_GOAL:
        raise faults.unknown_code("lifecycleStatus", lifecycle)
    withdrawn = lifecycle == "entered-in-error"
    words = _said(resource.description)
    changed = draft.day_if_whole("statusDate", resource.status_date)
    stated = draft.day_if_whole("startDate", resource.start_date) or changed
    if stated is None and resource.meta:
        stated = draft.day("meta.lastUpdated", resource.meta.last_updated)
    if not withdrawn and not words:
        raise faults.missing("description")
    if not withdrawn and stated is None:
        raise faults.missing("startDate")
    status = _goal_status(lifecycle or "", codes.first_code(resource.achievement_status))
    draft.row(
        "goals",
        key,
        {
            "goal_id": key,
            "person_id": draft.person("subject", resource.subject),
            "stated_date": stated,
            "words": words[:4000],
            "domain": next((said[:60] for one in resource.category if (said := _said(one))), None),
            "status": status,
            "closed_date": changed if status != "ACTIVE" else None,
        },
        withdrawn=withdrawn,
    )


def _goal_status(lifecycle: str, achievement: str | None) -> str:
    """A goal that is reached is reached, also while it is kept up; one that ended unreached was let go."""
    if lifecycle in _OPEN_GOAL:
        return "ACHIEVED" if achievement in _REACHED else "ACTIVE"
    if lifecycle == "completed" and achievement in _NOT_REACHED:
        return "DROPPED"
    return _CLOSED_GOAL[lifecycle]


def _said(concept: CodeableConcept | None) -> str:
    if concept is None:
        return ""
    return concept.text or next((c.display for c in concept.coding if c.display), None) or ""


_SAFETY = re.compile(r"safety plan|crisis plan|suicide prevention plan")
_PLAN_STATUSES = {"active", "on-hold", "revoked", "completed", "entered-in-error"}
_NOT_AGREED = {"proposal", "option"}


def care_plan(resource: CarePlan, key: str, draft: Draft) -> None:
    """The day a plan was agreed, or took the place of another."""
    if resource.status in ("draft", "unknown") or resource.intent in _NOT_AGREED:
        draft.not_read(f"CarePlan ({resource.status}, {resource.intent})")
        return
    if resource.status not in _PLAN_STATUSES:
        raise faults.unknown_code("status", resource.status)
    withdrawn = resource.status == "entered-in-error"
    period = resource.period or Period()
    day = draft.day("period.start", period.start) or draft.day("created", resource.created)
    if day is None and not withdrawn:
        raise faults.missing("period.start")
    said = f"{resource.title or ''} {codes.words(resource.category)}".lower()
    safety = "SAFETY_PLAN" if _SAFETY.search(said) else "PLAN"
    draft.row(
        "care_plan_events",
        key,
        {
            "event_id": key,
            "person_id": draft.person("subject", resource.subject),
            "event_date": day,
            "kind": f"{safety}_UPDATED" if resource.replaces else f"{safety}_AGREED",
            "staff_id": draft.staff(resource.author),
        },
        withdrawn=withdrawn,
    )


_CONSENT_STATUSES = {"active", "inactive", "rejected", "entered-in-error"}
_PART_2 = re.compile(r"42[ -]?cfr[ -]?part[ -]?2|42cfrpart2|42 cfr 2\b")
_BY_TEXT = re.compile(r"text message|\bsms\b")
_BY_EMAIL = re.compile(r"e-?mail")


def consent(resource: Consent, key: str, draft: Draft) -> None:
    """Only a consent that says so is one: a refusal, or a rule that denies, gives nothing."""
    if resource.status in ("draft", "proposed"):
        draft.not_read(f"Consent ({resource.status})")
        return
    if resource.status not in _CONSENT_STATUSES:
        raise faults.unknown_code("status", resource.status)
    if resource.status == "rejected" or _denies(resource):
        draft.not_read("Consent (refused)")
        return
    withdrawn = resource.status == "entered-in-error"
    period = (resource.provision.period if resource.provision else None) or Period()
    given = draft.day("dateTime", resource.date_time) or draft.day("provision.period.start", period.start)
    if given is None and not withdrawn:
        raise faults.missing("dateTime")
    revoked = None
    if resource.status == "inactive":
        revoked = draft.day("meta.lastUpdated", resource.meta.last_updated if resource.meta else None)
        revoked = draft.day("provision.period.end", period.end) or revoked or given
    if not withdrawn and not _permits(resource):
        raise _unclear()
    draft.row(
        "consents",
        key,
        {
            "consent_id": key,
            "person_id": draft.person("patient", resource.patient),
            "kind": _consent_kind(resource),
            "given_date": given,
            "expires_date": draft.day("provision.period.end", period.end),
            "revoked_date": revoked,
        },
        withdrawn=withdrawn,
    )


def _denies(resource: Consent) -> bool:
    rule = codes.first_code(resource.policy_rule)
    return (resource.provision is not None and resource.provision.type == "deny") or rule == "OPTOUT"


def _permits(resource: Consent) -> bool:
    rule = codes.first_code(resource.policy_rule)
    return (resource.provision is not None and resource.provision.type == "permit") or rule == "OPTIN"


def _unclear() -> Unreadable:
    return Unreadable(
        "provision.type",
        faults.UNCLEAR_CONSENT,
        _("it is not said whether this consent permits or denies, so it permits nothing."),
        _("Give provision.type (permit or deny) or policyRule (OPTIN or OPTOUT) and export it again."),
    )


def _consent_kind(resource: Consent) -> str:
    concepts = [*resource.category, *([resource.scope] if resource.scope else [])]
    concepts += [resource.policy_rule] if resource.policy_rule else []
    labels = [label.code for label in (resource.provision.security_label if resource.provision else ()) if label.code]
    policies = [part for one in resource.policy for part in (one.uri, one.authority) if part]
    said = " ".join([codes.words(concepts), *codes.codes(concepts), *labels, *policies]).lower()
    if _PART_2.search(said):
        return "PART_2_TPO"
    if _BY_TEXT.search(said):
        return "CONTACT_BY_TEXT"
    return "CONTACT_BY_EMAIL" if _BY_EMAIL.search(said) else "SHARE_WITH_PARTNERS"
