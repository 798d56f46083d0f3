"""What is known about one group or team: its shrunken estimate, how sure that is, and never a rank.

A rank changes with everybody else's luck and hides how alike groups are. What is said instead is how probable it is
that a group's own true difference lies within a range somebody is ready to defend.
Source: Henderson's best linear unbiased predictions with conditional variances (Bates et al. 2015, section 3.3);
probabilities in place of ranks: Goldstein and Spiegelhalter (1996), JRSS A 159(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from outcomestats.variation.arguments import Floats, Labels, fraction
from outcomestats.variation.criterion import Centred, pieces
from outcomestats.variation.fit import VERSION, MixedFit, ready_and_ratios
from outcomestats.variation.sums import Sums

SURE = 0.95  # from this probability on a verdict is given as very probable


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Differences from what the covariates lead one to expect, in the units of y.

    keys: (K,) groups or teams; teams: (K,) the team of each group, or None. n: (K,) rows.
    estimate: (K,) best linear unbiased predictions, drawn towards 0 the fewer rows there are. sd: (K,) conditional
    standard deviations, given the model's variances and coefficients. lower, upper: (K,) interval of `confidence`.
    """

    level: str
    keys: Labels
    teams: Labels | None
    n: NDArray[np.int64]
    estimate: Floats
    sd: Floats
    lower: Floats
    upper: Floats
    confidence: float
    method: str
    version: str
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class DefensibleRange:
    """How probable it is that each true difference lies within ±margin. All arrays (K,), in the effects' order.

    within, above, below: probabilities that add up to 1. verdicts: in words, one a group.
    """

    keys: Labels
    margin: float
    within: Floats
    above: Floats
    below: Floats
    verdicts: tuple[str, ...]
    method: str
    version: str


def group_effects(found: MixedFit, sums: Sums, *, confidence: float = 0.95) -> Effects:
    """Each group's difference from its team (nested), or from everybody (one level).

    Raises ValueError where `found` is not a fit of `sums`, or confidence lies outside 0 to 1.

    >>> from outcomestats.variation.fit import fit
    >>> sums = Sums.from_rows([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], group=[1, 1, 1, 2, 2, 2])
    >>> effects = group_effects(fit(sums), sums)
    >>> effects.estimate.round(3).tolist(), effects.sd.round(3).tolist()
    ([-2.944, 2.944], [0.572, 0.572])
    """
    ready, w, _, r, q, R, of = _parts(found, sums)
    u = w * (r - ready.n * _at(q * R, of))
    variance = found.sigma2 * (w + (w * ready.n) ** 2 * _at(q, of))
    return _effects("group", ready, sums, u, variance, confidence)


def whole_group_effects(found: MixedFit, sums: Sums, *, confidence: float = 0.95) -> Effects:
    """Each group's difference from everybody: its team's and its own together. One level: as group_effects.

    Raises ValueError as group_effects does.

    >>> from outcomestats.variation.fit import fit
    >>> sums = Sums.from_rows([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], group=[1, 1, 1, 2, 2, 2])
    >>> whole_group_effects(fit(sums), sums).estimate.round(3).tolist()
    [-2.944, 2.944]
    """
    ready, w, a, r, q, R, of = _parts(found, sums)
    v = _at(q * R, of)
    variance = found.sigma2 * (w + a**2 * _at(q, of))
    return _effects("group with its team", ready, sums, v + w * (r - ready.n * v), variance, confidence)


def team_effects(found: MixedFit, sums: Sums, *, confidence: float = 0.95) -> Effects:
    """Each team's difference from everybody. Raises ValueError as group_effects, and where there are no teams.

    >>> from outcomestats.variation.fit import fit
    >>> sums = Sums.from_rows([1.0, 3.0, 2.0, 4.0, 7.0, 9.0, 8.0, 8.5], group=[1, 1, 2, 2, 3, 3, 4, 4],
    ...                       team=["a", "a", "a", "a", "b", "b", "b", "b"])
    >>> effects = team_effects(fit(sums), sums)
    >>> effects.keys.tolist(), effects.estimate.round(2).tolist()
    (['a', 'b'], [-2.76, 2.76])
    """
    if sums.teams is None:
        raise ValueError("sums has no teams; give team to Sums.from_rows")
    ready, _, _, _, q, R, _ = _parts(found, sums)
    return _effects("team", ready, sums, q * R, found.sigma2 * q, confidence)


def defensible_range(effects: Effects, *, margin: float) -> DefensibleRange:
    """How probable it is that each true difference lies within ±margin of what is expected.

    margin: in the units of y; the largest difference people would still defend as ordinary practice, agreed before
    looking. Whether above is good is the measure's direction, not said here. A probability near one half says that
    more rows are needed, not that a group is average. Raises ValueError where margin is not above 0.

    >>> from outcomestats.variation.fit import fit
    >>> sums = Sums.from_rows([1.0, 2.0, 3.0, 7.0, 8.0, 9.0], group=[1, 1, 1, 2, 2, 2])
    >>> defensible_range(group_effects(fit(sums), sums), margin=2).verdicts[1]
    'Very probably above the range of ±2 (probability 0.95; 3 rows).'
    """
    if not 0 < margin < np.inf:
        raise ValueError(f"margin is {margin}; give a finite number above 0, in the units of y")
    # A level whose variance is 0 has no spread of its own: the difference is 0, and surely within.
    spread = np.where(effects.sd > 0, effects.sd, 1)
    above = np.where(effects.sd > 0, ndtr((effects.estimate - margin) / spread), effects.estimate > margin)
    below = np.where(effects.sd > 0, ndtr((-margin - effects.estimate) / spread), effects.estimate < -margin)
    within = 1 - above - below
    told = zip(within, above, below, effects.n, strict=True)
    verdicts = tuple(_verdict(margin, float(i), float(a), float(b), int(n)) for i, a, b, n in told)
    method = f"probability of lying within ±{margin:g}, normal given the model's variances"
    return DefensibleRange(effects.keys, margin, within, above, below, verdicts, method, VERSION)


def _verdict(margin: float, within: float, above: float, below: float, n: int) -> str:
    places = {f"within the range of ±{margin:g}": within, f"above the range of ±{margin:g}": above,
              f"below the range of ±{margin:g}": below}  # fmt: skip
    place, probability = max(places.items(), key=lambda each: each[1])
    rows = f"{n} row" if n == 1 else f"{n} rows"
    if probability >= SURE:
        return f"Very probably {place} (probability {_floored(probability)}; {rows})."
    return f"Not settled: {place} with probability {_floored(probability)}; {rows}."


def _floored(probability: float) -> str:
    """Two digits, rounded down: 0.9999 is not 1.00, and 0.949 is not 0.95."""
    return f"{np.floor(100 * probability + 1e-9) / 100:.2f}" if probability < 1 else "1.00"


def _parts(found: MixedFit, sums: Sums) -> tuple[Centred, Floats, Floats, Floats, Floats, Floats, NDArray[np.int64]]:
    """w, a and r by group; q and R by team; and each group's team. In scaled units, in the order of ready."""
    ready, lam = ready_and_ratios(sums, found)
    beta = pieces(ready, lam).beta
    r = ready.z[:, -1] - ready.z[:, :-1] @ beta
    a = 1 / (1 + lam[0] * ready.n)
    if ready.starts is None:
        nothing = np.zeros(1)
        return ready, lam[0] * a, a, r, nothing, nothing, np.zeros(r.size, dtype=np.int64)
    size = np.diff(ready.starts, append=r.size)
    q = lam[1] / (1 + lam[1] * np.add.reduceat(ready.n * a, ready.starts))
    R = np.add.reduceat(a * r, ready.starts)
    return ready, lam[0] * a, a, r, q, R, np.repeat(np.arange(size.size), size)


def _at(by_team: Floats, of: NDArray[np.int64]) -> Floats:
    taken: Floats = by_team[of]
    return taken


def _effects(
    level: str, ready: Centred, sums: Sums, estimate: Floats, variance: Floats, confidence: float
) -> Effects:
    fraction(confidence, "confidence")
    if level == "team":
        assert ready.starts is not None
        assert sums.teams is not None
        keys, teams = sums.teams[ready.order][ready.starts], None
        n = np.add.reduceat(sums.n[ready.order], ready.starts)
    else:
        keys, n = sums.groups[ready.order], sums.n[ready.order]
        teams = None if sums.teams is None else sums.teams[ready.order]
    estimate, sd = estimate * ready.scale[-1], np.sqrt(variance)
    reach = float(ndtri((1 + confidence) / 2)) * sd
    clear = int((np.abs(estimate) > reach).sum())
    return Effects(
        level=level, keys=keys, teams=teams, n=n, estimate=estimate, sd=sd, lower=estimate - reach,
        upper=estimate + reach, confidence=confidence, version=VERSION,
        method="best linear unbiased predictions with conditional standard deviations",
        verdict=f"{clear} of {keys.size} have {100 * confidence:g} % intervals that lie wholly above or below 0.",
    )  # fmt: skip
