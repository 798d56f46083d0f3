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

# Each with the table whose rows make it true: with no row there it cannot fire, and need not be asked.
_SIGNS: tuple[tuple[Condition, str], ...] = (
    (score_worsening, "scores"),
    (missed_visits, "contacts"),
    (crisis_contacts, "crisis"),
    (housing_instability, "housing"),
    (risk_answer, "risk_answers"),
    (not_seen_after_discharge, "stays"),
    (no_contact, "episodes"),
    (measure_overdue, "episodes"),
    (goal_ratings_falling, "goal_ratings"),
)
SIGNS: Mapping[str, Condition] = MappingProxyType({condition.__name__: condition for condition, _ in _SIGNS})
NEEDS: Mapping[str, str] = MappingProxyType({condition.__name__: table for condition, table in _SIGNS})
