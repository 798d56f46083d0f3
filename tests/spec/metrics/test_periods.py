"""A year asked at once is its quarters asked one by one, and an answer of the past does not change."""

from itertools import pairwise

import polars as pl
import pytest
from tests.spec.metrics.battery import BATTERY
from tests.spec.metrics.population import mart, mart_tables
from tests.spec.metrics.story import AS_OF

from outcometables.mart import MART, Mart
from outcometables.metrics import OPPORTUNITY, Period, opportunities

PEOPLE = 500
# Public measures look at the period asked about as one: the first visit in it, the last screening in it.
OURS = [asked for asked in BATTERY if not getattr(asked, "specification", "")]


@pytest.fixture(scope="module")
def everybody():
    return mart(PEOPLE)


@pytest.mark.parametrize("asked", OURS, ids=lambda asked: asked.code)
def test_a_year_is_its_quarters(everybody, asked):
    ends = [AS_OF - 364, AS_OF - 272, AS_OF - 181, AS_OF - 90, AS_OF + 1]
    parts = [
        opportunities(everybody, [asked], period=Period(first, after - 1))[asked.code]
        for first, after in pairwise(ends)
    ]
    whole = opportunities(everybody, [asked], period=Period(AS_OF - 364, AS_OF))[asked.code]
    assert pl.concat(parts).sort(*OPPORTUNITY).equals(whole.sort(*OPPORTUNITY))


# The day from which a row is known, where it is not `day`; a table that is not here is known from `day`.
KNOWN_FROM = {
    "episodes": "start_day",
    "stays": "admit_day",
    "caseload": "from_day",
    "consents": "given_day",
    "signals": "noticed_day",
    "reviews": "row",  # of the made-up reviews some are begun before they are opened: only their days are taken back
}
# What another column said before its day had come.
BEFORE = {
    ("episodes", "end_day"): ("end_reason", ""),
    ("referrals", "closed_day"): ("status", "ACCEPTED"),
    ("diagnoses", "end_day"): ("activity", "ACTIVE"),
}
ENDS = {"end_day", "discharge_day", "closed_day", "died_day", "begun_day", "looked_back_day", "ended_day"}
EARLIER = AS_OF - 60


def as_it_was(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table on that day: no row of a later day, and no later end."""
    day = KNOWN_FROM.get(table, "day")
    if day in frame.columns and table != "calendar":
        frame = frame.filter(pl.col(day) <= EARLIER)
    for (of, end), (column, said) in BEFORE.items():
        if of == table:
            later = (pl.col(end) > EARLIER).fill_null(False)
            frame = frame.with_columns(pl.when(later).then(pl.lit(said)).otherwise(pl.col(column)).alias(column))
    for column in MART[table]:
        if column.nullable and column.name in ENDS:
            known = pl.col(column.name) <= EARLIER
            both = [name for name in (column.name, f"{column.name[:-4]}_minute") if name in frame.columns]
            frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in both)
    return frame


@pytest.mark.parametrize("asked", BATTERY, ids=lambda asked: asked.code)
def test_asked_about_the_past_it_gives_the_pasts_answer(asked):
    tables = mart_tables(PEOPLE)
    arrived = pl.col("arrived_day") <= EARLIER
    tables = {
        name: frame.filter(arrived) if "arrived_day" in frame.columns else frame for name, frame in tables.items()
    }
    then = Mart.from_polars({name: as_it_was(name, frame) for name, frame in tables.items()}, as_of=EARLIER)
    period = Period(EARLIER - 364, EARLIER)
    was = opportunities(then, [asked], period=period)[asked.code]
    now = opportunities(Mart.from_polars(tables, as_of=AS_OF), [asked], period=period, as_of=EARLIER)[asked.code]
    assert now.equals(was), f"{now.height} rows and {was.height}"
