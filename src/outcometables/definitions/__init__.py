"""What did clinicians write down? Their YAML definitions, read into typed, versioned structures."""

from outcometables.definitions.definition import Definition, DefinitionError, Text
from outcometables.definitions.fingerprints import fingerprint
from outcometables.definitions.instruments import Instrument, Item, Scale
from outcometables.definitions.loading import load_definitions, load_instruments, load_metrics, load_triggers
from outcometables.definitions.metrics import Metric
from outcometables.definitions.rules import change_rule, scale_rule
from outcometables.definitions.triggers import Trigger

__all__ = [
    "Definition",
    "DefinitionError",
    "Instrument",
    "Item",
    "Metric",
    "Scale",
    "Text",
    "Trigger",
    "change_rule",
    "fingerprint",
    "load_definitions",
    "load_instruments",
    "load_metrics",
    "load_triggers",
    "scale_rule",
]
