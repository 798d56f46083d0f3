"""Every count by the name a definition uses for it, with the units its value may be in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from outcometables.definitions.metrics import Unit
from outcometables.metrics.counts.appointments import appointments
from outcometables.metrics.counts.early_attendance import early_attendance
from outcometables.metrics.counts.early_drop_out import early_drop_out
from outcometables.metrics.counts.early_symptom_change import early_symptom_change
from outcometables.metrics.counts.entries_in_time import entries_in_time
from outcometables.metrics.counts.measures_answered import measures_answered
from outcometables.metrics.counts.months_engaged import months_engaged
from outcometables.metrics.counts.months_measured import months_measured
from outcometables.metrics.counts.referrals_followed_by_contact import referrals_followed_by_contact
from outcometables.metrics.table_of_measures import MEASURES
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
    (appointments, (Unit.NONE,)),
    (early_attendance, (Unit.COUNT,)),
    (early_drop_out, (Unit.DAYS,)),
    (early_symptom_change, (Unit.HUNDREDTHS,)),
    (months_engaged, (Unit.COUNT,)),
    (months_measured, (Unit.DAYS,)),
    (measures_answered, (Unit.DAYS,)),
    (entries_in_time, (Unit.DAYS, Unit.BUSINESS_DAYS)),
    *MEASURES,
)
COUNTS: Mapping[str, Count] = MappingProxyType({each.__name__: Count(each, units) for each, units in _COUNTS})
