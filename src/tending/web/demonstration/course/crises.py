"""Crises and hospital stays: who reaches one, which hospital, and when the provider hears of it."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State
from tending.web.demonstration.setting import organisation

TRUTH = planted.PLANTED
CRISIS_LINE, MOBILE_CRISIS, WALK_IN, EMERGENCY_DEPARTMENT, POLICE = range(5)
STAYED_HOME, SAFETY_PLANNED, REFERRED, TAKEN_TO_HOSPITAL = range(4)
PSYCHIATRIC, MEDICAL, DETOX = range(3)
NEVER_HEARD = -1.0
NEVER_HEARD_BACK_AFTER_DAYS = 14  # the person is back at a visit although no notice ever came


def hazard(state: State, week: int, who: np.ndarray) -> np.ndarray:
    """Chance of a crisis this week: the team's base, times what is known to come before one."""
    start = state.calendar.week_start(week)
    rate = state.by_team("crisis_per_week")[who] * np.exp(
        TRUTH.crisis_per_distress_point * (state.severity[who] - 12)
    )
    in_relapse = state.relapse[who] > TRUTH.relapse_counts_above
    rate = rate * TRUTH.crisis_per_risk_sd ** state.people.risk[who]
    rate = rate * np.where(in_relapse, TRUTH.crisis_in_relapse, 1.0)
    rate = rate * np.where(state.unstable(who), TRUTH.crisis_unstable_housing, 1.0)
    rate = rate * np.where(start - state.housing_slip[who] < 42, TRUTH.crisis_recent_housing_slip, 1.0)
    rate = rate * np.where(start - state.last_crisis[who] < 35, TRUTH.crisis_recent_crisis, 1.0)
    rate = rate * np.where(state.missed[who] >= 2, TRUTH.crisis_missed_twice, 1.0)
    rate = rate * np.where(start - state.last_response[who] < 28, TRUTH.crisis_after_response, 1.0)
    home_from_hospital = start - state.discharged[who] < 35
    rate = rate * np.where(home_from_hospital, TRUTH.after_discharge_hazard_ratio, 1.0)
    rate = rate * np.where(home_from_hospital & state.followed_up[who], TRUTH.follow_up_hazard_ratio, 1.0)
    rate = rate * (state.away_until[who] <= start + 3)
    return np.asarray(1.0 - np.exp(-np.minimum(rate, 0.6)))


def reach(state: State, week: int, who: np.ndarray) -> None:
    """This week's crises, and the stays that follow some of them."""
    rng = state.rng
    hit = who[rng.random(len(who)) < hazard(state, week, who)]
    hit = np.concatenate([hit, hit[rng.random(len(hit)) < 0.12]])
    day = state.calendar.week_start(week) + rng.integers(0, 7, len(hit))
    at_home = day > state.away_until[hit]
    record(state, hit[at_home], day[at_home])


def record(state: State, who: np.ndarray, day: np.ndarray, *, may_stay: bool = True) -> None:
    """Write crises down; about one in six leads to a hospital stay."""
    rng, n = state.rng, len(who)
    kind = rng.choice(5, n, p=[0.42, 0.18, 0.13, 0.20, 0.07])
    stays = may_stay & (rng.random(n) < np.array([0.14, 0.38, 0.22, 0.60, 0.34])[kind])
    nth = np.unique(who, return_index=True)[1]
    first_of_person = np.zeros(n, dtype=bool)
    first_of_person[nth] = True
    stays &= first_of_person
    hospital = _hospital(state, who)
    where = np.array([organisation.LINE, organisation.LINE, -1, -2, -1])[kind]
    state.ledger.add(
        "crises",
        person=who,
        day=day,
        minute=rng.integers(0, 1440, n),
        kind=kind,
        organisation=np.where(where == -2, hospital, where),
        outcome=np.where(stays, TAKEN_TO_HOSPITAL, rng.choice(3, n, p=[0.55, 0.25, 0.20])),
    )
    state.last_crisis[who] = day
    admit(state, who[stays], day[stays], hospital[stays])


def _hospital(state: State, who: np.ndarray) -> np.ndarray:
    """Mill Street's people mostly live nearer Lakeside; everyone may be taken to either."""
    near_lakeside = np.isin(state.kind[who], [planted.MILL, planted.ACT])
    lakeside = state.rng.random(len(who)) < np.where(near_lakeside, 0.6, 0.35)
    return np.where(lakeside, TRUTH.late_hospital, organisation.MERCY)


def admit(state: State, who: np.ndarray, day: np.ndarray, hospital: np.ndarray) -> None:
    """A stay begins: how long it will last, and how long until the provider hears that it is over."""
    rng, n = state.rng, len(who)
    nights = np.clip(np.round(2 + np.exp(np.log(5.5) + 0.6 * rng.standard_normal(n))), 2, 60).astype(np.int32)
    late = hospital == TRUTH.late_hospital
    typical = np.where(late, TRUTH.late_notice_hours, TRUTH.prompt_notice_hours)
    hours = typical * np.exp(np.where(late, 0.45, 0.7) * rng.standard_normal(n))
    hours = np.where(rng.random(n) < TRUTH.never_notified, NEVER_HEARD, hours)
    kind = rng.choice(3, n, p=[0.86, 0.05, 0.09])
    record_stay(state, who, day, nights=nights, hours=hours, hospital=hospital, kind=kind)


def record_stay(
    state: State,
    who: np.ndarray,
    day: np.ndarray,
    *,
    nights: np.ndarray,
    hours: np.ndarray,
    hospital: np.ndarray,
    kind: np.ndarray,
) -> None:
    """Write a stay down. Regular visits stop until the provider hears that the person is home."""
    rng, n, home = state.rng, len(who), day + nights
    heard = np.where(hours == NEVER_HEARD, NEVER_HEARD_BACK_AFTER_DAYS, np.ceil(hours / 24)).astype(np.int32)
    state.ledger.add(
        "stays",
        person=who,
        day=day,
        minute=rng.integers(0, 1440, n),
        nights=nights,
        leaves=rng.integers(9 * 60, 17 * 60, n),
        hours=hours,
        organisation=hospital,
        kind=kind,
        destination=rng.choice(5, n, p=[0.85, 0.06, 0.05, 0.03, 0.01]),
    )
    state.away_until[who], state.discharged[who] = home + heard, home
    state.followed_up[who] = False
    state.missed[who] = 0
    state.relapse[who] *= 0.4
