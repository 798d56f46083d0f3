"""From a folder of YAML files to definitions by code, or one clear error that names file, key and fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from outcometables.definitions.calendars import Calendar
from outcometables.definitions.definition import Definition, DefinitionError, Part
from outcometables.definitions.instruments import Instrument
from outcometables.definitions.metrics import Metric
from outcometables.definitions.pathways import Pathway
from outcometables.definitions.triggers import Trigger

Kind = TypeVar("Kind", bound=Definition)


def load_instruments(path: Path) -> dict[str, Instrument]:
    """Every instrument in `path`, by code.

    `path` is the definitions folder (its `instruments/` is read) or the instruments folder itself.
    Raises DefinitionError, a ValueError, naming the file, the key and what to do.
    """
    return load_definitions(_folder(path, "instruments"), Instrument)


def load_triggers(path: Path) -> dict[str, Trigger]:
    """Every trigger in `path`, by code; `path` as for load_instruments, with `triggers/`.

    Raises DefinitionError, a ValueError, naming the file, the key and what to do.
    """
    return load_definitions(_folder(path, "triggers"), Trigger)


def load_metrics(path: Path) -> dict[str, Metric]:
    """Every metric in `path`, by code; `path` as for load_instruments, with `metrics/`.

    Raises DefinitionError, a ValueError, naming the file, the key and what to do.
    """
    return load_definitions(_folder(path, "metrics"), Metric)


def load_calendars(path: Path) -> dict[str, Calendar]:
    """Every calendar in `path`, by code; `path` as for load_instruments, with `calendars/`.

    Raises DefinitionError, a ValueError, naming the file, the key and what to do.
    """
    return load_definitions(_folder(path, "calendars"), Calendar)


def load_pathways(path: Path) -> dict[str, Pathway]:
    """Every expected path in `path`, by code; `path` as for load_instruments, with `pathways/`.

    Raises DefinitionError, a ValueError, naming the file, the key and what to do.
    """
    return load_definitions(_folder(path, "pathways"), Pathway)


def load_definitions(folder: Path, kind: type[Kind]) -> dict[str, Kind]:
    """Every `*.yaml` of one folder as definitions of one kind, by code, in the order of their file names."""
    if not folder.is_dir():
        raise DefinitionError(
            file=folder,
            key="(the folder)",
            problem="there is no such folder",
            fix="Check the path to definitions",
        )
    found: dict[str, Kind] = {}
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*.yaml")):
        definition = read_definition(file, kind)
        if definition.code in found:
            raise DefinitionError(
                file=file,
                key="code",
                problem=f"{definition.code} is already defined in {files[definition.code].name}",
                fix="Give one of the two another code, or delete it",
            )
        found[definition.code], files[definition.code] = definition, file
    return found


def read_definition(file: Path, kind: type[Kind]) -> Kind:
    """One YAML file as one definition of the given kind; raises DefinitionError."""
    try:
        content = yaml.load(file.read_bytes(), Loader=_StrictLoader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise DefinitionError(
            file=file,
            key=_place(error),
            problem=f"this is not readable YAML ({getattr(error, 'problem', None) or error})",
            fix="Look at the indentation, the quotes and the line before it",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(
            file=file, key="(the file)", problem=f"it cannot be read ({error})", fix="Save it as UTF-8 text"
        ) from error
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise _explained(file, str(error)) from error


def _folder(path: Path, name: str) -> Path:
    inside = path / name
    return inside if inside.is_dir() or path.name != name else path


# The same reader written in C, where PyYAML comes with it, as its wheels do: a sixth of the time, at every start.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """A SafeLoader that refuses a key written twice; PyYAML keeps the last one without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is written twice", key_node.start_mark
                )
            if isinstance(key, Hashable):
                seen.add(key)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return "(the file)" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"


def _explained(file: Path, message: str) -> DefinitionError:
    """msgspec's message, such as "Expected `str`, got `int` - at `$.items[0].code`", in our form."""
    problem, _, place = message.partition(" - at ")
    key = place.strip("`").removeprefix("$").removeprefix(".") or "(the file)"
    return DefinitionError(file=file, key=key, problem=problem.rstrip("."), fix=_fix_for(problem))


def _fix_for(problem: str) -> str:
    unknown = re.match(r"Object contains unknown field `(.+)`", problem)
    if unknown:
        return _spelling_fix(unknown[1])
    missing = re.match(r"Object missing required field `(.+)`", problem)
    if missing:
        return f"Add the key `{missing[1]}`"
    if problem.startswith("Expected `str`"):
        return 'Write text; put numbers and words such as No or Yes in quotes, for example "1"'
    if problem.startswith("Expected"):
        return "Write a value of the expected kind"
    if problem.startswith("Invalid enum value"):
        return "Use one of the words listed in docs/reference/definitions.md"
    return "Correct it in the file"


def _spelling_fix(key: str) -> str:
    known = {name for part in _parts(Part) for name in part.__struct_encode_fields__}
    alike = difflib.get_close_matches(key, sorted(known), n=1)
    return f"Did you mean `{alike[0]}`? If not, delete the key" if alike else "Delete the key; nothing reads it"


def _parts(part: type[Part]) -> list[type[Part]]:
    return [part, *(each for sub in part.__subclasses__() for each in _parts(sub))]
