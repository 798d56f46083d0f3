"""The conditions that stand on their own, by the name a definition uses for them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from outcometables.record.frames import Frame
from outcometables.triggers.conditions.crisis_contacts import crisis_contacts
from outcometables.triggers.conditions.goal_ratings_falling import goal_ratings_falling
from outcometables.triggers.conditions.housing_instability import housing_instability
from outcometables.triggers.conditions.measure_overdue import measure_overdue
from outcometables.triggers.conditions.missed_visits import missed_visits
from outcometables.triggers.conditions.no_contact import no_contact
from outcometables.triggers.conditions.not_seen_after_discharge import not_seen_after_discharge
from outcometables.triggers.conditions.risk_answer import risk_answer
from outcometables.triggers.conditions.score_worsening import score_worsening

Condition = Callable[..., Frame]

SIGNS: Mapping[str, Condition] = MappingProxyType(
    {
        condition.__name__: condition
        for condition in (
            score_worsening,
            missed_visits,
            crisis_contacts,
            housing_instability,
            risk_answer,
            not_seen_after_discharge,
            no_contact,
            measure_overdue,
            goal_ratings_falling,
        )
    }
)
