"""Every condition by the name a definition uses for it."""

from collections.abc import Mapping
from types import MappingProxyType

from outcometables.triggers.conditions.combination import combination
from outcometables.triggers.signs import SIGNS, Condition

CONDITIONS: Mapping[str, Condition] = MappingProxyType({**SIGNS, "combination": combination})
