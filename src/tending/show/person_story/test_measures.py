from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tending.keep.timeline_queries import Happening
from tending.show.charts.score_chart import Occurrence
from tending.show.person_story.measures import Expected, expected, last_care, missed_runs

START = date(2026, 1, 1)


def day(n: int) -> date:
    return START + timedelta(n)


def test_a_score_is_due_once_in_each_period_from_the_first_one_on():
    assert expected([day(0), day(31), day(95)], every=30, until=day(125)) == Expected(due=4, answered=3)


def test_the_period_that_is_not_over_counts_only_once_it_has_a_score():
    assert expected([day(0)], every=30, until=day(29)) == Expected(due=1, answered=1)
    assert expected([day(0)], every=30, until=day(59)) == Expected(due=1, answered=1)
    assert expected([day(0)], every=30, until=day(60)) == Expected(due=2, answered=1)
    assert expected([day(0), day(61)], every=30, until=day(70)) == Expected(due=3, answered=2)


@given(st.lists(st.integers(0, 400), min_size=1), st.integers(1, 90), st.integers(0, 500))
def test_never_more_answered_than_due(days, every, until):
    found = expected([day(n) for n in days], every=every, until=day(until))
    assert 0 <= found.answered <= found.due


def visit(n: int, state: str) -> Happening:
    return Happening("contacts", f"C{n}{state}", day(n), state=state)


def test_a_run_of_missed_visits_ends_only_when_the_person_came():
    rows = [
        visit(1, "ATTENDED"),
        visit(3, "NO_SHOW"),
        visit(5, "CANCELLED_BY_PROVIDER"),
        visit(8, "NO_SHOW"),
        visit(9, "ATTENDED"),
        visit(12, "NO_SHOW"),
        visit(20, "BOOKED"),
    ]
    assert missed_runs(rows) == (Occurrence(day(3), day(8)), Occurrence(day(12), day(12)))


def care(n: int, until: int | None) -> Happening:
    return Happening("episodes", f"E{n}", day(n), until=None if until is None else day(until))


def test_nothing_falls_due_outside_the_period_of_care_that_began_last():
    assert last_care([], as_of=day(50)) is None
    assert last_care([care(0, 20), care(60, None)], as_of=day(50)) == (day(0), day(20))
    assert last_care([care(0, 20), care(30, None)], as_of=day(50)) == (day(30), day(50))
    assert last_care([care(0, 90)], as_of=day(50)) == (day(0), day(50))
