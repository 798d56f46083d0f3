"""What is read from sums of outcomes: where progress stalls, and how large a change was."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from tests.spec.metrics.population import mart
from tests.spec.metrics.story import AS_OF
from tests.spec.metrics.test_cases import metric

from outcometables.metrics import MetricError, Period, opportunities, sums
from outcometables.metrics.effect_sizes import effect_size
from outcometables.metrics.hazards import plateau_hazard

YEAR = Period(AS_OF - 364, AS_OF)
STALLS = {"measure": "PHQ-9", "by": "WEEK", "for_days": 42, "at_least_later": 1, "least_gain_percent": 50}
COURSE = {
    "measures": ["PHQ-9"],
    "rule": "RELIABLE_IMPROVEMENT",
    "first_score_days_before": 14,
    "first_score_within_days": 60,
    "last_score_days_after": 14,
}


@pytest.fixture(scope="module")
def population():
    return mart(1_500)


def counted(population, counts, unit, parameters, by=()):
    return sums(population, [metric(counts, unit, parameters)], period=YEAR, by=by)["the-metric"]


def test_the_hazard_is_stalls_of_those_at_risk_at_each_week(population):
    asked = metric("stalls_begun", "COUNT", STALLS)
    rows = opportunities(population, [asked], period=YEAR)["the-metric"].filter(pl.col("outcome") != "")
    settled = rows.filter(pl.col("outcome") != "OPEN")
    curve = plateau_hazard(counted(population, "stalls_begun", "COUNT", STALLS))
    assert sum(each.at_risk for each in curve) == settled.height > 0
    assert sum(each.stalled for each in curve) == settled.filter(pl.col("outcome") == "MET").height > 0
    assert [each.at for each in curve] == sorted(set(settled["value"]))
    assert all(0 <= each.lower <= each.share <= each.upper <= 1 for each in curve)


def test_the_curve_of_parts_added_up_is_the_curve_of_the_whole(population):
    whole = counted(population, "stalls_begun", "COUNT", STALLS)
    people = population["people"].collect()["person_id"].to_list()
    parts = [counted(population.only(people[n::2]), "stalls_begun", "COUNT", STALLS) for n in range(2)]
    assert plateau_hazard(parts[0].merged(parts[1])) == plateau_hazard(whole)


def test_weeks_with_few_at_risk_are_left_out_and_none_is_no_number(population):
    found = counted(population, "stalls_begun", "COUNT", STALLS)
    assert all(each.at_risk >= 5 for each in plateau_hazard(found, at_least=5))
    with pytest.raises(ValueError, match="at_least is 0"):
        plateau_hazard(found, at_least=0)


def test_the_effect_size_is_the_mean_change_over_the_spread_of_first_scores(population):
    changes = counted(population, "courses_changed", "HUNDREDTHS", COURSE)
    firsts = counted(population, "courses_changed", "HUNDREDTHS", COURSE | {"value": "FIRST_SCORE"})
    asked = metric("courses_changed", "HUNDREDTHS", COURSE)
    rows = opportunities(population, [asked], period=YEAR)["the-metric"]
    rows = rows.filter(pl.col("outcome") != "", pl.col("closes_day") < AS_OF)
    first = metric("courses_changed", "HUNDREDTHS", COURSE | {"value": "FIRST_SCORE"})
    began = opportunities(population, [first], period=YEAR)["the-metric"]
    began = began.join(rows, on="row_id", how="semi")["value"].to_numpy() / 100
    change = rows["value"].to_numpy() / 100
    found = effect_size(changes, firsts)
    assert found.n == len(change) >= 3
    assert found.estimate == pytest.approx(change.mean() / np.std(began, ddof=1), rel=1e-12)
    assert found.lower < found.estimate < found.upper


def test_sums_that_are_not_of_the_same_courses_are_refused(population):
    changes = counted(population, "courses_changed", "HUNDREDTHS", COURSE)
    nobody = SimpleNamespace(cells=changes.cells.clear())
    with pytest.raises(MetricError, match="not the same courses"):
        effect_size(changes, nobody)
    with pytest.raises(MetricError, match="three courses"):
        effect_size(nobody, nobody)
