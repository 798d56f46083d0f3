"""Referral, waiting and the first visit: who waits how long, who is lost on the way, and how support ends."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course import state as states
from tending.web.demonstration.course.state import NEVER, State
from tending.web.demonstration.setting import organisation
from tending.web.demonstration.setting.calendar import next_business_day

TRUTH = planted.PLANTED
SOURCES = (
    (-1, 0.34),
    (organisation.CLINIC, 0.25),
    (organisation.MERCY, 0.13),
    (organisation.LAKESIDE, 0.11),
    (organisation.LINE, 0.10),
    (organisation.HOMES, 0.07),
)
ROUTINE, URGENT, EMERGENCY = range(3)
ACCEPTED, WITHDRAWN, DECLINED = range(3)
COMPLETED, DROPPED_OUT, MOVED, TRANSFERRED, DIED, OTHER = range(6)


def gap_population(state: State) -> np.ndarray:
    """Whether each person belongs to the population that waits longer, at the site where it does."""
    at_site = np.array([team.site == TRUTH.gap_site for team in planted.TEAMS])[state.kind]
    return np.asarray(at_site & state.people.speaks(TRUTH.gap_language))


def refer(state: State, week: int) -> None:
    """Everyone referred this week: source, urgency, wait, and whether they reach a first visit."""
    due = (state.next_referral < state.calendar.week_start(week + 1)) & np.isin(state.phase, [0, 3])
    who = np.flatnonzero(due)
    rng, n = state.rng, len(who)
    day = next_business_day(state.next_referral[who])
    urgency = rng.choice(3, n, p=[0.80, 0.16, 0.04])
    wait = (
        np.exp(np.log(TRUTH.median_wait_days) + 0.55 * rng.standard_normal(n)) * np.array([1.0, 0.45, 0.15])[urgency]
    )
    wait += TRUTH.gap_extra_days * gap_population(state)[who] * (urgency == ROUTINE)
    wait = np.clip(wait, 0.5, 90)
    first = next_business_day(day + np.ceil(wait).astype(np.int32))
    lost = rng.random(n)
    withdrawn = lost < 0.015 + 1 - np.exp(-wait / 140)
    outcome = np.where(withdrawn, WITHDRAWN, np.where(lost > 0.97, DECLINED, ACCEPTED))
    answered = np.maximum(1, wait * rng.uniform(0.15, 0.7, n)).astype(np.int32)
    accepted = np.minimum(next_business_day(day + answered), first)
    closed = np.where(outcome == WITHDRAWN, day + np.ceil(wait * rng.uniform(0.2, 1.0, n)).astype(np.int32), accepted)
    state.ledger.add(
        "referrals",
        person=who,
        day=day,
        closed=closed,
        urgency=urgency,
        outcome=outcome,
        source=rng.choice([code for code, _ in SOURCES], n, p=[share for _, share in SOURCES]),
    )
    state.referral[who] = state.n_referrals + np.arange(n)
    state.n_referrals += n
    state.next_referral[who] = NEVER
    state.phase[who] = np.where(outcome == ACCEPTED, states.EXPECTED, states.ENDED)
    again = who[(outcome != ACCEPTED) & (rng.random(n) < 0.15)]
    state.next_referral[again] = state.calendar.week_start(week) + 7 * rng.integers(8, 40, len(again))
    kept = outcome == ACCEPTED
    _open_episodes(state, who[kept], accepted[kept], first[kept])


def _open_episodes(state: State, who: np.ndarray, accepted: np.ndarray, first: np.ndarray) -> None:
    rng, setting, team = state.rng, state.setting, state.people.team[who]
    place = rng.integers(0, setting.n_practitioners[team])
    state.practitioner[who] = setting.practitioners[team, place]
    state.episode[who] = state.n_episodes + np.arange(len(who))
    state.n_episodes += len(who)
    state.episode_start[who], state.first_day[who] = accepted, first
    state.ledger.add(
        "episodes",
        person=who,
        start=accepted,
        first=first,
        referral=state.referral[who],
        team=team,
        practitioner=state.practitioner[who],
    )


def begin(state: State, week: int) -> np.ndarray:
    """Those whose first visit falls in this week begin to be supported; returns who they are."""
    due = (state.phase == states.EXPECTED) & (state.first_day < state.calendar.week_start(week + 1))
    who = np.flatnonzero(due)
    state.phase[who] = states.SUPPORTED
    state.missed[who], state.relapse[who] = 0, 0.0
    state.seen[who] = state.episode_start[who]
    state.next_plan[who] = state.first_day[who] + state.rng.integers(14, 35, len(who))
    return who


def finish(state: State, week: int) -> None:
    """Support ends: completed, lost touch, moved, transferred or died."""
    who, rng = state.supported(), state.rng
    kind = state.kind[who]
    weeks = (state.calendar.week_start(week) - state.first_day[who]) / 7
    well = (state.severity[who] < 9) & (weeks >= 12)
    tired = np.array([28, 28, 28, 90, 70, 46])[kind]
    complete = np.array([0.05, 0.05, 0.05, 0.006, 0.010, 0.012])[kind] * well + 0.05 * (weeks > tired)
    complete = np.where(np.isin(kind, [planted.ACT, planted.BRIDGEWAY]), complete * 0.12, complete)
    missed = np.minimum(state.missed[who], 4)
    drop = TRUTH.drop_out_per_week + np.array(TRUTH.drop_out_after_missed)[missed]
    drop = drop * np.where(state.people.deprived[who], TRUTH.drop_out_deprived_ratio, 1.0)
    drop = drop * np.where(np.isin(kind, [planted.ACT, planted.BRIDGEWAY]), 0.2, 1.0)
    chances = np.stack([complete, drop, *(np.full(len(who), p) for p in (0.0010, 0.0006, 0.0001, 0.0004))])
    chances[:, state.away_until[who] > state.calendar.week_start(week)] = 0.0
    chances[:, np.isin(who, list(state.stories.values()))] = 0.0
    edges = np.cumsum(chances, axis=0)
    draw = rng.random(len(who))
    ending = draw < edges[-1]
    reason = (draw[ending] >= edges[:, ending]).sum(axis=0)
    _close(state, week, who[ending], reason)


def _close(state: State, week: int, who: np.ndarray, reason: np.ndarray) -> None:
    rng, last = state.rng, state.calendar.week_start(week) + 6
    state.ledger.add("endings", person=who, episode=state.episode[who], day=last, reason=reason)
    state.phase[who] = states.ENDED
    state.housing_slip[who] = states.LONG_AGO
    state.uses[who], state.goal[who] = False, -1
    comes_back = np.isin(reason, [COMPLETED, DROPPED_OUT]) & (rng.random(len(who)) < 0.16)
    again = who[comes_back]
    state.next_referral[again] = last + 7 * rng.integers(4, 45, len(again))
    returns_at = np.maximum(state.severity[again] + 5.0, 9.0)
    state.people.severity[again] = np.clip(returns_at + 2.5 * rng.standard_normal(len(again)), 4.0, 26.0)
