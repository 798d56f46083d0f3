"""Every count by the name a definition uses for it, with the units its value may be in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from outcometables.definitions.metrics import Unit
from outcometables.metrics.counts.referrals_followed_by_contact import referrals_followed_by_contact
from outcometables.record.frames import Frame

CountFunction = Callable[..., Frame]


@dataclass(frozen=True, slots=True)
class Count:
    """A function that gives opportunities, and the units that the definition of a metric may say its value is in.

    A function with a keyword `unit` is told which; with several units it needs that keyword.
    """

    function: CountFunction
    units: tuple[Unit, ...]


_COUNTS: tuple[tuple[CountFunction, tuple[Unit, ...]], ...] = (
    (referrals_followed_by_contact, (Unit.DAYS, Unit.BUSINESS_DAYS)),
)
COUNTS: Mapping[str, Count] = MappingProxyType({each.__name__: Count(each, units) for each, units in _COUNTS})
