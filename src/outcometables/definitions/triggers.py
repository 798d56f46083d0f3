"""When should somebody look? A trigger: its condition, how urgent, who owns it, how soon they answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from outcometables.definitions.definition import Definition, Part, Text


class Severity(StrEnum):
    URGENT = "URGENT"
    HIGH = "HIGH"
    ROUTINE = "ROUTINE"


class OwnerRole(StrEnum):
    """Who is asked first when the trigger fires."""

    PRACTITIONER = "PRACTITIONER"
    CARE_COORDINATOR = "CARE_COORDINATOR"
    SUPERVISOR = "SUPERVISOR"


class Cohort(Part, frozen=True, kw_only=True):
    """For whom a trigger counts; an empty list means every programme, or every service model."""

    programmes: tuple[str, ...] = ()
    service_models: tuple[str, ...] = ()


class Trigger(Definition, frozen=True, kw_only=True):
    """A trigger as clinicians write it. `condition` and `parameters` are checked by outcometables.triggers,
    which knows the conditions; here they are a name and named values."""

    title: Text
    meaning: Text
    condition: str
    severity: Severity
    respond_within_hours: int
    owner_role: OwnerRole
    quiet_days: int
    owner: str
    reason: Text
    # New evidence inside the quiet period that is worse by this much asks again. In units of the evidence value;
    # negative where lower is worse.
    quiet_unless_worse_by: float | None = None
    parameters: dict[str, Any] = {}
    cohort: Cohort = Cohort()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.quiet_unless_worse_by == 0:
            raise ValueError("`quiet_unless_worse_by` is 0; leave it out, or write quiet_days: 0 to ask every time")
        if self.respond_within_hours < 1:
            raise ValueError("`respond_within_hours` must be at least 1; a response clock needs time to run")
        if self.quiet_days < 0:
            raise ValueError("`quiet_days` cannot be negative; write 0 for no quiet period")
        for name in ("condition", "owner"):
            if not str(getattr(self, name)).strip():
                raise ValueError(f"`{name}` is empty; every trigger has a condition and an owner")
