"""Which rows that wait for a reference need wait no longer?"""

from collections import defaultdict
from typing import Protocol

from tending.keep.kinds import KINDS
from tending.keep.references import REASONS, ROW, found

AT_ONCE = 1000
_KINDS = {reason: kind for kind, reason in REASONS.items()}


class Waiting(Protocol):
    """Rows of one submission: line, kind, reason and the reference each waits for."""

    @property
    def source(self) -> str: ...
    @property
    def lines(self) -> tuple[tuple[int, str, str, str], ...]: ...


def now_known(waiting: Waiting) -> set[int]:
    """The lines whose reference is known by now."""
    by_reference: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for line, kind, reason, reference in waiting.lines:
        by_reference[(reason, kind if reason == ROW else "")][reference].append(line)
    lines: set[int] = set()
    for (reason, kind), references in by_reference.items():
        names = list(references)
        for start in range(0, len(names), AT_ONCE):
            for name in _known(reason, kind, names[start : start + AT_ONCE], waiting.source):
                lines.update(references[name])
    return lines


def _known(reason: str, kind: str, names: list[str], source: str) -> set[str]:
    if reason == ROW:
        prefix = f"{source}:{kind}:"
        rows = KINDS[kind].model._default_manager.filter(source_key__in=[prefix + name for name in names])
        return {key.removeprefix(prefix) for key in rows.values_list("source_key", flat=True)}
    if reason not in _KINDS:
        return set()
    return set(found(_KINDS[reason], names, source=source))
