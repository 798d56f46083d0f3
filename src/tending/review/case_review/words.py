"""The record's short codes, as staff say them."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tending.keep.person_history import StaySeen

_CONTACT_KINDS: Mapping[str, object] = {
    "ASSESSMENT": gettext_lazy("assessment"),
    "THERAPY": gettext_lazy("therapy"),
    "MEDICATION": gettext_lazy("medication"),
    "CARE_COORDINATION": gettext_lazy("care coordination"),
    "PEER_SUPPORT": gettext_lazy("peer support"),
    "OUTREACH": gettext_lazy("outreach"),
    "GROUP": gettext_lazy("group"),
    "OTHER": gettext_lazy("other contact"),
}
_MEDIA: Mapping[str, object] = {
    "IN_PERSON": gettext_lazy("in person"),
    "HOME": gettext_lazy("at home"),
    "VIDEO": gettext_lazy("by video"),
    "PHONE": gettext_lazy("by phone"),
    "TEXT": gettext_lazy("by text"),
}
_STATUSES: Mapping[str, object] = {
    "ATTENDED": gettext_lazy("Attended"),
    "NO_SHOW": gettext_lazy("Missed without notice"),
    "CANCELLED_BY_PERSON": gettext_lazy("Cancelled by the person"),
    "CANCELLED_BY_PROVIDER": gettext_lazy("Cancelled by us"),
    "BOOKED": gettext_lazy("Booked"),
}
_CRISES: Mapping[str, object] = {
    "CRISIS_LINE": gettext_lazy("crisis line"),
    "MOBILE_CRISIS": gettext_lazy("mobile crisis team"),
    "WALK_IN": gettext_lazy("walk-in"),
    "EMERGENCY_DEPARTMENT": gettext_lazy("emergency department"),
    "POLICE": gettext_lazy("police"),
}
_STAYS: Mapping[str, object] = {
    "PSYCHIATRIC_INPATIENT": gettext_lazy("psychiatric ward"),
    "MEDICAL_INPATIENT": gettext_lazy("medical ward"),
    "EMERGENCY_DEPARTMENT": gettext_lazy("emergency department"),
    "RESIDENTIAL": gettext_lazy("residential stay"),
    "DETOX": gettext_lazy("detox"),
}
_HOUSING: Mapping[str, object] = {
    "STABLE": gettext_lazy("Stable"),
    "AT_RISK": gettext_lazy("At risk"),
    "TEMPORARY": gettext_lazy("Temporary"),
    "SHELTER": gettext_lazy("In a shelter"),
    "UNSHELTERED": gettext_lazy("Without shelter"),
    "INSTITUTION": gettext_lazy("In an institution"),
}
_FRAMES: Mapping[str, object] = {
    "scores": gettext_lazy("Score"),
    "contacts": gettext_lazy("Visit"),
    "crisis": gettext_lazy("Crisis contact"),
    "stays": gettext_lazy("Stay"),
    "housing": gettext_lazy("Housing"),
    "goal_ratings": gettext_lazy("Goal rating"),
    "care_plan_events": gettext_lazy("Care plan"),
    "risk_answers": gettext_lazy("Answer"),
    "episodes": gettext_lazy("Episode"),
}
_ROLES: Mapping[str, object] = {
    "LATEST": gettext_lazy("latest"),
    "FIRST": gettext_lazy("first"),
    "BEST": gettext_lazy("best so far"),
    "PREVIOUS": gettext_lazy("the one before"),
    "MISSED": gettext_lazy("missed"),
    "CRISIS": gettext_lazy("crisis"),
    "NOW": gettext_lazy("now"),
    "BEFORE": gettext_lazy("before"),
    "DISCHARGE": gettext_lazy("discharge"),
    "EPISODE_START": gettext_lazy("support began"),
    "LAST_CONTACT": gettext_lazy("last contact"),
    "LAST_SCORE": gettext_lazy("last score"),
    "RISK": gettext_lazy("risk"),
    "HIGHEST": gettext_lazy("highest"),
}


def _said(words: Mapping[str, object], code: str) -> str:
    """The words, or the code made readable: a source may send one we have no word for."""
    return str(words.get(code) or code.replace("_", " ").lower())


def contact_kind(code: str) -> str:
    return _said(_CONTACT_KINDS, code)


def medium(code: str) -> str:
    return _said(_MEDIA, code)


def contact_status(code: str) -> str:
    return _said(_STATUSES, code)


def crisis_kind(code: str) -> str:
    return _said(_CRISES, code)


def housing(code: str) -> str:
    return _said(_HOUSING, code)


def frame(code: str) -> str:
    return _said(_FRAMES, code)


def role(code: str) -> str:
    return _said(_ROLES, code)


def stay(seen: StaySeen, day: date) -> str:
    where = f" ({seen.where})" if seen.where else ""
    if seen.discharged is None:
        until = _("still there")
    else:
        until = _("until %(day)s") % {"day": date_format(seen.discharged, "j M Y")}
    return f"{_said(_STAYS, seen.kind)}{where}, {date_format(seen.admitted, 'j M Y')}, {until}"
