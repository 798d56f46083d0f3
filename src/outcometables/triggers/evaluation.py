"""Run many triggers over one record at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from outcometables.definitions.parameters import ParameterError, check_parameters
from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.signs import NEEDS, Condition
from outcometables.triggers.table import CONDITIONS

_ORDER = ["person_id", "anchor", "day", "source", "row_id", "role"]
_DESCENDING = [False, True, True, False, True, False]
_NOTHING = pl.DataFrame(
    schema={
        "person_id": pl.Int64,
        "role": pl.String,
        "anchor": pl.Int8,
        "source": pl.String,
        "row_id": pl.Int64,
        "day": pl.Int32,
        "value": pl.Float64,
    }
)


class CohortLike(Protocol):
    """The part of a definition that says whom it is about."""

    @property
    def programmes(self) -> Sequence[str]: ...
    @property
    def service_models(self) -> Sequence[str]: ...


class Trigger(Protocol):
    """What a trigger's definition has to offer to be evaluated."""

    @property
    def code(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def cohort(self) -> CohortLike: ...


def evaluate(record: Record, triggers: Sequence[Trigger], *, as_of: int) -> dict[str, pl.DataFrame]:
    """The evidence of every trigger at the end of the day `as_of`, in the columns of `EVIDENCE`.

    A person fires where they have rows, exactly one of which is the anchor; it comes first among the
    person's rows. One run of the engine serves all triggers (Polars), or one query each (other engines).
    Raises `ParameterError` for an unknown condition or parameters it does not take, and for a code given
    twice.
    """
    codes = [trigger.code for trigger in triggers]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ParameterError(f"Trigger {min(twice)} is given twice: evaluate one version at a time.")
    frames = {trigger.code: _evidence(record, trigger, as_of) for trigger in triggers if _may_fire(record, trigger)}
    found = dict(zip(frames, record.run(list(frames.values())), strict=True))
    return {code: found.get(code, _NOTHING).sort(_ORDER, descending=_DESCENDING) for code in codes}


def _may_fire(record: Record, trigger: Trigger) -> bool:
    """False where the table it needs is known to be empty, as most tables of one person are. A check comes first."""
    if NEEDS.get(trigger.condition) not in record.empty:
        return True
    checked(trigger)
    return False


def check_trigger(trigger: Trigger) -> None:
    """Raise the `ParameterError` that `evaluate` would raise for this trigger, without a record to evaluate it on."""
    _evidence(Record.from_polars({}), trigger, as_of=0)


def _evidence(record: Record, trigger: Trigger, as_of: int) -> Frame:
    condition, parameters = checked(trigger)
    cohort = Cohort(tuple(trigger.cohort.programmes), tuple(trigger.cohort.service_models))
    try:
        return condition(record, as_of=as_of, cohort=cohort, **parameters)
    except ParameterError as error:
        raise ParameterError(f"Trigger {trigger.code}: {error}") from error


def checked(trigger: Trigger) -> tuple[Condition, dict[str, Any]]:
    """The trigger's condition and its parameters as that condition takes them."""
    condition = CONDITIONS.get(trigger.condition)
    if condition is None:
        raise ParameterError(
            f"Trigger {trigger.code} has an unknown condition {trigger.condition}: "
            f"use one of {', '.join(CONDITIONS)}."
        )
    try:
        return condition, check_parameters(trigger.condition, condition, trigger.parameters)
    except ParameterError as error:
        raise ParameterError(f"Trigger {trigger.code}: {error}") from error
