"""Every condition by the name a definition uses for it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from outcometables.record.frames import Frame
from outcometables.triggers.conditions.crisis_contacts import crisis_contacts
from outcometables.triggers.conditions.housing_instability import housing_instability
from outcometables.triggers.conditions.missed_visits import missed_visits
from outcometables.triggers.conditions.risk_answer import risk_answer
from outcometables.triggers.conditions.score_worsening import score_worsening

CONDITIONS: Mapping[str, Callable[..., Frame]] = MappingProxyType(
    {
        "score_worsening": score_worsening,
        "missed_visits": missed_visits,
        "crisis_contacts": crisis_contacts,
        "housing_instability": housing_instability,
        "risk_answer": risk_answer,
    }
)
