"""Asking about many days at once says of each day what asking about that day alone says."""

import polars as pl
import pytest

from outcometables.record import Record
from outcometables.record.frames import empty_table
from outcometables.record.schema import SCHEMA
from outcometables.triggers import evaluate
from tending.notice.definitions import in_force
from tending.notice.evidence import with_keys
from tending.web.demonstration.living import mornings


@pytest.fixture(scope="module")
def tables():
    """People whose scores worsen, visits are missed, homes are lost and crises come, some of them after the end."""
    days = range(20_000, 20_120)
    frames = {name: empty_table(name).with_columns(pl.lit("").alias("source_key")) for name in SCHEMA}
    people = range(1, 9)

    def rows(name, found):
        columns = [column.name for column in SCHEMA[name]]
        keyed = [{**dict(zip(columns, row, strict=True)), "source_key": f"{name}:{n}"} for n, row in enumerate(found)]
        schema = {**frames[name].schema}
        frames[name] = pl.DataFrame(keyed, schema=schema)

    rows("people", [(p, 0, None if p != 8 else 20_060) for p in people])
    rows(
        "episodes",
        [(p, p, 1, "Outpatient", "Therapy", 19_900 + p, 20_090 if p == 3 else None) for p in people],
    )
    visits = [
        (p, day, "THERAPY", "NO_SHOW" if (day // 7 + p) % 4 < 2 else "ATTENDED")
        for p in people
        for day in days
        if (day + p) % 7 == 0 and not (p == 5 and day > 20_050)
    ]
    rows("contacts", [(n, p, 1, 1, day, kind, status) for n, (p, day, kind, status) in enumerate(visits)])
    scores = [(p, day, 6.0 + p + (day - 20_000) // 10 * (p % 3)) for p in people for day in days if day % 14 == p]
    rows("scores", [(n, p, "PHQ-9", day, (day - 20_000) // 14, value) for n, (p, day, value) in enumerate(scores)])
    rows("measures", [("PHQ-9", 1, 6.0, 10.0, 28)])
    rows("risk_answers", [(1, 2, "PHQ-9", "9", 20_044, 2), (2, 4, "PHQ-9", "9", 20_119, 3)])
    rows("crisis", [(n, 6, day, "CRISIS_LINE") for n, day in enumerate((20_030, 20_041, 20_100))])
    rows("stays", [(1, 7, "PSYCHIATRIC_INPATIENT", 20_020, 20_027), (2, 2, "PSYCHIATRIC_INPATIENT", 20_070, None)])
    rows("housing", [(1, 1, 19_950, "STABLE"), (2, 1, 20_033, "SHELTER"), (3, 3, 20_110, "SHELTER")])
    rows("goal_ratings", [(n, 4, 40, 20_000 + 20 * n, 9 - 3 * n, "PERSON") for n in range(4)])
    return frames


def alone(tables, triggers, day):
    record = Record.from_polars({name: table.drop("source_key") for name, table in tables.items()})
    return with_keys(evaluate(record, list(triggers.by_code.values()), as_of=day), tables)


@pytest.mark.django_db(databases=[])
def test_many_days_at_once_say_the_same_as_each_day_alone(tables):
    triggers = in_force()
    days = list(range(20_010, 20_120, 3))
    together = dict(mornings.evidence_of_days(tables, triggers, days))

    assert list(together) == days
    fired = set()
    for day, found in together.items():
        expected = alone(tables, triggers, day)
        assert found.sort(found.columns).equals(expected.sort(expected.columns)), day
        assert (found["day"] <= day).all()
        fired |= set(found["trigger"].unique())
    assert len(fired) >= 8, fired
