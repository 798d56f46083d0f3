from hypothesis import given
from hypothesis import strategies as st

from tending.show.evidence.disclosure import MINIMUM, may_list, protected


def test_a_small_part_is_withheld_with_another_so_that_the_whole_does_not_tell():
    assert protected({"in time": 40, "late": 3, "overdue": 20}) == {"in time": 40, "late": None, "overdue": None}
    assert protected({"in time": 40, "late": 0, "overdue": 20}) == {"in time": 40, "late": 0, "overdue": 20}
    assert protected({"yes": 2, "no": 98}) == {"yes": None, "no": None}
    assert protected({"a": 3, "b": 2, "c": 90}) == {"a": None, "b": None, "c": None}
    assert protected({"a": 6, "b": 7, "c": 90}) == {"a": None, "b": None, "c": 90}


def test_a_whole_that_is_small_is_withheld():
    assert protected({"yes": 0, "no": 10}) == {"yes": None, "no": None}


parts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=2)


@given(parts)
def test_what_is_withheld_cannot_be_told_from_what_is_shown(given_parts):
    shown = protected(given_parts)
    hidden = [name for name, number in shown.items() if number is None]
    assert all(number is None or number == 0 or number >= MINIMUM for number in shown.values())
    if hidden and len(hidden) < len(shown):
        assert len(hidden) >= 2
        assert sum(given_parts[name] for name in hidden) >= MINIMUM


@given(parts)
def test_nothing_is_withheld_without_need(given_parts):
    if all(number == 0 or number >= MINIMUM for number in given_parts.values()) and sum(given_parts.values()):
        assert protected(given_parts) == given_parts


def test_records_are_listed_only_when_they_are_many():
    assert may_list(MINIMUM)
    assert not may_list(MINIMUM - 1)
