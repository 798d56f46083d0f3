"""The counts of outcomes, crisis and hospital use, response, use of outcomes and public measures, with units."""

from collections.abc import Callable

from outcometables.definitions.metrics import Unit
from outcometables.metrics.counts.alcohol_screened import alcohol_screened
from outcometables.metrics.counts.courses_changed import courses_changed
from outcometables.metrics.counts.crises_followed_by_contact import crises_followed_by_contact
from outcometables.metrics.counts.crises_repeated import crises_repeated
from outcometables.metrics.counts.crisis_seen_in_person import crisis_seen_in_person
from outcometables.metrics.counts.depression_followed_up import depression_followed_up
from outcometables.metrics.counts.depression_screened import depression_screened
from outcometables.metrics.counts.goals_progressed import goals_progressed
from outcometables.metrics.counts.housing_later import housing_later
from outcometables.metrics.counts.measured_in_thirds import measured_in_thirds
from outcometables.metrics.counts.measured_repeatedly import measured_repeatedly
from outcometables.metrics.counts.months_without_use import months_without_use
from outcometables.metrics.counts.needs_screened import needs_screened
from outcometables.metrics.counts.readmissions import readmissions
from outcometables.metrics.counts.risk_assessed_at_visits import risk_assessed_at_visits
from outcometables.metrics.counts.scores_used import scores_used
from outcometables.metrics.counts.signals_answered import signals_answered
from outcometables.metrics.counts.stalls_begun import stalls_begun
from outcometables.metrics.counts.stays_followed_by_contact import stays_followed_by_contact
from outcometables.record.frames import Frame

MEASURES: tuple[tuple[Callable[..., Frame], tuple[Unit, ...]], ...] = (
    (depression_followed_up, (Unit.HUNDREDTHS,)),
    (courses_changed, (Unit.HUNDREDTHS,)),
    (goals_progressed, (Unit.COUNT,)),
    (stalls_begun, (Unit.COUNT,)),
    (signals_answered, (Unit.MINUTES,)),
    (scores_used, (Unit.DAYS,)),
    (measured_repeatedly, (Unit.COUNT,)),
    (stays_followed_by_contact, (Unit.DAYS,)),
    (readmissions, (Unit.DAYS,)),
    (crises_followed_by_contact, (Unit.DAYS,)),
    (crises_repeated, (Unit.DAYS,)),
    (crisis_seen_in_person, (Unit.MINUTES,)),
    (months_without_use, (Unit.COUNT,)),
    (housing_later, (Unit.DAYS,)),
    (depression_screened, (Unit.HUNDREDTHS,)),
    (alcohol_screened, (Unit.HUNDREDTHS,)),
    (needs_screened, (Unit.COUNT,)),
    (risk_assessed_at_visits, (Unit.NONE,)),
    (measured_in_thirds, (Unit.COUNT,)),
)
