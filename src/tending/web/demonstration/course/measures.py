"""Questionnaires: who is asked which, how often, how often they are answered, and what the answers are."""

from dataclasses import dataclass

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import NEVER, State

TRUTH = planted.PLANTED
RELIABLE_CHANGE = 6  # PHQ-9 points
ANSWERED_BY_LINK_PER_WEEK = 0.08


@dataclass(frozen=True, slots=True)
class Measure:
    """How one instrument follows a person's distress: level = start + slope * PHQ-9 points, of `top` at most.

    `n_items` 0 means the record system sends totals only. `share` is the share asked, by base team.
    """

    code: str
    n_items: int
    lowest: int
    top: int
    start: float
    slope: float
    person_sd: float
    noise: float
    every_days: int
    share: tuple[float, float, float, float, float, float]


MEASURES = (
    Measure("PHQ-9", 9, 0, 27, 0.0, 1.0, 0.0, 0.7, 17, (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
    Measure("GAD-7", 7, 0, 21, 2.5, 0.56, 2.2, 0.5, 21, (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
    Measure("WSAS", 0, 0, 40, 3.0, 1.25, 4.0, 1.6, 45, (0.60, 0.0, 0.60, 0.0, 0.0, 0.0)),
    Measure("DIALOG", 11, 11, 77, 64.0, -1.45, 5.0, 2.5, 56, (0.0, 0.0, 0.0, 0.9, 0.85, 0.0)),
    Measure("QPR-15", 15, 0, 60, 50.0, -1.35, 5.0, 2.5, 75, (0.0, 0.0, 0.0, 0.8, 0.75, 0.6)),
    Measure("PCL-5", 0, 0, 80, 12.0, 2.3, 7.0, 3.0, 24, (1.0, 1.0, 1.0, 0.0, 0.0, 1.0)),
    Measure("AUDIT-C", 3, 0, 12, 6.5, 0.05, 1.6, 0.7, 90, (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
    Measure("K10", 0, 10, 50, 13.0, 1.15, 3.0, 1.6, 40, (0.0, 0.0, 0.0, 0.0, 0.55, 0.0)),
    Measure("CORE-10", 0, 0, 40, 2.0, 1.15, 3.0, 1.6, 24, (0.0, 0.25, 0.0, 0.0, 0.0, 0.0)),
)
PHQ9, GAD7, PCL5, AUDITC = 0, 1, 5, 6
TOTALS_ONLY_TEAM = planted.CEDAR  # this team's GAD-7 arrives as totals
# How readily each PHQ-9 item is endorsed beside the others (the ninth has its own model).
PHQ9_EIGHT = 24.5  # what a level of distress is shared out of: eight items, and a little for the ninth
PHQ9_EASE = np.array([0.15, 0.25, 0.45, 0.55, 0.0, 0.2, 0.05, -0.9])


def choose(state: State, who: np.ndarray) -> None:
    """At the first visit: which questionnaires this person will be asked, all due at once."""
    kind, rng = state.kind[who], state.rng
    share = np.array([measure.share for measure in MEASURES]).T[kind]
    uses = rng.random(share.shape) < share
    uses[:, PCL5] &= state.people.trauma[who]
    uses[:, AUDITC] &= state.people.alcohol[who]
    state.uses[who] = uses
    state.next_measure[who] = np.where(uses, state.first_day[who][:, None], NEVER)
    state.measured[who] = np.nan


def ask(state: State, week: int, who: np.ndarray) -> None:
    """Ask what is due of those seen this week, and by link of a few who were not."""
    rng = state.rng
    last = state.calendar.week_start(week) + 6
    seen = state.seen_this_week[who]
    by_link = (seen < 0) & (rng.random(len(who)) < ANSWERED_BY_LINK_PER_WEEK)
    day = np.where(by_link, last - rng.integers(0, 7, len(who)), seen)
    willing = state.by_team("measure_completed")[who]
    for number, measure in enumerate(MEASURES):
        due = state.next_measure[who, number] <= day
        chance = np.where(by_link | (day == state.first_day[who]), 1.0, willing)
        given = due & (day > 0) & (rng.random(len(who)) < chance)
        asked, on = who[given], day[given]
        state.next_measure[asked, number] = on + measure.every_days - 3 + rng.integers(0, 8, len(asked))
        answer(state, number, asked, on)


def answer(state: State, number: int, who: np.ndarray, day: np.ndarray) -> None:
    """Draw and write down the answers, or the total where only totals arrive."""
    measure = MEASURES[number]
    day = day.astype(np.int32)
    if number == PHQ9:
        items = phq9_items(state, who)
        remember(state, who, day, items)
    elif measure.n_items:
        items = _items(state, measure, who, _level(state, number, who))
    else:
        total = np.clip(np.round(_level(state, number, who)), measure.lowest, measure.top)
        state.ledger.add("totals", person=who, measure=number, day=day, value=total.astype(np.int16))
        return
    totals = (number == GAD7) & (state.kind[who] == TOTALS_ONLY_TEAM)
    total = items[totals].sum(axis=1, dtype=np.int16)
    state.ledger.add("totals", person=who[totals], measure=number, day=day[totals], value=total)
    state.ledger.add(measure.code, person=who[~totals], day=day[~totals], items=items[~totals])


def _level(state: State, number: int, who: np.ndarray) -> np.ndarray:
    measure = MEASURES[number]
    level = measure.start + measure.slope * state.severity[who] + measure.person_sd * state.people.offset[who, number]
    level = level + measure.noise * state.rng.standard_normal(len(who))
    return np.asarray(np.clip(level, measure.lowest + 0.02 * measure.top, 0.985 * measure.top))


def _items(state: State, measure: Measure, who: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Items around the same mean, a little apart, rounded at random so that their sum keeps the level."""
    low = measure.lowest / measure.n_items
    high = measure.top / measure.n_items
    part = (level - measure.lowest) / (measure.top - measure.lowest)
    lean = 0.35 * state.rng.standard_normal((len(who), measure.n_items))
    mean = low + (high - low) / (1 + np.exp(-(np.log(part / (1 - part))[:, None] + lean)))
    return np.asarray(np.clip(_whole(mean, state.rng), low, high).astype(np.int8))


def _whole(mean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole answers around their means: one random start a row, so that the total strays by less than one."""
    reached = np.floor(np.cumsum(mean, axis=1) + rng.random((len(mean), 1)))
    return np.diff(reached, axis=1, prepend=0.0)


def phq9_items(state: State, who: np.ndarray) -> np.ndarray:
    """Nine items: eight follow distress, the ninth follows the person's own risk as well."""
    rng, n = state.rng, len(who)
    level = np.clip(state.severity[who] + MEASURES[PHQ9].noise * rng.standard_normal(n), 0.3, 26.5)
    part = np.clip(level / PHQ9_EIGHT, 0.01, 0.985)
    lean = PHQ9_EASE + 0.25 * rng.standard_normal((n, 8))
    mean = 3 / (1 + np.exp(-(np.log(part / (1 - part))[:, None] + lean)))
    eight = np.minimum(_whole(mean, rng), 3)
    log_odds = -4.9 + 1.6 * state.people.risk[who] + 0.2 * (level - 13) + 0.15 * state.relapse[who]
    endorsed = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    ninth = endorsed * rng.choice([1, 2, 3], n, p=[0.72, 0.21, 0.07])
    return np.column_stack([eight, ninth]).astype(np.int8)


def remember(state: State, who: np.ndarray, day: np.ndarray, items: np.ndarray) -> None:
    """Keep best and previous PHQ-9, and the day on which a watching team would have seen something."""
    total = items.sum(axis=1).astype(float)
    best, previous = state.measured[who].T
    fell, already = total - best >= RELIABLE_CHANGE, previous - best >= RELIABLE_CHANGE
    worse = (total - previous >= RELIABLE_CHANGE) | (fell & ~already)
    state.worsened[who[worse]] = day[worse]
    risky = items[:, 8] >= 1
    state.endorsed[who[risky]] = day[risky]
    state.measured[who] = np.column_stack([np.fmin(best, total), total])
