"""Which of two versions of one row is the later one?

What the source says comes first (its own time, else the time the delivery was received), then the delivery, then the
submission, then the line: within one file the row that stands first counts. This orders any two versions, so the
record comes out the same whatever the order in which they are read.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tending.collect.mapped import Mapped


class Order(NamedTuple):
    """Compare two: the greater one is the later version."""

    effective: datetime
    said_at: datetime  # when the delivery that says so was received
    submission_id: int
    minus_line: int

    @property
    def place(self) -> tuple[int, int]:
        return self.submission_id, self.minus_line

    def contradicts(self, other: "Order") -> bool:
        """One file says two things at the same time: neither is a correction of the other."""
        return (
            self.submission_id == other.submission_id
            and self.minus_line != other.minus_line
            and self.effective == other.effective
        )


def order_of(row: Any) -> Order:
    """The order of a version that is in the record."""
    said_at = row.confirmed_at or row.recorded_at
    return Order(row.source_time or said_at, said_at, row.submission_id, -row.line)


def order_of_mapped(row: Mapped, *, submission_id: int, said_at: datetime) -> Order:
    return Order(row.source_time or said_at, said_at, submission_id, -row.line)


def digest(row: Mapped) -> str:
    """What a row says, in 32 letters: the same words from the same or another file are the same row."""
    said = sorted((name, _plain(value)) for name, value in row.fields.items() if value is not None)
    return hashlib.blake2b(f"{row.withdrawn}{said}".encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return sorted(value.items())
    return str(value)
