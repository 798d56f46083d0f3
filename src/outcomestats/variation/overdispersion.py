"""Do units differ by more than chance, each with its own count? phi and tau^2, on the scale each method judges on.

Sources: Spiegelhalter (2005), Quality and Safety in Health Care 14(5) (winsorised z, additive tau^2 after DerSimonian
and Laird 1986); Spiegelhalter et al. (2012), JRSS A 175(1) (the regulator's square-root scale, here CQC); NHS
Digital, SHMI specification (log scale, the outer tenths left out).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from outcomestats.variation.arguments import Floats, numbers, same_length

OUTER = 0.1  # the share of z scores at either end that is drawn in, or left out
HALF_AN_EVENT = 0.5  # a unit without events has no logarithm; it is judged as if half an event had happened


class Overdispersion(StrEnum):
    """How limits allow for units that differ by more than chance."""

    NONE = "NONE"
    SHMI = "SHMI"  # log scale, outer tenths left out
    CQC = "CQC"  # outer tenths drawn in; square root of ratios, arcsine of proportions, log of one count over another


class Scale(StrEnum):
    """The scale on which values of any size vary alike."""

    LOG = "LOG"
    ROOT = "ROOT"
    ARCSINE = "ARCSINE"

    def there(self, value: Floats) -> Floats:
        """From a value to this scale."""
        if self is Scale.LOG:
            return np.log(value)
        root: Floats = np.sqrt(value)
        return root if self is Scale.ROOT else np.arcsin(root)

    def back(self, value: Floats) -> Floats:
        """From this scale to a value; beyond its ends, the end."""
        if self is Scale.LOG:
            return np.exp(value)
        if self is Scale.ROOT:
            return np.maximum(value, 0) ** 2
        ended: Floats = np.sin(np.clip(value, 0, np.pi / 2)) ** 2
        return ended


@dataclass(frozen=True, slots=True, eq=False)
class Dispersion:
    """phi: the mean of squared z, 1 where chance is all. tau2: variance between units, on the method's scale.

    y, s: (U,) values and standard errors on that scale. centre: the target on it. used: how many z went into phi.
    """

    y: Floats
    s: Floats
    centre: float
    phi: float
    tau2: float
    used: int

    @property
    def z(self) -> Floats:
        """(U,) z scores that allow for variation between units."""
        found: Floats = (self.y - self.centre) / np.sqrt(self.s**2 + self.tau2)
        return found


def dispersion(y: Floats, s: Floats, centre: float, *, leave_out: bool) -> Dispersion:
    """phi and tau^2 of z = (y - centre)/s. leave_out: drop the outer tenths by rank; else draw them in.

    Raises ValueError where y or s is not finite, they differ in length, or s is not above 0.
    tau2 = max(0, (n phi - (n - 1)) / (sum w - sum w^2 / sum w)), w = 1/s^2, over the units that went into phi.

    >>> found = dispersion(np.array([-3.0, -1.0, 0.0, 1.0, 3.0]), np.ones(5), 0.0, leave_out=False)
    >>> round(found.phi, 3), round(found.tau2, 3)
    (2.336, 1.92)
    """
    same_length(y=numbers(y, "y"), s=numbers(s, "s"))
    if (s <= 0).any():
        row = int(np.flatnonzero(s <= 0)[0])
        raise ValueError(
            f"s holds {s[row]:g} in row {row}; give standard errors above 0, leave out units without one"
        )
    z = (y - centre) / s
    if leave_out:
        kept = _inner(z)
        z, w = z[kept], 1 / s[kept] ** 2
    else:
        z, w = np.clip(z, *np.quantile(z, [OUTER, 1 - OUTER])), 1 / s**2
    phi = float((z**2).mean())
    spare = float(w.sum() - (w**2).sum() / w.sum())
    tau2 = max(0.0, (z.size * phi - (z.size - 1)) / spare) if z.size > 1 else 0.0
    return Dispersion(y, s, centre, phi, tau2, int(z.size))


def _inner(z: Floats) -> NDArray[np.bool_]:
    """Neither in the lowest nor in the highest tenth by rank, ties sharing their mean rank."""
    ordered = np.sort(z)
    rank = (np.searchsorted(ordered, z, "left") + np.searchsorted(ordered, z, "right") + 1) / 2
    tenth = np.floor(rank / OUTER / (z.size + 1) + 1e-9)
    kept = (tenth > 0) & (tenth < round(1 / OUTER) - 1)
    return kept if kept.any() else np.ones(z.shape, dtype=bool)
