"""Processes of their own, forked from one that has everything imported: killing many of them is affordable."""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from tests.faults import deeds
from tests.faults.places import ROOT, Place

PATIENCE = 120  # seconds; a child that takes longer hangs

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.faults.deeds"])


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended. ``status`` is negative when a signal ended it; ``trouble`` holds the trace of an error."""

    status: int
    answer: Any = None
    trouble: str = ""

    @property
    def killed(self) -> bool:
        return self.status == -9


class Child:
    """One deed under way in a process of its own."""

    def __init__(self, deed: Any, place: Place, *given: Any, **more: Any) -> None:
        self._answers, told = _nursery.Pipe(duplex=False)
        arguments = (told, place.home, place.database, deed.__name__, given, more)
        self.process: BaseProcess = _nursery.Process(target=deeds.do, args=arguments)
        with _without_main(), _paths():
            self.process.start()
        told.close()

    def kill(self) -> None:
        self.process.kill()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended by then."""
        self.process.join(seconds)
        return not self.process.is_alive()

    def ended(self) -> Ended:
        """Wait for the end. A child that hangs is a finding of its own."""
        found = _received(self._answers)
        self.process.join(PATIENCE)
        hangs = self.process.is_alive()
        if hangs:
            self.process.kill()
            self.process.join()
        status = self.process.exitcode
        self.process.close()
        self._answers.close()
        assert not hangs, "A child process did not end."
        assert status is not None
        return Ended(status, *found)


def _received(answers: Connection) -> tuple[Any, str]:
    try:
        return answers.recv() if answers.poll(PATIENCE) else (None, "It never answered.")
    except EOFError:
        return None, "It ended without a word."


def do(deed: Any, place: Place, *given: Any, **more: Any) -> Any:
    """Do it in a process of its own and give its answer; what went wrong there goes wrong here."""
    ended = Child(deed, place, *given, **more).ended()
    assert ended.status == 0, ended.trouble
    return ended.answer


@contextmanager
def _without_main() -> Iterator[None]:
    """Or every child would import pytest's main program anew."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    main.__spec__ = None
    if "__file__" in kept:
        del main.__file__
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


@contextmanager
def _paths() -> Iterator[None]:
    """The process the children are forked from starts with this environment."""
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    os.environ["DJANGO_SETTINGS_MODULE"] = "tending.web.settings"
    try:
        yield
    finally:
        if kept is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = kept
