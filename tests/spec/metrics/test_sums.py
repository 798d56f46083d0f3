"""Sums of parts are the sums of the whole; what is read from them is what the rows say."""

from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.metrics.battery import BATTERY
from tests.spec.metrics.population import mart, mart_tables
from tests.spec.metrics.story import AS_OF, MartStory
from tests.spec.metrics.test_cases import metric

from outcometables.mart import Mart
from outcometables.metrics import STRATA, Histogram, MetricError, Period, figures, opportunities, sums

PEOPLE = 400
YEAR = Period(AS_OF - 364, AS_OF)
WAITS = metric("referrals_followed_by_contact", "DAYS", {"within_days": 14, "same_day_counts": True})


@pytest.fixture(scope="module")
def everybody():
    return mart(PEOPLE)


@pytest.mark.parametrize("asked", BATTERY, ids=lambda asked: asked.code)
def test_counted_are_the_rows(everybody, asked):
    rows = opportunities(everybody, [asked], period=YEAR)[asked.code]
    found = sums(everybody, [asked], period=YEAR, by=["team_id", "month"])[asked.code]
    assert found.cells["n"].sum() == rows.height
    for column in ("why_not", "outcome", "reason"):
        counted = found.cells.group_by(column).agg(pl.col("n").sum()).sort(column)
        assert counted.rows() == rows.group_by(column).agg(pl.len()).sort(column).rows()
    assert (found.cells["value"] * found.cells["n"]).sum() == rows["value"].sum()


@settings(max_examples=15)
@given(cut=st.integers(0, PEOPLE), by=st.lists(st.sampled_from(STRATA), max_size=3, unique=True))
def test_sums_of_parts_of_the_people_merge_to_the_sums_of_all(everybody, cut, by):
    whole = sums(everybody, BATTERY[:4], period=YEAR, by=by)
    parts = [everybody.only(range(cut)), everybody.only(range(cut, PEOPLE))]
    first, second = (sums(part, BATTERY[:4], period=YEAR, by=by) for part in parts)
    for code, wanted in whole.items():
        assert first[code].merged(second[code]).equals(wanted)
        assert second[code].merged(first[code]).equals(wanted)


@pytest.mark.parametrize("asked", BATTERY, ids=lambda asked: asked.code)
def test_each_metric_may_be_counted_in_parts(everybody, asked):
    """What happened to other people never decides what is said of a person."""
    by = ["team_id", "month", "age_band"]
    parts = [everybody.only(range(start, PEOPLE, 3)) for start in range(3)]
    first, second, third = (sums(part, [asked], period=YEAR, by=by)[asked.code] for part in parts)
    assert first.merged(second).merged(third).equals(sums(everybody, [asked], period=YEAR, by=by)[asked.code])


@settings(max_examples=15)
@given(by=st.lists(st.sampled_from(STRATA), max_size=3, unique=True), keep=st.integers(0, 3))
def test_fewer_strata_are_the_same_as_asking_for_fewer(everybody, by, keep):
    fine = sums(everybody, [WAITS], period=YEAR, by=by)["the-metric"]
    assert fine.regrouped(by[:keep]).equals(sums(everybody, [WAITS], period=YEAR, by=by[:keep])["the-metric"])


@pytest.mark.parametrize("code", ["contact-any", "contact-business"])
def test_figures_are_what_the_rows_say(everybody, code):
    asked = next(each for each in BATTERY if each.code == code)
    rows = opportunities(everybody, [asked], period=YEAR)[code]
    (figure,) = figures(sums(everybody, [asked], period=YEAR)[code], asked)
    closed = rows.filter(pl.col("eligible") == 1, pl.col("closes_day") < AS_OF)
    assert (figure.n, figure.counted) == (rows.height, rows["eligible"].sum())
    assert figure.met == closed.filter(pl.col("outcome") == "MET").height
    assert figure.met + figure.not_met == closed.height
    assert figure.open_windows == figure.counted - closed.height
    values = closed["value"].drop_nulls()
    assert figure.values.mean == pytest.approx(values.mean())
    assert figure.values.squares == (values**2).sum()
    waits = sorted(closed["value"].fill_null(10**6).to_list())
    middle = (waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2
    assert figure.values.median == (middle if middle < 10**5 else None)


def told(story, *, as_of=AS_OF, lag_days=0, by=(), asked=WAITS):
    asked = SimpleNamespace(**(vars(asked) | {"lag_days": lag_days}))
    found = sums(MartStory().tell(story).mart(), [asked], period=YEAR, as_of=as_of, by=by)
    return figures(found["the-metric"], asked)


def test_quick_successes_with_an_open_window_do_not_count_before_their_fellows():
    story = """
        -30 referred
        -2 referred
        -1 contact
        -60 referred
        -50 contact
    """
    (figure,) = told(story)
    assert (figure.met, figure.not_met, figure.open_windows, figure.share) == (1, 1, 1, 0.5)
    assert figure.values.counts == {10: 1, 29: 1}


def test_a_window_that_closed_is_provisional_until_its_data_is_in():
    story = "-20 referred"  # its window closes on day -6
    assert [told(story, as_of=AS_OF + day, lag_days=7)[0].provisional for day in (-7, -6, -5, 0)] == [
        True,
        True,
        True,
        True,
    ]
    assert [told(story, lag_days=lag)[0].provisional for lag in (0, 5, 6)] == [False, False, True]


def test_who_still_waits_moves_the_median_and_not_the_mean():
    (figure,) = told("-60 referred\n-57 contact\n-50 referred\n-20 referred")
    assert figure.values.mean == 3
    assert figure.values.median is None
    assert figure.values.beyond == 2


def test_a_group_of_nobody_has_no_share():
    (figure,) = told("-30 referred status=DECLINED closed_day=-29")
    assert (figure.share, figure.lower, figure.complete, figure.left_out) == (None, None, None, {"DECLINED": 1})


def test_the_interval_is_wilsons():
    (figure,) = told("\n".join(["-60 referred"] * 20))
    assert (figure.lower, round(figure.upper, 4)) == (0.0, 0.1611)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2012-09-04", "12-17"),
        ("2012-09-05", "00-11"),
        ("2004-02-29", "18-25"),
        ("1959-09-04", "65+"),
        ("1959-09-05", "45-64"),
        ("2025-01-01", "UNKNOWN"),
    ],
)
def test_the_age_is_that_on_the_day(born, band):
    (figure,) = told(f"-30 born {born}\n-30 referred", by=["age_band"])  # day -30 is 2024-09-04
    assert figure.group == {"age_band": band}


@pytest.mark.parametrize(("day", "band"), [("2022-02-28", "12-17"), ("2022-03-01", "18-25")])
def test_born_on_a_leap_day(day, band):
    period = Period(18_000, AS_OF)
    told_mart = MartStory().tell(f"{day} born 2004-02-29\n{day} referred").mart()
    found = sums(told_mart, [WAITS], period=period, by=["age_band"])["the-metric"]
    assert found.cells["age_band"].to_list() == [band]


def test_strata_of_the_row_its_person_and_its_team():
    story = "-30 is payer=MEDICAID\n-30 referred URGENT team_id=2 organisation_id=1\n-20 referred"
    by = ["programme", "payer", "urgency", "organisation_id", "month"]
    assert [list(figure.group.values()) for figure in told(story, by=by)] == [
        ["UNKNOWN", "MEDICAID", "UNKNOWN", None, 2024 * 12 + 8],
        ["YOUTH", "MEDICAID", "URGENT", 1, 2024 * 12 + 8],
    ]


@pytest.mark.parametrize(
    ("by", "says"),
    [(["postcode"], "There is no stratum postcode: use month, team_id"), (["sex", "sex"], "named twice")],
)
def test_an_unknown_stratum_is_refused_by_name(everybody, by, says):
    with pytest.raises(MetricError, match=says):
        sums(everybody, [WAITS], period=YEAR, by=by)


def test_sums_that_are_not_alike_are_not_added(everybody):
    one = sums(everybody, [WAITS], period=YEAR, by=["sex"])["the-metric"]
    other = sums(everybody, [WAITS], period=YEAR, by=["payer"])["the-metric"]
    with pytest.raises(MetricError, match=r"the-metric version 1 by sex cannot be added to .* by payer"):
        one.merged(other)
    with pytest.raises(MetricError, match="not by payer: use sex"):
        one.regrouped(["payer"])


def test_sums_are_as_of_the_earlier_day(everybody):
    early = sums(everybody, [WAITS], period=YEAR, as_of=AS_OF - 5)["the-metric"]
    late = sums(everybody, [WAITS], period=YEAR)["the-metric"]
    assert early.merged(late).as_of == late.merged(early).as_of == AS_OF - 5


@given(st.dictionaries(st.integers(-50, 50), st.integers(1, 4), max_size=8), st.integers(0, 5), st.integers(1, 99))
def test_a_percentile_leaves_so_many_on_either_side(counts, beyond, percent):
    histogram = Histogram(counts, beyond)
    everybody = histogram.n + beyond
    found = histogram.percentile(percent)
    if found is not None:
        below = sum(n for value, n in counts.items() if value <= found)
        above = sum(n for value, n in counts.items() if value >= found) + beyond
        assert below * 100 >= percent * everybody
        assert above * 100 >= (100 - percent) * everybody
    elif everybody:
        assert histogram.n * 100 <= percent * everybody


@pytest.mark.parametrize("percent", [0, 100, -1])
def test_a_percentile_is_between_the_ends(percent):
    with pytest.raises(ValueError, match="from 1 to 99"):
        Histogram({1: 1}).percentile(percent)


def test_every_engine_adds_up_exactly_as_polars_does(other_engine):
    tables = mart_tables(PEOPLE)
    there = sums(other_engine.mart(tables, as_of=AS_OF), [WAITS], period=YEAR, by=STRATA)["the-metric"]
    assert there.equals(sums(Mart.from_polars(tables, as_of=AS_OF), [WAITS], period=YEAR, by=STRATA)["the-metric"])
