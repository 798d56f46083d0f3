"""A delivery cannot be read, or is still being read: the loop goes on for everybody else, and says what is wrong."""

from datetime import date, timedelta

import pytest

from tending.base import clock
from tending.collect.models import Delivery
from tending.measure.models import Score
from tending.notice.models import Signal
from tending.review.models import Review
from tending.web import health, intake
from tending.web.turn import Turned, turn
from tending.web.worker import Worker
from tests.support import files

DAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _noon(raw_store):
    with clock.travelling(clock.at(DAY, 12)):
        yield


def unwell(record):
    record.episode("pat", "2025-11-01")
    record.answers("pat", "2026-03-18", "PHQ-9", "333333333")


def received(tmp_path) -> int:
    folder = files.a_provider(tmp_path / "delivery")
    return intake.receive_folder(folder, source="ehr", form="CSV", by=None)


def said_of_files() -> health.Finding:
    return next(finding for finding in health.findings(thorough=False) if finding.what == "Files")


def test_a_delivery_that_breaks_holds_up_neither_signals_nor_reviews_and_is_tried_again(record, tmp_path):
    unwell(record)
    broken = received(tmp_path)
    right = Delivery.objects.get(pk=broken).mapping
    Delivery.objects.filter(pk=broken).update(mapping={"no such key": 1})
    worker = Worker()

    assert not worker.tick()

    assert Signal.objects.filter(severity="URGENT").exists()
    assert Review.objects.exists()
    assert said_of_files().state == health.FAILED
    assert "could not be read on" in said_of_files().words
    assert worker.failures == 1

    Delivery.objects.filter(pk=broken).update(mapping=right)
    assert worker.tick()
    assert Delivery.objects.get(pk=broken).finished_at
    assert said_of_files().state == health.OK


def test_while_a_file_is_being_read_nobody_is_noticed_for_what_it_does_not_say_yet(record, tmp_path):
    unwell(record)
    delivery = received(tmp_path)

    assert turn() == Turned()
    assert not Score.objects.exists()

    intake.work_off(delivery)
    assert turn().signals


def test_somebody_who_has_just_answered_does_not_wait_for_a_file(record, tmp_path):
    unwell(record)
    received(tmp_path)
    assert turn(people=[record.person("pat").pk]).signals


def test_a_delivery_whose_bytes_are_gone_does_not_stop_the_next_one_from_settling(record, tmp_path, raw_store):
    """Its rows that wait for a person cannot be read again; the other file's can."""
    orphan = files.write(tmp_path / "orphan", "contacts", [files.contact("C1", person_id="P9")])
    intake.work_off(intake.receive_folder(orphan, source="ehr", form="CSV", by=None))
    for path in raw_store.rglob("*.gz"):
        path.unlink()
    people = files.write(tmp_path / "people", "people", [{"person_id": "P9", "given_name": "Wren"}])

    delivery = intake.receive_folder(people, source="ehr", form="CSV", by=None)
    intake.work_off(delivery)

    assert Delivery.objects.get(pk=delivery).finished_at


def test_deadlines_are_watched_while_a_file_is_being_read(record, tmp_path):
    unwell(record)
    assert turn().reviews
    received(tmp_path)
    with clock.travelling(clock.at(DAY, 12) + timedelta(days=3)):
        assert turn().escalations
