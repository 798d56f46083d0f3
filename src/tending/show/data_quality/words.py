"""How each kind of finding is called, and who can mend it. A kind that is not here is shown by its own name."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tending.base.people.models import Role

MISSING, OVERDUE, LATE = "MISSING_BASELINE", "OVERDUE", "LATE_ENTRY"
DISAGREES = "TOTAL_DISAGREES"
QUARANTINE = "QUARANTINE"


@dataclass(frozen=True, slots=True)
class KindWords:
    title: str | Promise
    why: str | Promise


KINDS = {
    QUARANTINE: KindWords(_("Rows that could not be read"), _("A row that waits is missing from every figure.")),
    "DUPLICATE_PERSON": KindWords(
        _("Perhaps one person twice"), _("Half of somebody's story lies with each, and neither half warns.")
    ),
    "NOT_DESCRIBED": KindWords(
        _("A person without name and date of birth"), _("Others refer to them, and nobody can tell who is meant.")
    ),
    "BEFORE_BIRTH": KindWords(_("Dated before birth"), _("One of the two dates is wrong.")),
    "AFTER_DEATH": KindWords(
        _("Dated after death"), _("One of the two dates is wrong, and a family may be written to.")
    ),
    "DATE_ORDER": KindWords(_("Dates in the wrong order"), _("It would end before it begins.")),
    "TWO_PRIMARY": KindWords(
        _("Two primary practitioners at once"), _("When two are first to act, each may wait for the other.")
    ),
    "EPISODES_OVERLAP": KindWords(_("Two episodes at once"), _("Figures would count the person twice.")),
    "OUT_OF_RANGE": KindWords(
        _("An answer that does not exist"), _("No score is made of it, so the measure seems not to have been asked.")
    ),
    DISAGREES: KindWords(
        _("A total that is not what the answers add up to"),
        _("One of the two is wrong. Until it is known which, the answers count."),
    ),
    MISSING: KindWords(
        _("No first score yet"), _("Without a first score nobody can see later whether things got better.")
    ),
    OVERDUE: KindWords(_("A measure is due again"), _("What helps shows only while somebody asks.")),
    LATE: KindWords(
        _("Visits written down late"), _("A warning about missed visits comes as late as the visits do.")
    ),
}
FIX = {
    DISAGREES: _("Compare the total with the answers of that day in the source, and send the wrong one again."),
    MISSING: _("Ask at the next visit, or send a link to answer."),
    OVERDUE: _("Ask before or at the next visit, or send a link to answer."),
    LATE: _("Talk about what stands in the way of writing visits down within the week."),
}
ROLE = {DISAGREES: Role.DATA_STEWARD, MISSING: Role.PRACTITIONER, OVERDUE: Role.PRACTITIONER, LATE: Role.SUPERVISOR}


def title(kind: str) -> str:
    known = KINDS.get(kind)
    return str(known.title) if known else kind.replace("_", " ").capitalize()


def in_the_trail(kind: str) -> str:
    """The title as the audit trail keeps it: in English whoever looked, and no longer than a line of it."""
    with translation.override("en"):
        return title(kind)[:80]


def why(kind: str) -> str:
    known = KINDS.get(kind)
    return str(known.why) if known else ""
