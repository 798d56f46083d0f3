"""What happens this Monday on the cast practitioner's caseload: one person for each thing a signal says.

Everything else is left to chance; these few are set, so that every sign-in finds something real to act on.
"""

import numpy as np

from tending.web.demonstration.course import crises, distress, measures, visits
from tending.web.demonstration.course.state import SUPPORTED, State
from tending.web.demonstration.setting.cast import CAST

WEEKS = 6
STORIES = (
    "GOALS_FALLING",
    "WORSENING_SCORE",
    "MISSED_VISITS",
    "CRISIS_TWICE",
    "HOUSING_SLIP",
    "RISK_ANSWER",
    "DISCHARGED_UNSEEN",
    "NO_CONTACT",
)
AT_RISK, SHELTER, UNSHELTERED = 1, 3, 4


def tell(state: State, week: int) -> None:
    """In the last six weeks, move each story on by one week. Called after the week has been lived."""
    left = state.calendar.n_weeks - 1 - week
    if left == WEEKS:
        _choose(state, week)
    if left >= WEEKS:
        return
    for story, person in state.stories.items():
        _TELL[story](state, np.array([person]), week, left)


def _choose(state: State, week: int) -> None:
    """The most settled people of the team, her own first; of a small provider whoever is there."""
    staff = state.setting.staff.staff_id.index(CAST[0].staff_id)
    begins = state.calendar.week_start(week)
    there = (state.phase == SUPPORTED) & (state.people.team == CAST[0].team) & (state.away_until < begins)
    who = np.flatnonzero(there & state.uses[:, measures.PHQ9])
    soon, moved, unwell = begins - state.first_day[who] <= 35, state.housing[who] != 0, state.severity[who] >= 15
    unsettled = soon.astype(int) + moved + unwell
    own = state.practitioner[who] == staff
    rated = state.goal[who, 0] >= 0
    order = np.lexsort((state.severity[who], ~rated, ~own, unsettled))
    with_goal = order[rated[order]][:1]  # the first story is about a goal
    order = who[np.concatenate([with_goal, order[~np.isin(order, with_goal)]])]
    state.stories.update(zip(STORIES if with_goal.size else STORIES[1:], order.tolist(), strict=False))
    state.practitioner[order[: len(STORIES)]] = staff
    state.ledger.add("moved", person=order[: len(STORIES)], episode=state.episode[order[: len(STORIES)]], to=staff)


def _friday(state: State, week: int, *, before: int = 0) -> np.ndarray:
    """The last business day of the week, or the one before it."""
    offset = state.calendar.business_offsets()[-1 - before]
    return np.array([state.calendar.week_start(week) + offset], dtype=np.int32)


def _worsening(state: State, who: np.ndarray, week: int, left: int) -> None:
    state.next_measure[who, measures.PHQ9] = state.calendar.today
    if left in (2, 0):
        state.severity[who] = 7.5 if left else 18.5
        visits.keep(state, who, _friday(state, week), slot=1, kind=visits.THERAPY, status=visits.ATTENDED)
        measures.answer(state, measures.PHQ9, who, _friday(state, week))


def _missed(state: State, who: np.ndarray, week: int, left: int) -> None:
    state.paused[who] = left < 3
    if left == 2:  # whatever was missed before has had its review; two in a row are news again
        visits.keep(state, who, _friday(state, week), slot=1, kind=visits.THERAPY, status=visits.ATTENDED)
    if left < 2:
        visits.keep(state, who, _friday(state, week) - 2, slot=1, kind=visits.THERAPY, status=visits.NO_SHOW)


def _crisis_twice(state: State, who: np.ndarray, week: int, left: int) -> None:
    if left == 0:  # both this week: a first one weeks ago may have met another, and its review be over
        days = state.calendar.week_start(week) + np.array([2, 4])
        crises.record(state, who.repeat(2), days, may_stay=False)


def _housing_slip(state: State, who: np.ndarray, week: int, left: int) -> None:
    if left in (5, 0):  # further apart than the quiet period, so that the second step is news
        after = np.where(left, AT_RISK, np.maximum(SHELTER, state.housing[who] % 5 + 1)).astype(np.int8)
        distress.record_home(state, who, _friday(state, week), np.minimum(after, UNSHELTERED))


def _risk_answer(state: State, who: np.ndarray, week: int, left: int) -> None:
    if left == 0:
        visits.keep(state, who, _friday(state, week), slot=1, kind=visits.THERAPY, status=visits.ATTENDED)
        items = measures.phq9_items(state, who)
        items[:, 8] = 2
        state.ledger.add("PHQ-9", person=who, day=_friday(state, week), items=items)


def _discharged_unseen(state: State, who: np.ndarray, week: int, left: int) -> None:
    state.paused[who] = left < 3
    if left == 2:
        crises.record_stay(
            state,
            who,
            np.array([state.calendar.today - 15], dtype=np.int32),
            nights=np.array([6], dtype=np.int32),
            hours=np.array([150.0]),
            hospital=np.array([crises.TRUTH.late_hospital]),
            kind=np.array([crises.PSYCHIATRIC]),
        )


def _no_contact(state: State, who: np.ndarray, week: int, left: int) -> None:
    state.paused[who] = True
    if left in (4, 2):
        status = visits.ATTENDED if left == 4 else visits.BY_PERSON
        visits.keep(state, who, _friday(state, week, before=1), slot=1, kind=visits.THERAPY, status=status)


def _goals_falling(state: State, who: np.ndarray, week: int, left: int) -> None:
    rating = {5: 8, 3: 8, 1: 7, 0: 4}.get(left)  # twice down only this week: an earlier review would be over by now
    state.next_rating[who] = state.calendar.today
    if rating is not None and state.goal[who[0], 0] >= 0:
        day = _friday(state, week) - 1
        state.ledger.add("ratings", person=who, goal=state.goal[who, 0], day=day, rating=rating, by=0)


_TELL = {
    "GOALS_FALLING": _goals_falling,
    "WORSENING_SCORE": _worsening,
    "MISSED_VISITS": _missed,
    "CRISIS_TWICE": _crisis_twice,
    "HOUSING_SLIP": _housing_slip,
    "RISK_ANSWER": _risk_answer,
    "DISCHARGED_UNSEEN": _discharged_unseen,
    "NO_CONTACT": _no_contact,
}
