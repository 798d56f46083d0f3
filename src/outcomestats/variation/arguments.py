"""Columns and labels as they come in: checked once, with an error that names the argument and the fix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Labels = NDArray[Any]  # int64 or text
LARGEST = 1e100  # beyond this, sums of squares are no longer finite
MOST = 1e12  # more than anybody counts; beyond it limits between whole numbers lose their digits


def numbers(values: ArrayLike, name: str, *, dimensions: int = 1) -> Floats:
    """Finite numbers of the given number of dimensions; ValueError names the argument and what to do.

    >>> numbers([1, float("nan")], "y")
    Traceback (most recent call last):
    ValueError: y holds nan in row 1; leave such rows out, and report how many there were
    """
    try:
        checked = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, one a row") from error
    if checked.ndim != dimensions:
        wanted = "one column, of shape (n,)" if dimensions == 1 else "a table, of shape (n, columns)"
        raise ValueError(f"{name} has shape {checked.shape}; give {wanted}")
    if checked.shape[0] == 0:
        raise ValueError(f"{name} is empty; give at least one row")
    if not np.isfinite(checked).all():
        place = tuple(int(at) for at in np.argwhere(~np.isfinite(checked))[0])
        raise ValueError(
            f"{name} holds {checked[place]} in row {place[0]}; leave such rows out, and report how many there were"
        )
    if np.abs(checked).max() > LARGEST:
        row = int(np.argwhere(np.abs(checked) > LARGEST)[0][0])
        raise ValueError(f"{name} is beyond {LARGEST:g} in row {row}; give it in a larger unit, or mend the row")
    return checked


def counts(values: ArrayLike, name: str, *, least: float = 0.0) -> Floats:
    """Whole numbers from `least` upwards, as floats.

    >>> counts([3, -1], "events")
    Traceback (most recent call last):
    ValueError: events holds -1 in row 1; give whole numbers from 0 upwards
    """
    checked = numbers(values, name)
    wrong = (checked < least) | (checked != np.floor(checked))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"{name} holds {checked[row]:g} in row {row}; give whole numbers from {least:g} upwards")
    if checked.max() > MOST:
        row = int(np.argmax(checked))
        raise ValueError(f"{name} holds {checked[row]:g} in row {row}; give counts of at most {MOST:g}")
    return checked


def labels(values: ArrayLike, name: str) -> Labels:
    """Keys of groups, (n,): whole numbers or text.

    >>> labels(["b", "a"], "group").tolist()
    ['b', 'a']
    """
    checked = np.asarray(values)
    if checked.ndim != 1:
        raise ValueError(f"{name} has shape {checked.shape}; give one column of keys, of shape (n,)")
    if checked.size == 0:
        raise ValueError(f"{name} is empty; give at least one row")
    if checked.dtype.kind in "iu":
        return checked.astype(np.int64)
    if checked.dtype.kind == "U":
        return checked.astype(np.str_)
    if checked.dtype.kind == "O" and all(isinstance(each, str) for each in checked):
        return checked.astype(np.str_)
    raise ValueError(f"{name} holds {checked.dtype}; give whole numbers or text as keys, none of them missing")


def same_length(**columns: NDArray[np.generic]) -> int:
    """The common number of rows; ValueError where the columns differ.

    >>> same_length(y=np.zeros(2), group=np.zeros(3))
    Traceback (most recent call last):
    ValueError: y has 2 rows, group has 3; give columns of the same rows
    """
    lengths = {name: int(column.shape[0]) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(
            f"{name} has {n}{' rows' if at == 0 else ''}" for at, (name, n) in enumerate(lengths.items())
        )
        raise ValueError(f"{told}; give columns of the same rows")
    return next(iter(lengths.values()))


def fraction(value: float, name: str) -> float:
    """A number strictly between 0 and 1.

    >>> fraction(95, "confidence")
    Traceback (most recent call last):
    ValueError: confidence is 95; give a number between 0 and 1, such as 0.95
    """
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}; give a number between 0 and 1, such as 0.95")
    return float(value)
