"""What staff noticed and how fast they acted: what a later simulation of reviews should reproduce."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State

TRUTH = planted.PLANTED
SIGNS = ("WORSENING_SCORE", "RISK_ANSWER", "MISSED_VISITS", "CRISIS_CONTACT", "HOUSING_SLIP")
WORSENING_SCORE, RISK_ANSWER, MISSED_VISITS, CRISIS_CONTACT, HOUSING_SLIP = range(5)
QUIET_DAYS = 28
IN_TIME_HOURS = 72.0


def respond(state: State, week: int, who: np.ndarray) -> None:
    """Staff act on what they notice, in time or not by team; acting in time softens what comes next."""
    start, rng = state.calendar.week_start(week), state.rng
    sign, day = _noticed(state, start, who)
    chosen = (sign >= 0) & (start - state.last_noticed[who] >= QUIET_DAYS)
    people, on = who[chosen], day[chosen]
    state.last_noticed[people] = on
    hours = state.by_team("response_hours")[people] * np.exp(0.6 * rng.standard_normal(len(people)))
    in_time = rng.random(len(people)) < state.by_team("response_in_time")[people]
    hours = np.where(in_time, np.minimum(hours, IN_TIME_HOURS), hours + IN_TIME_HOURS + 96 * rng.random(len(people)))
    state.ledger.add(
        "responses",
        person=people,
        day=on,
        sign=sign[chosen],
        hours=np.round(hours, 1),
        in_time=in_time,
        team=state.people.team[people],
    )
    helped = people[in_time]
    state.last_response[helped] = on[in_time]
    state.relapse[helped] *= TRUTH.response_halves_relapse_to


def _noticed(state: State, start: int, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The gravest sign of this week (-1 for none) and its day."""
    sign, day = np.full(len(who), -1), np.full(len(who), start + 6)
    sign[state.missed[who] == 2] = MISSED_VISITS
    seen = (state.worsened, WORSENING_SCORE), (state.housing_slip, HOUSING_SLIP)
    for since, code in (*seen, (state.endorsed, RISK_ANSWER), (state.last_crisis, CRISIS_CONTACT)):
        here = (since[who] >= start) & (since[who] < start + 7)
        sign[here], day[here] = code, since[who][here]
    return sign, day
