"""The past is the same on every engine."""

import pytest
from tests.spec.triggers.battery import BATTERY
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF
from tests.support.engines import filled

from outcometables.mart import Mart
from outcometables.metrics.opportunities import Period
from outcometables.past import Quiet, replay, try_on
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


def test_what_followed_is_the_same_on_every_engine(tables, other_engine):
    """One trigger: what is looked at after the replay is the same for all."""
    trigger = next(each for each in BATTERY if each.code == "crisis")
    here = Mart.from_polars(filled(tables), as_of=AS_OF)
    there = other_engine.mart(tables, as_of=AS_OF)
    tried = [try_on(mart, trigger, period=PERIOD, quiet=Quiet(14), within_days=(10, 30)) for mart in (here, there)]
    assert tried[0] == tried[1]
    assert any(each.n_followed for each in tried[0].followed)
