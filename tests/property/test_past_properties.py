"""The past replayed on chosen days is the past replayed every day; the quiet period is the app's own."""

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.triggers.battery import BATTERY, EVERYONE, SOME
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF

from outcometables.metrics.opportunities import Period
from outcometables.past import Quiet, replay
from outcometables.past.quiet import firsts_and_repeats
from outcometables.record import Record
from outcometables.triggers import CONDITIONS, evaluate
from tending.notice.comparing import new_signals

FEW = settings(max_examples=4, deadline=None)
PEOPLE = 80
seeds = st.integers(0, 10_000)
days = st.integers(1, 40)
MEASURES = st.lists(st.sampled_from(["PHQ-9", "GAD-7", "RECOVERY", "SLEEP"]), min_size=1, max_size=3, unique=True)
AGAINST = st.lists(st.sampled_from(["FIRST", "BEST", "PREVIOUS"]), min_size=1, max_size=3, unique=True)

SETTINGS = {
    "score_worsening": st.fixed_dictionaries(
        {"measures": MEASURES, "against": AGAINST, "within_days": days},
        optional={
            "baseline_days_before": st.integers(0, 30),
            "times_reliable_change": st.sampled_from([0.25, 0.5, 1.0]),
        },
    ),
    "missed_visits": st.fixed_dictionaries(
        {"at_least": st.integers(1, 3), "within_days": days, "consecutive": st.booleans()},
        optional={"count_cancellations": st.booleans()},
    ),
    "crisis_contacts": st.fixed_dictionaries(
        {"at_least": st.integers(1, 2), "within_days": days},
        optional={"rising": st.booleans(), "kinds": st.just(["POLICE", "CRISIS_LINE"])},
    ),
    "housing_instability": st.fixed_dictionaries(
        {"within_days": days}, optional={"entered": st.just(["SHELTER"])}
    ),
    "risk_answer": st.fixed_dictionaries(
        {"within_days": days}, optional={"needs_open_episode": st.booleans(), "instruments": st.just(["PHQ-9"])}
    ),
    "not_seen_after_discharge": st.fixed_dictionaries(
        {"days": st.integers(1, 10), "same_day_counts": st.booleans()},
        optional={
            "kinds": st.just(["PSYCHIATRIC_INPATIENT", "MEDICAL_INPATIENT"]),
            "discharged_within_days": st.integers(5, 60),
            "later_contact_clears": st.booleans(),
        },
    ),
    "no_contact": st.fixed_dictionaries({"days": days}),
    "measure_overdue": st.fixed_dictionaries(
        {"measures": MEASURES, "grace_days": st.integers(0, 20)}, optional={"due_every_days": days}
    ),
    "goal_ratings_falling": st.fixed_dictionaries(
        {"by_at_least": st.integers(1, 4), "within_days": days},
        optional={
            "look_back_days": st.integers(10, 120),
            "goals_at_least": st.integers(1, 2),
            "two_falls": st.booleans(),
            "rated_by": st.sampled_from(["PERSON", "STAFF"]),
        },
    ),
}  # fmt: skip


@st.composite
def together(draw):
    names = draw(st.lists(st.sampled_from(sorted(SETTINGS)), min_size=2, max_size=4))
    signs = [{"condition": name, "parameters": draw(SETTINGS[name])} for name in names]
    return {"signs": signs, "at_least": draw(st.integers(2, min(3, len(signs)))), "within_days": draw(days)}


def test_every_condition_has_settings():
    assert {*SETTINGS, "combination"} == set(CONDITIONS)


def asked_every_day(tables, trigger, period):
    """(person, table, row) of each anchor and the first day it was seen, the plain and slow way."""
    seen = {}
    for day in range(period.first_day, period.last_day + 1):
        found = evaluate(Record.from_polars(tables), [trigger], as_of=day)[trigger.code]
        for key in found.filter(pl.col("anchor") == 1).select("person_id", "source", "row_id").iter_rows():
            seen.setdefault(key, day)
    return seen


def assert_same(tables, trigger, period):
    alerts = replay(Record.from_polars(tables), trigger, period=period, quiet=Quiet(0))
    found = {row[:3]: row[3] for row in alerts.select("person_id", "source", "row_id", "day").iter_rows()}
    assert len(found) == alerts.height
    assert found == asked_every_day(tables, trigger, period)
    assert alerts.filter(pl.col("standing"))["day"].unique().to_list() in ([], [period.first_day])


@pytest.mark.parametrize("condition", SETTINGS)
@FEW
@given(data=st.data(), seed=seeds, back=st.integers(10, 40), cohort=st.sampled_from([EVERYONE, SOME]))
def test_chosen_days_find_what_every_day_finds(condition, data, seed, back, cohort):
    parameters = data.draw(SETTINGS[condition])
    trigger = SimpleNamespace(code="tried", condition=condition, parameters=parameters, cohort=cohort)
    assert_same(population(PEOPLE, seed=seed), trigger, Period(AS_OF - back, AS_OF))


@settings(max_examples=12, deadline=None)
@given(parameters=together(), seed=seeds, cohort=st.sampled_from([EVERYONE, SOME]))
def test_chosen_days_find_what_every_day_finds_of_signs_together(parameters, seed, cohort):
    trigger = SimpleNamespace(code="tried", condition="combination", parameters=parameters, cohort=cohort)
    assert_same(population(PEOPLE, seed=seed), trigger, Period(AS_OF - 30, AS_OF))


@FEW
@given(seed=seeds, cut=st.integers(1, PEOPLE - 1))
def test_splitting_the_people_changes_nothing(seed, cut):
    tables = population(PEOPLE, seed=seed)
    parts = [list(range(cut)), list(range(cut, PEOPLE))]
    for trigger in BATTERY:
        whole = replay(Record.from_polars(tables), trigger, period=Period(AS_OF - 30, AS_OF), quiet=Quiet(14))
        each = [
            replay(
                Record.from_polars(tables).only(people), trigger, period=Period(AS_OF - 30, AS_OF), quiet=Quiet(14)
            )
            for people in parts
        ]
        assert whole.equals(pl.concat(each)), trigger.code


ALERTS_OF_ONE = st.lists(
    st.tuples(st.integers(0, 60), st.none() | st.integers(0, 27)), max_size=10, unique_by=lambda a: a[0]
)


@settings(deadline=None)
@given(
    people=st.lists(ALERTS_OF_ONE, min_size=1, max_size=4),
    quiet=st.integers(0, 30),
    worse_by=st.none() | st.sampled_from([5.0, -5.0, 2.0]),
)
def test_the_quiet_period_is_the_one_the_app_keeps(people, quiet, worse_by):
    """The app compares one day's evidence with what is stored, one day after another."""
    rows = [(person, day, value) for person, alerts in enumerate(people) for day, value in sorted(alerts)]
    schema = {"person_id": pl.Int64, "day": pl.Int32, "value": pl.Float64}
    alerts = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        source=pl.lit("scores"), row_id=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    found = firsts_and_repeats(alerts, Quiet(quiet, worse_by))
    stored = pl.DataFrame(schema=STORED)
    for (day,), today in alerts.sort("day").group_by("day", maintain_order=True):
        wanted = today.select(
            "person_id",
            "value",
            trigger=pl.lit("tried"),
            evidence_key=pl.col("row_id").cast(pl.String),
            severity=pl.lit("HIGH"),
            quiet_days=pl.lit(quiet),
            quiet_unless_worse_by=pl.lit(worse_by, pl.Float64),
        )
        new = new_signals(wanted, stored, as_of=date(1970, 1, 1) + timedelta(days=day))
        assert new.height == today.height
        written = new.select(
            earlier_id=pl.col("evidence_key").cast(pl.Int64),
            person_id="person_id",
            trigger="trigger",
            evidence_key="evidence_key",
            severity="severity",
            repeat_of="repeat_of_id",
            earlier_day=pl.lit(day, pl.Int32),
            earlier_value="value",
            earlier_rank=pl.lit(1, pl.Int8),
        )
        stored = pl.concat([stored, written.select(list(STORED))])
    repeats = set(stored.filter(pl.col("repeat_of").is_not_null())["earlier_id"])
    assert set(found.filter("repeat")["row_id"]) == repeats


STORED = {
    "earlier_id": pl.Int64,
    "person_id": pl.Int64,
    "trigger": pl.String,
    "evidence_key": pl.String,
    "severity": pl.String,
    "repeat_of": pl.Int64,
    "earlier_day": pl.Int32,
    "earlier_value": pl.Float64,
    "earlier_rank": pl.Int8,
}
