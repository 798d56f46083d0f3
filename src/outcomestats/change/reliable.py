"""Jacobson and Truax (1991): how large must a change be, and where does the clinical range end?

Source: Jacobson, N. S. and Truax, P. (1991), "Clinical significance: a statistical approach to defining
meaningful change in psychotherapy research", Journal of Consulting and Clinical Psychology 59, 12-19.
Norms are arguments, never estimated from the people in hand: somebody's result must not change because others
joined the file.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri


def standard_error_of_difference(*, reliability: float, norm_sd: float) -> float:
    """The spread of the difference of two scores of an unchanged person: norm_sd · √(2(1 − reliability)).

    reliability: of the measure, 0 to below 1. norm_sd: standard deviation of the published norm group, in the
    measure's units. Raises ValueError when either lies outside its range.

    >>> round(standard_error_of_difference(reliability=0.8, norm_sd=7.5), 2)
    4.74
    """
    if not 0 <= reliability < 1:
        raise ValueError(f"reliability is {reliability}; give a number from 0 up to, not including, 1")
    if not 0 < norm_sd < math.inf:
        raise ValueError(f"norm_sd is {norm_sd}; give the norm group's standard deviation, a finite number above 0")
    return norm_sd * math.sqrt(2 * (1 - reliability))


def reliable_change_points(*, reliability: float, norm_sd: float, confidence: float = 0.95) -> float:
    """The change, in points, that error alone exceeds in only (1 − confidence) of unchanged people.

    confidence: two-sided, between 0 and 1; 0.95 gives the usual 1.96 standard errors of the difference.
    Raises ValueError when an argument lies outside its range.

    >>> round(reliable_change_points(reliability=0.8, norm_sd=7.5), 2)
    9.3
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    error = standard_error_of_difference(reliability=reliability, norm_sd=norm_sd)
    return float(ndtri((1 + confidence) / 2)) * error


def reliable_change_index(
    earlier: ArrayLike, later: ArrayLike, *, reliability: float, norm_sd: float
) -> NDArray[np.float64]:
    """The change in standard errors of the difference; beyond ±1.96 it is reliable.

    earlier, later: (n,) scores of the same people in the measure's units. Returns (n,). The sign is that of
    the change; whether that is good is the measure's direction, see classify_changes.
    Raises ValueError when they differ in length, are empty, or hold NaN or an infinite number.

    >>> reliable_change_index([32.5], [47.5], reliability=0.8, norm_sd=7.5).round(2).tolist()
    [3.16]
    """
    first, last = paired(earlier, later)
    return (last - first) / standard_error_of_difference(reliability=reliability, norm_sd=norm_sd)


def paired(
    earlier: ArrayLike, later: ArrayLike, names: tuple[str, str] = ("earlier", "later")
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two columns of scores of the same people, checked; raises ValueError naming the column and what to do.

    >>> paired([1], [2, 3])
    Traceback (most recent call last):
    ValueError: earlier has 1 scores and later 2; give one of each a person
    """
    first, last = column(earlier, names[0]), column(later, names[1])
    if first.shape != last.shape:
        raise ValueError(f"{names[0]} has {first.size} scores and {names[1]} {last.size}; give one of each a person")
    return first, last


def column(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """One column of finite numbers, checked; raises ValueError naming it and what to do.

    >>> column([1, 2], "scores").tolist()
    [1.0, 2.0]
    """
    if np.ma.is_masked(values):
        raise ValueError(f"{name} has masked rows; leave out people without a score, with the reason")
    try:
        given = np.asarray(values)
        # Text, dates and complex numbers would turn into figures without a word.
        if given.dtype.kind not in "biufO":
            raise TypeError(given.dtype)
        checked = given.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, one a row") from error
    if checked.ndim != 1:
        raise ValueError(f"{name} has shape {checked.shape}; give one column, of shape (n,)")
    if checked.size == 0:
        raise ValueError(f"{name} is empty; give at least one score")
    if not np.isfinite(checked).all():
        row = int(np.flatnonzero(~np.isfinite(checked))[0])
        raise ValueError(
            f"{name} holds {checked[row]} in row {row}; leave out people without a score, with the reason"
        )
    return checked


def whole(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """One column of whole numbers, such as keys or days, checked as column is; keys keep all their digits.

    >>> whole([3, 2**53 + 1], "people").tolist()
    [3, 9007199254740993]
    """
    # Keys are 64-bit: through floating point they would lose digits above 2^53.
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.ndim == 1:
        checked = column(values, name) if np.ma.is_masked(values) or not values.size else values
    else:
        checked = _as_whole(values, name)
    if checked.size == 0:
        raise ValueError(f"{name} is empty; give at least one score")
    if checked.dtype.kind == "f" and (checked != np.floor(checked)).any():
        raise ValueError(f"{name} holds part of a number; give whole numbers")
    return checked.astype(np.int64)


def _as_whole(values: ArrayLike, name: str) -> NDArray[Any]:
    try:
        numbers = np.asarray(values)
    except ValueError:  # rows of unequal length
        return column(values, name)
    return numbers if numbers.dtype.kind in "iu" and numbers.ndim == 1 else column(values, name)
