"""A gap between two groups among people alike in age, severity, programme: what is left of it?

Sources: Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, 719-748; Sato (1989), Biometrics
45, 1323-1324; Greenland and Robins (1985), Biometrics 41, 55-68. Holds for many small strata and for few large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from outcomestats.equity.gaps import VERSION, Limits, RatioState
from outcomestats.equity.intervals import Floats, counted, people


@dataclass(frozen=True, slots=True)
class AdjustedGap:
    """absolute: common difference of shares. relative: common ratio, None where ratio_state says why.

    n: people in strata with both groups; left_out: people in strata with one of them only.
    """

    absolute: Limits
    relative: Limits | None
    ratio_state: RatioState
    n: int
    n_strata: int
    left_out: int
    method: str
    verdict: str
    version: str = VERSION


def adjusted_gap(
    events: ArrayLike,
    totals: ArrayLike,
    reference_events: ArrayLike,
    reference_totals: ArrayLike,
    *,
    confidence: float = 0.95,
) -> AdjustedGap:
    """The group's share against the reference's within strata.

    All (k,), one a stratum; a total of 0 where a stratum lacks the group. Strata must be of what was so before
    care began: what care itself changes would explain the gap away. Not where the gap clearly differs between
    strata: one number then hides who is left behind.
    Raises ValueError for lengths that differ, counts that cannot be, or no stratum with both.

    >>> found = adjusted_gap([10, 40], [50, 80], [30, 12], [100, 20])
    >>> round(found.absolute.value, 3), round(found.relative.value, 2)
    (-0.1, 0.75)
    """
    if not 0.5 <= confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number from 0.5 to below 1")
    group, reference = people(totals, "totals"), people(reference_totals, "reference_totals")
    if group.shape != reference.shape or group.ndim != 1:
        raise ValueError(
            f"totals has shape {group.shape} and reference_totals {reference.shape}; give one of each a stratum"
        )
    for name, each in (("events", events), ("reference_events", reference_events)):
        if np.shape(each) != group.shape:
            raise ValueError(f"{name} has shape {np.shape(each)} for {group.size} strata; give one a stratum")
    happened, there = people(events, "events"), people(reference_events, "reference_events")
    both = (group > 0) & (reference > 0)
    if not both.any():
        raise ValueError("totals and reference_totals share no stratum; use wider strata")
    x1, n1 = counted(happened[both], group[both])
    x0, n0 = counted(there[both], reference[both])
    z = float(ndtri((1 + confidence) / 2))
    absolute, relative = _difference(x1, n1, x0, n0, z), _ratio(x1, n1, x0, n0, z)
    told = "more than chance" if absolute.lower > 0 or absolute.upper < 0 else "not told from chance"
    return AdjustedGap(
        absolute=absolute,
        relative=relative,
        ratio_state=_ratio_state(x1, x0),
        n=int((n1 + n0).sum()),
        n_strata=int(both.sum()),
        left_out=int((group + reference)[~both].sum()),
        method="Mantel-Haenszel difference (Sato 1989) and ratio (Greenland and Robins 1985)",
        verdict=(
            f"Among people alike, {100 * absolute.value:+.2g} points ({100 * confidence:g} % interval "
            f"{100 * absolute.lower:+.2g} to {100 * absolute.upper:+.2g}): {told}."
        ),
    )


def _ratio_state(x1: Floats, x0: Floats) -> RatioState:
    if not x0.any():
        return RatioState.NO_EVENTS_IN_REFERENCE
    return RatioState.GIVEN if x1.any() else RatioState.NO_EVENTS_IN_GROUP


def _difference(x1: Floats, n1: Floats, x0: Floats, n0: Floats, z: float) -> Limits:
    n = n1 + n0
    weight = float((n1 * n0 / n).sum())
    value = float(((x1 * n0 - x0 * n1) / n).sum()) / weight
    P = float(((n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / n**2).sum())
    Q = float(((x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n)).sum())
    half = z * math.sqrt(max(value * P + Q, 0.0)) / weight
    return Limits(value, max(value - half, -1.0), min(value + half, 1.0))


def _ratio(x1: Floats, n1: Floats, x0: Floats, n0: Floats, z: float) -> Limits | None:
    n = n1 + n0
    R, S = float((x1 * n0 / n).sum()), float((x0 * n1 / n).sum())
    if not R or not S:
        return None
    variance = float(((n1 * n0 * (x1 + x0) - x1 * x0 * n) / n**2).sum()) / (R * S)
    half = z * math.sqrt(max(variance, 0.0))
    return Limits(R / S, R / S * math.exp(-half), R / S * math.exp(half))
