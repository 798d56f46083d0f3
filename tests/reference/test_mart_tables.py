"""The mart's tables: what is refused, and what the calendar says about days everybody can check."""

from datetime import date

import polars as pl
import pytest

from outcometables.mart import MART, Holiday, Mart, MartError, calendar, mart_schema
from outcometables.record import SCHEMA


def day(on: str) -> int:
    return (date.fromisoformat(on) - date(1970, 1, 1)).days


def test_the_mart_has_everything_the_record_has():
    assert all(MART[table][: len(columns)] == columns for table, columns in SCHEMA.items())
    assert all(len({column.name for column in columns}) == len(columns) for columns in MART.values())


def test_an_empty_mart_is_an_empty_record():
    record = Mart.from_polars({}, as_of=0).record()
    assert record.contacts.collect().shape == (0, len(SCHEMA["contacts"]))


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"contact": pl.DataFrame()}, "no table called contact"),
        ({"goals": pl.DataFrame(schema=mart_schema("goals")).drop("domain")}, "goals has no column domain"),
        ({"goals": pl.DataFrame(schema=mart_schema("goals") | {"day": pl.Date})}, "column day is Date"),
    ],
)
def test_what_is_not_a_mart_is_refused(tables, message):
    with pytest.raises(MartError, match=message):
        Mart.from_polars(tables, as_of=0)


def test_a_missing_table_is_named():
    with pytest.raises(MartError, match=r"no table people, .*tending mart"):
        Mart.from_native({}, as_of=0)


def test_independence_day_on_a_saturday_is_observed_on_friday():
    """4 July 2026 is a Saturday: the federal calendar observes it on Friday the 3rd (5 U.S.C. 6103(b))."""
    fourth = Holiday("Independence Day", date(2026, 7, 4), date(2026, 7, 3))
    days = calendar(date(2026, 7, 1), date(2026, 7, 7), [fourth])
    assert days["is_business"].to_list() == [1, 1, 0, 0, 0, 1, 1]
    assert days["business_ordinal"].to_list() == [1, 2, 2, 2, 2, 3, 4]


def test_months_later_end_with_the_month():
    days = calendar(date(2024, 2, 29), date(2024, 8, 31), [])
    first, last = days.row(0, named=True), days.row(-1, named=True)
    assert (first["six_months_later"], first["twelve_months_later"]) == (day("2024-08-29"), day("2025-02-28"))
    assert (last["six_months_later"], last["ymd"]) == (day("2025-02-28"), 20240831)
