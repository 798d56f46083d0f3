"""How soon do people begin? As the truth says of their team, and exactly so where it says it of this very person."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tending.base import clock
from tending.web.demonstration.living.working_time import office, on_call

SAME_DAYS = 7  # a planted response this near to the review's opening is the response to it
SPREAD = 0.6
LATE_HOURS = 96


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Planted: hours until somebody acts and the share in time, by team; and single responses by person."""

    teams: Mapping[str, tuple[float, float]]  # team code: median hours, share in time
    responses: Mapping[str, tuple[tuple[date, float, bool], ...]]  # person code: day, hours, in time

    @classmethod
    def of(cls, truth: Mapping[str, Any]) -> "Timeliness":
        teams = {row["team_id"]: (row["response_hours"], row["response_in_time"]) for row in truth["teams"]}
        columns = truth["staff_behaviour"]["responses"]
        responses: dict[str, list[tuple[date, float, bool]]] = {}
        for person, day, hours, in_time in zip(
            *(columns[name] for name in ("person_id", "date", "hours", "in_time")), strict=True
        ):
            responses.setdefault(person, []).append((date.fromisoformat(day), hours, in_time))
        return cls(teams, {person: tuple(rows) for person, rows in responses.items()})

    def begins(self, opened: "Opened", rng: random.Random) -> datetime:
        """When somebody begins: within the review's own clock when in time, and after it when late."""
        hours, in_time = self._drawn(opened, rng)
        if not in_time:
            return office(opened.respond_by + timedelta(hours=2 + LATE_HOURS * rng.random()), rng)
        window = (opened.respond_by - opened.at).total_seconds() / 3600
        at = opened.at + timedelta(hours=max(0.4, min(hours, window * (0.3 + 0.6 * rng.random()))))
        for when in (office(at, rng), on_call(at, rng)):
            if when <= opened.respond_by:
                return when
        return at

    def _drawn(self, opened: "Opened", rng: random.Random) -> tuple[float, bool]:
        day = clock.local_date(opened.at)
        for noticed, hours, in_time in self.responses.get(opened.person_code, ()):
            if abs((day - noticed).days) <= SAME_DAYS:
                return hours, in_time
        median, share = self.teams.get(opened.team_code, (30.0, 0.8))
        return median * rng.lognormvariate(0, SPREAD), rng.random() < share


@dataclass(frozen=True, slots=True)
class Opened:
    """A review as it stands when somebody has to begin."""

    review_id: int
    person_id: int
    person_code: str
    team_id: int | None
    team_code: str
    owner_id: int
    severity: str
    at: datetime
    respond_by: datetime
    themes: tuple[str, ...]
    seats: Mapping[str, int | None]  # required role: who was named
