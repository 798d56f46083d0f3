"""Visits: planned, kept, missed or cancelled, by whom and when; and what missing them does."""

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import EXPECTED, SUPPORTED, State
from tending.web.demonstration.setting.calendar import next_business_day, weekday

TRUTH = planted.PLANTED
KINDS = (
    "ASSESSMENT",
    "THERAPY",
    "MEDICATION",
    "CARE_COORDINATION",
    "PEER_SUPPORT",
    "OUTREACH",
    "GROUP",
    "OTHER",
)
ASSESSMENT, THERAPY, MEDICATION, COORDINATION, PEER, OUTREACH, GROUP, OTHER = range(8)
STATUSES = ("BOOKED", "ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER")
BOOKED, ATTENDED, NO_SHOW, BY_PERSON, BY_PROVIDER = range(5)
MEDIA = ("IN_PERSON", "HOME", "VIDEO", "PHONE", "TEXT")
CALLED_OFF = (0.05, 0.05, 0.05, 0.012, 0.025, 0.05)  # by the person, by base team
MINUTES = np.array([60, 50, 25, 30, 40, 30, 75, 30])

# By base team: chance of a main visit a week early (first ten weeks) and later, of a second, of a third.
EARLY = np.array([0.88, 0.88, 0.85, 0.97, 0.88, 0.90])
LATER = np.array([0.92, 0.92, 0.90, 0.97, 0.92, 0.94])  # in alternate weeks
BETWEEN = np.array([0.10, 0.08, 0.08, 0.93, 0.42, 0.35])  # in the weeks between
SECOND = np.array([0.12, 0.12, 0.16, 0.75, 0.35, 0.30])
THIRD = np.array([0.0, 0.0, 0.0, 0.40, 0.05, 0.05])
# What the main visit is, and what the others are, by base team: columns as KINDS.
MAIN_KIND = np.array(
    [
        *[[0, 0.84, 0.14, 0, 0, 0, 0, 0.02]] * 3,
        [0, 0.25, 0.25, 0.10, 0, 0.40, 0, 0],
        [0, 0.35, 0.20, 0.25, 0, 0.18, 0, 0.02],
        [0, 0.76, 0.12, 0, 0, 0.08, 0, 0.04],
    ]
)
OTHER_KIND = np.array(
    [
        *[[0, 0, 0, 0.35, 0.25, 0.05, 0.35, 0]] * 3,
        [0, 0, 0, 0.40, 0.35, 0.20, 0.05, 0],
        [0, 0, 0, 0.45, 0.35, 0.08, 0.12, 0],
        [0, 0, 0, 0.25, 0.35, 0.05, 0.35, 0],
    ]
)


def plan(state: State, week: int, who: np.ndarray, *, slot: int) -> tuple[np.ndarray, np.ndarray]:
    """Who has this slot's visit this week, and on which day. Nobody is booked while away."""
    rng, kind = state.rng, state.kind[who]
    start = state.calendar.week_start(week)
    weeks = (start - state.first_day[who]) // 7
    later = np.where((week + who) % 2 == 0, LATER[kind], BETWEEN[kind])
    chance = (np.where(weeks < 10, EARLY[kind], later), SECOND[kind], THIRD[kind])[slot]
    first_week = (state.first_day[who] >= start) & (slot == 0)
    chance = np.where(first_week, 1.0, chance) * ((weeks >= 0) | first_week)
    going = (rng.random(len(who)) < chance) & ~state.paused[who]
    offsets = state.calendar.business_offsets()
    place = (state.people.birth_day[who] + 2 * slot + (rng.random(len(who)) < 0.25)) % 5
    day = np.where(first_week, state.first_day[who], start + offsets[place])
    going &= (day >= state.first_day[who]) & (day > state.away_until[who])
    return who[going], day[going]


def missing_log_odds(state: State, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Log odds that a planned visit is missed."""
    base = state.by_team("no_show")[who]
    odds = np.log(base / (1 - base)) - 0.35 + state.people.engagement[who] + 0.5 * state.unstable(who)
    odds = odds + 0.04 * (state.severity[who] - 12) + 0.45 * np.minimum(state.missed[who], 2)
    worked = (state.kind[who] == TRUTH.worked_team) & (day >= state.calendar.today - TRUTH.worked_days_ago)
    idle = (state.kind[who] == TRUTH.idle_team) & (day >= state.calendar.today - TRUTH.idle_days_ago)
    odds = odds + worked * np.log(TRUTH.worked_no_show_odds_ratio)
    return np.asarray(odds + idle * np.log(TRUTH.idle_no_show_odds_ratio))


def hold(state: State, week: int, who: np.ndarray) -> None:
    """This week's visits in all three slots, the first visit after a discharge, and who was seen."""
    state.seen_this_week[who] = -(2**30)
    for slot in range(3):
        going, day = plan(state, week, who, slot=slot)
        keep(state, going, day, slot=slot)
    home = who[~state.paused[who] & np.isin(state.away_until[who], state.calendar.week_start(week) + np.arange(7))]
    call = home[state.rng.random(len(home)) < 0.85]
    day = next_business_day(state.away_until[call] + 1)
    keep(state, call, np.maximum(day, state.discharged[call] + 1), slot=1, kind=OUTREACH)


def keep(
    state: State,
    who: np.ndarray,
    day: np.ndarray,
    *,
    slot: int,
    kind: int | None = None,
    status: int | None = None,
) -> None:
    """Draw what became of each visit, write it down and remember it."""
    rng, n = state.rng, len(who)
    odds = missing_log_odds(state, who, day) - (0.6 if slot else 0.0)
    drawn = np.where(rng.random(n) < 1 / (1 + np.exp(-odds)), NO_SHOW, ATTENDED)
    other = rng.random(n)
    calls_off = np.array(CALLED_OFF)[state.kind[who]]
    drawn = np.where(other < calls_off, BY_PERSON, np.where(other > 0.977, BY_PROVIDER, drawn))
    became = drawn if status is None else np.full(n, status)
    what = _kinds(state, who, day, slot) if kind is None else np.full(n, kind)
    became = np.where((what == OUTREACH) & (became == NO_SHOW) & (other < 0.5), ATTENDED, became)
    became = np.where(day >= state.calendar.today, BOOKED, became)
    write(state, who, day, what=what, status=became)
    seen, lost = became == ATTENDED, became == NO_SHOW
    state.missed[who[lost]] = np.minimum(state.missed[who[lost]] + 1, 9)
    state.missed[who[seen]] = 0
    state.seen[who[seen]] = np.maximum(state.seen[who[seen]], day[seen])
    state.seen_this_week[who[seen]] = day[seen]
    soon = (day > state.discharged[who]) & (day <= state.discharged[who] + 7)
    state.followed_up[who[seen & soon]] = True


def write(state: State, who: np.ndarray, day: np.ndarray, *, what: np.ndarray, status: np.ndarray | int) -> None:
    """One row a visit, with hour, minutes, medium and the colleague who holds it."""
    rng, n, kind = state.rng, len(who), state.kind[who]
    hour = 510 + 15 * ((state.people.birth_day[who] * 7 + rng.integers(0, 6, n)) % 33)
    evening = (kind == TRUTH.idle_team) & (day >= state.calendar.today - TRUTH.idle_days_ago)
    evening &= np.isin(weekday(day), [1, 3]) & (rng.random(n) < 0.35)
    on_foot = np.isin(kind, [planted.ACT, planted.BRIDGEWAY]) | (what == OUTREACH)
    draw = rng.random(n)
    medium = np.where(draw < 0.72, 0, np.where(draw < 0.90, 2, 3))
    medium = np.where(
        on_foot, np.where(draw < 0.30, 0, np.where(draw < 0.78, 1, np.where(draw < 0.95, 3, 4))), medium
    )
    state.ledger.add(
        "contacts",
        person=who,
        day=day.astype(np.int32),
        what=what.astype(np.int8),
        status=status,
        minute=np.where(evening, 1020 + 15 * rng.integers(0, 9, n), hour).astype(np.int16),
        medium=np.where(what == GROUP, 0, medium).astype(np.int8),
        staff=_staff(state, who, what),
        minutes=(MINUTES[what] - 5 * (draw > 0.8)).astype(np.int16),
        team=state.people.team[who].astype(np.int32),
    )


def _kinds(state: State, who: np.ndarray, day: np.ndarray, slot: int) -> np.ndarray:
    table = (MAIN_KIND if slot == 0 else OTHER_KIND)[state.kind[who]]
    drawn = (state.rng.random(len(who))[:, None] >= np.cumsum(table, axis=1)).sum(axis=1)
    first = (day == state.first_day[who]) & (slot == 0)
    return np.where(first, ASSESSMENT, np.minimum(drawn, OTHER))


def _staff(state: State, who: np.ndarray, what: np.ndarray) -> np.ndarray:
    team = state.people.team[who]
    staff = np.where(
        np.isin(what, [COORDINATION, OUTREACH]), state.setting.coordinator[team], state.practitioner[who]
    )
    return np.asarray(np.where(np.isin(what, [PEER, GROUP]), state.setting.peer[team], staff).astype(np.int32))


def book_ahead(state: State, weeks: tuple[int, ...]) -> None:
    """The next fortnight's visits, from today on, not yet held."""
    state.paused[:] = False
    for week in weeks:
        expected = (state.phase == EXPECTED) & (state.episode_start <= state.calendar.today)
        expected &= state.calendar.week_of(state.first_day) == week
        who = np.flatnonzero((state.phase == SUPPORTED) | expected)
        for slot in range(2):
            going, day = plan(state, week, who, slot=slot)
            # A story still stands when someone looks at it later today.
            later = (day > state.calendar.today) | ~np.isin(going, list(state.stories.values()))
            going, day = going[later], day[later]
            write(state, going, day, what=_kinds(state, going, day, slot), status=BOOKED)
