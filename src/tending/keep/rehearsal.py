"""What would be kept? The same checks and comparisons as keeping, without writing anything."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tending.collect.checks import fault_of
from tending.collect.mapped import Chunk, Fault, Mapped
from tending.keep.kinds import KINDS
from tending.keep.precedence import digest
from tending.keep.references import found
from tending.keep.versions import current_rows

AT_ONCE = 1000


@dataclass(slots=True)
class Counts:
    new: int = 0
    same: int = 0
    changed: int = 0
    not_understood: int = 0


@dataclass(slots=True)
class Rehearsed:
    """What would happen, gathered piece by piece."""

    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    described: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    referred_to: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, chunk: Chunk, *, source: str, received: date) -> list[Fault]:
        """Look at one piece; returns everything wrong with its rows."""
        faults = list(chunk.faults)
        sound: dict[str, list[Mapped]] = defaultdict(list)
        for row in chunk.rows:
            if (fault := fault_of(row, received=received)) is not None:
                faults.append(fault)
            else:
                sound[row.kind].append(row)
        for kind, rows in sound.items():
            self._compare(kind, rows, source)
            self._note_references(kind, rows)
        for fault in faults:
            self.counts[fault.kind].not_understood += 1
        return faults

    def missing(self, *, source: str) -> dict[str, Counter[str]]:
        """What rows refer to and nobody describes: in none of the files and not in the record."""
        missing = {}
        for kind, counted in sorted(self.referred_to.items()):
            absent = [identifier for identifier in counted if identifier not in self.described[kind]]
            for start in range(0, len(absent), AT_ONCE):
                known = found(kind, absent[start : start + AT_ONCE], source=source)
                for identifier in known:
                    del counted[identifier]
            left = Counter({name: counted[name] for name in absent if name in counted})
            if left:
                missing[kind] = left
        return missing

    def _compare(self, kind: str, rows: Iterable[Mapped], source: str) -> None:
        by_key = {f"{source}:{kind}:{row.key}": row for row in rows}
        current = current_rows(KINDS[kind].model, by_key)
        counts = self.counts[kind]
        for key, row in by_key.items():
            if key not in current:
                counts.new += not row.if_known
            elif current[key].content == digest(row):
                counts.same += 1
            else:
                counts.changed += 1

    def _note_references(self, kind: str, rows: Iterable[Mapped]) -> None:
        references = KINDS[kind].references
        for row in rows:
            described = row.fields.get("staff_id") if kind == "staff" else row.key
            if kind in ("organisations", "teams", "staff", "people", "goals"):
                self.described[kind].add(str(described))
            for column, other in references.items():
                if identifier := row.fields.get(column):
                    self.referred_to[other][str(identifier)] += 1
