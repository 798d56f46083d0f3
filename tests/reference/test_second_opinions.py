"""Two packages by other people, on data drawn here: mixedlm (MIT) for mixed models, clinical-qikit (MIT) for charts.

R's stored outputs are the references; these run beside us on data nobody stored. docs/deviations.md says where they
differ.
"""

import datetime
from functools import cache
from typing import Any

import mixedlm
import numpy as np
import pandas as pd
import pytest
from mixedlm.families import Binomial
from numpy.typing import NDArray
from qikit.spc.compute import compute
from qikit.spc.limits import funnel_dispersion

from outcomestats.overtime.chart import control_chart
from outcomestats.overtime.plans import ChartKind, Plan, Screening
from outcomestats.variation.criterion import Estimation
from outcomestats.variation.effects import group_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.funnel import Kind, funnel
from outcomestats.variation.logistic import fit_logistic
from outcomestats.variation.overdispersion import dispersion
from outcomestats.variation.patterns import Patterns
from outcomestats.variation.slope import fit_slope
from outcomestats.variation.slope_sums import SlopeSums
from outcomestats.variation.sums import Sums

# The criterion is where two fits can be compared: the optimum is flat, so its place keeps half of the digits.
CRITERION, ESTIMATE = 1e-6, 1e-4
# 2.66 for 3 / 1.128.
FACTOR, CLOSED = 2e-4, 1e-9

DRAWS = range(12)

# mixedlm warns of boundaries, which are among what is compared, and reads its data sets in pandas' older way.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Model is singular:UserWarning"),
    pytest.mark.filterwarnings("ignore:Grouping factor:UserWarning"),
    pytest.mark.filterwarnings("ignore:The 'float_precision' argument:DeprecationWarning"),
]


@cache
def drawn(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    groups = 14
    team_of = rng.integers(0, 5, groups)
    group = rng.integers(0, groups, 150)
    size = rng.choice([0.0, 0.3, 1.0, 3.0])
    week, age = rng.integers(0, 12, 150).astype(float), rng.normal(45, 12, 150).round()
    own, tilt, team = rng.normal(size=groups), rng.normal(size=groups), rng.normal(size=5)
    y = 20 - 0.4 * week + 0.05 * age + size * (own[group] + 0.1 * tilt[group] * week + team[team_of[group]])
    columns = {"y": y + 2 * rng.normal(size=150), "week": week, "age": age, "group": group, "team": team_of[group]}
    return pd.DataFrame(columns)


def criterion_of(fitted: Any, reml: bool) -> float:
    log_likelihood = fitted.logLik()
    return float(fitted.REMLcrit() if reml else -2 * getattr(log_likelihood, "value", log_likelihood))


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", DRAWS)
def test_nested_intercepts_as_mixedlm(seed: int, reml: bool) -> None:
    rows = drawn(seed)
    theirs = mixedlm.lmer("y ~ week + age + (1 | team) + (1 | group)", rows, REML=reml)
    sums = Sums.from_rows(
        rows.y, group=rows.group, team=rows.team, covariates={"week": rows.week, "age": rows.age}
    )  # fmt: skip
    ours = fit(sums, estimation=Estimation.REML if reml else Estimation.ML)
    assert ours.criterion == pytest.approx(criterion_of(theirs, reml), abs=CRITERION)
    whole = sum(ours.variances) + ours.sigma2
    group, team = ours.variances
    found = theirs.VarCorr()
    assert group == pytest.approx(_variance(found, "group"), abs=ESTIMATE * whole)
    assert team == pytest.approx(_variance(found, "team"), abs=ESTIMATE * whole)
    told = dict(zip(map(str, np.unique(rows.group)), theirs.ranef()["group"]["(Intercept)"], strict=True))
    effects = group_effects(ours, sums)
    for key, estimate in zip(effects.keys.tolist(), effects.estimate, strict=True):
        assert estimate == pytest.approx(told[str(key)], abs=10 * ESTIMATE * whole**0.5)


def _variance(found: Any, level: str) -> float:
    return float(np.asarray(found.groups[level].variance["(Intercept)"]))


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", DRAWS)
def test_random_slopes_as_mixedlm(seed: int, reml: bool) -> None:
    rows = drawn(seed)
    theirs = mixedlm.lmer("y ~ week + age + (1 + week | group)", rows, REML=reml)
    sums = SlopeSums.from_rows(
        rows.y, group=rows.group, covariates={"week": rows.week, "age": rows.age}, slope="week"
    )  # fmt: skip
    ours = fit_slope(sums, estimation=Estimation.REML if reml else Estimation.ML)
    assert ours.criterion == pytest.approx(criterion_of(theirs, reml), abs=CRITERION)
    assert bool(ours.boundary) == bool(theirs.isSingular(1e-5))
    assert ours.sigma2 == pytest.approx(theirs.sigma**2, rel=10 * ESTIMATE)


@pytest.mark.parametrize("seed", DRAWS)
def test_yes_and_no_as_mixedlm_with_as_many_points(seed: int) -> None:
    rng = np.random.default_rng(seed)
    group, band = rng.integers(0, 20, 400), rng.integers(0, 4, 400).astype(float)
    chance = 1 / (1 + np.exp(0.5 - 0.3 * band - rng.choice([0.0, 0.5, 1.5]) * rng.normal(size=20)[group]))
    rows = pd.DataFrame({"y": (rng.random(400) < chance).astype(float), "band": band, "group": group})
    theirs = mixedlm.glmer("y ~ band + (1 | group)", rows, family=Binomial(), nAGQ=25)
    ours = fit_logistic(Patterns.from_rows(rows.y, group=rows.group, covariates={"band": rows.band}))
    assert ours.criterion <= criterion_of(theirs, reml=False) + CRITERION
    assert ours.criterion == pytest.approx(criterion_of(theirs, reml=False), abs=1e-4)
    assert ours.sd == pytest.approx(float(theirs.theta[0]), abs=1e-3)


@pytest.mark.parametrize(
    ("load", "y", "keys"),
    [
        (mixedlm.load_dyestuff, "Yield", ["Batch"]),
        (mixedlm.load_dyestuff2, "Yield", ["Batch"]),
        (mixedlm.load_pastes, "strength", ["sample", "batch"]),
    ],
)
def test_public_data_as_mixedlm(load: Any, y: str, keys: list[str]) -> None:
    rows = load()
    group, *team = (rows[key].astype(str).to_list() for key in keys)
    ours = fit(Sums.from_rows(rows[y], group=group, team=team[0] if team else None))
    theirs = mixedlm.lmer(f"{y} ~ 1 + " + " + ".join(f"(1 | {key})" for key in keys), rows)
    assert ours.criterion == pytest.approx(theirs.REMLcrit(), abs=CRITERION)


def months(n: int) -> list[datetime.date]:
    return [datetime.date(2015 + at // 12, at % 12 + 1, 1) for at in range(n)]


@pytest.mark.parametrize("seed", DRAWS)
@pytest.mark.parametrize(
    ("kind", "name"), [(ChartKind.XMR, "i"), (ChartKind.P, "p"), (ChartKind.U, "u"), (ChartKind.C, "c")]
)
def test_limits_as_qikit(kind: ChartKind, name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(30, 200, 24).astype(float)
    counts = rng.poisson(12, 24).astype(float)
    given = sizes if kind in (ChartKind.P, ChartKind.U) else None
    theirs = compute(name, counts if given is None else counts / given, n=given)
    plan = Plan(screening=Screening.ON)
    ours = control_chart(kind, months(24), counts, denominators=given, plan=plan)
    tolerance = FACTOR if kind is ChartKind.XMR else CLOSED
    wide = np.broadcast_to(theirs["ucl"], 24) - np.broadcast_to(theirs["cl"], 24)
    for point, centre, lower, upper, width in zip(
        ours.points, *(np.broadcast_to(theirs[key], 24) for key in ("cl", "lcl", "ucl")), wide, strict=True
    ):
        assert point.centre == pytest.approx(centre, rel=CLOSED)
        assert point.upper == pytest.approx(upper, abs=tolerance * width)
        assert point.lower == pytest.approx(lower, abs=tolerance * width)


@cache
def units(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    people = rng.integers(20, 900, 60).astype(float)
    chance = 1 / (1 + np.exp(-rng.normal(-0.5, 0.3, 60)))
    return rng.binomial(people.astype(int), chance).astype(float), people


@pytest.mark.parametrize("seed", DRAWS)
def test_over_dispersion_as_qikit_on_its_scale(seed: int) -> None:
    events, people = units(seed)
    target = events.sum() / people.sum()
    phi, tau2 = funnel_dispersion(target, events / people, people, np.ones(60, dtype=bool), "binomial")
    ours = dispersion(events / people, np.sqrt(target * (1 - target) / people), target, leave_out=False)
    assert (ours.phi, ours.tau2) == pytest.approx((phi, tau2), rel=CLOSED)


@pytest.mark.parametrize("seed", DRAWS)
def test_exact_funnels_as_qikit_to_an_event(seed: int) -> None:
    """qikit interpolates as Spiegelhalter (2005) does, we by mid-P: never a whole event apart, at any size."""
    events, people = units(seed)
    theirs = compute("p", events / people, n=people, funnel=True)
    ours = funnel(events, people, kind=Kind.PROPORTION)
    for limit, other in ((ours.lower, ("lcl_95", "lcl")), (ours.upper, ("ucl_95", "ucl"))):
        for at, key in enumerate(other):
            assert (np.abs(limit[at] - theirs[key]) * people < 1).all()
