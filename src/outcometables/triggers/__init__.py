"""Who needs somebody to act, and what in the record says so? Conditions, the same on any engine."""

from outcometables.definitions.parameters import ParameterError
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.triggers.evaluation import Trigger, check_trigger, evaluate
from outcometables.triggers.evidence import EVIDENCE
from outcometables.triggers.table import CONDITIONS

__all__ = [
    "CONDITIONS",
    "EVERYONE",
    "EVIDENCE",
    "Cohort",
    "ParameterError",
    "Trigger",
    "check_trigger",
    "evaluate",
]
