"""What happened, kept as columns: each week adds a handful of arrays, and the end joins them."""

from collections import defaultdict

import numpy as np


class Ledger:
    """Append arrays under a kind of event; read them back joined. A single value is repeated."""

    def __init__(self) -> None:
        self._parts: dict[str, list[dict[str, np.ndarray]]] = defaultdict(list)

    def add(self, kind: str, /, *, person: np.ndarray, **columns: np.ndarray | int | float) -> None:
        """Keep these rows; of weeks without any, only the first, so that the columns are known."""
        if len(person) == 0 and self._parts[kind]:
            return
        part = {"person": np.asarray(person, dtype=np.int32)}
        for name, value in columns.items():
            array = np.asarray(value)
            part[name] = np.full(len(person), value) if array.ndim == 0 else array
        self._parts[kind].append(part)

    def columns(self, kind: str) -> dict[str, np.ndarray]:
        """All rows of one kind, oldest week first."""
        parts = [part for part in self._parts[kind] if len(part["person"])] or self._parts[kind][:1]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
