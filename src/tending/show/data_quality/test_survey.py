"""Each gap worked out from days by hand. Day 100 is today unless a test says otherwise."""

import polars as pl
import pytest

from tending.show.data_quality import survey

TODAY = 100


def episodes(*rows):
    schema = {"person_id": pl.Int64, "team_id": pl.Int64, "start_day": pl.Int32, "end_day": pl.Int32}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def firsts(*rows):
    schema = {"person_id": pl.Int64, "measure": pl.String, "first_day": pl.Int32, "last_day": pl.Int32}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def scored(*rows):
    return pl.DataFrame(list(rows), schema={"person_id": pl.Int64, "day": pl.Int32}, orient="row")


def visits(*rows):
    schema = {
        "source_key": pl.String,
        "person_id": pl.Int64,
        "team_id": pl.Int64,
        "day": pl.Int32,
        "recorded_day": pl.Int32,
    }
    return pl.DataFrame(list(rows), schema=schema, orient="row")


@pytest.mark.parametrize(
    ("start", "end", "is_open"),
    [(100, None, True), (101, None, False), (50, 100, False), (50, 101, True)],
)
def test_an_episode_is_open_from_its_first_day_until_before_its_last(start, end, is_open):
    assert survey.open_on(episodes((1, 7, start, end)), TODAY).height == int(is_open)


def test_somebody_misses_what_at_least_half_of_five_peers_have():
    open_ = survey.open_on(episodes(*((person, 7, 50, None) for person in range(1, 7))), TODAY)
    has = firsts(*((person, "PHQ-9", 60, 60) for person in (1, 2, 3)), (1, "GAD-7", 60, 60), (2, "GAD-7", 60, 60))
    missing = survey.missing_baselines(open_, has, measures=["PHQ-9", "GAD-7"], as_of=TODAY)
    assert sorted(missing.rows()) == [(4, 7, "PHQ-9", 50), (5, 7, "PHQ-9", 50), (6, 7, "PHQ-9", 50)]


def test_nobody_misses_anything_in_a_team_of_four_or_in_the_first_fourteen_days():
    few = survey.open_on(episodes(*((person, 7, 50, None) for person in range(1, 5))), TODAY)
    has = firsts(*((person, "PHQ-9", 60, 60) for person in (1, 2, 3)))
    assert survey.missing_baselines(few, has, measures=["PHQ-9"], as_of=TODAY).is_empty()
    new = episodes(*((person, 7, 50, None) for person in range(1, 6)), (6, 7, 86, None), (7, 7, 85, None))
    missing = survey.missing_baselines(
        survey.open_on(new, TODAY),
        firsts(*((p, "PHQ-9", 60, 60) for p in range(1, 6))),
        measures=["PHQ-9"],
        as_of=TODAY,
    )
    assert missing.rows() == [(7, 7, "PHQ-9", 15)]


def test_people_without_a_team_are_peers_of_one_another():
    open_ = survey.open_on(episodes(*((person, None, 50, None) for person in range(1, 7))), TODAY)
    has = firsts(*((person, "PHQ-9", 60, 60) for person in range(1, 6)))
    assert survey.missing_baselines(open_, has, measures=["PHQ-9"], as_of=TODAY).rows() == [(6, None, "PHQ-9", 50)]


def test_a_measure_is_overdue_the_day_after_it_was_due_and_one_without_rhythm_never():
    open_ = survey.open_on(episodes((1, 7, 1, None), (2, 7, 1, None), (3, 7, 1, 90)), TODAY)
    last = firsts((1, "PHQ-9", 10, 69), (2, "PHQ-9", 10, 70), (3, "PHQ-9", 10, 10), (1, "K10", 10, 10))
    due = survey.overdue(open_, last, due_every={"PHQ-9": 30, "K10": None}, as_of=TODAY)
    assert due.rows() == [(1, 7, "PHQ-9", 1)]


def test_a_visit_is_late_after_seven_days_counted_from_when_it_first_came():
    found, looked_at = survey.late_visits(
        visits(
            ("ehr:contacts:1", 1, 7, 80, 87),  # seven days: in time
            ("ehr:contacts:2", 2, 7, 80, 88),  # eight: late
            ("ehr:contacts:3", 3, 7, 80, 82),  # in time, corrected later
            ("ehr:contacts:3", 3, 7, 80, 99),
            ("ehr:contacts:4", 4, 7, 60, 75),  # before the source's first delivery: history
        ),
        first_delivery={"ehr": 75},
        as_of=TODAY,
    )
    assert found.rows() == [(2, 7, 80, 8)]
    assert looked_at.rows() == [(7, 3)]


def test_completeness_counts_first_scores_in_time_and_recent_ones_by_team_and_day():
    held = episodes((1, 7, 10, None), (2, 7, 10, None), (3, 7, 80, None), (4, 8, 10, 95), (1, 8, 20, None))
    days = scored((1, 40), (2, 41), (3, 80), (2, 99), (4, 12))
    found = {
        (row["team_id"], row["day"]): row
        for row in survey.completeness(episodes=held, scored=days, days=[90, 100]).iter_rows(named=True)
    }
    assert found[(7, 100)] == {"team_id": 7, "day": 100, "people": 3, "recent": 2, "settled": 2, "first": 1}
    assert found[(7, 90)] == {"team_id": 7, "day": 90, "people": 3, "recent": 3, "settled": 2, "first": 1}
    assert found[(8, 90)] == {"team_id": 8, "day": 90, "people": 2, "recent": 1, "settled": 2, "first": 2}
    assert found[(8, 100)]["people"] == 1


def test_nobody_at_all_is_no_row():
    assert survey.completeness(episodes=episodes(), scored=scored(), days=[100]).is_empty()
    assert survey.completeness(episodes=episodes(), scored=scored(), days=[]).is_empty()
