"""Numbers that people count with are in groups of three."""

import pytest
from django.template import Context, Template
from django.utils import translation

from tending.base.amounts import amount


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_count_is_grouped_in_python_and_in_a_template(language):
    with translation.override(language):
        assert [amount(n) for n in (0, 999, 1104, 1_234_567)] == ["0", "999", "1,104", "1,234,567"]
        assert Template("{{ n }} · {{ share }}").render(Context({"n": 1104, "share": 12.5})) == "1,104 · 12.5"
