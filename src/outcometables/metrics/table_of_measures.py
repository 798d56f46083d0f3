"""The counts of outcomes, crisis and hospital use, response, use of outcomes and public measures, with units."""

from collections.abc import Callable

from outcometables.definitions.metrics import Unit
from outcometables.metrics.counts.depression_followed_up import depression_followed_up
from outcometables.record.frames import Frame

MEASURES: tuple[tuple[Callable[..., Frame], tuple[Unit, ...]], ...] = ((depression_followed_up, (Unit.HUNDREDTHS,)),)
