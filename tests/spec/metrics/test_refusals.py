"""What is not a metric, or cannot be asked of this mart, is refused in words that say what to do."""

import re
from pathlib import Path

import polars as pl
import pytest
from tests.spec.metrics.story import AS_OF, MartStory
from tests.spec.metrics.test_cases import metric

from outcometables.definitions.definition import DefinitionError
from outcometables.definitions.loading import load_metrics
from outcometables.mart import Mart, MartError, mart_schema
from outcometables.metrics import MetricError, ParameterError, Period, check_metric, opportunities
from outcometables.metrics.evaluation import check_measures

WAIT = {"within_days": 14, "same_day_counts": True}
YEAR = Period(AS_OF - 364, AS_OF)
SHIPPED = Path(__file__).parents[3] / "definitions" / "metrics" / "referral-to-first-contact.yaml"


@pytest.mark.parametrize(
    ("counts", "unit", "parameters", "says"),
    [
        (
            "full_moons",
            "DAYS",
            {},
            "Metric the-metric has an unknown count full_moons: use one of referrals_followed",
        ),
        (
            "referrals_followed_by_contact",
            "MINUTES",
            WAIT,
            "referrals_followed_by_contact does not count in MINUTES: use DAYS or BUSINESS_DAYS",
        ),
        (
            "referrals_followed_by_contact",
            "DAYS",
            {"within_days": 14},
            "missing required field `same_day_counts` (it",
        ),
        ("referrals_followed_by_contact", "DAYS", WAIT | {"weeks": 2}, "unknown field `weeks` (it takes within_days"),
        (
            "referrals_followed_by_contact",
            "DAYS",
            WAIT | {"within_days": 0},
            "Expected `int` >= 1 - at `$.within_days`",
        ),
        ("referrals_followed_by_contact", "DAYS", WAIT | {"contact_kinds": []}, "at `$.contact_kinds`"),
        ("referrals_followed_by_contact", "DAYS", WAIT | {"unit": "DAYS"}, "unknown field `unit`"),
    ],
)
def test_a_metric_that_cannot_be_counted_is_refused_by_name(counts, unit, parameters, says):
    asked = metric(counts, unit, parameters)
    with pytest.raises(ParameterError) as refused:
        opportunities(Mart.from_polars({}, as_of=AS_OF), [asked], period=YEAR)
    assert says in str(refused.value)
    assert "the-metric" in str(refused.value)
    with pytest.raises(ParameterError) as refused_without_a_mart:
        check_metric(asked)
    assert str(refused_without_a_mart.value) == str(refused.value)


def test_the_same_code_twice_is_refused():
    twice = [metric("referrals_followed_by_contact", "DAYS", WAIT)] * 2
    with pytest.raises(MetricError, match="the-metric is given twice"):
        opportunities(Mart.from_polars({}, as_of=AS_OF), twice, period=YEAR)


def test_a_day_the_mart_does_not_know_yet_is_refused():
    with pytest.raises(
        MetricError, match="complete up to day 20000 and cannot answer for day 20001: ask for an earlier"
    ):
        opportunities(MartStory().tell("-5 referred").mart(), [], period=YEAR, as_of=AS_OF + 1)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match=r"last_day \(5\) is before first_day \(9\)"):
        Period(9, 5)


def test_a_missing_table_is_named():
    frames = {table: pl.LazyFrame(schema=mart_schema(table)) for table in Mart.from_polars({}, as_of=0).tables}
    del frames["referrals"]
    with pytest.raises(MartError, match="no table referrals: export it again with `tending mart`"):
        Mart.from_native(frames, as_of=AS_OF)


def test_a_missing_column_is_named():
    referrals = pl.DataFrame(schema=mart_schema("referrals")).drop("closed_day")
    with pytest.raises(MartError, match="Table referrals has no column closed_day"):
        Mart.from_polars({"referrals": referrals}, as_of=AS_OF)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("counts:", "count:", "Did you mean `counts`?"),
        ("better: HIGHER", "better: MORE", "better"),
        ("unit: DAYS", "unit: WEEKS", "unit"),
        ("lag_days: 7", "lag_days: -7", "`lag_days` cannot be negative"),
        ("owner: Access manager", 'owner: ""', "`owner` is empty"),
    ],
)
def test_a_slip_in_a_definition_names_file_and_key(tmp_path, old, new, says):
    text = SHIPPED.read_text()
    assert old in text
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "wait.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(DefinitionError) as refused:
        load_metrics(tmp_path)
    assert "wait.yaml" in str(refused.value)
    assert says in str(refused.value)


def test_a_measure_the_mart_does_not_know_is_refused_by_name():
    about = metric("courses_changed", "HUNDREDTHS", {"measures": ["PHQ-9", "PHQ-99"]})
    with pytest.raises(
        MetricError, match="the-metric is about the measure PHQ-99, which the mart does not know: use"
    ):
        check_measures(MartStory().tell("-1 contact").mart(), [about])


@pytest.mark.parametrize(
    ("counts", "unit", "parameters", "says"),
    [
        ("stays_followed_by_contact", "DAYS", {"kinds": ["X"]}, "missing required field `within_days`"),
        (
            "stays_followed_by_contact",
            "DAYS",
            {"kinds": ["X"], "readmission": "MAYBE", "within_days": 7, "same_day_counts": True},
            "Invalid enum value 'MAYBE'",
        ),
        ("courses_changed", "COUNT", {}, "courses_changed does not count in COUNT: use HUNDREDTHS"),
        ("goals_progressed", "COUNT", {"within_weeks": 2}, "it takes within_days, at_least_points"),
        ("months_without_use", "COUNT", {"crisis_kinds": []}, "Expected `array` of length >= 1"),
    ],
)
def test_a_measure_with_parameters_it_cannot_use_says_which(counts, unit, parameters, says):
    with pytest.raises(ParameterError, match=re.escape(says)):
        check_metric(metric(counts, unit, parameters))
