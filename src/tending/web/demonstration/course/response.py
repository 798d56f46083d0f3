"""What staff noticed and how fast they acted: what a later simulation of reviews should reproduce."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State

TRUTH = planted.PLANTED
SIGNS = ("WORSENING_SCORE", "RISK_ANSWER", "MISSED_VISITS", "CRISIS_CONTACT", "HOUSING_SLIP")
MISSED_VISITS, CRISIS_CONTACT, HOUSING_SLIP = 2, 3, 4
QUIET_DAYS = 28


def respond(state: State, week: int, who: np.ndarray) -> None:
    """Staff act on what they notice, in time or not by team; acting in time softens what comes next."""
    start, rng = state.calendar.week_start(week), state.rng
    signs = np.full(len(who), -1)
    day = np.full(len(who), start + 6)
    for sign, since in ((HOUSING_SLIP, state.housing_slip[who]), (CRISIS_CONTACT, state.last_crisis[who])):
        here = (since >= start) & (since < start + 7)
        signs, day = np.where(here, sign, signs), np.where(here, since, day)
    twice = (state.missed[who] == 2) & (signs < 0)
    signs = np.where(twice, MISSED_VISITS, signs)
    quiet = start - state.last_response[who] < QUIET_DAYS
    signs = np.where((signs < 0) & (state.relapse[who] > 6), 0, signs)
    chosen = (signs >= 0) & ~quiet
    people, on = who[chosen], day[chosen]
    hours = state.by_team("response_hours")[people] * np.exp(0.6 * rng.standard_normal(len(people)))
    in_time = rng.random(len(people)) < state.by_team("response_in_time")[people]
    hours = np.where(in_time, hours, hours + 72 + 96 * rng.random(len(people)))
    state.ledger.add(
        "responses",
        person=people,
        day=on,
        sign=signs[chosen],
        hours=np.round(hours, 1),
        in_time=in_time,
        team=state.people.team[people],
    )
    helped = people[in_time]
    state.last_response[helped] = on[in_time]
    state.relapse[helped] *= TRUTH.response_halves_relapse_to
