"""Goals in the person's own words with their ratings, and the care-plan events around them."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State
from tending.web.demonstration.words import goals as words

PLAN_AGREED, PLAN_REVIEWED, PLAN_UPDATED, SAFETY_AGREED, SAFETY_UPDATED, MEDICATION_CHANGED = range(6)
GOAL_SHARE = np.array([0.70, 0.62, 0.72, 0.85, 0.80, 0.88])
BY_PERSON, BY_STAFF = range(2)


def agree(state: State, who: np.ndarray) -> None:
    """Those seen this week whose plan is due: a first plan with goals, later a review."""
    seen = state.seen_this_week[who]
    due = who[(state.next_plan[who] <= seen) & (seen > 0)]
    rng, day = state.rng, state.seen_this_week[due]
    first = day - state.first_day[due] < 60
    first &= state.goal[due, 0] < 0
    kind = np.where(first, PLAN_AGREED, np.where(rng.random(len(due)) < 0.45, PLAN_UPDATED, PLAN_REVIEWED))
    event(state, due, day, kind)
    late = np.where(state.kind[due] == planted.MILL, 45, 10)  # Mill Street's plans are reviewed late
    state.next_plan[due] = day + 88 + rng.integers(0, late)
    for place, share in ((0, 1.0), (1, 0.45)):
        says = due[first & (rng.random(len(due)) < share * GOAL_SHARE[state.kind[due]])]
        _state_goal(state, says, place)


def _state_goal(state: State, who: np.ndarray, place: int) -> None:
    rng, n, day = state.rng, len(who), state.seen_this_week[who]
    state.goal[who, place] = state.n_goals + np.arange(n)
    state.n_goals += n
    state.ledger.add(
        "goals",
        person=who,
        day=day,
        words=rng.integers(0, len(words.GOALS), n),
        episode=state.episode[who],
        fate=rng.random(n),
    )
    state.next_rating[who] = day
    _rate(state, who, place)


def rate(state: State, who: np.ndarray) -> None:
    """About every five weeks, at a visit, people rate how close they are to their goals."""
    seen = state.seen_this_week[who]
    due = who[(state.next_rating[who] <= seen) & (seen > 0) & (state.rng.random(len(who)) < 0.75)]
    for place in range(2):
        _rate(state, due[state.goal[due, place] >= 0], place)
    state.next_rating[due] = state.seen_this_week[due] + state.rng.integers(28, 45, len(due))


def _rate(state: State, who: np.ndarray, place: int) -> None:
    rng, n = state.rng, len(who)
    gained = state.people.severity[who] - state.severity[who]
    level = 2.8 + 0.42 * gained + 0.9 * state.people.offset[who, place] + 0.8 * rng.standard_normal(n)
    state.ledger.add(
        "ratings",
        person=who,
        goal=state.goal[who, place],
        day=state.seen_this_week[who],
        rating=np.clip(np.round(level), 0, 10).astype(np.int8),
        by=np.where(rng.random(n) < 0.82, BY_PERSON, BY_STAFF),
    )


def event(state: State, who: np.ndarray, day: np.ndarray, kind: np.ndarray | int) -> None:
    """One care-plan event a row, written by the person's practitioner."""
    state.ledger.add("plans", person=who, day=day, kind=kind, staff=state.practitioner[who])


def keep_safe(state: State, week: int, who: np.ndarray) -> None:
    """After a crisis a safety plan is made or renewed at the next visit; medication changes now and then."""
    rng = state.rng
    start = state.calendar.week_start(week)
    seen = state.seen_this_week[who]
    recent = (start - state.last_crisis[who] < 14) & (seen > state.last_crisis[who])
    safe = who[recent & (rng.random(len(who)) < 0.5)]
    event(
        state,
        safe,
        state.seen_this_week[safe],
        np.where(rng.random(len(safe)) < 0.5, SAFETY_AGREED, SAFETY_UPDATED),
    )
    chance = np.where(state.kind[who] < 3, 0.012, 0.022)
    changed = who[(seen > 0) & (rng.random(len(who)) < chance)]
    event(state, changed, state.seen_this_week[changed], MEDICATION_CHANGED)
