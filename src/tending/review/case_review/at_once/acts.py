"""What somebody does in a review, as data: who, when, in which review, and what a form would carry."""

from dataclasses import dataclass
from datetime import date, datetime

from tending.base.access.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    review_id: int
    at: datetime
    by: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Act):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Act):
    section: str
    text: str  # empty: nothing to add


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart(Act):
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse(Act):
    role: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Act):
    token: str  # by which later acts name the action
    kind: str
    what: str
    owner_id: int
    due_date: date | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Act):
    """An action is done, or declined with a reason."""

    token: str
    done: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Act):
    token: str
    kind: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Act):
    token: str
    agreed: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Act):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain(Act):
    followed: str
    text: str
