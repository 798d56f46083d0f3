"""The weeks, one after the other: the whole course of everybody, readable in one place."""

import numpy as np

from tending.web.demonstration.course import (
    access,
    crises,
    distress,
    measures,
    plans,
    response,
    stories,
    visits,
)
from tending.web.demonstration.course.ledger import Ledger
from tending.web.demonstration.course.state import State
from tending.web.demonstration.setting.calendar import Calendar
from tending.web.demonstration.setting.organisation import Organisation
from tending.web.demonstration.setting.people import People


def simulate(*, people: People, setting: Organisation, calendar: Calendar, rng: np.random.Generator) -> State:
    """Live every week up to yesterday, then book the fortnight that begins today."""
    state = State(people=people, setting=setting, calendar=calendar, rng=rng, ledger=Ledger())
    for week in range(calendar.n_weeks):
        access.refer(state, week)
        began = access.begin(state, week)
        distress.settle(state, began)
        measures.choose(state, began)
        _live(state, week)
        stories.tell(state, week)
        access.finish(state, week)
    visits.book_ahead(state, (calendar.n_weeks, calendar.n_weeks + 1))
    return state


def _live(state: State, week: int) -> None:
    who = state.supported()
    distress.move_home(state, week, who)
    distress.ease(state, week, who)
    crises.reach(state, week, who)
    visits.hold(state, week, who)
    measures.ask(state, week, who)
    plans.agree(state, who)
    plans.rate(state, who)
    plans.keep_safe(state, week, who)
    response.respond(state, week, who)
