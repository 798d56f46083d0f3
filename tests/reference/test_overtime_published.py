"""Control charts as published, worked by hand, and as clinical-qikit and base R calculate them."""

import dataclasses
import datetime
import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.overtime.chart import control_chart
from outcomestats.overtime.constants import c4, spread_of_s
from outcomestats.overtime.icons import Assurance, Variation
from outcomestats.overtime.limits import Caution, LimitsState
from outcomestats.overtime.many import control_charts
from outcomestats.overtime.plans import ChartKind, Freeze, Improvement, Plan, Rebase, Screening
from outcomestats.overtime.points import PointState
from outcomestats.overtime.presets import (
    ANHOEJ,
    MAKING_DATA_COUNT_2019,
    MAKING_DATA_COUNT_2023,
    NELSON,
    WESTERN_ELECTRIC,
    Rule,
    Ties,
)
from outcomestats.overtime.subgroups import subgroup_figures

HERE = Path(__file__).parent / "overtime"
# The same formula in the same order of sums, or nearly: rounding only.
EXACT = 1e-12
# qikit and the textbook take 3 / 1.128 = 2.6596 for the published 2.66.
FACTOR = 2e-4


def months(n: int) -> list[datetime.date]:
    return [datetime.date(2019 + at // 12, at % 12 + 1, 1) for at in range(n)]


def limits(kind, values, **given):
    chart = control_chart(kind, months(len(values)), values, **given)
    return chart, chart.latest.lower, chart.latest.centre, chart.latest.upper


# Montgomery, Introduction to Statistical Quality Control: examples as printed.
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
ORANGE_JUICE = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
SHIPPING = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
PISTON_RINGS = [
    [30, 2, 19, -8, 8], [-5, -8, 1, 11, 4], [-12, 24, 21, 5, 2], [2, -4, -7, 15, 9], [-8, 7, 15, -11, 14],
    [9, -6, -3, -15, -7], [-5, 6, -6, 0, 5], [-15, 3, -7, 15, -12], [8, -5, 9, 5, 4], [-2, 0, -10, 7, -5],
    [-6, -2, -6, -5, -10], [4, 0, 7, 0, -4], [-17, 2, -2, -3, 12], [6, -33, -6, 0, -16], [12, 14, -2, -1, 7],
    [0, -16, 5, -2, -4], [-6, 12, -14, 5, 7], [6, 10, 18, 3, 0], [-16, 2, 3, 5, -3], [0, 10, 13, 20, 3],
    [-18, 1, 15, 5, -4], [4, -1, -10, 6, 9], [10, -11, -10, 9, 14], [15, 8, -7, 0, 10], [-18, -16, -5, 17, 13],
]  # fmt: skip


def test_loan_costs_on_an_xmr_chart_example_6_5() -> None:
    _, lower, centre, upper = limits(ChartKind.XMR, LOANS, plan=Plan(screening=Screening.OFF))
    assert centre == 300.5
    assert (lower, upper) == pytest.approx((279.78, 321.22), abs=0.02)


def test_orange_juice_cans_on_a_p_chart_example_7_1() -> None:
    _, lower, centre, upper = limits(ChartKind.P, ORANGE_JUICE, denominators=[50] * 30)
    assert (lower, centre, upper) == pytest.approx((0.0524, 0.2313, 0.4102), abs=5e-5)


def test_orange_juice_cans_outside_as_printed() -> None:
    chart, *_ = limits(ChartKind.P, ORANGE_JUICE, denominators=[50] * 30)
    outside = [at + 1 for at, point in enumerate(chart.points) if Rule.OUTSIDE_LIMITS in point.flags]
    assert outside == [15, 23]


def test_circuit_boards_on_a_c_chart_example_7_3() -> None:
    chart, lower, centre, upper = limits(ChartKind.C, BOARDS)
    assert (lower, centre, upper) == pytest.approx((6.48, 19.85, 33.22), abs=0.01)
    assert [at + 1 for at, point in enumerate(chart.points) if Rule.OUTSIDE_LIMITS in point.flags] == [6, 20]


def test_shipping_errors_on_a_u_chart_example_7_4() -> None:
    _, lower, centre, upper = limits(ChartKind.U, SHIPPING, denominators=[50] * 20)
    assert (lower, centre, upper) == pytest.approx((0, 0.0740, 0.1894), abs=1e-4)


def test_piston_rings_on_xbar_and_s_charts_example_6_3() -> None:
    dates = [date for date in months(25) for _ in range(5)]
    found = subgroup_figures(dates, [74 + each / 1000 for ring in PISTON_RINGS for each in ring])
    _, lower, centre, upper = limits(ChartKind.XBAR, found.means, sds=found.sds, denominators=found.sizes)
    assert (lower, centre, upper) == pytest.approx((73.988, 74.001, 74.014), abs=1e-3)
    _, lower, centre, upper = limits(ChartKind.S, found.sds, denominators=found.sizes)
    assert (lower, centre, upper) == pytest.approx((0, 0.0094, 0.0196), abs=1e-4)


@pytest.mark.parametrize(
    ("size", "a3", "b3", "b4"),
    [
        (2, 2.659, 0, 3.267),
        (5, 1.427, 0, 2.089),
        (6, 1.287, 0.030, 1.970),
        (10, 0.975, 0.284, 1.716),
        (25, 0.606, 0.565, 1.435),
    ],
)
def test_constants_of_appendix_vi(size: int, a3: float, b3: float, b4: float) -> None:
    own, spread = c4([size])[0], spread_of_s([size])[0]
    assert 3 / (own * np.sqrt(size)) == pytest.approx(a3, abs=6e-4)
    assert max(0, 1 - 3 * spread / own) == pytest.approx(b3, abs=6e-4)
    assert 1 + 3 * spread / own == pytest.approx(b4, abs=6e-4)


R = json.loads((HERE / "r.json").read_text())
QIKIT = json.loads((HERE / "qikit.json").read_text())
KINDS = {"i": "XMR", "p": "P", "pp": "P_PRIME", "u": "U", "up": "U_PRIME", "c": "C", "run": "RUN"}


def test_c4_and_d2_as_r() -> None:
    np.testing.assert_allclose(c4(R["c4"]["n"]), R["c4"]["c4"], rtol=EXACT)
    assert pytest.approx(1.128, abs=5e-4) == R["d2_of_two"]


@pytest.mark.parametrize("case", QIKIT["charts"], ids=lambda case: f"{case['chart']}{len(case['values'])}")
def test_limits_as_qikit(case: dict) -> None:
    kind = ChartKind(KINDS[case["chart"]])
    # qikit screens moving ranges on the i chart, and does not on the primed ones.
    screening = Screening.ON if kind is ChartKind.XMR else Screening.OFF
    chart = control_chart(
        kind,
        months(len(case["values"])),
        case["values"],
        denominators=case["denominators"],
        plan=Plan(screening=screening),
    )
    tolerance = FACTOR if kind is ChartKind.XMR else EXACT
    if kind is ChartKind.U_PRIME and chart.points[0].upper < case["upper"][0] * (1 - FACTOR):
        # qikit never narrows the primed limits below the plain ones; the paper does.
        chart = control_chart(ChartKind.U, months(14), case["values"], denominators=case["denominators"])
    for at, point in enumerate(chart.points):
        assert point.centre == pytest.approx(case["centre"][at], rel=EXACT)
        if kind is ChartKind.RUN:
            assert point.upper is None
            assert case["upper"][at] is None
            continue
        width = case["upper"][at] - case["centre"][at]
        assert point.upper == pytest.approx(
            min(1, case["upper"][at]) if kind in (ChartKind.P, ChartKind.P_PRIME) else case["upper"][at],
            abs=tolerance * width,
        )
        assert point.lower == pytest.approx(case["lower"][at], abs=tolerance * width)


@pytest.mark.parametrize(("rules", "name"), [(WESTERN_ELECTRIC, "weco"), (NELSON, "nelson")])
def test_flags_as_qikit(rules, name: str) -> None:
    values = np.array([case["values"] for case in QIKIT["runs"]])
    found = control_charts(ChartKind.XMR, months(60), values, plans=Plan(rules=rules, screening=Screening.OFF))
    assert ((found.flags > 0) == np.array([case[name] for case in QIKIT["runs"]])).all()
    assert (found.flags > 0).any(axis=1).sum() > 20  # and there was something to find


def test_anhoej_tests_as_r() -> None:
    seen = set()
    for case in R["runs"]:
        chart = control_chart(ChartKind.RUN, months(len(case["values"])), case["values"], plan=Plan(rules=ANHOEJ))
        flags = {rule for point in chart.points for rule in point.flags}
        enough = case["n_useful"] >= 10
        assert (Rule.LONG_RUN in flags) == (enough and case["longest"] > case["longest_allowed"])
        assert (Rule.FEW_CROSSINGS in flags) == (enough and case["crossings"] < case["crossings_least"])
        seen |= flags
    assert {Rule.LONG_RUN, Rule.FEW_CROSSINGS} <= seen


@pytest.mark.parametrize(("name", "kind"), [("times", ChartKind.T), ("between", ChartKind.G)])
def test_rare_events_as_r(name: str, kind: ChartKind) -> None:
    for case in R[name]:
        _, *found = limits(kind, case["values"])
        assert found == pytest.approx([case["lower"], case["centre"], case["upper"]], rel=1e-11)


def test_laney_charts_as_r_screened_or_not() -> None:
    for name, kind in (("p", ChartKind.P_PRIME), ("u", ChartKind.U_PRIME)):
        case = R["primes"][name]
        for screening, key in ((Screening.ON, "upper"), (Screening.OFF, "upper_unscreened")):
            chart, *_ = limits(
                kind, case["values"], denominators=case["denominators"], plan=Plan(screening=screening)
            )
            assert [point.upper for point in chart.points] == pytest.approx(case[key], rel=EXACT)


# Worked by hand: mean 10, moving ranges all 2 but one of 16, which screening leaves out.
SPIKE = [9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 25, 9, 11]


def test_screening_by_hand() -> None:
    # 16 points sum to 174; 13 ranges of 2, two of 16: average 58/15 = 3.87, limit for ranges 12.6.
    _, lower, centre, upper = limits(ChartKind.XMR, SPIKE)
    assert (lower, centre, upper) == pytest.approx((10.875 - 2.66 * 2, 10.875, 10.875 + 2.66 * 2), rel=EXACT)
    _, _, _, upper = limits(ChartKind.XMR, SPIKE, plan=Plan(screening=Screening.OFF))
    assert upper == pytest.approx(10.875 + 2.66 * 58 / 15, rel=EXACT)


def test_mostly_zero_falls_back_instead_of_limits_without_width() -> None:
    # Screening would leave only ranges of 0, as two references do: here all 14 are used, average 4/14.
    zeros = [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
    chart, lower, _, upper = limits(ChartKind.XMR, zeros)
    assert upper - lower == pytest.approx(2 * 2.66 * 4 / 14, rel=EXACT)
    assert sum(bool(point.flags) for point in chart.points if Rule.OUTSIDE_LIMITS in point.flags) == 1
    assert chart.phases[0].cautions == (Caution.MOSTLY_ZERO, Caution.MANY_TIES, Caution.SCREENING_LEFT_NOTHING)


@pytest.mark.parametrize(
    ("kind", "values", "denominators", "state"),
    [
        (ChartKind.XMR, [7.1] * 15, None, LimitsState.ALL_EQUAL),
        (ChartKind.XMR, [0.1 + 0.2, 0.3] * 8, None, LimitsState.ALL_EQUAL),  # equal but for rounding
        (ChartKind.XMR, [3, np.nan, 4, np.nan, 9], None, LimitsState.NO_NEIGHBOURS),
        (ChartKind.XMR, [3, 3, np.nan, 4, 4], None, LimitsState.NO_VARIATION),
        (ChartKind.XMR, [3, np.nan], None, LimitsState.ONE_FIGURE),
        (ChartKind.XMR, [np.nan, np.nan], None, LimitsState.NO_FIGURES),
        (ChartKind.P, [0, 0, 0], [5, 6, 7], LimitsState.NO_EVENTS),
        (ChartKind.P_PRIME, [5, 6, 7], [5, 6, 7], LimitsState.ALL_EVENTS),
        (ChartKind.P_PRIME, [2, 3, 4], [4, 6, 8], LimitsState.ALL_EQUAL),
        (ChartKind.U, [0, 0], [5, 6], LimitsState.NO_EVENTS),
        (ChartKind.C, [0] * 20, None, LimitsState.NO_EVENTS),
        (ChartKind.G, [0] * 20, None, LimitsState.ALL_EQUAL),
        (ChartKind.T, [2.5] * 20, None, LimitsState.ALL_EQUAL),
        (ChartKind.S, [0] * 20, [4] * 20, LimitsState.ALL_EQUAL),
        (ChartKind.RUN, [1, 2, 3], None, LimitsState.RUN_CHART),
        (ChartKind.XMR, [1, 2] * 6, None, LimitsState.PROVISIONAL),
        (ChartKind.XMR, [1, 2] * 6 + [1], None, LimitsState.FIRM),
    ],
)
def test_what_cannot_have_limits_says_why(kind, values, denominators, state: LimitsState) -> None:
    chart = control_chart(kind, months(len(values)), values, denominators=denominators)
    assert chart.phases[0].limits_state is state
    drawn = [point.upper for point in chart.points if point.upper is not None]
    assert bool(drawn) == state.has_limits
    assert "nan" not in chart.verdict
    assert chart.provisional == (state is LimitsState.PROVISIONAL) == ("Provisional" in chart.verdict)


def test_a_date_without_a_denominator_is_a_named_gap() -> None:
    chart = control_chart(ChartKind.P, months(4), [1, 0, np.nan, 2], denominators=[4, 0, 4, 4])
    assert [point.state for point in chart.points] == [
        PointState.SHOWN,
        PointState.NO_DENOMINATOR,
        PointState.NO_FIGURE,
        PointState.SHOWN,
    ]
    assert chart.phases[0].cautions == (Caution.GAPS,)
    assert chart.points[1].value is None


def test_two_readings_of_two_of_three() -> None:
    # Three on one side, 5 between two and three sigma, 9 beyond three: two of three only if 9 counts.
    series = [-1.0, 1.0] * 12 + [5.0, 9.0, 0.5]
    for rules, near in ((MAKING_DATA_COUNT_2019, []), (MAKING_DATA_COUNT_2023, [24, 25])):
        chart = control_chart(ChartKind.XMR, months(27), series, plan=Plan(rules=rules))
        assert [at for at, point in enumerate(chart.points) if Rule.NEAR_LIMIT in point.flags] == near
        assert chart.points[25].flags[0] is Rule.OUTSIDE_LIMITS


def test_ties_break_a_trend_in_one_reading_and_not_in_the_other() -> None:
    series = [1, 2, 3, 3, 4, 5, 6, 7, 5, 5, 5]
    plain = control_chart(ChartKind.RUN, months(11), series)
    assert not any(Rule.TREND in point.flags for point in plain.points)
    patient = dataclasses.replace(MAKING_DATA_COUNT_2019, version="ties skipped", ties=Ties.ARE_SKIPPED)
    chart = control_chart(ChartKind.RUN, months(11), series, plan=Plan(rules=patient))
    assert [at for at, point in enumerate(chart.points) if Rule.TREND in point.flags] == [0, 1, 2, 4, 5, 6, 7]


CHANGED = [10, 12, 11, 9, 10, 12, 11, 10, 9, 11, 10, 12, 11, 20, 22, 21, 19, 20, 22, 21, 20, 19, 21, 20, 22, 21]


def test_a_shift_without_and_with_a_rebase() -> None:
    plain = control_chart(ChartKind.XMR, months(26), CHANGED, plan=Plan(improvement=Improvement.HIGHER))
    assert plain.variation is Variation.IMPROVEMENT_HIGH
    assert Rule.SHIFT in plain.points[19].completed
    assert Rule.SHIFT in plain.points[13].flags
    rebase = Rebase(date=months(26)[13], reason="reviews began", author="A. Lead")
    chart = control_chart(
        ChartKind.XMR, months(26), CHANGED, plan=Plan(improvement=Improvement.HIGHER, rebases=(rebase,))
    )
    assert chart.variation is Variation.COMMON_CAUSE
    assert [(phase.n_baseline, phase.why, phase.author) for phase in chart.phases] == [
        (13, "", ""),
        (13, "reviews began", "A. Lead"),
    ]
    for number, part in enumerate((CHANGED[:13], CHANGED[13:])):
        alone = control_chart(ChartKind.XMR, months(13), part)
        assert chart.points[13 * number].upper == alone.points[0].upper


def test_a_frozen_baseline_and_a_rebase_together() -> None:
    dates = months(26)
    plan = Plan(
        rebases=(Rebase(date=dates[13], reason="reviews began", author="A. Lead"),),
        freezes=(Freeze(date=dates[18], reason="first half-year", author="A. Lead"),),
    )
    chart = control_chart(ChartKind.XMR, dates, CHANGED[:20] + [40] * 6, plan=plan)
    second = chart.phases[1]
    assert (second.n_baseline, second.frozen_at, second.frozen_by) == (6, dates[18], "A. Lead")
    assert chart.points[25].centre == pytest.approx(np.mean(CHANGED[13:19]))
    assert Rule.OUTSIDE_LIMITS in chart.points[25].flags


def test_a_rebase_on_a_date_that_is_not_there_names_the_nearest() -> None:
    plan = Plan(rebases=(Rebase(date=datetime.date(2019, 3, 20), reason="moved house", author="A. Lead"),))
    with pytest.raises(
        ValueError, match=r"2019-03-20, which is not a date of this series; the nearest is 2019-04-01"
    ):
        control_chart(ChartKind.XMR, months(8), range(8), plan=plan)


@pytest.mark.parametrize(
    ("target", "improvement", "assurance"),
    [
        (5, Improvement.HIGHER, Assurance.CONSISTENTLY_MEETS),
        (5, Improvement.LOWER, Assurance.CONSISTENTLY_MISSES),
        (17, Improvement.HIGHER, Assurance.CONSISTENTLY_MISSES),
        (17, Improvement.LOWER, Assurance.CONSISTENTLY_MEETS),
        (10.875 + 2.66 * 2, Improvement.HIGHER, Assurance.HIT_OR_MISS),  # on the limit
        (11, Improvement.HIGHER, Assurance.HIT_OR_MISS),
        (11, Improvement.NEITHER, Assurance.NO_DIRECTION),
        (None, Improvement.HIGHER, Assurance.NO_TARGET),
    ],
)
def test_assurance(target, improvement, assurance: Assurance) -> None:
    chart, *_ = limits(ChartKind.XMR, SPIKE, plan=Plan(target=target, improvement=improvement))
    assert chart.assurance is assurance


def test_an_improving_trend_is_not_called_concern_while_it_is_still_on_the_wrong_side() -> None:
    # The latest point lies below the frozen centre, and rises for the seventh time.
    series = [30, 28, 32, 31, 29, 30, 33, 27, 30, 31, 29, 30, 30, 21, 22, 23, 24, 25, 26, 27]
    dates = months(20)
    plan = Plan(
        improvement=Improvement.HIGHER,
        rebases=(Rebase(date=dates[13], reason="new team", author="A. Lead"),),
    )
    rising = control_chart(ChartKind.RUN, dates, series, plan=plan)
    assert rising.variation is Variation.IMPROVEMENT_HIGH


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": [[1, 2, 3]]}, "values has shape"),
        ({"values": [1, 2]}, "values has shape"),
        ({"values": [1, np.inf, 2]}, "values holds inf"),
        ({"values": ["a", "b", "c"]}, "values must be numbers"),
        ({"values": [1.5, 2, 3]}, "whole numbers"),
        ({"values": [-1, 2, 3]}, "whole numbers"),
        ({"values": [9, 2, 3]}, "values is above denominators"),
        ({"denominators": None}, "denominators is missing"),
        ({"denominators": [4, 0, 4]}, "denominators is 0 or below"),
        ({"denominators": [4, 4]}, "denominators has shape"),
        ({"sds": [1, 1, 1]}, "sds is given"),
        ({"dates": months(3)[::-1]}, "dates is not in order"),
        ({"dates": []}, "values has shape|dates is empty"),
    ],
)
def test_bad_input_is_named(change: dict, message: str) -> None:
    given = {"dates": months(3), "values": [1, 2, 3], "denominators": [4, 4, 4], "sds": None} | change
    with pytest.raises(ValueError, match=message):
        control_chart(ChartKind.P, given.pop("dates"), given.pop("values"), **given)


def test_more_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="time of 0 or below"):
        control_chart(ChartKind.T, months(3), [1, 0, 2])
    with pytest.raises(ValueError, match="plans differ"):
        control_charts(ChartKind.C, months(1), [[1], [2]], plans=[Plan(), Plan(rules=NELSON)])
    freezes = tuple(Freeze(date=date, reason="r", author="a") for date in months(2))
    with pytest.raises(ValueError, match="already frozen"):
        control_chart(ChartKind.C, months(3), [1, 2, 3], plan=Plan(freezes=freezes))


@pytest.mark.parametrize(("low", "flagged"), [(8, False), (9, True)])
def test_anhoej_says_nothing_of_fewer_than_ten_points_off_the_line(low: int, flagged: bool) -> None:
    # Nine in a row on one side of ten points; eight of nine would be as long, but nine points are too few.
    chart = control_chart(
        ChartKind.XMR, months(low + 1), [1.0, 2.0] * 4 + [1.5] * (low - 8) + [90.0], plan=Plan(rules=ANHOEJ)
    )
    assert (Rule.LONG_RUN in chart.points[0].flags) is flagged


def test_a_plan_for_each_series() -> None:
    dates = months(26)
    rebased = Plan(rebases=(Rebase(date=dates[13], reason="reviews began", author="A. Lead"),), target=15)
    found = control_charts(ChartKind.XMR, dates, [CHANGED, CHANGED], plans=[Plan(), rebased])
    assert found.phase[:, -1].tolist() == [0, 1]
    assert found.centre[1, 0] == pytest.approx(np.mean(CHANGED[:13]))
    assert found.centre[0, 0] == pytest.approx(np.mean(CHANGED))
