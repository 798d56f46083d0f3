"""Every condition gives the same rows on every engine, in the promised form."""

from dataclasses import replace

import polars as pl
import pytest
from tests.spec.triggers.battery import BATTERY
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF

from outcometables.record import SCHEMA, Record
from outcometables.record.frames import empty_table
from outcometables.triggers import CONDITIONS, EVIDENCE, evaluate
from outcometables.triggers.signs import NEEDS

PEOPLE = 3_000


@pytest.fixture(scope="module")
def tables():
    return population(PEOPLE)


@pytest.fixture(scope="module")
def on_polars(tables):
    return evaluate(Record.from_polars(tables), BATTERY, as_of=AS_OF)


def test_the_battery_runs_every_condition():
    assert {trigger.condition for trigger in BATTERY} == set(CONDITIONS)


@pytest.mark.parametrize("code", [trigger.code for trigger in BATTERY])
def test_evidence_has_the_promised_form(on_polars, code):
    found = on_polars[code]
    assert dict(found.schema) == {
        "person_id": pl.Int64,
        "role": pl.String,
        "anchor": pl.Int8,
        "source": pl.String,
        "row_id": pl.Int64,
        "day": pl.Int32,
        "value": pl.Float64,
    }
    assert list(found.columns) == list(EVIDENCE)
    fired = found.select(pl.col("person_id").unique()).height
    assert 0 < fired < PEOPLE * 0.9, "the population should make it fire for some, not for all"
    anchors = found.group_by("person_id").agg(pl.col("anchor").sum())
    assert anchors["anchor"].unique().to_list() == [1]
    assert found.unique(["person_id", "role", "source", "row_id"]).height == found.height
    assert found["day"].max() <= AS_OF
    assert set(found["source"]) <= set(SCHEMA)


@pytest.mark.parametrize("code", [trigger.code for trigger in BATTERY])
def test_every_row_of_evidence_is_a_row_of_the_record(tables, on_polars, code):
    day_of = {"stays": "discharge_day", "episodes": "start_day"}
    for (source,), rows in on_polars[code].group_by("source"):
        day = day_of.get(source, "day")
        kept = tables[source].select("person_id", "row_id", pl.col(day).alias("day"))
        assert rows.join(kept, on=["person_id", "row_id", "day"]).height == rows.height


def test_every_engine_finds_exactly_what_polars_finds(tables, on_polars, other_engine):
    found = evaluate(other_engine.mart(tables, as_of=AS_OF).record(), BATTERY, as_of=AS_OF)
    for code, rows in on_polars.items():
        assert rows.equals(found[code]), f"{code} differs: {rows.height} rows and {found[code].height}"


@pytest.mark.parametrize(("condition", "table"), NEEDS.items())
def test_a_condition_without_the_table_it_needs_finds_nothing(tables, condition, table):
    """So that leaving it out where the table is empty changes nothing; here the record does not know it is."""
    record = replace(Record.from_polars(tables | {table: empty_table(table)}), empty=frozenset())
    triggers = [trigger for trigger in BATTERY if trigger.condition == condition]
    assert [rows.height for rows in evaluate(record, triggers, as_of=AS_OF).values()] == [0] * len(triggers)


def test_an_empty_record_fires_nothing(on_polars):
    found = evaluate(Record.from_polars({}), BATTERY, as_of=AS_OF)
    assert {code: rows.height for code, rows in found.items()} == {trigger.code: 0 for trigger in BATTERY}
    assert {tuple(rows.schema.items()) for rows in found.values()} == {tuple(on_polars["phq-9"].schema.items())}
