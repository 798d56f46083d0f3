"""Is the change one that people notice? The minimal important difference, for one person and for a group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from outcomestats.change.reliable import column, paired
from outcomestats.change.rules import TOLERANCE, Direction
from outcomestats.change.shares import NoShare, Share, share_of

VERSION = "change.important/1"


class Importance(StrEnum):
    """What a group's mean change is beside the minimal important difference."""

    IMPORTANTLY_BETTER = "IMPORTANTLY_BETTER"  # the whole interval is at or beyond it
    LESS_THAN_IMPORTANT = "LESS_THAN_IMPORTANT"  # the whole interval is short of it, in both directions
    IMPORTANTLY_WORSE = "IMPORTANTLY_WORSE"
    NOT_CLEAR = "NOT_CLEAR"  # the interval reaches both sides of it
    TOO_FEW = "TOO_FEW"  # one person has no interval


@dataclass(frozen=True, slots=True)
class ImportantChange:
    """A group's mean change, later less earlier, with its interval, and who changed by as much as matters.

    lower, upper: of the mean, in the measure's units; equal to estimate with one person only (importance TOO_FEW).
    better, worse: shares of people who changed by the points or more.
    """

    estimate: float
    lower: float
    upper: float
    points: float
    better: Share | NoShare
    worse: Share | NoShare
    importance: Importance
    n: int
    method: str
    version: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Points:
    """A minimal important difference that was estimated, always above 0, with its interval and where it is from."""

    estimate: float
    lower: float
    upper: float
    n: int
    method: str
    version: str
    verdict: str


def important_change(
    earlier: ArrayLike, later: ArrayLike, *, points: float, direction: Direction, confidence: float = 0.95
) -> ImportantChange:
    """A group's change beside the minimal important difference (Jaeschke, Singer and Guyatt 1989).

    earlier, later: (n,) scores of the same people. points: the smallest change people notice, in the measure's units,
    above 0. The interval is Student's for the mean of the changes. Where people were chosen by a high first
    score, part of any change is drift to the mean: see outcomestats.effect.regression_to_mean.
    Source: Controlled Clinical Trials 10, 407-415. One person's change: ChangeRule(points=…) and classify_change.
    Raises ValueError as paired, and where points or confidence lie outside their range.

    >>> found = important_change([20, 18, 15, 22], [14, 11, 10, 15], points=3, direction=Direction.HIGHER_IS_WORSE)
    >>> found.estimate, round(found.lower, 2), round(found.upper, 2), found.importance.value
    (-6.25, -7.77, -4.73, 'IMPORTANTLY_BETTER')
    """
    first, last = paired(earlier, later)
    if not 0 < points < math.inf:
        raise ValueError(f"points is {points}; give the minimal important difference, above 0")
    change = last - first
    mean, lower, upper = _mean_with_limits(change, confidence)
    burden = direction.sign * change
    ends = sorted((direction.sign * lower, direction.sign * upper))
    importance = _importance(ends[0], ends[1], points) if change.size > 1 else Importance.TOO_FEW
    better = share_of(int((burden <= TOLERANCE - points).sum()), change.size, confidence=confidence)
    worse = share_of(int((burden >= points - TOLERANCE).sum()), change.size, confidence=confidence)
    return ImportantChange(
        estimate=mean, lower=lower, upper=upper, points=points, better=better, worse=worse, importance=importance,
        n=int(change.size), method=f"mean change beside {points:g} points", version=VERSION,
        verdict=f"{_SAID[importance].format(points=points)} Mean change {mean:.3g} "
        f"({lower:.3g} to {upper:.3g}); better by {points:g} or more: {better.in_words}.",
    )  # fmt: skip


def points_from_anchor(changes: ArrayLike, *, confidence: float = 0.95) -> Points:
    """The minimal important difference: the mean change of people who say they are a little better.

    changes: (n,) changes, later less earlier, of exactly those people. The anchor method (Jaeschke, Singer and Guyatt
    1989). Not of people who say much better, and not where their own judgement hardly goes with the change.
    Raises ValueError with fewer than 3 people, and where the interval holds 0: then the anchor says nothing.

    >>> found = points_from_anchor([-3, -5, -2, -4, -6])
    >>> found.estimate, round(found.lower, 2), round(found.upper, 2)
    (4.0, 2.04, 5.96)
    """
    change = column(changes, "changes")
    if change.size < 3:
        raise ValueError(f"changes holds {change.size} people; give 3 or more who say they are a little better")
    mean, lower, upper = _mean_with_limits(change, confidence)
    if lower <= 0 <= upper:
        raise ValueError(
            f"changes have the mean {mean:.3g} ({lower:.3g} to {upper:.3g}), which may be none; use another anchor"
        )
    low, high = sorted((abs(lower), abs(upper)))
    return Points(
        estimate=abs(mean), lower=low, upper=high, n=int(change.size), version=VERSION,
        method="anchor: mean change of people who say they are a little better",
        verdict=f"{change.size} people who say they are a little better changed by {abs(mean):.3g} on average "
        f"({low:.3g} to {high:.3g}).",
    )  # fmt: skip


def half_sd_points(norm_sd: float) -> float:
    """Half a standard deviation of the first scores: what people notice, roughly (Norman, Sloan and Wyrwich 2003).

    Medical Care 41, 582-592. A rule of thumb where no anchor exists. Raises ValueError where norm_sd is not above 0.

    >>> half_sd_points(5.4)
    2.7
    """
    if not 0 < norm_sd < math.inf:
        raise ValueError(f"norm_sd is {norm_sd}; give the standard deviation of first scores, above 0")
    return norm_sd / 2


def _mean_with_limits(change: np.ndarray[tuple[int], np.dtype[np.float64]], confidence: float) -> tuple[float, ...]:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    mean = float(change.mean())
    if change.size < 2:
        return mean, mean, mean
    half = float(student.ppf((1 + confidence) / 2, change.size - 1) * change.std(ddof=1) / math.sqrt(change.size))
    return mean, mean - half, mean + half


def _importance(low: float, high: float, points: float) -> Importance:
    """low, high: limits of the mean change of burden: below 0 is better."""
    if high <= TOLERANCE - points:
        return Importance.IMPORTANTLY_BETTER
    if low >= points - TOLERANCE:
        return Importance.IMPORTANTLY_WORSE
    if -points < low and high < points:
        return Importance.LESS_THAN_IMPORTANT
    return Importance.NOT_CLEAR


_SAID = {
    Importance.IMPORTANTLY_BETTER: "Better on average by at least the {points:g} points that matter.",
    Importance.LESS_THAN_IMPORTANT: "On average less change than the {points:g} points that matter.",
    Importance.IMPORTANTLY_WORSE: "Worse on average by at least the {points:g} points that matter.",
    Importance.NOT_CLEAR: "Not clear whether the change on average reaches the {points:g} points that matter.",
    Importance.TOO_FEW: "One person only: no interval, so nothing is said of a group.",
}
