"""What is asked of the past: a condition with its parameters and its cohort, and how far back it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outcometables.definitions.parameters import check_parameters
from outcometables.record.cohort import Cohort
from outcometables.triggers.signs import SIGNS, Condition
from outcometables.triggers.table import CONDITIONS


@dataclass(frozen=True, slots=True)
class Question:
    """A condition with the parameters and the cohort of one trigger, checked."""

    name: str
    parameters: Mapping[str, Any]
    cohort: Cohort

    @property
    def condition(self) -> Condition:
        return CONDITIONS[self.name]

    @property
    def signs(self) -> "list[Question]":
        """The questions that a combination puts together; itself alone for a condition that stands on its own."""
        if self.name in SIGNS:
            return [self]
        return [
            Question(
                sign.condition,
                check_parameters(sign.condition, SIGNS[sign.condition], sign.parameters),
                self.cohort,
            )
            for sign in self.parameters["signs"]
        ]

    @property
    def of_people_in_care(self) -> bool:
        """Only people with an open episode can meet it. Some signs anybody may meet, unless a cohort is named."""
        anybody = any(
            sign.name == "risk_answer" and not sign.parameters.get("needs_open_episode", False) for sign in self.signs
        )
        named = self.cohort.programmes or self.cohort.service_models
        return bool(named) or not anybody

    @property
    def reads(self) -> dict[str, int | None]:
        """The tables it looks at, each with how many days back it looks; None for all days."""
        found: dict[str, int | None] = {}
        for sign in self.signs:
            for table, days in _reads(sign).items():
                known = found.get(table, 0)
                found[table] = None if days is None or known is None else max(days, known)
        return found


def _reads(sign: Question) -> dict[str, int | None]:
    given = sign.parameters
    each: dict[str, dict[str, int | None]] = {
        "score_worsening": {"scores": None},
        "missed_visits": {"contacts": given.get("within_days")},
        "crisis_contacts": {"crisis": 2 * given.get("within_days", 0)},
        "housing_instability": {"housing": None},
        "risk_answer": {"risk_answers": given.get("within_days")},
        "not_seen_after_discharge": {"stays": None, "contacts": given.get("discharged_within_days", 60) + 1},
        "no_contact": {"contacts": None},
        "measure_overdue": {"scores": None},
        "goal_ratings_falling": {"goal_ratings": given.get("look_back_days", 180)},
    }
    return each[sign.name]
