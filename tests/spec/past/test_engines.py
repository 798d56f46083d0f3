"""The past is the same on every engine."""

import pytest
from tests.spec.triggers.battery import BATTERY
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF

from outcometables.metrics.opportunities import Period
from outcometables.past import Quiet, replay
from outcometables.record import Record

PERIOD = Period(AS_OF - 60, AS_OF)
# Spark plans each question anew, some seconds each: there, one with a look back, one with a clock, one with scores.
ON_SPARK = {"crisis", "silent", "gad-7"}


@pytest.fixture(scope="module")
def tables():
    return population(400)


def test_every_engine_replays_exactly_what_polars_replays(tables, other_engine):
    on_polars = Record.from_polars(tables)
    record = other_engine.mart(tables, as_of=AS_OF).record()
    asked = [each for each in BATTERY if other_engine.name == "duckdb" or each.code in ON_SPARK]
    for trigger in asked:
        expected = replay(on_polars, trigger, period=PERIOD, quiet=Quiet(14))
        found = replay(record, trigger, period=PERIOD, quiet=Quiet(14))
        assert expected.height
        assert found.equals(expected), trigger.code
