"""What does a deletion take back? A deleted resource is withdrawn in every kind of row it may have become."""

from tending.collect.fhir.mapping.draft import Draft
from tending.collect.fhir.references import Target

_ROWS = {
    "Patient": (("people", "person_id"),),
    "EpisodeOfCare": (("episodes", "episode_id"),),
    "ServiceRequest": (("referrals", "referral_id"), ("procedures", "procedure_id")),
    "Procedure": (("procedures", "procedure_id"),),
    "Encounter": (("contacts", "contact_id"), ("stays", "stay_id"), ("crisis_contacts", "crisis_id")),
    "Observation": (("scores", "score_id"), ("housing", "housing_id"), ("procedures", "procedure_id")),
    "QuestionnaireResponse": (("answers", "response_id"),),
    "Condition": (("diagnoses", "diagnosis_id"),),
    "Goal": (("goals", "goal_id"),),
    "CarePlan": (("care_plan_events", "event_id"),),
    "Consent": (("consents", "consent_id"),),
}


def deleted(what: Target, draft: Draft) -> None:
    draft.type, draft.id, draft.source_time = what.type, what.id, None
    if what.type not in _ROWS:
        draft.not_read(f"{what.type} (deleted)"[:60])
    for kind, identifier in _ROWS.get(what.type, ()):
        draft.take_back(kind, what.id, identifier)
