"""The clock is set back or forward, a day begins, summer time begins and ends: nothing twice, nothing lost."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from tending.base import clock
from tending.keep.models import Contact, Response
from tending.notice.models import Signal
from tending.review.models import Escalation, Review, ReviewSignal, ReviewState
from tending.web import intake
from tending.web.turn import turn
from tests.support import files

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # summer time begins and ends in New York


def about_pat(record, until: date) -> None:
    """Enough for several signals: a fall, missed visits, crises, a lost home."""
    record.episode("pat", "2025-06-01")
    for back, values in ((60, "111111110"), (30, "222222220"), (3, "333333331")):
        record.answers("pat", str(until - timedelta(days=back)), "PHQ-9", values)
    for back in (20, 12, 6):
        record.contact("pat", str(until - timedelta(days=back)), status="NO_SHOW")
    for back in (9, 5, 2):
        record.crisis("pat", str(until - timedelta(days=back)))
    record.housing("pat", str(until - timedelta(days=80)), "STABLE")
    record.housing("pat", str(until - timedelta(days=4)), "SHELTER")


def assert_nothing_doubled() -> None:
    signals = list(Signal.objects.values_list("trigger", "person_id", "evidence_key", "severity"))
    assert len(signals) == len(set(signals))
    asking = set(Signal.objects.filter(repeat_of=None).values_list("pk", flat=True))
    answered = list(ReviewSignal.objects.values_list("signal_id", flat=True))
    assert sorted(answered) == sorted(asking)
    current = ReviewState.objects.filter(left_at=None)
    assert current.count() == Review.objects.count() == 1
    told = list(Escalation.objects.values_list("review_id", "subject", "deadline", "step"))
    assert len(told) == len(set(told))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("changes", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_the_loop_turned_at_times_in_any_order(record, changes, seed):
    about_pat(record, changes)
    midnight = clock.at(changes + timedelta(days=1))
    rng = random.Random(seed)
    hours = [rng.uniform(-50, 30) for _ in range(10)]
    times = [midnight + timedelta(hours=each) for each in hours]
    times += [midnight - timedelta(seconds=1), midnight, midnight + timedelta(seconds=1)]
    rng.shuffle(times)
    for each in times:
        with clock.travelling(each):
            turn()
            assert turn().signals == 0
    assert Signal.objects.exists()
    assert_nothing_doubled()


@pytest.mark.parametrize("changes", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_a_day_is_the_providers_day_also_when_it_has_23_or_25_hours(record, changes):
    begins, ends = clock.at(changes), clock.at(changes + timedelta(days=1))
    assert (ends - begins) == timedelta(hours=23 if changes == SPRING else 25)
    record.episode("pat", "2025-06-01")
    days = set()
    at = begins
    while at < ends:
        with clock.travelling(at):
            days.add(clock.today())
            turn()
        at += timedelta(hours=1)
    assert days == {changes}
    with clock.travelling(ends):
        assert clock.today() == changes + timedelta(days=1)
        assert turn().people == 1  # a new day is looked at anew
        assert turn().people == 0


def test_a_deadline_runs_in_hours_whatever_the_clock_on_the_wall_does(record):
    about_pat(record, SPRING)
    with clock.travelling(clock.at(SPRING - timedelta(days=1), 20)):
        turn()
        signal = Signal.objects.filter(severity="URGENT").first() or Signal.objects.first()
    hours = (signal.respond_by - signal.noticed_at).total_seconds() / 3600
    assert hours == round(hours) > 0


def test_a_correction_counts_although_the_clock_was_set_back_before_it_came(world, raw_store, tmp_path):
    noon = datetime(2026, 3, 20, 16, tzinfo=UTC)
    folder = tmp_path / "first"
    with clock.travelling(noon):
        files.write(folder, "contacts", [])
        intake.work_off(intake.receive_folder(files.a_provider(folder), source="ehr", form="CSV", by=None))
        one = files.write(tmp_path / "one", "contacts", [files.contact("C1")])
        intake.work_off(intake.receive_folder(one, source="ehr", form="CSV", by=None))
    with clock.travelling(noon - timedelta(hours=3)):
        other = files.write(tmp_path / "other", "contacts", [files.contact("C1", status="NO_SHOW")])
        intake.work_off(intake.receive_folder(other, source="ehr", form="CSV", by=None))
    assert [row.status for row in Contact.objects.current()] == ["NO_SHOW"]
    with clock.travelling(noon - timedelta(hours=4)):  # and back again: what was said last counts
        intake.work_off(intake.receive_folder(one, source="ehr", form="CSV", by=None))
    assert [row.status for row in Contact.objects.current()] == ["ATTENDED"]


def test_all_answers_count_although_the_clock_was_set_back_while_the_person_answered(world, raw_store):
    from tending.collect.answer import actions

    pat = world.people["pat"]
    noon = datetime(2026, 3, 20, 16, tzinfo=UTC)
    with clock.travelling(noon):
        actions.ask(by=world.account("alice"), person_id=pat.pk, instrument="PHQ-9", language="en")
        ask = actions.Ask.objects.get()
        actions.save(ask_id=ask.pk, item="9", value=2)
        intake.work_off(actions.hand_in(ask_id=ask.pk, complete=False))
    with clock.travelling(noon - timedelta(minutes=10)):
        for item in range(1, 9):
            actions.save(ask_id=ask.pk, item=str(item), value=1)
        intake.work_off(actions.hand_in(ask_id=ask.pk, complete=True))
    assert len(Response.objects.current().get().items) == 9
