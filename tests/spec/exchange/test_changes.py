"""Which change is summed, with whom and what beside it; the same on every engine."""

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from tests.support.engines import filled

from outcometables.exchange import COVARIATES, cells_of, changes
from outcometables.mart import Mart
from outcometables.metrics.opportunities import Period

DAY = 20_000
PERIOD = Period(DAY, DAY + 100)
BORN = [19_801_005, 19_801_004, None, 19_900_101, 19_900_101, 19_900_101]
PEOPLE = {"person_id": [1, 2, 3, 4, 5, 6], "birth_ymd": BORN,
          "sex": ["FEMALE", "MALE", "UNKNOWN", "FEMALE", "FEMALE", "FEMALE"],
          "language": ["es", "en", "NOT_ASKED", "en", "en", "en"],
          "payer": ["MEDICAID", "NONE", "", "OTHER", "OTHER", "OTHER"],
          "deprivation_quintile": ["1", "5", "DECLINED", "3", "2", "4"]}  # fmt: skip
# person, team, start, end
EPISODES = [
    (1, 7, 0, None), (2, 7, 0, 50), (3, 8, 10, None), (4, 8, 0, None), (5, 8, -200, None), (6, 8, 0, 20),
    (6, 9, 40, None),
]  # fmt: skip
# person, staff, from, to
CASELOAD = [
    (1, 70, -10, 3),
    (1, 71, 3, None),
    (1, 72, 3, None),
    (2, 70, 10, None),
    (3, 80, 0, None),
    (6, 90, 0, None),
]
# person, day, hundredths
SCORES = [
    (1, -14, 2000), (1, -15, 2700), (1, 3, 1800), (1, 40, 1000), (1, 40, 1100),  # of two on a day the last entered
    (2, 0, 1500), (2, 30, 900), (2, 50, 100),  # on the day it ended it was over
    (3, 12, 1000), (3, 50, 1200),
    (4, 1, 1000), (4, 28, 500),  # a day too soon
    (5, -190, 2000), (5, 60, 300),  # begun before the period
    (6, 1, 1000), (6, 10, 500), (6, 41, 800), (6, 90, 300),  # only the second episode has two scores far apart
]  # fmt: skip


def tables():
    scores = pl.DataFrame(SCORES, schema=["person_id", "day", "hundredths"], orient="row").sort("person_id", "day")
    scores = scores.with_row_index("row_id").with_columns(
        pl.col("day") + DAY, measure=pl.lit("PHQ-9"), ordinal=pl.int_range(pl.len()).over("person_id")
    )
    episodes = pl.DataFrame(EPISODES, schema=["person_id", "team_id", "start_day", "end_day"], orient="row")
    caseload = pl.DataFrame(CASELOAD, schema=["person_id", "staff_id", "from_day", "to_day"], orient="row")
    return {
        "people": pl.DataFrame(PEOPLE),
        "scores": scores,
        "episodes": episodes.with_row_index("row_id").with_columns(pl.col("start_day", "end_day") + DAY),
        "caseload": caseload.with_row_index("row_id").with_columns(
            pl.col("from_day", "to_day") + DAY, caseload_role=pl.lit("PRIMARY")
        ),
        "calendar": pl.DataFrame({"day": range(DAY - 20, DAY + 200), "ymd": [20_241_004] * 220}),
    }


def found(mart, **given):
    rows = changes(mart, measure="PHQ-9", period=PERIOD, as_of=mart.as_of, **given)
    return nw.to_native(rows.collect(backend="polars")).sort("team_id", "staff_id")


def a_mart():
    return Mart.from_polars(filled(tables()), as_of=DAY + 150)


def test_worked_cases():
    columns = ["team_id", "staff_id", "change", *COVARIATES]
    assert [tuple(row[name] for name in columns) for row in found(a_mart()).iter_rows(named=True)] == [
        # From day 0 of the period on, person 2 had nobody yet on the day of the first score.
        (7, 0, -600, 1500, 44, 0, 0, 0, 0),
        (8, 80, 200, 1000, -1, -1, -1, -1, -1),
        (9, 90, -500, 800, 34, 1, 0, 0, 0),
    ]


def test_a_first_score_before_the_period_is_another_periods():
    """Person 1's first score lies fourteen days before the episode, and so before the period."""
    mart = a_mart()
    earlier = changes(mart, measure="PHQ-9", period=Period(DAY - 14, DAY + 100), as_of=mart.as_of)
    first = nw.to_native(earlier.collect(backend="polars")).filter(pl.col("team_id") == 7).sort("change")
    assert first.select("staff_id", "change", "first_score", "age", "not_english").rows() == [
        (0, -900, 2000, 43, 1),
        (0, -600, 1500, 44, 0),
    ]


def test_what_is_after_the_day_asked_about_is_not_looked_at():
    rows = changes(a_mart(), measure="PHQ-9", period=PERIOD, as_of=DAY + 45)
    assert nw.to_native(rows.collect(backend="polars"))["team_id"].to_list() == [7]


def test_rows_without_practitioner_or_covariate_are_left_out_and_counted():
    cells = cells_of(changes(a_mart(), measure="PHQ-9", period=PERIOD, as_of=DAY + 150), ["age", "female"])
    assert cells.left_out == {"NO_PRIMARY_PRACTITIONER": 1, "COVARIATE_NOT_KNOWN": 1}
    assert (cells.n.tolist(), cells.sums.tolist(), cells.marks.tolist()) == ([1], [[34, -500]], [[1]])


def test_every_engine_sums_alike(other_engine):
    mart = other_engine.mart(tables(), as_of=DAY + 150)
    assert found(mart).equals(found(a_mart()))
    ours, theirs = (
        cells_of(changes(each, measure="PHQ-9", period=PERIOD, as_of=DAY + 150), COVARIATES)
        for each in (a_mart(), mart)
    )
    assert ours.products.tolist() == theirs.products.tolist()
    assert ours.left_out == theirs.left_out


def test_an_unknown_covariate_is_named():
    with pytest.raises(ValueError, match="no covariate height"):
        cells_of(changes(a_mart(), measure="PHQ-9", period=PERIOD, as_of=DAY + 150), ["height"])
