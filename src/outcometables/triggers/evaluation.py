"""Run many triggers over one record at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import Cohort
from outcometables.triggers.parameters import ParameterError, check_parameters
from outcometables.triggers.table import CONDITIONS

_ORDER = ["person_id", "anchor", "day", "source", "row_id", "role"]
_DESCENDING = [False, True, True, False, True, False]


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
    frames = [_evidence(record, trigger, as_of) for trigger in triggers]
    return {
        code: found.sort(_ORDER, descending=_DESCENDING)
        for code, found in zip(codes, record.run(frames), strict=True)
    }


def check_trigger(trigger: Trigger) -> None:
    """Raise the `ParameterError` that `evaluate` would raise for this trigger, without a record to evaluate it on."""
    _evidence(Record.from_polars({}), trigger, as_of=0)


def _evidence(record: Record, trigger: Trigger, as_of: int) -> Frame:
    condition = CONDITIONS.get(trigger.condition)
    if condition is None:
        raise ParameterError(
            f"Trigger {trigger.code} has an unknown condition {trigger.condition}: "
            f"use one of {', '.join(CONDITIONS)}."
        )
    cohort = Cohort(tuple(trigger.cohort.programmes), tuple(trigger.cohort.service_models))
    try:
        parameters = check_parameters(trigger.condition, condition, trigger.parameters)
        return condition(record, as_of=as_of, cohort=cohort, **parameters)
    except ParameterError as error:
        raise ParameterError(f"Trigger {trigger.code}: {error}") from error
