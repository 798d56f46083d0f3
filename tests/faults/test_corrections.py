"""A correction arrives while the loop is turning: between the score and the signal, or between signal and review."""

from datetime import date

import pytest

from tending.base import clock
from tending.keep import queries as keep
from tending.measure import actions as measure
from tending.measure.models import Score, Standing
from tending.notice import actions as notice
from tending.notice.models import Signal, TurnedPerson
from tending.review import actions as review
from tending.review.models import Review, ReviewSignal
from tending.web.turn import Turned, turn

DAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _noon():
    with clock.travelling(clock.at(DAY, 12)):
        yield


def worse(record):
    """From 9 to 27 with the risk item: signals for certain."""
    record.episode("pat", "2025-11-01")
    record.answers("pat", "2026-02-01", "PHQ-9", "111111110")
    return record.answers("pat", "2026-03-18", "PHQ-9", "333333333")


def what_counts():
    scores = Score.objects.filter(superseded_at=None).order_by("date", "measure")
    standings = Standing.objects.values_list("measure", "n_scores", "last_value")
    return list(scores.values_list("measure", "date", "value", "content")), sorted(standings)


def test_between_score_and_signal_the_person_is_turned_again_and_the_correction_counts(record):
    row = worse(record)
    seen = keep.heads()
    measure.score(heads=seen)
    record.corrected(row, items={str(n): 0 for n in range(1, 10)})
    notice.notice(heads=seen, as_of=DAY)
    assert TurnedPerson.objects.get().head == seen[record.person("pat").pk]

    turned = turn()

    assert turned.people == 1
    assert Standing.objects.get(measure="PHQ-9").last_value == 0
    assert Score.objects.filter(superseded_at=None, date=date(2026, 3, 18)).get().value == 0
    assert turn() == Turned()


def test_a_reading_that_is_out_of_date_never_overwrites_a_newer_one(record):
    row = worse(record)
    seen = keep.heads()
    record.corrected(row, items={str(n): 0 for n in range(1, 10)})
    turn()
    right = what_counts()

    assert measure.score(heads=seen).people == 0

    assert what_counts() == right


def test_between_signal_and_review_the_signal_is_still_answered_and_its_evidence_says_it_was_corrected(record, world):
    row = worse(record)
    seen = keep.heads()
    measure.score(heads=seen)
    notice.notice(heads=seen, as_of=DAY)
    record.corrected(row, items={str(n): 0 for n in range(1, 10)})
    review.open_reviews(now=clock.now())
    turn()

    assert Review.objects.count() == 1
    first = Signal.objects.filter(repeat_of=None)
    assert set(ReviewSignal.objects.values_list("signal_id", flat=True)) == set(first.values_list("pk", flat=True))
    page = world.client("alice").get(f"/reviews/{Review.objects.get().pk}/")
    assert page.status_code == 200


def test_a_row_withdrawn_between_score_and_signal_leaves_no_score_and_no_standing_on_it(record):
    row = worse(record)
    seen = keep.heads()
    measure.score(heads=seen)
    record.withdrawn(row)
    notice.notice(heads=seen, as_of=DAY)
    turn()

    assert Standing.objects.get(measure="PHQ-9").n_scores == 1
    assert not Score.objects.filter(superseded_at=None, date=date(2026, 3, 18)).exists()
    assert turn() == Turned()
