"""The triggers in force: read from the files when they change, and written down before they signal."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from outcometables.definitions.fingerprints import fingerprint
from outcometables.definitions.loading import load_triggers
from outcometables.definitions.triggers import Trigger
from tending.measure import queries as measure

State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Triggers:
    by_code: dict[str, Trigger]
    fingerprints: dict[str, str]


def in_force() -> Triggers:
    """Raises DefinitionError naming the file and the key when a definition cannot be used."""
    folder = Path(settings.DEFINITIONS) / "triggers"
    return _loaded(folder, measure.state_of(folder))


def fingerprint_in_force() -> str:
    """Changes when any instrument or trigger in force says something else: then everybody is turned again."""
    triggers = "\n".join(f"{code} {each}" for code, each in sorted(in_force().fingerprints.items()))
    return sha256(f"{measure.in_force().fingerprint}\n{triggers}".encode()).hexdigest()


@lru_cache(maxsize=4)
def _loaded(folder: Path, state: State) -> Triggers:
    by_code = load_triggers(folder)
    return Triggers(by_code, {code: fingerprint(trigger) for code, trigger in by_code.items()})
