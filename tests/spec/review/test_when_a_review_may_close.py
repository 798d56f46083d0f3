"""A review closes when nothing is left open. Until then it says, in words, what still is."""

import pytest

from tending.review.case_review.closing import Facts, still_missing

CASES = [
    ("nothing is left", Facts(), ()),
    ("a required person", Facts(seats_waiting=("Supervisor",)), ("Supervisor must have taken part, or be excused",)),
    ("an empty section", Facts(sections_empty=("Engagement",)), ("Nothing is written under Engagement",)),
    ("an action still to do", Facts(actions_open=("Call her",)), ("Still to do: “Call her”.",)),
    (
        "a decision nobody took",
        Facts(decisions_waiting=("Peer support",)),
        ("Waiting for a decision: “Peer support”.",),
    ),
    ("one signal nobody read", Facts(signals_unread=1), ("1 signal joined after",)),
    ("two signals nobody read", Facts(signals_unread=2), ("2 signals joined after",)),
    (
        "several things",
        Facts(seats_waiting=("Supervisor",), actions_open=("Call her", "See her")),
        ("Supervisor must have", "Still to do: “Call her”, “See her”."),
    ),
]


@pytest.mark.parametrize(("what", "facts", "says"), CASES, ids=[case[0] for case in CASES])
def test_what_keeps_a_review_open(what, facts, says):
    missing = still_missing(facts)
    assert len(missing) == len(says)
    for sentence, beginning in zip(missing, says, strict=True):
        assert sentence.startswith(beginning)
