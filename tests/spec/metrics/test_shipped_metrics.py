"""The metrics a provider starts with: each can be counted, and says in two languages what it counts."""

import pytest
from tests.spec.metrics.battery import SHIPPED

from outcometables.metrics import check_metric


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
