"""The worker: takes in what has arrived, turns the loop every minute, seals the audit trail. Any number may run.

Nothing is queued: what is to be done is worked out anew from the database each time, so a worker may be killed at any
point. A request to end (SIGTERM) is obeyed between two pieces of a file.
"""

import logging
import os
import signal
import socket
import threading
import time
from datetime import datetime, timedelta

from django.db import close_old_connections

from tending.base import clock
from tending.base.audit import seal
from tending.base.tables import statistics
from tending.collect import queries as collected
from tending.web import intake
from tending.web.deliveries import offered
from tending.web.models import WorkerTick
from tending.web.turn import turn

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0  # time itself fires things: a missed deadline, thirty days of silence
LOOK_SECONDS = 2.0  # how soon an unfinished delivery is gone on with
RETRY_SECONDS = 5.0  # after a failure, doubling up to a minute
MANY = 1000  # people in one turn: the tables may have grown to many times what they were
STATISTICS_SECONDS = 3600.0
FORGET_AFTER = timedelta(days=7)


class Stopped(BaseException):
    """Somebody asked the worker to end while it was reading a file; the next one reads on.

    It is no trouble, so nothing that looks after troubles catches it.
    """


class Worker:
    def __init__(self) -> None:
        self.stop = threading.Event()
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.failures = 0
        self.next_statistics = time.monotonic()

    def work(self) -> None:
        """Until asked to end: a turn every minute, and at once when something has arrived."""
        next_turn = time.monotonic()
        while not self.stop.is_set():
            close_old_connections()  # a database that was away is asked anew
            if time.monotonic() >= next_turn or self._something_arrived():
                wait = EVERY_SECONDS if self.tick() else self._retry_after()
                next_turn = time.monotonic() + wait
            self.stop.wait(LOOK_SECONDS)

    def tick(self) -> bool:
        """Everything once; a failure is logged, remembered for the health page and tried again, never silent."""
        try:
            self.do_everything()
        except Stopped:
            return True
        except Exception as trouble:
            self.failures += 1
            log.exception("The loop could not be turned; trying again in %.0f seconds.", self._retry_after())
            self._note_failure(trouble)
            return False
        self.failures = 0
        return True

    def do_everything(self) -> None:
        """A file that cannot be read must not keep deadlines from being watched: it is raised after the turn."""
        trouble: Exception | None = None
        try:
            offered.rehearse_waiting()
            intake.work_off_all(self._go_on)
        except Exception as found:
            trouble = found
        turned = turn()
        if turned.people >= MANY or time.monotonic() >= self.next_statistics:
            statistics.refresh()
            self.next_statistics = time.monotonic() + STATISTICS_SECONDS
        seal.seal()
        WorkerTick.objects.update_or_create(worker=self.name, defaults={"at": clock.now(), "failure": ""})
        WorkerTick.objects.filter(at__lt=clock.now() - FORGET_AFTER).delete()
        log.info("%s", turned)
        if trouble is not None:
            raise trouble

    def _go_on(self, progress: intake.Progress) -> None:
        if self.stop.is_set():
            raise Stopped

    def _something_arrived(self) -> bool:
        if self.failures:
            return False  # what arrived may be what fails: not before the next try is due
        try:
            return collected.being_read() or offered.waiting()
        except Exception:
            log.exception("The database cannot be asked what has arrived.")
            return False

    def _retry_after(self) -> float:
        return min(EVERY_SECONDS, RETRY_SECONDS * 2.0 ** max(0, self.failures - 1))

    def _note_failure(self, trouble: Exception) -> None:
        """For the health page. The kind of trouble only: its words could hold somebody's data."""
        try:
            WorkerTick.objects.update_or_create(
                worker=self.name,
                defaults={"failed_at": clock.now(), "failure": type(trouble).__name__},
                create_defaults={
                    "at": clock.at(clock.EPOCH),
                    "failed_at": clock.now(),
                    "failure": type(trouble).__name__,
                },
            )
        except Exception:
            log.exception("The failure could not be written down either.")


def run(*, once: bool = False, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or Ctrl-C (or ``stop``); ``once`` does what is waiting now and raises what goes wrong."""
    worker = Worker()
    if once:
        worker.do_everything()
        return
    worker.stop = stop or worker.stop
    if threading.current_thread() is threading.main_thread():
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda _number, _frame: worker.stop.set())
    worker.work()
    log.info("The worker has ended.")


def last_tick() -> datetime | None:
    """When the loop was last turned by a worker; None when never."""
    latest = WorkerTick.objects.filter(at__gt=clock.at(clock.EPOCH)).order_by("-at").first()
    return latest.at if latest else None


def failing() -> str:
    """What the worker's last try failed with; empty when its last try went well."""
    latest = WorkerTick.objects.exclude(failure="").order_by("-failed_at").first()
    return latest.failure if latest else ""
