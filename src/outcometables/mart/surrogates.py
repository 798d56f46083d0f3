"""Numbers and days that stand for others, under a secret that is drawn for one export and forgotten."""

import hashlib
from collections.abc import Collection

import polars as pl


def surrogates(secret: bytes, kind: str, numbers: Collection[int]) -> dict[int, int]:
    """1, 2, 3 … for these numbers in the order of a keyed digest: without the secret any order is as likely.

    >>> sorted(surrogates(b"s", "staff", [70, 80, 90]).values())
    [1, 2, 3]
    """
    in_order = sorted(numbers, key=lambda number: _digest(secret, kind, number))
    return {number: place for place, number in enumerate(in_order, start=1)}


def shifts(secret: bytes, people: Collection[int], weeks: int) -> dict[int, int]:
    """By person a number of days, whole weeks from 0 to `weeks`, each as likely.

    >>> all(days % 7 == 0 and 0 <= days <= 14 for days in shifts(b"s", range(100), 2).values())
    True
    """
    return {person: int.from_bytes(_digest(secret, "shift", person)) % (weeks + 1) * 7 for person in people}


def replaced(column: str, instead: dict[int, int]) -> pl.Expr:
    """The column with other numbers; one there is none for becomes empty."""
    return pl.col(column).replace_strict(instead, default=None, return_dtype=pl.Int64).alias(column)


def _digest(secret: bytes, kind: str, number: int) -> bytes:
    return hashlib.blake2b(f"{kind} {number}".encode(), key=secret, digest_size=16).digest()
