"""A deadline in words: due in 3 hours, overdue by 2 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What to print (words) and how pressing it is: MET, LATE, OVERDUE, SOON or LATER."""

    words: str
    state: str


def deadline(due_at: datetime, *, as_of: datetime, done_at: datetime | None = None) -> Deadline:
    """Words for a deadline as somebody would say them; the day and time stand beside, so rounding is safe."""
    if done_at is not None:
        if done_at <= due_at:
            return Deadline(words=_("Done in time"), state="MET")
        return Deadline(words=_("Done %(span)s late") % {"span": span(done_at - due_at)}, state="LATE")
    left = due_at - as_of
    if left < timedelta(0):
        return Deadline(words=_("Overdue by %(span)s") % {"span": span(-left)}, state="OVERDUE")
    state = "SOON" if left <= SOON else "LATER"
    return Deadline(words=_("Due in %(span)s") % {"span": span(left)}, state=state)


def span(length: timedelta) -> str:
    """The largest whole unit that still tells the reader what to do: minutes, hours up to two days, then days."""
    if length < HOUR:
        minutes = max(1, length // MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if length < 2 * DAY:
        hours = length // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = length // DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
