"""What is not a record, or not a trigger, is refused in words that say what to do."""

from types import SimpleNamespace

import polars as pl
import pytest
from tests.spec.triggers.battery import EVERYONE

from outcometables.record import SCHEMA, Record, RecordError
from outcometables.record.frames import empty_table
from outcometables.triggers import ParameterError, check_trigger, evaluate

CRISIS = empty_table("crisis")


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"crises": CRISIS}, "no table called crises: use one of people, episodes"),
        ({"crisis": CRISIS.drop("kind")}, "Table crisis has no column kind (CRISIS_LINE"),
        (
            {"crisis": CRISIS.with_columns(pl.col("day").cast(pl.Int64))},
            "Table crisis, column day is Int64: cast it to Int32",
        ),
        ({"crisis": CRISIS.with_columns(pl.lit("").alias("note"))}, "Table crisis has a column note"),
        (
            {"crisis": pl.DataFrame([(1, 1, None, "POLICE")], schema=CRISIS.schema, orient="row")},
            "Table crisis, column day has 1 empty cells",
        ),
    ],
)
def test_a_wrong_table_is_one_clear_error(tables, says):
    with pytest.raises(RecordError) as refused:
        Record.from_polars(tables)
    assert says in str(refused.value)


def test_another_engine_has_to_bring_every_table():
    with pytest.raises(RecordError, match="no table people, episodes"):
        Record.from_native({"crisis": CRISIS.lazy()})


def test_a_column_may_be_empty_where_the_schema_says_so():
    rows = pl.DataFrame([(1, None, None)], schema=empty_table("people").schema, orient="row")
    assert Record.from_polars({"people": rows}).people.collect().shape == (1, 3)


def test_columns_come_in_the_order_of_the_schema():
    record = Record.from_polars({"crisis": CRISIS.select("kind", "day", "person_id", "row_id")})
    assert record.crisis.collect_schema().names() == [column.name for column in SCHEMA["crisis"]]


def trigger(condition, parameters, code="mine"):
    return SimpleNamespace(code=code, condition=condition, parameters=parameters, cohort=EVERYONE)


_SIGN = {"condition": "crisis_contacts", "parameters": {"at_least": 1, "within_days": 30}}


@pytest.mark.parametrize(
    ("condition", "parameters", "says"),
    [
        ("full_moon", {}, "Trigger mine has an unknown condition full_moon: use one of score_worsening"),
        ("no_contact", {}, "Trigger mine: no_contact: Object missing required field `days` (it takes days)"),
        ("no_contact", {"days": 30, "weeks": 4}, "unknown field `weeks` (it takes days)"),
        ("no_contact", {"days": 0}, "Expected `int` >= 1 - at `$.days`"),
        ("no_contact", {"days": "30"}, "Expected `int`, got `str` - at `$.days`"),
        ("score_worsening", {"measures": [], "against": ["FIRST"], "within_days": 7}, "at `$.measures`"),
        ("score_worsening", {"measures": ["PHQ-9"], "against": ["WORST"], "within_days": 7}, "'WORST'"),
        (
            "combination",
            {"signs": [_SIGN, {"condition": "combination", "parameters": {}}], "at_least": 2, "within_days": 30},
            "combination: combination is not a sign",
        ),
        (
            "combination",
            {
                "signs": [_SIGN, {"condition": "no_contact", "parameters": {"weeks": 4}}],
                "at_least": 2,
                "within_days": 30,
            },
            "no_contact: Object contains unknown field `weeks`",
        ),
        ("combination", {"signs": [_SIGN, _SIGN], "at_least": 3, "within_days": 30}, "only 2 signs are named"),
    ],
)
def test_a_trigger_that_cannot_be_evaluated_is_refused_by_name(condition, parameters, says):
    with pytest.raises(ParameterError) as refused:
        evaluate(Record.from_polars({}), [trigger(condition, parameters)], as_of=0)
    assert says in str(refused.value)
    assert "mine" in str(refused.value)
    with pytest.raises(ParameterError) as refused_without_a_record:
        check_trigger(trigger(condition, parameters))
    assert str(refused_without_a_record.value) == str(refused.value)


def test_a_good_trigger_passes_the_check():
    check_trigger(trigger("no_contact", {"days": 30}))


def test_the_same_code_twice_is_refused():
    twice = [trigger("no_contact", {"days": 30}), trigger("no_contact", {"days": 60})]
    with pytest.raises(ParameterError, match="mine is given twice"):
        evaluate(Record.from_polars({}), twice, as_of=0)
