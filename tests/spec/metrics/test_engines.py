"""Every metric gives the same rows on every engine, in the promised form."""

import polars as pl
import pytest
from tests.spec.metrics.battery import BATTERY
from tests.spec.metrics.population import mart_tables
from tests.spec.triggers.story import AS_OF

from outcometables.mart import MART, Mart
from outcometables.metrics import COUNTS, MISSING, OPPORTUNITY, Period, opportunities

PEOPLE = 1_500
YEAR = Period(AS_OF - 364, AS_OF)
CODES = [metric.code for metric in BATTERY]


@pytest.fixture(scope="module")
def tables():
    return mart_tables(PEOPLE)


@pytest.fixture(scope="module")
def on_polars(tables):
    return opportunities(Mart.from_polars(tables, as_of=AS_OF), BATTERY, period=YEAR)


def test_the_battery_runs_every_count():
    assert {metric.counts for metric in BATTERY} == set(COUNTS)


@pytest.mark.parametrize("code", CODES)
def test_opportunities_have_the_promised_form(on_polars, code):
    found = on_polars[code]
    assert {name: dtype.__name__ for name, dtype in OPPORTUNITY.items()} == {
        name: str(dtype) for name, dtype in found.schema.items()
    }
    assert found.height > 0, "the population should give every metric something to count"
    may_be_empty = {"team_id", "staff_id", "value", "answer_row_id", "closes_day"}
    assert [name for name in OPPORTUNITY if name not in may_be_empty and found[name].null_count()] == []
    assert found["day"].is_between(YEAR.first_day, YEAR.last_day).all()
    assert (found["closes_day"] >= found["day"]).all()
    assert set(found["source"]) <= set(MART)


@pytest.mark.parametrize("code", CODES)
def test_a_row_counts_or_says_why_not(on_polars, code):
    found = on_polars[code]
    counts = pl.col("eligible") == 1
    assert found.filter(counts != (pl.col("why_not") == "")).is_empty()
    assert set(found.filter(~counts)["outcome"]) <= {""}
    assert set(found.filter(counts)["outcome"]) <= {"MET", "NOT_MET", "OPEN"}
    assert found.filter(pl.col("reason") != "", pl.col("outcome") != "NOT_MET").is_empty()


@pytest.mark.parametrize("code", CODES)
def test_an_open_window_is_not_a_failure(on_polars, code):
    found = on_polars[code]
    still_open = pl.col("closes_day").is_null() | (pl.col("closes_day") >= AS_OF)
    assert found.filter(pl.col("outcome") == "OPEN", ~still_open).is_empty()
    assert found.filter(pl.col("outcome") == "NOT_MET", still_open).is_empty()


@pytest.mark.parametrize("code", CODES)
def test_an_opportunity_is_counted_once(on_polars, code):
    found = on_polars[code]
    assert found.unique(["source", "row_id", "day", "closes_day", "answer_row_id"]).height == found.height


def test_what_is_missing_is_called_what_figures_look_for():
    assert {"NO_SCORE", "NOT_RECORDED"} <= MISSING


def test_every_engine_counts_exactly_what_polars_counts(tables, on_polars, other_engine):
    found = opportunities(other_engine.mart(tables, as_of=AS_OF), BATTERY, period=YEAR)
    for code, rows in on_polars.items():
        assert rows.equals(found[code]), f"{code} differs: {rows.height} rows and {found[code].height}"


def test_an_empty_mart_has_no_opportunities(on_polars):
    found = opportunities(Mart.from_polars({}, as_of=AS_OF), BATTERY, period=YEAR)
    assert {code: rows.height for code, rows in found.items()} == dict.fromkeys(CODES, 0)
    assert {tuple(rows.schema.items()) for rows in found.values()} == {
        tuple(rows.schema.items()) for rows in on_polars.values()
    }
