"""The words of the evidence pages: parts, definitions, and what each figure can and cannot say."""

from django.utils.translation import gettext_lazy as _

RESPONSE = {
    "IN_TIME": _("Begun in time"),
    "LATE": _("Begun late"),
    "OVERDUE": _("Not begun, and overdue"),
    "WAITING": _("Not begun, still in time"),
}
DONE = {
    "IN_TIME": _("Done in time"),
    "LATE": _("Done late"),
    "OVERDUE": _("Not done, and overdue"),
    "NOT_DUE": _("Not due yet"),
    "DECLINED": _("Declined, with a reason"),
}
FOLLOWED = {
    "YES": _("It happened"),
    "NO": _("It did not happen"),
    "LEFT": _("Left our care before the end"),
    "OPEN": _("Window not over yet"),
}
SCORED = {
    "BETTER": _("Better"),
    "SAME": _("No more change than chance"),
    "WORSE": _("Worse"),
    "NOT_MEASURED": _("Not measured again"),
    "OPEN": _("Window not over yet"),
}
PARTS = {"response": RESPONSE, "action": DONE, "crisis": FOLLOWED, "stay": FOLLOWED, "score": SCORED}
OUTCOMES = {"crisis": _("Crisis contact"), "stay": _("Unplanned stay"), "score": _("Score")}
COMPARED = {
    "TIMELY": _("Review begun in time"),
    "NOT_TIMELY": _("Begun late, or overdue"),
    "NO_SIGNAL": _("Nobody noticed anything"),
}
ROLES = {
    "LATEST": _("the latest"),
    "FIRST": _("the first"),
    "BEST": _("the best so far"),
    "PREVIOUS": _("the one before"),
    "MISSED": _("a missed visit"),
    "CRISIS": _("a crisis contact"),
    "NOW": _("now"),
    "BEFORE": _("before"),
    "DISCHARGE": _("discharge"),
    "EPISODE_START": _("support began"),
    "LAST_CONTACT": _("last contact"),
    "LAST_SCORE": _("last score"),
    "RISK": _("risk"),
    "HIGHEST": _("highest"),
}
FRAMES = {
    "scores": _("Score"),
    "contacts": _("Visit"),
    "crisis": _("Crisis contact"),
    "stays": _("Stay"),
    "housing": _("Housing"),
    "goal_ratings": _("Goal rating"),
    "care_plan_events": _("Care plan"),
    "risk_answers": _("Answer"),
    "episodes": _("Episode"),
}
SEVERITY = {"URGENT": _("Urgent"), "HIGH": _("High"), "ROUTINE": _("Routine")}
SHADES = {"URGENT": "urgent", "HIGH": "high", "ROUTINE": "routine"}
RESPONSE_SHADES = {"IN_TIME": "good", "LATE": "high", "OVERDUE": "urgent", "WAITING": "routine"}

DEFINITIONS = (
    (
        _("Signal"),
        _(
            "A trigger met by somebody's record in the period, by the moment it was noticed. Met again within the "
            "trigger's quiet period it is a repeat: counted beside, asking for no answer of its own. A person "
            "noticed twice counts twice."
        ),
    ),
    (
        _("Reviewed in time"),
        _(
            "Somebody began the review at the signal's deadline or before. The clock starts when the signal is "
            "noticed and runs through nights, weekends and holidays. A signal that joins a review already under way "
            "counts as begun at once and is left out of the hours."
        ),
    ),
    (
        _("Actions done in time"),
        _(
            "Every action agreed in a review that answers a signal of the period, by the first deadline it was "
            "given: putting a deadline off does not make it timely. Declined with a reason is neither in time nor "
            "late."
        ),
    ),
    (
        _("What followed"),
        _(
            "Counted in days where the provider is, from the day after the signal to the thirtieth (ninetieth) day "
            "after it; the day of the signal itself is never counted. As long as the window is not over there is no "
            "verdict, whatever has happened so far. Somebody who left our care before the end without the event is "
            "shown apart."
        ),
    ),
    (
        _("Crisis contact, unplanned stay"),
        _(
            "Any crisis contact on record; any stay in a psychiatric hospital, an emergency department or a detox "
            "service that began. What partners do not tell us is not here."
        ),
    ),
    (
        _("Better, worse"),
        _(
            "Only for signals raised by a score: the last score of the window against that one, by more than the "
            "measure's own error. Smaller differences are no change."
        ),
    ),
    (
        _("Half within, four in five within"),
        _("The smallest whole number of hours within which half (four in five) of these reviews began."),
    ),
    (
        _("Withheld"),
        _(
            "For readers outside care, counts from 1 to 10 are withheld, and as many others as it takes that they "
            "cannot be worked out; so are lists of fewer than 11 records. References lead to a person only inside "
            "the provider."
        ),
    ),
)
