"""A trigger's settings in words a clinician reads without the file."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

CONDITIONS = {
    "score_worsening": gettext_lazy("A score became worse by more than measurement error"),
    "missed_visits": gettext_lazy("Visits were missed"),
    "crisis_contacts": gettext_lazy("There were crisis contacts"),
    "housing_instability": gettext_lazy("Housing became less secure"),
    "risk_answer": gettext_lazy("An answer named a risk"),
    "no_contact": gettext_lazy("Nobody has seen the person"),
    "not_seen_after_discharge": gettext_lazy("Nobody has seen the person since a discharge"),
    "measure_overdue": gettext_lazy("A questionnaire is overdue"),
    "goal_ratings_falling": gettext_lazy("Ratings of the person's goals are falling"),
    "combination": gettext_lazy("Several weak signs came together"),
}
SETTINGS = {
    "measures": gettext_lazy("Measures"),
    "instruments": gettext_lazy("Questionnaires"),
    "against": gettext_lazy("Compared with"),
    "within_days": gettext_lazy("Looks back over"),
    "days": gettext_lazy("After"),
    "baseline_days_before": gettext_lazy("Scores count from this long before the episode"),
    "times_reliable_change": gettext_lazy("Share of the reliable change that is enough"),
    "at_least": gettext_lazy("At least this many"),
    "consecutive": gettext_lazy("In a row, with no visit kept in between"),
    "count_cancellations": gettext_lazy("Visits the person cancelled count too"),
    "rising": gettext_lazy("More than in the time before"),
    "entered": gettext_lazy("States that count as less secure"),
    "needs_open_episode": gettext_lazy("Only during an open episode"),
    "grace_days": gettext_lazy("Grace after the due date"),
    "same_day_counts": gettext_lazy("A contact on the day of discharge counts"),
    "kinds": gettext_lazy("Kinds of stay"),
    "discharged_within_days": gettext_lazy("Discharges of the last"),
    "later_contact_clears": gettext_lazy("A later contact clears it"),
    "by_at_least": gettext_lazy("Fell by at least"),
    "look_back_days": gettext_lazy("Compared with ratings of the last"),
    "goals_at_least": gettext_lazy("On at least this many goals"),
    "two_falls": gettext_lazy("The last two ratings both fell"),
    "rated_by": gettext_lazy("Rated by"),
}
VALUES = {
    "FIRST": gettext_lazy("the first"),
    "BEST": gettext_lazy("the best"),
    "PREVIOUS": gettext_lazy("the previous"),
    "TEMPORARY": gettext_lazy("temporary"),
    "SHELTER": gettext_lazy("shelter"),
    "UNSHELTERED": gettext_lazy("without shelter"),
    "AT_RISK": gettext_lazy("at risk"),
    "PSYCHIATRIC_INPATIENT": gettext_lazy("psychiatric ward"),
    "MEDICAL_INPATIENT": gettext_lazy("medical ward"),
    "EMERGENCY_DEPARTMENT": gettext_lazy("emergency department"),
    "RESIDENTIAL": gettext_lazy("residential"),
    "DETOX": gettext_lazy("detoxification"),
    "PERSON": gettext_lazy("the person"),
    "STAFF": gettext_lazy("staff"),
}


def condition(name: str) -> str:
    return str(CONDITIONS.get(name, name.replace("_", " ")))


def settings(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each setting and its value, in the order of the file; the signs of a combination one by one."""
    found: list[tuple[str, str]] = []
    for name, value in parameters.items():
        if name == "signs":
            found += [(_("A sign"), sign_in_words(sign)) for sign in value]
        else:
            found.append((str(SETTINGS.get(name, name.replace("_", " "))), _value(name, value)))
    return found


def sign_in_words(sign: Mapping[str, Any]) -> str:
    """One sign of a combination: its condition, and its settings after a colon."""
    inner = "; ".join(f"{label}: {value}" for label, value in settings(sign.get("parameters", {})))
    return f"{condition(str(sign['condition']))} ({inner})" if inner else condition(str(sign["condition"]))


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_value("", each) for each in value)
    if name.endswith(("days", "days_before")):
        return ngettext("%(days)s day", "%(days)s days", value) % {"days": value}
    return str(VALUES.get(value, value)) if isinstance(value, str) else f"{value:g}"
