"""What would this trigger have done? Any trigger, at any setting, replayed over the history as of each day."""

from outcometables.past.alerts import ALERTS, replay
from outcometables.past.followed import EVENTS, Followed
from outcometables.past.quiet import Quiet
from outcometables.past.trying import Clinicians, PastError, Tried, try_on

__all__ = ["ALERTS", "EVENTS", "Clinicians", "Followed", "PastError", "Quiet", "Tried", "replay", "try_on"]
