"""What a file says, in the record's own words: one row, one fault, one piece of a file.

CSV, FHIR and answers given by link all become `Mapped` rows before the record (keep) sees them, so there is one way
in. ``kind`` is a CSV template's name and ``fields`` are that template's columns, whatever the source was.
"""

from dataclasses import dataclass
from datetime import date, datetime

Value = date | datetime | int | float | str | dict[str, int | None] | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One canonical row. References (person_id, team_id …) are the source's own identifiers; None: not given.

    Answers: ``key`` is the response's identifier and ``fields["items"]`` is {item code: value}. ``partial`` says that
    these are some of its answers, to be joined with the others; else they are all of them.
    """

    kind: str
    key: str  # the source's own identifier of this row
    line: int  # 1 is the file's first line
    fields: dict[str, Value]
    source_time: datetime | None = None  # when the source says the content was true; decides which version is later
    withdrawn: bool = False  # the source says: entered in error, or deleted
    partial: bool = False
    if_known: bool = False  # of a withdrawn row: it may never have been one, and then there is nothing to say


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row could not be understood, and what to do about it."""

    line: int
    kind: str
    field: str
    reason: str  # a code of collect/reasons.py
    message: str
    fix: str
    reference: str = ""  # what the row waits for, when it waits for something


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file, small enough for one short transaction."""

    rows: list[Mapped]
    faults: list[Fault]
    lines_read: int  # counted from the beginning of the file, this piece included
    bytes_read: int | None = None  # for progress, where the reader knows
