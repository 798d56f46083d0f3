"""The parameters a definition gives to what it names: their kinds, and the check that they are the right ones.

A trigger names a condition, a metric names a count; both are functions, and their keyword arguments are the only
description of what a definition may say.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

import msgspec

Days = Annotated[int, msgspec.Meta(ge=1, description="a number of days, at least 1")]
WholeDays = Annotated[int, msgspec.Meta(ge=0, description="a number of days, 0 or more")]
Count = Annotated[int, msgspec.Meta(ge=1, description="a number, at least 1")]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Names = Annotated[list[str], msgspec.Meta(min_length=1)]

_NOT_FROM_A_DEFINITION = {"record", "mart", "as_of", "period", "cohort", "unit"}


class ParameterError(ValueError):
    """A condition or count was given parameters it cannot use; the message names the parameter and what it takes."""


def check_parameters(name: str, function: Callable[..., Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the function takes them, or a `ParameterError` that says what is wrong with them.

    >>> from outcometables.triggers.conditions.crisis_contacts import crisis_contacts
    >>> check_parameters("crisis_contacts", crisis_contacts, {"at_least": 0, "within_days": 30})
    Traceback (most recent call last):
    outcometables.definitions.parameters.ParameterError: crisis_contacts: Expected `int` >= 1 - at `$.at_least`
    """
    try:
        struct = msgspec.convert(dict(parameters), _struct(function))
    except msgspec.ValidationError as error:
        takes = ", ".join(field.name for field in msgspec.structs.fields(_struct(function)))
        unknown = "unknown field" in str(error) or "missing required" in str(error)
        hint = f" (it takes {takes})" if unknown else ""
        raise ParameterError(f"{name}: {error}{hint}") from error
    return {key: getattr(struct, key) for key in parameters}


@cache
def _struct(function: Callable[..., Any]) -> type[msgspec.Struct]:
    """The function's own keyword arguments as a structure: their annotations are the only description."""
    signature = inspect.signature(function)
    given = [parameter for key, parameter in signature.parameters.items() if key not in _NOT_FROM_A_DEFINITION]
    required = [(each.name, each.annotation) for each in given if each.default is each.empty]
    optional = [(each.name, each.annotation, each.default) for each in given if each.default is not each.empty]
    return msgspec.defstruct(function.__name__, [*required, *optional], forbid_unknown_fields=True, kw_only=True)
