"""The metrics a provider starts with: each can be counted, and says in two languages what it counts."""

from pathlib import Path

import pytest
from tests.spec.metrics.battery import SHIPPED

from outcometables.definitions.loading import load_instruments
from outcometables.metrics import check_metric
from outcometables.record.measures import measures_of

INSTRUMENTS = load_instruments(Path(__file__).parents[3] / "definitions")
MEASURES = set(measures_of(INSTRUMENTS.values())["measure"])


@pytest.mark.parametrize("code", SHIPPED)
def test_it_can_be_counted(code):
    check_metric(SHIPPED[code])


@pytest.mark.parametrize("code", SHIPPED)
def test_it_is_said_in_both_languages(code):
    for words in (SHIPPED[code].title, SHIPPED[code].meaning, SHIPPED[code].denominator, SHIPPED[code].numerator):
        assert words.en != words.es


@pytest.mark.parametrize("code", SHIPPED)
def test_a_public_specification_is_never_called_certified(code):
    metric = SHIPPED[code]
    if metric.specification:
        said = f"{metric.specification} {metric.meaning.en}".lower()
        assert "computed to the public specification, not certified" in said


@pytest.mark.parametrize("code", SHIPPED)
def test_every_measure_it_names_is_defined(code):
    parameters = SHIPPED[code].parameters
    named = {*parameters.get("measures", []), *([parameters["measure"]] if "measure" in parameters else [])}
    assert named <= MEASURES
