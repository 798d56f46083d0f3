"""What would happen, in the form a page shows and a file keeps: the first of many, and how many there are."""

import msgspec

from tending.collect.mapped import Fault
from tending.web.intake import Rehearsal

SHOWN = 10
MOST_FAULTS = 100


class KindCounts(msgspec.Struct, frozen=True):
    kind: str
    new: int
    same: int
    changed: int
    not_understood: int


class FaultGroup(msgspec.Struct, frozen=True):
    file: str
    kind: str
    field: str
    reason: str
    n: int
    examples: list[str]
    fix: str


class Missing(msgspec.Struct, frozen=True):
    """What rows refer to and nobody describes."""

    kind: str
    n: int
    n_rows: int
    first: list[str]


class Rehearsed(msgspec.Struct, frozen=True):
    """``refused``: it cannot come in at all, and ``fix`` says what to do."""

    counts: list[KindCounts] = []
    faults: list[FaultGroup] = []
    n_fault_groups: int = 0
    missing: list[Missing] = []
    not_read: dict[str, str] = {}
    disagreements: list[tuple[str, str]] = []
    noticed: dict[str, int] = {}
    refused: str = ""
    fix: str = ""

    @property
    def n_new(self) -> int:
        return sum(each.new for each in self.counts)

    @property
    def n_same(self) -> int:
        return sum(each.same for each in self.counts)

    @property
    def n_changed(self) -> int:
        return sum(each.changed for each in self.counts)

    @property
    def n_not_understood(self) -> int:
        return sum(each.not_understood for each in self.counts)


def rehearsed(found: Rehearsal) -> Rehearsed:
    return Rehearsed(
        counts=[
            KindCounts(kind, each.new, each.same, each.changed, each.not_understood)
            for kind, each in found.counts.items()
        ],
        faults=[
            FaultGroup(
                each.file, each.kind, each.field, each.reason, each.n, _messages(each.examples), _fix(each.examples)
            )
            for each in found.faults[:MOST_FAULTS]
        ],
        n_fault_groups=len(found.faults),
        missing=[
            Missing(kind, len(rows), sum(rows.values()), [name for name, _ in rows.most_common(SHOWN)])
            for kind, rows in found.missing.items()
        ],
        not_read=found.not_read,
        disagreements=list(found.disagreements),
        noticed=found.noticed,
    )


def _messages(examples: tuple[Fault, ...]) -> list[str]:
    return [fault.message for fault in examples]


def _fix(examples: tuple[Fault, ...]) -> str:
    return examples[0].fix if examples else ""
