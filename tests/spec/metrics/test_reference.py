"""The reference of the metrics is what the definitions say."""

from tests.support.metric_reference import PAGE, page


def test_the_reference_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.support.metric_reference"
