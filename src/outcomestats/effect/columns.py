"""Columns of figures, checked once for every method here."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LARGEST = 1e60  # beyond this, squares of products are no longer finite


def figures(values: ArrayLike, name: str, *, like: int | None = None) -> Floats:
    """One column of finite numbers; raises ValueError naming it and what to do.

    like: the length it must have.

    >>> figures([1, 2], "after", like=3)
    Traceback (most recent call last):
    ValueError: after has 2 rows where 3 are needed; give one of each a row
    """
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, one a row") from error
    if column.ndim != 1:
        raise ValueError(f"{name} has shape {column.shape}; give one column, of shape (n,)")
    if like is not None and column.size != like:
        raise ValueError(f"{name} has {column.size} rows where {like} are needed; give one of each a row")
    if not np.isfinite(column).all():
        row = int(np.flatnonzero(~np.isfinite(column))[0])
        raise ValueError(f"{name} holds {column[row]} in row {row}; leave out rows without a figure")
    if column.size and np.abs(column).max() > LARGEST:
        raise ValueError(f"{name} is beyond {LARGEST:g}; give it in a larger unit, or mend the row")
    return column


def design_matrix(X: ArrayLike, name: str = "X") -> Floats:
    """A table of finite numbers, (n, p); raises ValueError naming it and what to do.

    >>> design_matrix([[1, float("inf")]])
    Traceback (most recent call last):
    ValueError: X holds inf in row 0; leave out rows without a figure
    """
    try:
        table = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, in rows of one length") from error
    if table.ndim != 2 or not table.size:
        raise ValueError(f"{name} has shape {table.shape}; give a table of rows and columns, (n, p)")
    figures(table.T[0] if table.shape[1] == 1 else _worst(table), name)
    return table


def _worst(table: Floats) -> Floats:
    """Of each row the figure farthest from 0; NaN where there is one."""
    farthest: Floats = np.take_along_axis(table, np.abs(table).argmax(axis=1)[:, None], axis=1)[:, 0]
    return farthest


def positive(values: ArrayLike, name: str, *, like: int) -> Floats:
    """As figures, all above 0.

    >>> positive([2, 0], "weights", like=2)
    Traceback (most recent call last):
    ValueError: weights holds 0 in row 1; give numbers above 0, and leave out rows without any
    """
    column = figures(values, name, like=like)
    if (column <= 0).any():
        row = int(np.flatnonzero(column <= 0)[0])
        raise ValueError(
            f"{name} holds {column[row]:g} in row {row}; give numbers above 0, and leave out rows without any"
        )
    return column


def marks(values: ArrayLike, name: str, *, like: int) -> NDArray[np.bool_]:
    """A column of yes and no; raises ValueError for anything else.

    >>> marks([0, 2], "treated", like=2)
    Traceback (most recent call last):
    ValueError: treated holds something other than 0 and 1; say yes or no in each row
    """
    column = figures(values, name, like=like)
    if not np.isin(column, (0, 1)).all():
        raise ValueError(f"{name} holds something other than 0 and 1; say yes or no in each row")
    said: NDArray[np.bool_] = column == 1
    return said


def numbered(keys: Sequence[Hashable], name: str, like: int) -> NDArray[np.int64]:
    """The keys as numbers from 0, in order of first appearance.

    >>> numbered(["b", "a", "b"], "clusters", 3).tolist()
    [0, 1, 0]
    """
    try:
        each = list(keys)
        place: dict[Hashable, int] = {}
        found = np.array([place.setdefault(key, len(place)) for key in each], dtype=np.int64)
    except TypeError as error:
        raise ValueError(f"{name} must be one column of keys, such as names or numbers, one a row") from error
    if found.size != like:
        raise ValueError(f"{name} has {found.size} rows where {like} are needed; give one of each a row")
    return found
