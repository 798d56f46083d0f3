"""How a person's distress and home change from week to week."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State

TRUTH = planted.PLANTED

# Weekly chances of moving between homes, rows and columns as state.HOUSING.
MOVES = np.array(
    [
        [0.9981, 0.0017, 0.0001, 0.0000, 0.0000, 0.0001, 0.0000],
        [0.0650, 0.9100, 0.0150, 0.0070, 0.0020, 0.0000, 0.0010],
        [0.0280, 0.0080, 0.9500, 0.0100, 0.0030, 0.0010, 0.0000],
        [0.0060, 0.0000, 0.0400, 0.9400, 0.0120, 0.0010, 0.0010],
        [0.0010, 0.0000, 0.0120, 0.0250, 0.9600, 0.0010, 0.0010],
        [0.0200, 0.0000, 0.0200, 0.0050, 0.0000, 0.9550, 0.0000],
        [0.0080, 0.0010, 0.0000, 0.0000, 0.0000, 0.0000, 0.9910],
    ]
)
DEPRIVED_SLIP_RATIO = 2.2
AT_START = np.array(
    [
        [0.86, 0.05, 0.03, 0.01, 0.005, 0.000, 0.045],
        [0.84, 0.06, 0.04, 0.01, 0.005, 0.000, 0.045],
        [0.88, 0.04, 0.02, 0.01, 0.005, 0.000, 0.045],
        [0.62, 0.08, 0.14, 0.07, 0.050, 0.020, 0.020],
        [0.66, 0.08, 0.13, 0.06, 0.040, 0.010, 0.020],
        [0.85, 0.05, 0.05, 0.01, 0.000, 0.000, 0.040],
    ]
)


def settle(state: State, who: np.ndarray) -> None:
    """At the first visit: this person's home, and how fast their distress will ease."""
    rng = state.rng
    new = who[~state.homed[who]]
    edges = np.cumsum(AT_START, axis=1)[state.kind[new]]
    state.housing[new] = np.minimum((rng.random(len(new))[:, None] >= edges).sum(axis=1), 6)
    state.homed[new] = True
    state.ledger.add("housing", person=new, day=state.episode_start[new], state=state.housing[new].copy())
    pace = state.by_team("improvement")[who] + state.team_shift[state.people.team[who]]
    pace = pace + state.practitioner_shift[state.practitioner[who]]
    pace = pace + TRUTH.start_severity_slope * (state.people.severity[who] - 15.0)
    state.improvement[who] = pace + TRUTH.person_sd * rng.standard_normal(len(who))
    state.drift[who] = 1.2 * rng.standard_normal(len(who))


def move_home(state: State, week: int, who: np.ndarray) -> None:
    """Homes change; a slip is a move from settled to unsettled, or further down."""
    rng, before = state.rng, state.housing[who]
    chances = MOVES[before]
    slip = np.where(state.people.deprived[who] & (before == 0), DEPRIVED_SLIP_RATIO, 1.0)
    chances[:, 1] *= slip
    chances /= chances.sum(axis=1, keepdims=True)
    draw = rng.random(len(who))[:, None]
    after = np.minimum((draw >= np.cumsum(chances, axis=1)).sum(axis=1), 6).astype(np.int8)
    changed = np.flatnonzero(after != before)
    day = state.calendar.week_start(week) + rng.integers(0, 7, len(changed))
    record_home(state, who[changed], day, after[changed])


def record_home(state: State, who: np.ndarray, day: np.ndarray, after: np.ndarray) -> None:
    """Write the move down and remember a slip."""
    before = state.housing[who]
    slipped = (after >= 1) & (after <= 4) & ((after > before) | (before > 4))
    state.housing[who] = after
    state.housing_slip[who[slipped]] = day[slipped]
    state.ledger.add("housing", person=who, day=day, state=after)
    state.ledger.add("slips", person=who[slipped], day=day[slipped])


def ease(state: State, week: int, who: np.ndarray) -> None:
    """This week's distress on the PHQ-9's scale: start, less improvement in log time, plus drift and relapse.

    Improvement is scaled so that `improvement` is the points gained by week 12.
    """
    rng, n = state.rng, len(who)
    weeks = np.maximum((state.calendar.week_start(week) + 3 - state.first_day[who]) / 7, 0.0)
    stalls = state.kind[who] == TRUTH.stall_team
    weeks = np.where(stalls, np.minimum(weeks, TRUTH.stall_after_weeks), weeks)
    gained = state.improvement[who] * np.log1p(weeks) / np.log1p(12.0)
    state.drift[who] = 0.85 * state.drift[who] + 0.75 * rng.standard_normal(n)
    hazard = TRUTH.relapse_per_week * np.where(state.unstable(who), 2.0, 1.0)
    falls = rng.random(n) < hazard
    state.relapse[who] = 0.90 * state.relapse[who] + falls * rng.uniform(6.0, 10.0, n)
    home = 1.5 * state.unstable(who)
    level = state.people.severity[who] - gained + state.drift[who] + state.relapse[who] + home
    state.severity[who] = np.clip(level, 0.3, 26.7)
