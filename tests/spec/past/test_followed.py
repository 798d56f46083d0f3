"""What followed the alerts: by hand on a few people, and against counting every person and day."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomestats.foresight.base_rate import base_rate, days_in
from outcomestats.foresight.spans import Spans, followed, moments, spans
from outcometables.mart import Mart, mart_schema
from outcometables.metrics.opportunities import Period
from outcometables.past import PastError, Quiet, try_on

DAY = 20_000
EVERYONE = SimpleNamespace(programmes=[], service_models=[])
CRISIS = SimpleNamespace(
    code="crisis",
    condition="crisis_contacts",
    parameters={"at_least": 1, "within_days": 10},
    cohort=EVERYONE,
)


def table(name, rows):
    """Rows by column name; what is not told is empty text, nothing or 0."""
    schema = mart_schema(name)
    blank = {pl.String: ""}
    whole = [{key: row.get(key, blank.get(dtype)) for key, dtype in schema.items()} for row in rows]
    return pl.DataFrame(whole, schema=schema, orient="row")


def episode(person, start, end=None, reason=""):
    told = {"row_id": person * 100 + start, "person_id": person, "team_id": 1, "programme": "ADULT"}
    return told | {"service_model": "X", "start_day": DAY + start, "end_day": end and DAY + end, "end_reason": reason}


def crisis(person, *days):
    return [
        {"row_id": person * 1000 + 500 + day, "person_id": person, "day": DAY + day, "kind": "POLICE"} for day in days
    ]


def a_mart(as_of, **tables):
    return Mart.from_polars({name: table(name, rows) for name, rows in tables.items()}, as_of=DAY + as_of)


def tried(mart, trigger=CRISIS, quiet=0, last=60, within=(30,)):
    period = Period(DAY, DAY + last)
    found = try_on(mart, trigger, period=period, quiet=Quiet(quiet), within_days=within)
    return found, {(each.kind, each.within_days): each for each in found.followed}


def test_what_followed_by_hand():
    """Person 1 has a crisis on days 10 and 25; person 2 on day 58; person 3 drops out on day 20; person 4 nothing."""
    mart = a_mart(
        70,
        episodes=[episode(1, -50), episode(2, -50), episode(3, -50, 20, "DROPPED_OUT"), episode(4, -50)],
        crisis=[*crisis(1, 10, 25), *crisis(2, 58)],
    )
    found, told = tried(mart)
    assert (found.alerts, found.people_alerted, found.repeats, found.standing) == (3, 2, 0, 0)
    after = told["CRISIS", 30]
    assert (after.n, after.n_open, after.n_followed, after.lead) == (2, 1, 1, ((15, 1),))  # day 58 is still open
    # On day 10 persons 2, 3 and 4 had no alert: no crisis within 30 days. On day 25 persons 2 and 4.
    assert (after.anyway.share, after.anyway.n) == (0.0, 2)
    assert (after.n_events, after.n_missed) == (1, 1)  # day 58; of days 10 and 25 the month before is not all there
    # On day 10 one of the three others drops out within 30 days; on day 25 nobody does.
    assert told["DROP_OUT", 30].anyway.share == pytest.approx((1 / 3 + 0) / 2)
    assert told["ANY", 30].n_followed == 1
    assert found.person_days == 61 * 3 + 20


def test_an_alert_of_the_first_day_is_counted_apart_and_quietens():
    mart = a_mart(70, episodes=[episode(1, -50)], crisis=crisis(1, -3, 9))
    found, _ = tried(mart, quiet=14)
    assert (found.alerts, found.repeats, found.standing) == (0, 1, 1)


def test_alerts_come_to_whoever_was_the_primary_practitioner_that_day():
    caseload = [
        {"row_id": 1, "person_id": 1, "staff_id": 7, "caseload_role": "PRIMARY", "from_day": DAY, "to_day": DAY + 20},
        {
            "row_id": 2,
            "person_id": 1,
            "staff_id": 8,
            "caseload_role": "PRIMARY",
            "from_day": DAY + 20,
            "to_day": None,
        },
        {"row_id": 3, "person_id": 1, "staff_id": 9, "caseload_role": "PEER", "from_day": DAY, "to_day": None},
    ]
    mart = a_mart(70, episodes=[episode(1, -50)], crisis=crisis(1, 20, 40), caseload=caseload)
    found, _ = tried(mart)
    assert (found.clinicians.n, found.clinicians.alerts) == (2, 2)
    assert found.clinicians.a_month == pytest.approx(2 * 365.25 / 12 / 61)
    assert found.clinicians.median_a_month == pytest.approx(2 * 365.25 / 12 / 41)  # the other held 20 days only


def test_nobody_in_care_is_no_error():
    found, told = tried(a_mart(70))
    assert found.alerts_per_100_people_a_month is None
    assert told["ANY", 30].share.share is None
    assert told["ANY", 30].missed is None
    assert told["ANY", 30].lead_days() is None


def test_a_period_the_mart_does_not_reach_is_refused():
    with pytest.raises(PastError, match="knows nothing after"):
        tried(a_mart(10), last=20)
    with pytest.raises(PastError, match="at least 1"):
        tried(a_mart(70), within=())


columns = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 15)), max_size=12)
marks = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=10)


@settings(deadline=None)
@given(care=columns, warned=columns, events=marks, days=marks, within=st.integers(1, 12))
def test_the_base_rate_is_that_of_counting_every_person_and_day(care, warned, events, days, within):
    def spread(rows):
        return {(person, day) for person, start, length in rows for day in range(start, start + length)}

    def as_spans(rows):
        person, start, length = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(3))
        return spans(person, start, start + length)

    here, excluded = spread(care), spread(warned)
    soon = {(person, day - ahead) for person, day in events for ahead in range(1, within + 1)}
    wanted = moments(*(np.array([row[at] for row in days], dtype=np.int64) for at in range(2)))
    met = of = alone = 0
    for on in wanted.day.tolist():
        others = [(p, d) for p, d in here - excluded if d == on]
        alone += not others
        of += bool(others)
        met += sum(each in soon for each in others) / len(others) if others else 0
    happened = moments(*(np.array([row[at] for row in events], dtype=np.int64) for at in range(2)))
    found, without = base_rate(
        at_risk=as_spans(care), warned=as_spans(warned), events=happened, days=wanted, within=within
    )
    assert (found.of.sum(), found.met.sum(), without) == (pytest.approx(of), pytest.approx(met), alone)
    assert days_in(as_spans(care), first=5, last=25) == sum(5 <= day <= 25 for _, day in here)


def test_spans_refuse_what_is_no_column_of_days():
    with pytest.raises(ValueError, match="whole numbers"):
        moments([1.5], [3])
    with pytest.raises(ValueError, match="same rows"):
        moments([1, 2], [3])
    with pytest.raises(ValueError, match="since 1970"):
        moments([1], [-3])
    assert Spans(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int)).person.size == 0
    with pytest.raises(ValueError, match="at least 1"):
        followed(moments([1], [3]), moments([1], [2]), within=0)
