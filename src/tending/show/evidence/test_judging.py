"""Worked cases of every rule, and what must hold whatever the rows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tending.notice.evidence_queries import AnchorScore, SignalRow
from tending.review.evidence_queries import ActionRow, Answer, answer
from tending.show.evidence import figures, judging
from tending.show.evidence.judging import Chain, Done, Followed, Response, Scored, Window

NOTICED = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = NOTICED + timedelta(hours=24)
DAY = NOTICED.date()


def hours(n: float) -> datetime:
    return NOTICED + timedelta(hours=n)


@pytest.mark.parametrize(
    ("begun", "now", "verdict"),
    [
        (hours(2), hours(100), Response.IN_TIME),
        (DUE, hours(100), Response.IN_TIME),  # at the deadline is in time
        (DUE + timedelta(seconds=1), hours(100), Response.LATE),
        (None, hours(100), Response.OVERDUE),
        (None, DUE, Response.WAITING),  # until the deadline there is no verdict
        (None, hours(1), Response.WAITING),
        (hours(50), hours(10), Response.WAITING),  # asked as of an earlier moment
    ],
)
def test_a_signal_is_answered_in_time_late_or_not_yet(begun, now, verdict):
    assert judging.response(noticed_at=NOTICED, respond_by=DUE, begun_at=begun, now=now) is verdict


ORDER = [Response.IN_TIME, Response.LATE]


@given(st.floats(0, 200), st.floats(0, 200), st.floats(200, 400))
def test_beginning_later_never_makes_an_answer_more_timely(one, other, now):
    earlier, later = sorted((one, other))
    verdicts = [
        judging.response(noticed_at=NOTICED, respond_by=DUE, begun_at=hours(n), now=hours(now))
        for n in (earlier, later)
    ]
    assert ORDER.index(verdicts[0]) <= ORDER.index(verdicts[1])
    assert judging.hours_until(NOTICED, hours(earlier)) <= judging.hours_until(NOTICED, hours(later))


@pytest.mark.parametrize(("after", "expected"), [(0, 0), (0.01, 1), (1, 1), (1.01, 2), (24, 24), (24.5, 25)])
def test_hours_are_rounded_up(after, expected):
    assert judging.hours_until(NOTICED, hours(after)) == expected


def an_action(**changes) -> ActionRow:
    made = ActionRow(1, 1, "SAFETY_PLAN", NOTICED, DUE, DUE, "OPEN", None, 0)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        (an_action(), Done.OVERDUE),
        (an_action(first_due_at=hours(200)), Done.NOT_DUE),
        (an_action(state="DONE", ended_at=DUE), Done.IN_TIME),
        (an_action(state="DONE", ended_at=hours(25)), Done.LATE),
        # The deadline was put off and then kept: still late by the deadline that was agreed first.
        (an_action(state="DONE", ended_at=hours(30), due_at=hours(48), moved=1), Done.LATE),
        (an_action(due_at=hours(400), moved=1), Done.OVERDUE),
        (an_action(state="DECLINED", ended_at=hours(1)), Done.DECLINED),
    ],
)
def test_an_action_is_judged_by_its_first_deadline(action, verdict):
    assert judging.done(action, now=hours(100)) is verdict


def day(n: int) -> date:
    return DAY + timedelta(n)


@pytest.mark.parametrize(
    ("days", "today", "left", "verdict"),
    [
        ([], 31, None, Followed.NO),
        ([0], 31, None, Followed.NO),  # the day of the signal may be what raised it
        ([1], 31, None, Followed.YES),
        ([30], 31, None, Followed.YES),
        ([31], 32, None, Followed.NO),
        ([5], 30, None, Followed.OPEN),  # the last day of the window is not over
        ([], 31, 12, Followed.LEFT),
        ([5], 31, 12, Followed.YES),
        ([], 31, 30, Followed.NO),  # seen to the end
    ],
)
def test_what_followed_is_counted_from_the_day_after_to_the_thirtieth(days, today, left, verdict):
    found = judging.followed(
        [day(n) for n in days],
        noticed=DAY,
        within=30,
        today=day(today),
        left=None if left is None else day(left),
    )
    assert found is verdict


@pytest.mark.parametrize(
    ("later", "today", "verdict"),
    [
        ([], 31, Scored.NOT_MEASURED),
        ([(0, 5)], 31, Scored.NOT_MEASURED),  # the same day is the score that raised it
        ([(10, 14)], 31, Scored.BETTER),  # 20 to 14: 6 points is enough
        ([(10, 15)], 31, Scored.SAME),
        ([(10, 26)], 31, Scored.WORSE),
        ([(5, 5), (20, 21)], 31, Scored.SAME),  # the last of the window counts
        ([(5, 5), (31, 21)], 32, Scored.BETTER),
        ([(10, 14)], 30, Scored.OPEN),
    ],
)
def test_a_score_is_compared_with_the_one_that_raised_the_signal(later, today, verdict):
    rows = [(day(n), float(value)) for n, value in later]
    anchor = AnchorScore("PHQ-9", DAY, 20.0)
    found = judging.scored(anchor, rows, sign=1, points=6, noticed=DAY, within=30, today=day(today))
    assert found is verdict


def test_where_higher_is_better_more_is_better():
    anchor = AnchorScore("QPR-15", DAY, 20.0)
    rows = [(day(9), 40.0)]
    found = judging.scored(anchor, rows, sign=-1, points=6, noticed=DAY, within=30, today=day(31))
    assert found is Scored.BETTER


def test_the_median_and_the_eightieth_part_come_from_counts_by_hour():
    counts = {1: 3, 4: 1, 30: 1}
    assert judging.share_within(counts, 0.5) == 1
    assert judging.share_within(counts, 0.8) == 4
    assert judging.share_within(counts, 0.81) == 30
    assert judging.share_within({}, 0.5) is None


@given(st.lists(st.integers(0, 300), min_size=1), st.sampled_from([0.5, 0.8, 1.0]))
def test_the_share_within_is_the_first_hour_that_holds_enough(values, part):
    counts = {value: values.count(value) for value in values}
    found = judging.share_within(counts, part)
    assert sum(1 for value in values if value <= found) >= part * len(values) - 1e-9
    assert sum(1 for value in values if value < found) < part * len(values)


def test_care_that_goes_on_or_is_unknown_is_not_left():
    assert judging.last_day([(day(-50), day(10))], after=DAY) == day(10)
    assert judging.last_day([(day(-50), day(10)), (day(12), None)], after=DAY) is None
    assert judging.last_day([(day(-50), day(10)), (day(11), day(40))], after=DAY) == day(40)
    assert judging.last_day([], after=DAY) is None


def states(*rows: tuple[str, float]):
    return [(state, hours(n)) for state, n in rows]


def test_a_signal_that_opens_a_review_is_answered_when_somebody_begins():
    found = answer(
        1, 1, NOTICED, states(("OPENED", 0), ("OPENED", 3), ("UNDER_WAY", 5), ("ACTING", 6), ("CLOSED", 90))
    )
    assert (found.begun_at, found.joined, found.closed_at) == (hours(5), False, hours(90))


def test_a_signal_that_joins_a_review_under_way_is_looked_at_from_its_first_second():
    found = answer(1, 1, hours(10), states(("OPENED", 0), ("UNDER_WAY", 5), ("ACTING", 20)))
    assert (found.begun_at, found.joined) == (hours(10), True)


def test_a_more_pressing_signal_that_sets_the_review_back_waits_for_a_new_beginning():
    rows = states(("OPENED", 0), ("UNDER_WAY", 5), ("OPENED", 10), ("UNDER_WAY", 12))
    found = answer(1, 1, hours(10), rows)
    assert (found.begun_at, found.joined) == (hours(12), False)
    assert answer(1, 1, hours(10), rows[:3]).begun_at is None


windows = st.builds(
    Window,
    crisis=st.sampled_from(Followed),
    stay=st.sampled_from(Followed),
    score=st.one_of(st.none(), st.sampled_from(Scored)),
)
chains = st.lists(
    st.builds(
        Chain,
        signal=st.builds(
            SignalRow,
            id=st.integers(1),
            trigger=st.sampled_from("abc"),
            version=st.just(1),
            severity=st.sampled_from(["URGENT", "HIGH"]),
            person_id=st.integers(1, 9),
            team_id=st.none(),
            noticed_at=st.just(NOTICED),
            respond_by=st.just(DUE),
            repeat_of=st.none(),
        ),
        answer=st.one_of(st.none(), st.just(Answer(1, 1, None, False, None))),
        response=st.sampled_from(Response),
        hours=st.one_of(st.none(), st.integers(0, 100)),
        escalations=st.integers(0, 2),
        windows=st.fixed_dictionaries({30: windows, 90: windows}),
    )
)


@given(chains)
def test_the_parts_of_every_figure_sum_to_the_whole_and_each_opens_to_as_many_records(rows):
    made = [figures.reviewed(rows)]
    for within in (30, 90):
        made += [figures.followed(rows, what=what, within=within) for what in ("crisis", "stay")]
    for figure in made:
        assert figure.whole == len(rows)
        for part in figure.parts:
            assert part.number == sum(1 for chain in rows if figures.RULES[part.code](chain))
    for within in (30, 90):
        figure = figures.scored(rows, within=within)
        assert figure.whole == sum(1 for chain in rows if chain.windows[within].score is not None)
        assert all(part.number == sum(map(figures.RULES[part.code], rows)) for part in figure.parts)
        made.append(figure)
    for figure in made:
        assert 0 <= figure.counted <= figure.judged <= figure.whole


@given(chains)
def test_groups_split_the_whole(rows):
    for by in (lambda chain: chain.signal.trigger, lambda chain: chain.signal.severity):
        groups = figures.grouped(rows, by)
        assert sum(group.signals for group in groups) == len(rows)
        assert sum(group.reviewed.counted for group in groups) == figures.reviewed(rows).counted
