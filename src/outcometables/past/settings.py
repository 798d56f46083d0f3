"""The same trigger at another setting: a parameter changed by name, as on a command line."""

import copy
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from outcometables.definitions.parameters import ParameterError
from outcometables.definitions.triggers import Trigger
from outcometables.past.quiet import Quiet

_OF_THE_TRIGGER = ("quiet_days", "quiet_unless_worse_by")


def at_setting(trigger: Trigger, changes: Mapping[str, str]) -> Trigger:
    """The trigger with each named value changed; a value is written as in YAML.

    A name is a parameter of the condition, `quiet_days` or `quiet_unless_worse_by`, or, for a combination,
    `signs.2.within_days` for the second sign's. Raises `ParameterError` for what cannot be changed; whether the
    condition takes the value is checked when it is tried.

    >>> from outcometables.definitions.triggers import OwnerRole, Severity, Text
    >>> words = Text(en="Silent", es="Silencio")
    >>> silent = Trigger(
    ...     code="silent", version=1, source="", reviewer="", title=words, meaning=words, condition="no_contact",
    ...     severity=Severity.ROUTINE, respond_within_hours=24, owner_role=OwnerRole.PRACTITIONER, quiet_days=30,
    ...     owner="Lead", reason=words, parameters={"days": 30},
    ... )
    >>> changed = at_setting(silent, {"days": "21", "quiet_days": "0"})
    >>> changed.parameters, changed.quiet_days, silent.parameters
    ({'days': 21}, 0, {'days': 30})
    """
    parameters, own = copy.deepcopy(trigger.parameters), {}
    for name, text in changes.items():
        if name in _OF_THE_TRIGGER:
            own[name] = _value(name, text)
        else:
            place, last = _place(parameters, name, trigger.code)
            place[last] = _value(name, text)
    try:
        return msgspec.convert({**msgspec.to_builtins(trigger), **own, "parameters": parameters}, Trigger)
    except msgspec.ValidationError as error:
        raise ParameterError(f"Trigger {trigger.code}: {error}") from error


def quiet_of(trigger: Trigger) -> Quiet:
    """The trigger's own quiet period."""
    return Quiet(trigger.quiet_days, trigger.quiet_unless_worse_by)


def _place(parameters: dict[str, Any], name: str, code: str) -> tuple[dict[str, Any], str]:
    """Where the value stands, and its name there: `signs.2.within_days` is in the second sign's parameters."""
    first, *rest = name.split(".")
    if not rest:
        return parameters, first
    signs = parameters.get(first)
    if first != "signs" or not isinstance(signs, list) or len(rest) != 2:
        raise ParameterError(f"Trigger {code} has no setting {name}: write a parameter's name, or signs.2.NAME.")
    if not rest[0].isdigit() or not 1 <= int(rest[0]) <= len(signs):
        raise ParameterError(f"Trigger {code} has {len(signs)} signs, numbered from 1: there is no {name}.")
    return signs[int(rest[0]) - 1]["parameters"], rest[1]


def _value(name: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ParameterError(
            f"{name}: {text} is no value: write it as in the trigger's file, such as 21 or [PHQ-9]"
        ) from error
