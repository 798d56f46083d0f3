"""What is known about one group's own line: its shrunken level and slope, how sure that is, and never a rank.

Source: Henderson's best linear unbiased predictions with conditional covariances (Bates et al. 2015, section 3.3):
b_k = D f_k and Var(b_k | y) = sigma^2 D (I + P_k D)^-1, in the notation of slope_criterion.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from outcomestats.variation.arguments import Floats, Labels, fraction
from outcomestats.variation.effects import Effects
from outcomestats.variation.fit import VERSION
from outcomestats.variation.slope import SlopeFit, own_units
from outcomestats.variation.slope_criterion import Lines, line_pieces, lines, within_groups
from outcomestats.variation.slope_sums import SlopeSums

METHOD = "best linear unbiased predictions of level and slope with conditional covariances"


@dataclass(frozen=True, slots=True, eq=False)
class LineEffects:
    """Each group's difference from the line the fixed effects give, in the units of y and of the covariate.

    keys, n: (K,) groups and their rows. estimate: (K, 2) level (where the covariate is 0) and slope.
    covariance: (K, 2, 2) of each pair, given the model's variances and coefficients.
    """

    slope: str
    keys: Labels
    n: NDArray[np.int64]
    estimate: Floats
    covariance: Floats
    confidence: float
    method: str
    version: str

    @property
    def sd(self) -> Floats:
        """(K, 2) conditional standard deviations of level and slope."""
        deviations: Floats = np.sqrt(np.maximum(np.diagonal(self.covariance, axis1=1, axis2=2), 0))
        return deviations

    def slopes(self) -> Effects:
        """The groups' differences in slope, for defensible_range()."""
        return self._along(np.array([0.0, 1.0]), f"slope in {self.slope} of group")

    def at(self, value: float) -> Effects:
        """The groups' differences in y where the covariate has this value, for defensible_range().

        Raises ValueError where it is not finite.
        """
        if not np.isfinite(value):
            raise ValueError(f"value is {value}; give a finite value of {self.slope}")
        return self._along(np.array([1.0, value]), f"group at {self.slope} {value:g}")

    def _along(self, weights: Floats, level: str) -> Effects:
        estimate = self.estimate @ weights
        sd = np.sqrt(np.maximum(np.einsum("a,kab,b->k", weights, self.covariance, weights), 0))
        reach = float(ndtri((1 + self.confidence) / 2)) * sd
        clear = int((np.abs(estimate) > reach).sum())
        percent = f"{100 * self.confidence:g} %"
        return Effects(
            level=level, keys=self.keys, teams=None, n=self.n, estimate=estimate, sd=sd, lower=estimate - reach,
            upper=estimate + reach, confidence=self.confidence, method=self.method, version=self.version,
            verdict=f"{clear} of {self.keys.size} have {percent} intervals that lie wholly above or below 0.",
        )  # fmt: skip


def line_effects(found: SlopeFit, sums: SlopeSums, *, confidence: float = 0.95) -> LineEffects:
    """Each group's own level and slope, drawn towards everybody's the less its rows say.

    Raises ValueError where `found` is not a fit of `sums`, or confidence lies outside 0 to 1.

    >>> from outcomestats.variation.slope import fit_slope
    >>> week, ward = [0, 1, 2, 3] * 4, np.repeat(["a", "b", "c", "d"], 4)
    >>> y = [20, 18, 17, 14, 21, 20, 21, 19, 18, 15, 11, 9, 25, 20, 18, 11]
    >>> sums = SlopeSums.from_rows(y, group=ward, covariates={"week": week}, slope="week")
    >>> line_effects(fit_slope(sums), sums).slopes().estimate.round(2).tolist()
    [0.53, 1.87, -0.65, -1.76]
    """
    fraction(confidence, "confidence")
    same = (found.n_rows, found.n_groups) == (sums.sums.n_rows, sums.sums.n.size)
    if not same or found.coefficients[1:] != sums.sums.covariates or found.slope != sums.slope:
        raise ValueError("found is not a fit of these sums; give the sums it was fitted from")
    ready = lines(sums, found.estimation)
    scale = float(ready.about.scale[-1])
    D = _scaled(found, ready)
    F, H, _ = within_groups(ready, D)
    beta = line_pieces(ready, np.array([D[0, 0], D[0, 1], D[1, 1]])).beta
    f = F[:, :, -1] - F[:, :, :-1] @ beta
    back = own_units(ready)
    conditional = found.sigma2 * (D - D @ H @ D)
    return LineEffects(
        slope=sums.slope, keys=sums.sums.groups, n=sums.sums.n, estimate=scale * f @ D @ back.T,
        covariance=back @ conditional @ back.T, confidence=confidence, method=METHOD, version=VERSION,
    )  # fmt: skip


def _scaled(found: SlopeFit, ready: Lines) -> Floats:
    """D about the mean and in units of spread, from the fit's own units."""
    there = np.linalg.inv(own_units(ready))
    D: Floats = there @ (found.covariance / found.sigma2) @ there.T
    return D
