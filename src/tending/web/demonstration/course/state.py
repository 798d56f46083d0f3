"""Where everybody is this week: one array entry a person."""

from dataclasses import dataclass, field

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.ledger import Ledger
from tending.web.demonstration.setting.calendar import Calendar
from tending.web.demonstration.setting.organisation import Organisation
from tending.web.demonstration.setting.people import People

NEVER = np.int32(2**30)
LONG_AGO = np.int32(-(2**30))
AWAITED, EXPECTED, SUPPORTED, ENDED = range(4)
HOUSING = ("STABLE", "AT_RISK", "TEMPORARY", "SHELTER", "UNSHELTERED", "INSTITUTION", "UNKNOWN")
N_MEASURES = 9


def _days(n: int, value: np.int32) -> np.ndarray:
    return np.full(n, value, dtype=np.int32)


@dataclass(slots=True)
class State:
    """Mutable state of the simulation. Days are day numbers; NEVER and LONG_AGO stand for no such day."""

    people: People
    setting: Organisation
    calendar: Calendar
    rng: np.random.Generator
    ledger: Ledger
    n_referrals: int = 0
    n_episodes: int = 0
    n_goals: int = 0
    stories: dict[str, int] = field(default_factory=dict)
    kind: np.ndarray = field(init=False)
    paused: np.ndarray = field(init=False)
    phase: np.ndarray = field(init=False)
    next_referral: np.ndarray = field(init=False)
    referral: np.ndarray = field(init=False)
    episode: np.ndarray = field(init=False)
    episode_start: np.ndarray = field(init=False)
    first_day: np.ndarray = field(init=False)
    practitioner: np.ndarray = field(init=False)
    improvement: np.ndarray = field(init=False)
    severity: np.ndarray = field(init=False)
    drift: np.ndarray = field(init=False)
    relapse: np.ndarray = field(init=False)
    housing: np.ndarray = field(init=False)
    homed: np.ndarray = field(init=False)
    housing_slip: np.ndarray = field(init=False)
    last_crisis: np.ndarray = field(init=False)
    last_response: np.ndarray = field(init=False)
    away_until: np.ndarray = field(init=False)
    discharged: np.ndarray = field(init=False)
    followed_up: np.ndarray = field(init=False)
    missed: np.ndarray = field(init=False)
    seen: np.ndarray = field(init=False)
    seen_this_week: np.ndarray = field(init=False)
    next_plan: np.ndarray = field(init=False)
    next_rating: np.ndarray = field(init=False)
    goal: np.ndarray = field(init=False)
    uses: np.ndarray = field(init=False)
    next_measure: np.ndarray = field(init=False)
    measured: np.ndarray = field(init=False)
    worsened: np.ndarray = field(init=False)
    endorsed: np.ndarray = field(init=False)
    last_noticed: np.ndarray = field(init=False)
    team_shift: np.ndarray = field(init=False)
    practitioner_shift: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        n = self.people.n
        self.kind = self.setting.kind(self.people.team)
        self.paused = np.zeros(n, dtype=bool)
        self.phase = np.zeros(n, dtype=np.int8)
        self.next_referral = self.people.referred_day.astype(np.int32)
        self.referral, self.episode = np.full(n, -1), np.full(n, -1)
        self.episode_start, self.first_day = _days(n, NEVER), _days(n, NEVER)
        self.practitioner = np.zeros(n, dtype=np.int32)
        self.improvement, self.severity = np.zeros(n), self.people.severity.copy()
        self.drift, self.relapse = np.zeros(n), np.zeros(n)
        self.housing, self.homed = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=bool)
        self.housing_slip, self.last_crisis = _days(n, LONG_AGO), _days(n, LONG_AGO)
        self.last_response, self.away_until = _days(n, LONG_AGO), _days(n, LONG_AGO)
        self.discharged, self.followed_up = _days(n, LONG_AGO), np.zeros(n, dtype=bool)
        self.missed = np.zeros(n, dtype=np.int8)
        self.seen, self.seen_this_week = _days(n, LONG_AGO), _days(n, LONG_AGO)
        self.next_plan, self.next_rating = _days(n, NEVER), _days(n, NEVER)
        self.goal = np.full((n, 2), -1)
        self.uses = np.zeros((n, N_MEASURES), dtype=bool)
        self.next_measure = np.full((n, N_MEASURES), NEVER, dtype=np.int32)
        self.measured = np.full((n, 2), np.nan)  # best and previous PHQ-9
        self.worsened, self.endorsed = _days(n, LONG_AGO), _days(n, LONG_AGO)
        self.last_noticed = _days(n, LONG_AGO)
        shift = planted.PLANTED.squad_sd * self.rng.standard_normal(self.setting.n_teams)
        self.team_shift = np.where(np.arange(self.setting.n_teams) < 6, 0.0, shift)
        n_staff = len(self.setting.staff.role)
        self.practitioner_shift = planted.PLANTED.practitioner_sd * self.rng.standard_normal(n_staff)

    def by_team(self, attribute: str) -> np.ndarray:
        """One number of planted.TEAMS for each person."""
        return np.asarray(np.array([getattr(team, attribute) for team in planted.TEAMS])[self.kind])

    def supported(self) -> np.ndarray:
        """Positions of the people with an open episode."""
        return np.flatnonzero(self.phase == SUPPORTED)

    def unstable(self, who: np.ndarray) -> np.ndarray:
        """Without a settled home: at risk, temporary, shelter or unsheltered."""
        return np.asarray((self.housing[who] >= 1) & (self.housing[who] <= 4))
