"""What does a case review consist of, and who may decide what? The provider's own words, read from YAML."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

from outcometables.definitions.definition import Definition, DefinitionError, Part, Text
from outcometables.definitions.loading import read_definition
from outcometables.definitions.triggers import Severity
from tending.base.people.models import Role

Kind = TypeVar("Kind", bound=Definition)

PERSON_SEAT = "PERSON"
BRIEF_PARTS = ("", "ENGAGEMENT", "ADHERENCE", "RISK", "CONTACTS")


class Section(Part, frozen=True, kw_only=True):
    code: str
    title: Text
    prompt: Text
    brief: str = ""

    def __post_init__(self) -> None:
        if self.brief not in BRIEF_PARTS:
            raise ValueError(f"`brief` is {self.brief!r}; use one of {', '.join(filter(None, BRIEF_PARTS))}")


class Seat(Part, frozen=True, kw_only=True):
    """A place at the table, by role; PERSON is the person the review is about."""

    role: str
    required: bool

    def __post_init__(self) -> None:
        check_role(self.role, also=(PERSON_SEAT,))


class ActionKind(Part, frozen=True, kw_only=True):
    code: str
    title: Text
    meaning: Text
    due_days: int
    owner_role: str
    needs_organisation: bool = False

    def __post_init__(self) -> None:
        check_role(self.owner_role)
        if self.due_days < 0:
            raise ValueError("`due_days` cannot be negative; 0 is the same day")


class Rung(Part, frozen=True, kw_only=True):
    """One step of the ladder: who is told, so many hours after a deadline has passed."""

    role: str
    after_hours: int

    def __post_init__(self) -> None:
        check_role(self.role)


class CaseReviewTemplate(Definition, frozen=True, kw_only=True):
    title: Text
    sections: tuple[Section, ...]
    participants: tuple[Seat, ...]
    action_kinds: tuple[ActionKind, ...]
    escalation: dict[Severity, tuple[Rung, ...]]
    close_within_days: dict[Severity, int]
    look_back_days: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_once("sections", [section.code for section in self.sections])
        check_once("participants", [seat.role for seat in self.participants])
        check_once("action_kinds", [kind.code for kind in self.action_kinds])
        for severity in Severity:
            self._check_severity(severity)
        if self.look_back_days < 1:
            raise ValueError("`look_back_days` must be at least 1")

    def _check_severity(self, severity: Severity) -> None:
        rungs = self.escalation.get(severity, ())
        hours = [rung.after_hours for rung in rungs]
        if not rungs or hours != sorted(hours) or hours[0] < 0:
            raise ValueError(f"`escalation.{severity}` needs steps, each later than the one before")
        if self.close_within_days.get(severity, 0) < 1:
            raise ValueError(f"`close_within_days.{severity}` must be at least 1")

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections if section.code == code), None)

    def action_kind(self, code: str) -> ActionKind | None:
        return next((kind for kind in self.action_kinds if kind.code == code), None)


class DecisionKind(Part, frozen=True, kw_only=True):
    code: str
    title: Text
    meaning: Text
    roles: tuple[str, ...]
    days_to_decide: int

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError("`roles` is empty; name at least one role that may decide")
        for role in self.roles:
            check_role(role)
        if self.days_to_decide < 1:
            raise ValueError("`days_to_decide` must be at least 1")


class DecisionRights(Definition, frozen=True, kw_only=True):
    title: Text
    kinds: tuple[DecisionKind, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_once("kinds", [kind.code for kind in self.kinds])

    def kind(self, code: str) -> DecisionKind | None:
        return next((kind for kind in self.kinds if kind.code == code), None)


def spoken(text: Text) -> str:
    """The words in the reader's language."""
    return text.in_language(get_language() or "en")


def check_role(role: str, also: tuple[str, ...] = ()) -> None:
    if role not in (*Role.values, *also):
        raise ValueError(f"{role!r} is not a role; use one of {', '.join((*Role.values, *also))}")


def check_once(key: str, codes: list[str]) -> None:
    if not codes:
        raise ValueError(f"`{key}` is empty")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"`{key}` names {', '.join(twice)} twice")


def case_review_template() -> CaseReviewTemplate:
    """The template in force; raises DefinitionError naming the file, the key and the fix."""
    return _read(_file("case-review"), CaseReviewTemplate)


def decision_rights() -> DecisionRights:
    """The decision rights in force; raises DefinitionError naming the file, the key and the fix."""
    return _read(_file("decision-rights"), DecisionRights)


def _file(name: str) -> Path:
    return Path(settings.DEFINITIONS) / "templates" / f"{name}.yaml"


def _read(file: Path, kind: type[Kind]) -> Kind:
    if not file.is_file():
        raise DefinitionError(
            file=file, key="(the file)", problem="it is not there", fix="Put it back, or set TENDING_DEFINITIONS"
        )
    return _read_once(file, file.stat().st_mtime_ns, kind)  # type: ignore[return-value]


@lru_cache(maxsize=8)
def _read_once(file: Path, changed: int, kind: type[Definition]) -> Definition:
    """Read again only when the file has changed."""
    return read_definition(file, kind)
