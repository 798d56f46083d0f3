"""A value of the evidence, as somebody would say it: a number of points, or in words where the number is a step."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from outcometables.triggers.conditions.housing_instability import LEVEL
from tending.measure.words import number

_HOUSING: Mapping[str, object] = {
    "STABLE": gettext_lazy("Stable"),
    "AT_RISK": gettext_lazy("At risk"),
    "TEMPORARY": gettext_lazy("Temporary"),
    "SHELTER": gettext_lazy("In a shelter"),
    "UNSHELTERED": gettext_lazy("Without shelter"),
}
_STEPS = {level: _HOUSING[state] for state, level in LEVEL.items()}


def in_words(frame: str, value: float | None) -> str:
    """Empty where there is none."""
    if value is None:
        return ""
    if frame == "housing":
        return str(_STEPS.get(int(value), ""))
    return number(value)
