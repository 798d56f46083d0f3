"""When a deadline has passed, the next person is told, step by step, each once. Nothing is told before."""

from datetime import UTC, datetime, timedelta

import pytest

from tending.review.clocks import Urgency, pressed, steps_reached
from tending.review.templates import case_review_template

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

# severity, minutes after the deadline, the roles told by then
LADDER = [
    ("URGENT", -1, []),
    ("URGENT", 0, []),  # at the very minute it is still in time
    ("URGENT", 1, ["SUPERVISOR"]),
    ("URGENT", 4 * 60 - 1, ["SUPERVISOR"]),
    ("URGENT", 4 * 60, ["SUPERVISOR", "CLINICAL_LEAD"]),
    ("URGENT", 24 * 60, ["SUPERVISOR", "CLINICAL_LEAD", "MANAGER"]),
    ("HIGH", 23 * 60, ["SUPERVISOR"]),
    ("HIGH", 24 * 60, ["SUPERVISOR", "CLINICAL_LEAD"]),
    ("HIGH", 72 * 60, ["SUPERVISOR", "CLINICAL_LEAD", "MANAGER"]),
    ("ROUTINE", 71 * 60, ["SUPERVISOR"]),
    ("ROUTINE", 168 * 60, ["SUPERVISOR", "CLINICAL_LEAD", "MANAGER"]),
]


@pytest.mark.parametrize(("severity", "minutes", "told"), LADDER)
def test_who_has_been_told_by_then(severity, minutes, told):
    rungs = case_review_template().escalation[severity]
    steps = steps_reached(rungs, deadline=NOON, now=NOON + timedelta(minutes=minutes))
    assert [rungs[step - 1].role for step in steps] == told


# the review: severity, hours left; the signal that joins: severity, hours it gives; begun or not; what holds then
JOINING = [
    ("HIGH", 24, "URGENT", 4, False, ("URGENT", 4)),  # more severe and earlier
    ("HIGH", 2, "URGENT", 4, False, ("URGENT", 2)),  # more severe, and the earlier clock that runs already stays
    ("HIGH", 24, "HIGH", 8, False, ("HIGH", 8)),  # as severe, an earlier clock
    ("URGENT", 24, "ROUTINE", 8, False, ("URGENT", 8)),  # milder, an earlier clock: earlier counts
    ("HIGH", 24, "HIGH", 48, False, None),  # never later
    ("URGENT", 4, "ROUTINE", 72, False, None),
    ("HIGH", 24, "URGENT", 4, True, ("URGENT", 4)),  # begun already: a more severe sign asks for another answer
    ("HIGH", 24, "HIGH", 8, True, None),  # begun already, and no more severe: it is read in the review
    ("URGENT", 4, "HIGH", 1, True, None),
]


@pytest.mark.parametrize(("severity", "left", "joining", "hours", "begun", "then"), JOINING)
def test_a_deadline_only_ever_moves_to_earlier(severity, left, joining, hours, begun, then):
    def urgency(severity, hours):
        return Urgency(severity, NOON + timedelta(hours=hours), NOON + timedelta(days=7))

    becomes = pressed(urgency(severity, left), urgency(joining, hours), begun=begun)
    assert becomes == (None if then is None else urgency(*then))
