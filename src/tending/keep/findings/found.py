"""What a finding is, before it is written down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """Something to mend. ``key`` says what it is about: the same thing is found once."""

    person_id: int
    kind: str
    key: str
    message: str
    fix: str
    role: str = "DATA_STEWARD"
