"""What was wrong, counted: each reason with its first examples, so that a thousand faults read as one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tending.collect.mapped import Fault

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FaultsOfOneReason:
    file: str
    kind: str
    field: str
    reason: str
    n: int
    examples: tuple[Fault, ...]


@dataclass(slots=True)
class Faults:
    """Add faults as they come; only the first of each reason are kept whole."""

    _n: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    _first: dict[tuple[str, str, str, str], list[Fault]] = field(default_factory=dict)

    def add(self, file: str, faults: Iterable[Fault]) -> None:
        for fault in faults:
            key = (file, fault.kind, fault.field, fault.reason)
            self._n[key] = self._n.get(key, 0) + 1
            first = self._first.setdefault(key, [])
            if len(first) < EXAMPLES:
                first.append(fault)

    def shown(self) -> tuple[FaultsOfOneReason, ...]:
        """The most frequent first."""
        keys = sorted(self._n, key=lambda key: (-self._n[key], key))
        return tuple(FaultsOfOneReason(*key, self._n[key], tuple(self._first[key])) for key in keys)
