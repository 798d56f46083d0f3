import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from tending.base import clock
from tending.base.audit.models import AuditEvent, AuditSeal
from tending.measure.models import Score
from tending.web import worker
from tending.web.models import WorkerTick


def test_one_tick_turns_the_loop_seals_the_audit_trail_and_says_when(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "111111111")
    AuditEvent.objects.create(at=clock.now() - timedelta(hours=1), kind="WRITE", actor="system", what="something")

    assert worker.last_tick() is None
    worker.run(once=True)

    assert Score.objects.count() == 1
    assert AuditSeal.objects.exists()
    assert clock.now() - worker.last_tick() < timedelta(minutes=1)
    assert worker.failing() == ""


def test_a_failing_tick_is_logged_remembered_and_tried_again(record, monkeypatch, caplog):
    troubled = worker.Worker()
    monkeypatch.setattr(worker, "turn", lambda: 1 / 0)

    assert not troubled.tick()
    assert "could not be turned; trying again in 5 seconds" in caplog.text
    assert worker.failing() == "ZeroDivisionError"
    assert worker.last_tick() is None
    assert not troubled.tick()
    assert troubled._retry_after() == 10

    monkeypatch.undo()
    assert troubled.tick()
    assert worker.failing() == ""
    assert worker.last_tick() is not None


def test_once_raises_what_goes_wrong(db, monkeypatch):
    monkeypatch.setattr(worker, "turn", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        worker.run(once=True)


def test_workers_that_are_long_gone_are_forgotten(db):
    WorkerTick.objects.create(worker="old:1", at=clock.now() - timedelta(days=8))
    worker.run(once=True)
    assert not WorkerTick.objects.filter(worker="old:1").exists()


def test_a_stopped_worker_leaves_the_rest_of_a_file_to_the_next():
    stopping = worker.Worker()
    stopping.stop.set()
    with pytest.raises(worker.Stopped):
        stopping._go_on(None)


def test_an_event_ends_it_without_signals(db, monkeypatch):
    """As the demonstration runs it: in a thread of the site's own process."""
    stop, ticks = threading.Event(), []
    monkeypatch.setattr(worker.Worker, "tick", lambda self: ticks.append(1) or stop.set() or True)
    worker.run(stop=stop)
    assert ticks == [1]


@pytest.mark.slow
def test_sigterm_ends_the_process_cleanly(tmp_path):
    environment = {**os.environ, "TENDING_HOME": str(tmp_path), "TENDING_DATABASE_URL": "", "PYTHONPATH": "src"}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    environment["DJANGO_SETTINGS_MODULE"] = "tending.web.settings"
    subprocess.run(migrate, env=environment, check=True)
    run = "import django; django.setup(); from tending.web import worker; print('up', flush=True); worker.run()"
    process = subprocess.Popen([sys.executable, "-c", run], env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"up\n"
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.stdout.close()


def test_a_tick_lets_sqlite_count_its_tables(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "111111111")
    worker.Worker().do_everything()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'keep_response'")
            assert cursor.fetchone()[0]
