"""The instruments in force: read from the files when they change, and written down before they make a score."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from outcomestats.change.rules import ChangeRule
from outcomestats.scoring.rules import ScaleRule
from outcometables.definitions.fingerprints import fingerprint
from outcometables.definitions.instruments import Instrument, Scale
from outcometables.definitions.loading import load_instruments
from outcometables.definitions.rules import change_rule, scale_rule


@dataclass(frozen=True, slots=True)
class Measure:
    """One scale of one instrument, with what is needed to score it and to judge its changes."""

    name: str  # "PHQ-9" for a total, "DIALOG/TREATMENT" for a part
    instrument: Instrument
    scale: Scale
    scoring: ScaleRule
    change: ChangeRule | None  # None: change is shown, not judged


@dataclass(frozen=True, slots=True)
class Instruments:
    """All instruments in force at once; ``fingerprint`` changes when any of them says something else."""

    by_code: dict[str, Instrument]
    fingerprints: dict[str, str]
    fingerprint: str
    measures: dict[str, Measure]

    def of(self, code: str) -> list[Measure]:
        return [measure for measure in self.measures.values() if measure.instrument.code == code]


def in_force() -> Instruments:
    """Raises DefinitionError naming the file and the key when a definition cannot be used."""
    folder = Path(settings.DEFINITIONS) / "instruments"
    return _loaded(folder, state_of(folder))


def state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the definition files: cheap to ask, and different when one was changed."""
    files = sorted(folder.glob("*.yaml"))
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


@lru_cache(maxsize=4)
def _loaded(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Instruments:
    by_code = load_instruments(folder)
    fingerprints = {code: fingerprint(instrument) for code, instrument in by_code.items()}
    together = sha256("\n".join(f"{code} {each}" for code, each in sorted(fingerprints.items())).encode())
    measures = [
        Measure(instrument.measure(scale), instrument, scale, scale_rule(instrument, scale), change_rule(scale))
        for instrument in by_code.values()
        for scale in instrument.scales
    ]
    return Instruments(by_code, fingerprints, together.hexdigest(), {measure.name: measure for measure in measures})
