"""The record's codes in words a person and their staff read alike. An unknown code is shown as it came."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

CONTACT_KINDS = {
    "ASSESSMENT": _("Assessment"),
    "THERAPY": _("Therapy"),
    "MEDICATION": _("Medication visit"),
    "CARE_COORDINATION": _("Care coordination"),
    "PEER_SUPPORT": _("Peer support"),
    "OUTREACH": _("Outreach"),
    "GROUP": _("Group"),
    "OTHER": _("Contact"),
}
MEDIA = {
    "IN_PERSON": _("in person"),
    "HOME": _("at home"),
    "VIDEO": _("by video"),
    "PHONE": _("by phone"),
    "TEXT": _("by text message"),
}
CONTACT_STATES = {
    "BOOKED": _("Booked"),
    "NO_SHOW": _("Missed"),
    "CANCELLED_BY_PERSON": _("Cancelled by the person"),
    "CANCELLED_BY_PROVIDER": _("Cancelled by us"),
}
CRISIS_KINDS = {
    "CRISIS_LINE": _("Call to the crisis line"),
    "MOBILE_CRISIS": _("Mobile crisis team"),
    "WALK_IN": _("Walk-in at a crisis service"),
    "EMERGENCY_DEPARTMENT": _("Emergency department"),
    "POLICE": _("Contact with the police in a crisis"),
}
STAY_KINDS = {
    "PSYCHIATRIC_INPATIENT": _("Psychiatric hospital"),
    "MEDICAL_INPATIENT": _("Medical hospital"),
    "EMERGENCY_DEPARTMENT": _("Emergency department stay"),
    "RESIDENTIAL": _("Residential stay"),
    "DETOX": _("Detox stay"),
}
DESTINATIONS = {
    "HOME": _("went home"),
    "TRANSFER": _("moved to another hospital"),
    "RESIDENTIAL": _("went to a residential service"),
    "HOSPICE": _("went to hospice care"),
    "PRISON": _("went to prison"),
    "DIED": _("died"),
    "AGAINST_ADVICE": _("left against advice"),
    "OTHER": _("went elsewhere"),
}
HOUSING = {
    "STABLE": _("Stable housing"),
    "AT_RISK": _("Housing at risk"),
    "TEMPORARY": _("Temporary housing"),
    "SHELTER": _("In a shelter"),
    "UNSHELTERED": _("Without shelter"),
    "INSTITUTION": _("In an institution"),
    "UNKNOWN": _("Housing not known"),
}
UNSETTLED = {"AT_RISK", "TEMPORARY", "SHELTER", "UNSHELTERED"}
GOAL_STATES = {
    "ACTIVE": _("Working towards"),
    "ACHIEVED": _("Reached"),
    "CHANGED": _("Changed"),
    "DROPPED": _("Set aside"),
}
RATED_BY = {"PERSON": _("rated by the person"), "STAFF": _("rated by staff")}
PLAN_KINDS = {
    "PLAN_AGREED": _("Care plan agreed"),
    "PLAN_REVIEWED": _("Care plan reviewed"),
    "PLAN_UPDATED": _("Care plan changed"),
    "SAFETY_PLAN_AGREED": _("Safety plan agreed"),
    "SAFETY_PLAN_UPDATED": _("Safety plan renewed"),
    "MEDICATION_CHANGED": _("Medication changed"),
}
CONSENTS = {
    "PART_2_TPO": _("Sharing substance use records for treatment, payment and operations"),
    "SHARE_WITH_PARTNERS": _("Sharing with partners"),
    "CONTACT_BY_TEXT": _("Contact by text message"),
    "CONTACT_BY_EMAIL": _("Contact by e-mail"),
}
EPISODE_ENDS = {
    "COMPLETED": _("completed"),
    "DROPPED_OUT": _("the person stopped coming"),
    "MOVED": _("moved away"),
    "TRANSFERRED": _("went on with another team or provider"),
    "DIED": _("died"),
    "OTHER": _("another reason"),
}
REFERRAL_STATES = {
    "WAITING": _("waiting"),
    "ACCEPTED": _("accepted"),
    "DECLINED": _("declined"),
    "WITHDRAWN": _("withdrawn"),
}
MISSING = {
    "INCOMPLETE": _("too few answers for a score"),
    "OUT_OF_RANGE": _("an answer outside its range"),
}
SEVERITIES = {"URGENT": "urgent", "HIGH": "high", "ROUTINE": "routine"}

# Which words say a field's code, on the page that shows the code too.
CODED: dict[tuple[str, str], dict[str, Any]] = {
    ("contacts", "kind"): CONTACT_KINDS,
    ("contacts", "medium"): MEDIA,
    ("contacts", "status"): {"ATTENDED": _("Attended"), **CONTACT_STATES},
    ("crisis", "kind"): CRISIS_KINDS,
    ("stays", "kind"): STAY_KINDS,
    ("stays", "destination"): DESTINATIONS,
    ("housing", "state"): HOUSING,
    ("goals", "status"): GOAL_STATES,
    ("goal_ratings", "rated_by"): RATED_BY,
    ("care_plan_events", "kind"): PLAN_KINDS,
    ("consents", "kind"): CONSENTS,
    ("episodes", "end_reason"): EPISODE_ENDS,
    ("referrals", "status"): REFERRAL_STATES,
}


def with_code(frame: str, field: str, value: str) -> str:
    """As "Therapy (THERAPY)": what the code means, and the code as it was sent."""
    words = CODED.get((frame, field), {}).get(value)
    return f"{capfirst(str(words))} ({value})" if words else value
