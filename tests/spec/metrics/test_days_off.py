"""Which days are business days: federal holidays as observed, the state's, the provider's own."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest

from outcometables.definitions.definition import DefinitionError
from outcometables.definitions.loading import load_calendars
from outcometables.mart import calendar
from outcometables.mart.days_off import days_off

DEFINITIONS = Path(__file__).parents[3] / "definitions"
FEDERAL = load_calendars(DEFINITIONS)["provider"]
EPOCH = date(1970, 1, 1)


def told(definition, first, last):
    return [f"{each.name}: {each.day} on {each.observed}" for each in days_off(definition, first, last)]


def test_the_federal_holidays_of_a_year():
    """The dates of the Office of Personnel Management's page for 2021, when three fell on a weekend and one more
    was taken off in it for 2022."""
    assert told(FEDERAL, date(2021, 1, 1), date(2021, 12, 31)) == [
        "New Year's Day: 2021-01-01 on 2021-01-01",
        "Martin Luther King Jr. Day: 2021-01-18 on 2021-01-18",
        "Washington's Birthday: 2021-02-15 on 2021-02-15",
        "Memorial Day: 2021-05-31 on 2021-05-31",
        "Juneteenth National Independence Day: 2021-06-19 on 2021-06-18",
        "Independence Day: 2021-07-04 on 2021-07-05",
        "Labor Day: 2021-09-06 on 2021-09-06",
        "Columbus Day: 2021-10-11 on 2021-10-11",
        "Veterans Day: 2021-11-11 on 2021-11-11",
        "Thanksgiving Day: 2021-11-25 on 2021-11-25",
        "Christmas Day: 2021-12-25 on 2021-12-24",
        "New Year's Day: 2022-01-01 on 2021-12-31",
    ]


def test_a_year_that_begins_on_a_saturday_has_its_new_year_before_it():
    assert told(FEDERAL, date(2022, 1, 1), date(2022, 1, 31)) == [
        "Martin Luther King Jr. Day: 2022-01-17 on 2022-01-17"
    ]


@pytest.mark.parametrize(
    ("day", "business"),
    [
        ("2026-07-03", 0),  # Independence Day 2026 is a Saturday
        ("2026-07-06", 1),
        ("2027-07-05", 0),  # and in 2027 a Sunday
        ("2027-07-02", 1),
        ("2024-02-29", 1),  # a leap day is a day
        ("2024-03-10", 0),  # the Sunday on which the clocks go forward
        ("2024-11-04", 1),  # the Monday after they go back
    ],
)
def test_business_days(day, business):
    on = date.fromisoformat(day)
    first, last = on - timedelta(days=30), on + timedelta(days=30)
    days = calendar(first, last, days_off(FEDERAL, first, last))
    row = days.filter(pl.col("day") == (on - EPOCH).days)
    before = days.filter(pl.col("day") == (on - EPOCH).days - 1)
    assert row["is_business"].item() == business
    assert row["business_ordinal"].item() - before["business_ordinal"].item() == business


def test_a_state_adds_its_own():
    texas = msgspec.structs.replace(FEDERAL, subdivision="TX")
    assert set(told(FEDERAL, date(2026, 1, 1), date(2026, 12, 31))) < set(
        told(texas, date(2026, 1, 1), date(2026, 12, 31))
    )


def test_the_provider_works_on_some_and_closes_on_others():
    closed = msgspec.convert([{"name": {"en": "Training day", "es": "Día de formación"}, "day": "2026-10-16"}], tuple)
    ours = msgspec.convert(
        msgspec.to_builtins(FEDERAL) | {"work_on": ["Columbus Day"], "closed": list(closed)}, type(FEDERAL)
    )
    assert told(ours, date(2026, 10, 1), date(2026, 10, 31)) == ["Training day: 2026-10-16 on 2026-10-16"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"country": "ATLANTIS"}, "there is no country ATLANTIS; write a code such as US"),
        ({"subdivision": "ZZ"}, "US has no subdivision ZZ; use one of AK, AL"),
        (
            {"work_on": ("Groundhog Day",)},
            "`work_on` names Groundhog Day, which is no holiday there; use one of Christ",
        ),
    ],
)
def test_what_is_unknown_is_named(change, says):
    with pytest.raises(ValueError, match="Calendar provider") as refused:
        days_off(msgspec.structs.replace(FEDERAL, **change), date(2026, 1, 1), date(2026, 12, 31))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("closed: []", "closes: []", "Did you mean `closed`?"),
        ("owner: Access manager", 'owner: ""', "`owner` is empty"),
        (
            "closed: []",
            "closed: [{day: 2026-10-16, name: {en: A, es: B}}, {day: 2026-10-16, name: {en: A, es: B}}]",
            "names 2026-10-16 twice",
        ),
    ],
)
def test_a_slip_in_the_definition_names_file_and_key(tmp_path, old, new, says):
    text = (DEFINITIONS / "calendars" / "provider.yaml").read_text()
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "ours.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(DefinitionError) as refused:
        load_calendars(tmp_path)
    assert "ours.yaml" in str(refused.value)
    assert says in str(refused.value)
