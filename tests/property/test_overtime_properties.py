"""Whatever the series: the same chart alone or among others; what is frozen stays; limits never lie."""

import datetime
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.overtime.limits import LimitsState
from outcomestats.overtime.many import ControlCharts, control_charts
from outcomestats.overtime.plans import ChartKind, Freeze, Plan, Rebase, Screening
from outcomestats.overtime.presets import (
    ANHOEJ,
    MAKING_DATA_COUNT_2019,
    MAKING_DATA_COUNT_2023,
    NELSON,
    WESTERN_ELECTRIC,
    Rule,
)

SETS = (MAKING_DATA_COUNT_2019, MAKING_DATA_COUNT_2023, ANHOEJ, WESTERN_ELECTRIC, NELSON)
ANY_KIND = st.sampled_from(list(ChartKind))
FIELDS = ("values", "centre", "lower", "upper", "flags", "completed", "variation", "assurance", "latest")


def days(n: int) -> list[datetime.date]:
    return [datetime.date(2020, 1, 1) + datetime.timedelta(days=30 * at) for at in range(n)]


@st.composite
def figures(draw: st.DrawFn, kind: ChartKind, n_dates: int, n_series: int) -> dict[str, NDArray[np.float64]]:
    """Series with gaps, zeros and ties, as the kind of chart takes them."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    mean = draw(st.sampled_from([0.2, 2.0, 30.0]))
    values = seed.poisson(mean, (n_series, n_dates)).astype(float)
    values *= 1 + draw(st.sampled_from([0, 0, 3])) * (np.arange(n_dates) > n_dates // 2)
    values[seed.random(values.shape) < draw(st.sampled_from([0.0, 0.1, 0.6]))] = np.nan
    sizes = seed.integers(2, 9, values.shape).astype(float)
    if kind is ChartKind.T:
        values += 0.5
    if kind.of_subgroups:
        return {"values": values, "denominators": sizes} | (
            {"sds": seed.poisson(2, values.shape).astype(float)} if kind is ChartKind.XBAR else {}
        )
    if kind.counts_over_denominators:
        return {"values": values, "denominators": np.nan_to_num(values) + sizes - 2}
    return {"values": values}


@st.composite
def plans(draw: st.DrawFn, n_dates: int) -> Plan:
    def at(day: int, what: type) -> object:
        return what(date=days(n_dates)[day], reason="known", author="A. Lead")

    rebases = draw(st.lists(st.integers(1, n_dates - 1), max_size=2, unique=True))
    freeze = draw(st.none() | st.integers(0, n_dates - 1))
    return Plan(
        rules=draw(st.sampled_from(SETS)),
        screening=draw(st.sampled_from(Screening)),
        rebases=tuple(at(day, Rebase) for day in rebases),
        freezes=() if freeze is None else (at(freeze, Freeze),),
        target=draw(st.none() | st.floats(-5, 50)),
    )


def charted(
    kind: ChartKind, given: dict, plan: Plan, chosen: slice = slice(None), until: int | None = None
) -> ControlCharts:
    own = {name: each[chosen, :until] for name, each in given.items()}
    return control_charts(kind, days(own["values"].shape[1]), own.pop("values"), **own, plans=plan)


@given(ANY_KIND, st.integers(1, 30), st.integers(2, 5), st.data())
def test_many_at_once_are_one_by_one(kind: ChartKind, n_dates: int, n_series: int, data: st.DataObject) -> None:
    given = data.draw(figures(kind, n_dates, n_series))
    plan = data.draw(plans(max(n_dates, 2))) if n_dates > 1 else Plan()
    together = charted(kind, given, plan)
    for row in range(n_series):
        alone = charted(kind, given, plan, slice(row, row + 1))
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(together, field)[row], getattr(alone, field)[0], err_msg=field)


@given(ANY_KIND, st.integers(2, 40), st.data())
def test_limits_are_finite_and_have_width_or_a_reason(kind: ChartKind, n_dates: int, data: st.DataObject) -> None:
    found = charted(kind, data.draw(figures(kind, n_dates, 3)), data.draw(plans(n_dates)))
    shown = found.point_states == 0
    for row in range(3):
        for column in range(n_dates):
            lower, upper = found.lower[row, column], found.upper[row, column]
            if not shown[row, column]:
                assert np.isnan([found.values[row, column], found.centre[row, column], lower, upper]).all()
            elif found.state_at(row, column).has_limits:
                assert np.isfinite([lower, upper]).all()
                assert lower < upper
                assert lower <= found.centre[row, column] <= upper or kind is ChartKind.G
            else:
                no_centre = found.state_at(row, column) is LimitsState.NO_FIGURES
                assert np.isnan(found.centre[row, column]) == no_centre
                assert np.isnan([lower, upper]).all()
                assert not found.flags[row, column] & (Rule.OUTSIDE_LIMITS.bit | Rule.NEAR_LIMIT.bit)


@given(st.integers(2, 40), st.integers(-512, 512), st.sampled_from([0.25, 0.5, 2.0, 8.0]), st.data())
def test_an_xmr_chart_moves_and_stretches_with_its_figures(
    n_dates: int, move: int, by: float, data: st.DataObject
) -> None:
    given, plan = data.draw(figures(ChartKind.XMR, n_dates, 2)), data.draw(plans(n_dates))
    plain = charted(ChartKind.XMR, given, plan)
    moved = charted(ChartKind.XMR, {"values": given["values"] * by + move}, plan)
    for name in ("centre", "lower", "upper"):
        np.testing.assert_allclose(getattr(moved, name), getattr(plain, name) * by + move, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(moved.flags, plain.flags)
    np.testing.assert_array_equal(moved.completed, plain.completed)


@given(st.integers(2, 40), st.data())
def test_a_mirrored_series_has_mirrored_limits_and_the_same_flags(n_dates: int, data: st.DataObject) -> None:
    given, plan = data.draw(figures(ChartKind.XMR, n_dates, 2)), data.draw(plans(n_dates))
    plain = charted(ChartKind.XMR, given, plan)
    mirrored = charted(ChartKind.XMR, {"values": -given["values"]}, plan)
    np.testing.assert_array_equal(mirrored.upper, -plain.lower)
    np.testing.assert_array_equal(mirrored.flags, plain.flags)


@given(ANY_KIND, st.integers(3, 30), st.integers(1, 10), st.data())
def test_later_points_change_neither_a_frozen_nor_an_ended_phase(
    kind: ChartKind, n_dates: int, more: int, data: st.DataObject
) -> None:
    given = data.draw(figures(kind, n_dates + more, 2))
    ended = data.draw(st.integers(1, n_dates - 1))
    frozen = data.draw(st.integers(ended, n_dates - 1))
    plan = Plan(
        rebases=(Rebase(date=days(n_dates)[ended], reason="known", author="A. Lead"),),
        freezes=(Freeze(date=days(n_dates)[frozen], reason="known", author="A. Lead"),),
    )
    before, after = charted(kind, given, plan, until=n_dates), charted(kind, given, plan)
    for name in ("centre", "lower", "upper"):
        np.testing.assert_array_equal(getattr(after, name)[:, :n_dates], getattr(before, name), err_msg=name)
    np.testing.assert_array_equal(after.completed[:, :n_dates], before.completed)
    np.testing.assert_array_equal(after.flags[:, :ended], before.flags[:, :ended])


@given(ANY_KIND, st.integers(2, 30), st.data())
def test_every_completed_pattern_is_one_the_rules_look_for_and_has_members(
    kind: ChartKind, n_dates: int, data: st.DataObject
) -> None:
    plan = data.draw(plans(n_dates))
    found = charted(kind, data.draw(figures(kind, n_dates, 2)), plan)
    allowed = sum(rule.bit for rule in plan.rules.rules)
    assert not (found.flags & ~allowed).any()
    for rule in plan.rules.rules:
        flagged, completed = (found.flags & rule.bit > 0), (found.completed & rule.bit > 0)
        assert (flagged.any(axis=1) == completed.any(axis=1)).all()


def _naive(y: list[float], centre: float, sigma: float, rules) -> list[set[Rule]]:
    """The rules point by point, as somebody would with a ruler; sigma 0: no limits."""
    n, found = len(y), [set() for _ in y]
    z = [(each - centre) / sigma if sigma else 0.0 for each in y]
    side = [(each > centre) - (each < centre) for each in y]
    step = [0] + [(b > a) - (b < a) for a, b in itertools.pairwise(y)]

    def mark(rule: Rule, length: int, holds) -> None:
        for start in range(n - length + 1) if length else ():
            window = range(start, start + length)
            for at in holds(window) or ():
                found[at].add(rule)

    def if_all(window: range, test) -> range | None:
        return window if all(test(at) for at in window) else None

    mark(Rule.OUTSIDE_LIMITS, 1, lambda window: if_all(window, lambda at: abs(z[at]) > 3))
    mark(Rule.SHIFT, rules.shift, lambda w: if_all(w, lambda at: side[at] == side[w[0]] != 0))
    mark(Rule.TREND, rules.trend, lambda w: w if len({step[at] for at in w[1:]}) == 1 and step[w[1]] else None)
    mark(
        Rule.ALTERNATING,
        rules.alternating,
        lambda w: w if all(step[at] * step[at - 1] == -1 for at in w[2:]) else None,
    )
    mark(Rule.CLOSE_TO_CENTRE, rules.close_to_centre, lambda w: if_all(w, lambda at: sigma and abs(z[at]) < 1))
    mark(Rule.AWAY_FROM_CENTRE, rules.away_from_centre, lambda w: if_all(w, lambda at: abs(z[at]) > 1))
    for sign in (1, -1):

        def near(window: range, sign: int = sign) -> list[int]:
            name = rules.outer.value
            far = [at for at in window if sign * z[at] > 2 and (name != "THIRD_ONLY" or sign * z[at] <= 3)]
            together = name == "TWO_SIGMA_THIRD_POINT_ANYWHERE" or all(side[at] == sign for at in window)
            return far if len(far) >= 2 and together else []

        def four(window: range, sign: int = sign) -> list[int]:
            far = [at for at in window if sign * z[at] > 1]
            return far if len(far) >= 4 else []

        mark(Rule.NEAR_LIMIT, 3 if rules.outer else 0, near)
        mark(Rule.BEYOND_ONE_SIGMA, 5 if rules.four_of_five else 0, four)
    return found


@settings(max_examples=200)
@given(
    st.lists(st.integers(-6, 6), min_size=2, max_size=30)
    | st.lists(st.sampled_from([-9, -1, 0, 1, 9]), min_size=14, max_size=40),
    st.sampled_from([each for each in SETS if each is not ANHOEJ]),
)
def test_the_rules_are_those_of_a_ruler(series: list[int], rules) -> None:
    values = np.array([series], dtype=float)
    found = control_charts(ChartKind.XMR, days(len(series)), values, plans=Plan(rules=rules))
    has_limits = found.state_at(0, 0).has_limits
    sigma = float(found.upper[0, 0] - found.centre[0, 0]) / 3 if has_limits else 0.0
    expected = _naive([float(each) for each in series], float(found.centre[0, 0]), sigma, rules)
    assert [{rule for rule in Rule if flags & rule.bit} for flags in found.flags[0].tolist()] == expected


def test_the_ruler_can_find_every_rule() -> None:
    """Otherwise the comparison above would prove nothing."""
    rng = np.random.default_rng(3)
    found = control_charts(ChartKind.XMR, days(400), rng.normal(0, 1, (20, 400)), plans=Plan(rules=NELSON))
    flags = int(np.bitwise_or.reduce(found.flags.ravel()))
    assert {rule for rule in Rule if flags & rule.bit} >= {
        Rule.OUTSIDE_LIMITS,
        Rule.SHIFT,
        Rule.TREND,
        Rule.NEAR_LIMIT,
        Rule.BEYOND_ONE_SIGMA,
        Rule.CLOSE_TO_CENTRE,
    }


def test_common_cause_is_seldom_flagged_and_a_change_mostly_is() -> None:
    """A clinician should not be called for nothing: of 2,000 steady years few are flagged, of changed ones most."""
    rng = np.random.default_rng(4)
    steady = rng.normal(50, 5, (2000, 24))
    changed = steady + np.where(np.arange(24) >= 12, 15, 0)
    plan = Plan(freezes=(Freeze(date=days(24)[11], reason="a year before", author="A. Lead"),))
    flagged = [
        (control_charts(ChartKind.XMR, days(24), each, plans=plan).flags[:, 12:] > 0).any(axis=1).mean()
        for each in (steady, changed)
    ]
    assert flagged[0] < 0.35
    assert flagged[1] > 0.99


@pytest.mark.parametrize("state", list(LimitsState))
def test_every_state_has_its_words(state: LimitsState) -> None:
    from outcomestats.overtime.words import _WHY_NO_LIMITS

    assert state.has_limits or _WHY_NO_LIMITS[state]
