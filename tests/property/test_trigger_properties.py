"""What must hold for triggers whatever the record: order, the future and the company of others change nothing."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.triggers.battery import BATTERY
from tests.spec.triggers.population import numbered, population
from tests.spec.triggers.story import AS_OF

from outcometables.record import Record
from outcometables.triggers import evaluate

# Each example evaluates the whole battery twice, so few examples of many people find more than many of few.
FEW = settings(max_examples=12, deadline=None)
PEOPLE = 120
seeds = st.integers(0, 10_000)


def found(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return evaluate(Record.from_polars(tables), BATTERY, as_of=AS_OF)


def assert_same(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame]) -> None:
    differ = [code for code in left if not left[code].equals(right[code])]
    assert differ == []


def of_people(tables: dict[str, pl.DataFrame], people: list[int]) -> dict[str, pl.DataFrame]:
    return {
        name: frame if name == "measures" else frame.filter(pl.col("person_id").is_in(people))
        for name, frame in tables.items()
    }


@FEW
@given(seed=seeds, shuffle=seeds)
def test_the_order_of_rows_does_not_matter(seed, shuffle):
    tables = population(PEOPLE, seed=seed)
    mixed = {name: frame.sample(fraction=1.0, shuffle=True, seed=shuffle) for name, frame in tables.items()}
    assert_same(found(tables), found(mixed))


@FEW
@given(seed=seeds, more=seeds)
def test_rows_after_the_day_asked_about_change_nothing(seed, more):
    tables = population(PEOPLE, seed=seed)
    draw = np.random.default_rng(more)
    later = {name: with_future(name, frame, draw) for name, frame in tables.items()}
    later["scores"] = numbered(later["scores"])
    assert later["contacts"].height > tables["contacts"].height
    assert_same(found(tables), found(later))


def with_future(name: str, frame: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """The table and, where it is dated, a copy of each row moved past the day asked about."""
    day = {"episodes": "start_day", "stays": "admit_day"}.get(name, "day")
    if day not in frame.columns:
        return frame
    shift = pl.Series(draw.integers(1, 400, frame.height), dtype=pl.Int32) + AS_OF
    future = frame.with_columns(shift.alias(day), pl.col("row_id") + frame.height)
    for end in ("end_day", "discharge_day"):
        if end in frame.columns:
            future = future.with_columns((pl.col(day) + 5).cast(pl.Int32).alias(end))
    return pl.concat([frame, future])


@FEW
@given(seed=seeds, cut=st.integers(1, PEOPLE - 1))
def test_splitting_the_people_changes_nothing(seed, cut):
    tables = population(PEOPLE, seed=seed)
    whole = found(tables)
    parts = [found(of_people(tables, list(range(*ends)))) for ends in ((0, cut), (cut, PEOPLE))]
    joined = {code: pl.concat([part[code] for part in parts]) for code in whole}
    assert_same(whole, joined)


@FEW
@given(seed=seeds, person=st.integers(0, PEOPLE - 1))
def test_one_person_alone_is_that_person_among_all(seed, person):
    tables = population(PEOPLE, seed=seed)
    whole = {code: rows.filter(pl.col("person_id") == person) for code, rows in found(tables).items()}
    assert_same(whole, found(of_people(tables, [person])))
    assert_same(whole, evaluate(Record.from_polars(tables).only([person]), BATTERY, as_of=AS_OF))


@FEW
@given(seed=seeds)
def test_what_fires_today_from_days_fires_from_days_moved_alike(seed):
    tables = population(PEOPLE, seed=seed)
    moved = {
        name: frame.with_columns(pl.col(column) + 1000 for column in frame.columns if column.endswith("day"))
        for name, frame in tables.items()
    }
    later = evaluate(Record.from_polars(moved), BATTERY, as_of=AS_OF + 1000)
    assert_same(found(tables), {code: rows.with_columns(pl.col("day") - 1000) for code, rows in later.items()})
