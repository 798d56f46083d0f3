"""Ratios, funnels and over-dispersion against R (counts_reference.R), and by counting every outcome."""

import json
from math import comb

import numpy as np
import pytest
from tests.reference.variation.stored import HERE

from outcomestats.variation.exact import Binomial, Poisson, limit, middle
from outcomestats.variation.funnel import Funnel, Kind, Multiplicity, funnel
from outcomestats.variation.overdispersion import Overdispersion
from outcomestats.variation.rates import observed_over_expected

R = {name: np.array(value) for name, value in json.loads((HERE / "counts.json").read_text()).items()}
# Both sides are closed formulas in double precision; R prints 15 digits. A tail far out is 1 less the rest.
CLOSED, TAIL = 1e-10, 1e-12


def test_exact_intervals_of_observed_over_expected() -> None:
    found = observed_over_expected(R["observed"], R["expected"])
    assert found.lower * R["expected"] == pytest.approx(R["garwood_lower"], rel=CLOSED)
    assert found.upper * R["expected"] == pytest.approx(R["garwood_upper"], rel=CLOSED)


def test_two_sided_mid_p_and_its_adjustments() -> None:
    plain = funnel(R["recovered"], R["people"], kind=Kind.PROPORTION)
    assert plain.p_value == pytest.approx(R["two_sided"], abs=TAIL)
    for multiplicity in (Multiplicity.BENJAMINI_HOCHBERG, Multiplicity.BONFERRONI):
        found = funnel(R["recovered"], R["people"], kind=Kind.PROPORTION, multiplicity=multiplicity)
        assert found.adjusted_p == pytest.approx(R[multiplicity.value.lower()], abs=60 * TAIL)


def test_poisson_mid_p_gives_place_and_z() -> None:
    found = funnel(R["observed"], R["expected"], kind=Kind.STANDARDISED_RATIO)
    tail = R["mid_poisson"]
    expected_place = np.select([tail < 0.001, tail < 0.025, tail > 0.999, tail > 0.975], [-2, -1, 2, 1], 0)
    assert found.place.tolist() == expected_place.tolist()


@pytest.mark.parametrize(
    ("kind", "method", "name"),
    [
        (Kind.STANDARDISED_RATIO, Overdispersion.SHMI, "shmi"),
        (Kind.STANDARDISED_RATIO, Overdispersion.CQC, "cqc"),
        (Kind.PROPORTION, Overdispersion.CQC, "arcsine"),
    ],
)
def test_over_dispersion_as_published(kind: Kind, method: Overdispersion, name: str) -> None:
    numerator, denominator = ("recovered", "people") if kind is Kind.PROPORTION else ("observed", "expected")
    found = funnel(R[numerator], R[denominator], kind=kind, overdispersion=method)
    assert found.phi == pytest.approx(float(R[f"{name}_phi"]), rel=CLOSED)
    assert found.tau2 == pytest.approx(float(R[f"{name}_tau2"]), rel=CLOSED)
    assert found.upper[1] == pytest.approx(R[f"{name}_upper"], rel=CLOSED)


def _finite_with_width(found: Funnel) -> None:
    for numbers in (found.lower, found.upper, found.z, found.p_value):
        assert np.isfinite(numbers).all()
    assert (found.upper > found.lower).all()


@pytest.mark.parametrize("method", [Overdispersion.SHMI, Overdispersion.CQC, Overdispersion.NONE])
def test_many_units_without_events_keep_limits_finite_and_the_outlier_found(method: Overdispersion) -> None:
    # FunnelPlotR, more than a tenth without events: phi and tau^2 infinite, nothing ever an outlier.
    observed, expected = np.array([0] * 8 + [5] * 31 + [60]), np.array([1.5] * 8 + [5.0] * 31 + [10.0])
    found = funnel(observed, expected, kind=Kind.STANDARDISED_RATIO, overdispersion=method)
    _finite_with_width(found)
    assert np.isfinite([found.phi, found.tau2]).all()
    assert found.zero_event_units == 8
    assert found.flagged.tolist() == [False] * 39 + [True]
    # On the square-root scale nothing out of 1.5 lies 2.4 errors below: between the limits, and not flagged.
    assert found.place[:39].tolist() == [-1 if method is Overdispersion.CQC else 0] * 8 + [0] * 31


def test_ratio_of_counts_with_nothing_on_either_side() -> None:
    _finite_with_width(funnel([0, 12, 9, 0, 30], [0, 10, 11, 4, 8], kind=Kind.RATIO_OF_COUNTS))


def test_over_dispersion_is_told_where_limits_do_not_allow_for_it() -> None:
    # FunnelPlotR reports 0 for both unless adjusted limits are drawn.
    plain = funnel(R["observed"], R["expected"], kind=Kind.STANDARDISED_RATIO)
    allowed = funnel(R["observed"], R["expected"], kind=Kind.STANDARDISED_RATIO, overdispersion=Overdispersion.CQC)
    assert (plain.phi, plain.tau2) == (allowed.phi, allowed.tau2)
    assert plain.tau2 > 0


def test_the_lower_limit_of_a_small_unit_does_not_turn_back_up() -> None:
    # (1 - 3.09 s)^2 grows again once 3.09 s passes 1, and cuts off units of two expected events from below.
    expected = np.array([0.3, 1.0, 2.0, 50.0, 80.0, 120.0, 60.0, 70.0, 90.0, 110.0])
    observed = np.array([0, 1, 2, 25, 160, 60, 120, 30, 180, 50])
    found = funnel(observed, expected, kind=Kind.STANDARDISED_RATIO, overdispersion=Overdispersion.CQC)
    assert found.lower[1][:3].tolist() == [0, 0, 0]
    assert found.place[:3].tolist() == [0, 0, 0]


def test_binomial_limits_by_counting_every_outcome() -> None:
    n, rate = 23, 0.3
    chance = [comb(n, r) * rate**r * (1 - rate) ** (n - r) for r in range(n + 1)]
    middle = np.cumsum(chance) - np.array(chance) / 2
    for tail in (0.001, 0.025, 0.975, 0.999):
        by_counting = float(np.interp(tail, middle, np.arange(n + 1)))
        assert limit(tail, Binomial(np.array([float(n)]), rate))[0] == pytest.approx(by_counting, rel=1e-9)


@pytest.mark.parametrize("tail", [1e-6, 0.001, 0.025, 0.5, 0.975, 0.999, 1 - 1e-6])
def test_limits_and_tails_agree_at_every_size(tail: float) -> None:
    sizes = np.array([0.01, 0.3, 1, 2, 5, 17, 100, 1234.5, 1e5])
    laws: list[Poisson | Binomial] = [
        Poisson(sizes),
        *(Binomial(np.ceil(sizes), rate) for rate in (0.001, 0.3, 0.98)),
    ]
    for law in laws:
        found = limit(tail, law)
        least, most = np.floor(found), np.minimum(np.floor(found) + 1, law.most)
        low, high = middle(least, law)[0], middle(most, law)[0]
        assert ((low <= tail + 1e-9) | (least == 0)).all()
        assert ((high >= tail - 1e-9) | (most == law.most)).all()
