"""Every public function of five packages, given what it should not be given: a ValueError that names the argument and
what to do, or a result without a silent NaN. A new public function fails here until somebody says what it is given.
"""

import dataclasses
import datetime
import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from outcomestats.disclosure.policy import Policy
from outcomestats.disclosure.tables import protect, protect_shares
from outcomestats.effect.ar1 import fit_ar1, standard_errors_of_ar1
from outcomestats.effect.before_after import before_after
from outcomestats.effect.comparisons import difference_in_differences, matched_history
from outcomestats.effect.event_study import event_study
from outcomestats.effect.least_squares import cluster_robust, fit_ols, newey_west
from outcomestats.effect.poisson import fit_poisson
from outcomestats.effect.regression_to_mean import expected_beyond_cutoff, regression_to_mean
from outcomestats.effect.segmented import Errors, segmented_regression
from outcomestats.effect.verdicts import Better, Question
from outcomestats.equity.adjusted import adjusted_gap
from outcomestats.equity.changes import change_of_gap
from outcomestats.equity.discovery import q_values
from outcomestats.equity.gaps import Limits, gaps_to_reference, index_of_disparity
from outcomestats.equity.intervals import counted, wilson
from outcomestats.overtime.chart import control_chart
from outcomestats.overtime.constants import c4, spread_of_s
from outcomestats.overtime.many import ControlCharts, control_charts
from outcomestats.overtime.plans import ChartKind
from outcomestats.overtime.subgroups import subgroup_figures
from outcomestats.variation.cycles import over_cycles
from outcomestats.variation.effects import defensible_range, group_effects, team_effects, whole_group_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.funnel import Kind, funnel
from outcomestats.variation.logistic import fit_logistic, logistic_spread
from outcomestats.variation.overdispersion import Overdispersion, dispersion
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.rates import indirectly_adjusted, observed_over_expected, poisson_interval
from outcomestats.variation.slope import fit_slope
from outcomestats.variation.slope_effects import line_effects
from outcomestats.variation.slope_sums import SlopeSums
from outcomestats.variation.spread import narrowing, spread
from outcomestats.variation.sums import Sums

PACKAGES = ("variation", "overtime", "effect", "equity", "disclosure")
rng = np.random.default_rng(20261122)
N = 48
QUESTION = Question(better=Better.LOWER, matters=2)
MONTHS = [datetime.date(2020 + at // 12, at % 12 + 1, 1) for at in range(N)]

Y = np.round(rng.normal(20, 5, N), 1)
GROUP = np.arange(N) % 8
TEAM = np.where(np.arange(N) % 8 < 5, 1, 2)
WEEK = np.arange(N) // 8.0
YES = (rng.random(N) < 0.3 + 0.05 * GROUP).astype(float)
PEOPLE = rng.integers(20, 90, N).astype(float)
EVENTS = rng.binomial(PEOPLE.astype(int), 0.3).astype(float)
X = np.column_stack((np.ones(N), np.arange(N), np.arange(N) % 5)).astype(float)

Call = Callable[..., Any]


def nested(y: Any, group: Any, team: Any, week: Any) -> Any:
    sums = Sums.from_rows(y, group=group, team=team, covariates={"week": week})
    found = fit(sums)
    told = [spread(found, sums, level=level) for level in found.levels]
    whole = whole_group_effects(found, sums)
    return found, group_effects(found, sums), team_effects(found, sums), defensible_range(whole, margin=2), told


def sloping(y: Any, group: Any, week: Any) -> Any:
    sums = SlopeSums.from_rows(y, group=group, covariates={"week": week}, slope="week")
    found = fit_slope(sums)
    lines = line_effects(found, sums)
    return found, lines, lines.slopes(), lines.at(3)


def logistic(y: Any, group: Any, week: Any) -> Any:
    patterns = Patterns.from_rows(y, group=group, covariates={"week": week})
    found = fit_logistic(patterns, points=9)
    return found, logistic_spread(found, patterns)


def two_periods(sd: Any, lower: Any, upper: Any) -> Any:
    sums = Sums.from_rows(Y, group=GROUP)
    earlier = spread(fit(sums), sums)
    given = {"sd": _one(sd), "lower": _one(lower), "upper": _one(upper)}
    return narrowing(earlier, dataclasses.replace(earlier, **given))


def chart(kind: ChartKind, **columns: Any) -> Any:
    return control_chart(kind, MONTHS, **columns)


CYCLE = spread(fit(Sums.from_rows(Y, group=GROUP)), Sums.from_rows(Y, group=GROUP))


# What is called, and the good columns it is called with. Each column is spoilt in every way, one at a time.
SWEPT: dict[str, tuple[tuple[str, ...], Call, dict[str, Any]]] = {
    "nested": (
        ("variation.sums.Sums.from_rows", "variation.fit.fit", "variation.effects.group_effects",
         "variation.effects.team_effects", "variation.effects.whole_group_effects",
         "variation.effects.defensible_range", "variation.spread.spread"),
        nested, {"y": Y, "group": GROUP, "team": TEAM, "week": WEEK},
    ),
    "sloping": (
        ("variation.slope_sums.SlopeSums.from_rows", "variation.slope.fit_slope",
         "variation.slope_effects.line_effects", "variation.slope_effects.LineEffects.slopes",
         "variation.slope_effects.LineEffects.at"),
        sloping, {"y": Y, "group": GROUP, "week": WEEK},
    ),
    "logistic": (
        ("variation.patterns.Patterns.from_rows", "variation.logistic.fit_logistic",
         "variation.logistic.logistic_spread"),
        logistic, {"y": YES, "group": GROUP, "week": WEEK % 3},
    ),
    "counted patterns": (
        ("variation.patterns.Patterns.from_counts",),
        lambda events, people, group: fit_logistic(Patterns.from_counts(events, people, group=group), points=9),
        {"events": EVENTS, "people": PEOPLE, "group": GROUP},
    ),
    "narrowing": (
        ("variation.spread.narrowing",), two_periods, {"sd": [1.0], "lower": [0.5], "upper": [2.0]}
    ),
    "cycles": (
        ("variation.cycles.over_cycles",),
        lambda times: over_cycles([CYCLE] * N, times=times), {"times": np.arange(N)},
    ),
    "funnel, exact": (
        ("variation.funnel.funnel",),
        lambda events, denominators: funnel(events, denominators, kind=Kind.PROPORTION),
        {"events": EVENTS, "denominators": PEOPLE},
    ),
    "funnel, ratios": (
        ("variation.funnel.funnel",),
        lambda events, denominators: funnel(
            events, denominators, kind=Kind.STANDARDISED_RATIO, overdispersion=Overdispersion.SHMI
        ),
        {"events": EVENTS, "denominators": PEOPLE / 3},
    ),
    "funnel, counts over counts": (
        ("variation.funnel.funnel",),
        lambda events, denominators: funnel(
            events, denominators, kind=Kind.RATIO_OF_COUNTS, overdispersion=Overdispersion.CQC
        ),
        {"events": EVENTS, "denominators": PEOPLE},
    ),
    "over-dispersion": (
        ("variation.overdispersion.dispersion",),
        lambda y, s: dispersion(y, s, 20.0, leave_out=True), {"y": Y, "s": PEOPLE / 9},
    ),
    "ratios": (
        ("variation.rates.observed_over_expected",), observed_over_expected,
        {"observed": EVENTS, "expected": PEOPLE / 3, "keys": np.arange(N)},
    ),
    "adjusted rates": (
        ("variation.rates.indirectly_adjusted",), indirectly_adjusted,
        {"unit": GROUP, "stratum": TEAM, "events": EVENTS, "people": PEOPLE},
    ),
    "Poisson interval": (("variation.rates.poisson_interval",), poisson_interval, {"events": EVENTS}),
    "XmR chart": (
        ("overtime.chart.control_chart", "overtime.chart.one_of"),
        lambda values: chart(ChartKind.XMR, values=values), {"values": Y},
    ),
    "p chart": (
        ("overtime.chart.control_chart",),
        lambda values, denominators: chart(ChartKind.P_PRIME, values=values, denominators=denominators),
        {"values": EVENTS, "denominators": PEOPLE},
    ),
    "X-bar chart": (
        ("overtime.chart.control_chart",),
        lambda values, denominators, sds: chart(ChartKind.XBAR, values=values, denominators=denominators, sds=sds),
        {"values": Y, "denominators": PEOPLE, "sds": PEOPLE / 9},
    ),
    "t chart": (
        ("overtime.chart.control_chart",), lambda values: chart(ChartKind.T, values=values), {"values": PEOPLE}
    ),
    "many charts": (
        ("overtime.many.control_charts", "overtime.many.ControlCharts.state_at"),
        lambda values: control_charts(ChartKind.U, MONTHS, [values, values], denominators=[PEOPLE, PEOPLE]),
        {"values": EVENTS},
    ),
    "subgroups": (
        ("overtime.subgroups.subgroup_figures",), lambda values: subgroup_figures(sorted(MONTHS[:24] * 2), values),
        {"values": Y},
    ),
    "c4": (("overtime.constants.c4",), c4, {"sizes": PEOPLE}),
    "spread of s": (("overtime.constants.spread_of_s",), spread_of_s, {"sizes": PEOPLE}),
    "before and after": (
        ("effect.before_after.before_after",),
        lambda before, after, weights_before, weights_after: before_after(
            before, after, QUESTION, weights_before=weights_before, weights_after=weights_after
        ),
        {"before": Y, "after": Y[::-1] - 2, "weights_before": PEOPLE, "weights_after": PEOPLE},
    ),
    **{
        f"segmented, {errors.value}": (
            ("effect.segmented.segmented_regression",),
            lambda periods, values, errors=errors: segmented_regression(
                periods, values, changed_at=24, question=Question(better=Better.LOWER, matters=0.3), errors=errors,
                harmonics=1,
            ),
            {"periods": np.arange(N), "values": EVENTS},
        )
        for errors in Errors
    },
    "segmented, exposure": (
        ("effect.segmented.segmented_regression",),
        lambda exposure: segmented_regression(
            range(N), EVENTS, changed_at=24, question=Question(better=Better.LOWER, matters=0.3),
            errors=Errors.POISSON, exposure=exposure,
        ),
        {"exposure": PEOPLE},
    ),
    "difference in differences": (
        ("effect.comparisons.difference_in_differences",),
        lambda outcomes, treated, after, clusters: difference_in_differences(
            outcomes, treated=treated, after=after, clusters=clusters, question=QUESTION
        ),
        {"outcomes": Y, "treated": GROUP % 2, "after": (np.arange(N) >= 24) * 1, "clusters": GROUP},
    ),
    "event study": (
        ("effect.event_study.event_study",),
        lambda outcomes, treated, periods, clusters: event_study(
            outcomes, treated=treated, periods=periods, changed_at=4, clusters=clusters
        ),
        {"outcomes": Y, "treated": GROUP % 2, "periods": WEEK, "clusters": GROUP},
    ),
    "matched": (
        ("effect.comparisons.matched_history",),
        lambda outcomes_after, outcomes_before, strata_after, strata_before: matched_history(
            outcomes_after, outcomes_before, strata_after=strata_after, strata_before=strata_before,
            question=QUESTION,
        ),
        {"outcomes_after": Y, "outcomes_before": Y + 1, "strata_after": GROUP, "strata_before": GROUP},
    ),
    "regression to the mean": (
        ("effect.regression_to_mean.regression_to_mean",),
        lambda earlier, later: regression_to_mean(earlier, later, mean=15, retest=0.7),
        {"earlier": Y, "later": Y - PEOPLE / 50},
    ),
    "drift beyond a cut-off": (
        ("effect.regression_to_mean.expected_beyond_cutoff",),
        lambda mean, sd, retest, cutoff: expected_beyond_cutoff(
            mean=_one(mean), sd=_one(sd), retest=_one(retest), cutoff=_one(cutoff), chosen=Better.HIGHER
        ),
        {"mean": [10.0], "sd": [5.0], "retest": [0.7], "cutoff": [20.0]},
    ),
    "least squares": (("effect.least_squares.fit_ols",), lambda X, y: fit_ols(X, y), {"X": X, "y": Y}),
    "Newey and West": (
        ("effect.least_squares.newey_west",), lambda periods, X, residuals: newey_west(periods, X, residuals, 2),
        {"periods": np.arange(N), "X": X, "residuals": Y - 20},
    ),
    "clusters": (
        ("effect.least_squares.cluster_robust",), cluster_robust, {"X": X, "residuals": Y - 20, "clusters": GROUP}
    ),
    "Poisson": (
        ("effect.poisson.fit_poisson",), fit_poisson, {"X": X, "counts": EVENTS, "exposure": PEOPLE}
    ),
    "AR(1)": (("effect.ar1.fit_ar1",), fit_ar1, {"periods": np.arange(N), "X": X, "y": Y}),
    "AR(1) errors": (
        ("effect.ar1.standard_errors_of_ar1",), lambda periods, X: standard_errors_of_ar1(periods, X, 0.4, 2.0),
        {"periods": np.arange(N), "X": X},
    ),
    "gaps": (
        ("equity.gaps.gaps_to_reference",),
        lambda events, totals: gaps_to_reference([f"g{at}" for at in range(N)], events, totals, reference="g0"),
        {"events": EVENTS, "totals": PEOPLE},
    ),
    "disparity": (("equity.gaps.index_of_disparity",), index_of_disparity, {"events": EVENTS, "totals": PEOPLE}),
    "adjusted gap": (
        ("equity.adjusted.adjusted_gap",), adjusted_gap,
        {"events": EVENTS, "totals": PEOPLE, "reference_events": EVENTS[::-1], "reference_totals": PEOPLE[::-1]},
    ),
    "change of a gap": (
        ("equity.changes.change_of_gap",),
        lambda value, lower, upper: change_of_gap(
            Limits(_one(value), _one(lower), _one(upper)), Limits(0.1, 0.0, 0.2)
        ),
        {"value": [0.2], "lower": [0.1], "upper": [0.3]},
    ),
    "false discovery": (("equity.discovery.q_values",), q_values, {"p_values": rng.random(N)}),
    "Wilson": (("equity.intervals.wilson",), wilson, {"events": EVENTS, "totals": PEOPLE}),
    "counted": (("equity.intervals.counted",), counted, {"events": EVENTS, "totals": PEOPLE}),
    "suppression": (
        ("disclosure.tables.protect", "disclosure.tables.Protected.percentages", "disclosure.tables.Protected.text"),
        lambda counts: (lambda found: (found, found.percentages()))(protect(counts, Policy())), {"counts": EVENTS},
    ),
    "suppressed shares": (
        ("disclosure.tables.protect_shares",),
        lambda events, people: protect_shares(events, people, Policy()), {"events": EVENTS, "people": PEOPLE},
    ),
}  # fmt: skip

# Public in name, but given only what a function above has checked, or no column at all. Each says which.
CHECKED_BEFORE = {
    "variation.arguments": "these are the checks",
    "effect.columns": "these are the checks",
    "variation.criterion": "given sums that were checked when they were made",
    "variation.descent": "given a criterion",
    "variation.exact": "given laws made of checked counts by funnel()",
    "variation.fit.ready_and_ratios": "given a fit and its sums",
    "variation.slope_criterion": "given sums that were checked when they were made",
    "variation.slope.own_units": "given sums that were checked when they were made",
    "variation.slope.SlopeFit.sd_at": "given one number; any gives a number",
    "variation.sums.coded": "given keys that labels() has checked",
    "variation.sums.Sums": "merge, subtract and shifts are held by test_bad_input.py and the properties",
    "variation.slope_sums.SlopeSums": "merge, subtract and shifts are held by test_bad_input.py and the properties",
    "variation.overdispersion.Scale": "given what funnel() has checked",
    "overtime.icons": "given limits and flags of control_charts()",
    "overtime.limits": "given points that laid_out() has checked",
    "overtime.points": "the checks of control_charts()",
    "overtime.segments": "given points that laid_out() has checked",
    "overtime.signals": "given points that laid_out() has checked",
    "overtime.words": "given one finished chart",
    "overtime.plans.day_index": "given dates of a checked chart",
    "effect.before_after.before_after_phase": "given a finished chart; held by test_effect_references.py",
    "effect.least_squares.newey_west_lags": "given a number of rows",
    "effect.least_squares.independent": "the check of designs",
    "equity.intervals.people": "the check of counts",
    "effect.segmented.design": "given periods segmented_regression() has checked",
    "effect.segmented.contrast_of_means": "given a design of segmented_regression()",
    "effect.verdicts": "given finished estimates",
    "equity.intervals.difference_limits": "given shares and limits of wilson()",
    "equity.intervals.ratio_limits": "given shares and limits of wilson()",
    "disclosure.patterns": "given tables that protect() has checked",
    "disclosure.policy": "its numbers are held by test_disclosure_bad_input.py",
    "disclosure.wording.caption": "given a protected table; held by test_disclosure_bad_input.py",
}


def _one(value: Any) -> float:
    given = np.asarray(value)
    return given.reshape(-1)[0].item() if given.size else math.nan


def public() -> Iterator[str]:
    for package in PACKAGES:
        root = importlib.import_module(f"outcomestats.{package}")
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            found = importlib.import_module(module.name)
            for name, member in inspect.getmembers(found):
                if name.startswith("_") or getattr(member, "__module__", None) != module.name:
                    continue
                path = f"{module.name.removeprefix('outcomestats.')}.{name}"
                if inspect.isfunction(member):
                    yield path
                elif inspect.isclass(member):
                    yield from (
                        f"{path}.{own}"
                        for own, value in vars(member).items()
                        if not own.startswith("_") and isinstance(value, type(public) | classmethod | staticmethod)
                    )


def test_no_public_function_is_forgotten() -> None:
    swept = {path for paths, _, _ in SWEPT.values() for path in paths}
    known = swept | set(CHECKED_BEFORE)
    every = set(public())
    forgotten = {path for path in every if not any(path == each or path.startswith(f"{each}.") for each in known)}
    assert forgotten == set(), "say in SWEPT what it is given, or in CHECKED_BEFORE by whom its input is checked"
    gone = {each for each in known if not any(path == each or path.startswith(f"{each}.") for path in every)}
    assert gone == set()


def changed(column: Any, value: float, at: int = 2) -> Any:
    moved = np.array(column, dtype=np.float64)
    moved.reshape(-1)[min(at, moved.size - 1)] = value
    return moved


SPOILT: dict[str, Callable[[Any], Any]] = {
    "NaN": lambda column: changed(column, math.nan),
    "infinite": lambda column: changed(column, math.inf),
    "minus infinite": lambda column: changed(column, -math.inf),
    "all NaN": lambda column: np.full(np.shape(column), math.nan),
    "too large": lambda column: changed(column, 1e300),
    "negative": lambda column: changed(column, -3),
    "nought": lambda column: changed(column, 0),
    "all nought": lambda column: np.zeros(np.shape(column)),
    "all equal": lambda column: np.full(np.shape(column), 7.0),
    "broken": lambda column: changed(column, 0.5),
    "empty": lambda column: np.asarray(column)[:0],
    "one row": lambda column: np.asarray(column)[:1],
    "one too few": lambda column: np.asarray(column)[:-1],
    "a table": lambda column: np.stack([np.asarray(column)] * 2, axis=-1),
    "one number": lambda column: np.asarray(column).reshape(-1)[0],
    "words": lambda column: np.full(np.shape(column), "few"),
    "nothing": lambda column: np.full(np.shape(column), None),
}
# Of single numbers, typed as such: those that are none are a checker's business.
OF_COLUMNS = {"empty", "one row", "one too few", "a table", "one number", "words", "nothing"}
CASES = [
    (name, column, how)
    for name, (_, _, given) in SWEPT.items()
    for column, good in given.items()
    for how in SPOILT
    if not (isinstance(good, list) and how in OF_COLUMNS)
]


@pytest.mark.parametrize("name", SWEPT)
def test_what_is_good_is_taken(name: str) -> None:
    _, call, given = SWEPT[name]
    assert silent(call(**given)) == []


@pytest.mark.parametrize(("name", "column", "how"), CASES)
def test_what_is_bad_is_named_or_answered_in_numbers(name: str, column: str, how: str) -> None:
    _, call, given = SWEPT[name]
    judge(call, given | {column: SPOILT[how](given[column])}, given)


@pytest.mark.parametrize("how", ["one row", "empty", "all equal", "all nought"])
@pytest.mark.parametrize(
    "name", [name for name, (_, _, given) in SWEPT.items() if not isinstance(next(iter(given.values())), list)]
)
def test_all_columns_at_once(name: str, how: str) -> None:
    _, call, given = SWEPT[name]
    judge(call, {column: SPOILT[how](values) for column, values in given.items()}, given)


def judge(call: Call, spoilt: dict[str, Any], given: dict[str, Any]) -> None:
    found: Any = None
    error: ValueError | None = None
    try:
        found = call(**spoilt)
    except ValueError as refused:
        error = refused
    if error is not None:
        assert type(error) is ValueError, f"{type(error).__name__} from inside: {error}"
        text = str(error)
        assert re.search("; |must be", text), f"does not say what to do: {text}"
        words = set(re.findall(r"\w+", text))
        assert words & (set(given) | NAMED_OTHERWISE), f"does not name the argument: {text}"
        return
    assert silent(found) == []


# Errors about what the columns are together name that.
NAMED_OTHERWISE = {
    "y",
    "groups",
    "changed_at",
    "covariates",
    "denominators",
    "plans",
    "level",
    "harmonics",
    "clusters",
    "strata",
    "margin",
    "sums",
}


def silent(found: Any, path: str = "") -> list[str]:
    """Where a result holds a NaN or an infinite number. Charts have them by contract, where a state says why."""
    if isinstance(found, ControlCharts):
        shown = found.point_states == 0
        return silent(found.values[shown], f"{path}.values")
    if isinstance(found, np.ma.MaskedArray):
        return silent(found.compressed(), path)
    if isinstance(found, np.ndarray):
        bad = found.dtype.kind == "f" and not np.isfinite(found).all()
        return [path] if bad else []
    if isinstance(found, float):
        return [] if math.isfinite(found) else [path]
    if isinstance(found, tuple | list):
        return [each for at, part in enumerate(found) for each in silent(part, f"{path}[{at}]")]
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return [
            each
            for field in dataclasses.fields(found)
            if field.name not in MAY_BE_INFINITE
            for each in silent(getattr(found, field.name), f"{path}.{field.name}")
        ]
    return []


MAY_BE_INFINITE = {"degrees"}  # of Student's t: infinite is normal
