"""What the child processes do: each deed is a function that runs at a place of its own, with the clock held still."""

import io
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from tending.base import clock  # noqa: E402
from tending.base.access.models import Account  # noqa: E402
from tending.base.access.viewer import viewer_of  # noqa: E402
from tending.base.access.visibility import people_visible  # noqa: E402
from tending.base.audit import actions as audit  # noqa: E402
from tending.base.audit import seal  # noqa: E402
from tending.base.people.models import StaffRole  # noqa: E402
from tending.collect import queries as collected  # noqa: E402
from tending.collect.answer import actions as answering  # noqa: E402
from tending.collect.models import Delivery  # noqa: E402
from tending.measure import definitions as instruments  # noqa: E402
from tending.notice import definitions as triggers  # noqa: E402
from tending.review.models import ReviewSignal  # noqa: E402
from tending.web import intake  # noqa: E402
from tending.web import rebuild as rebuilding  # noqa: E402
from tending.web.cli import main  # noqa: E402
from tending.web.turn import turn  # noqa: E402
from tests.faults import saying  # noqa: E402
from tests.support.disk import wait_for_no_disk  # noqa: E402
from tests.support.world import make_world  # noqa: E402

wait_for_no_disk()
# Read once by the process that all others are forked from, not by each of them.
instruments.in_force()
triggers.in_force()

NOON = datetime(2026, 3, 20, 16, tzinfo=UTC)
SUPERVISOR = "supervisor@example.org"
SMALL_PIECES = 100  # rows: many places to be killed at


def do(told: Connection, home: Path, database: str, name: str, given: Any, more: dict[str, Any]) -> None:
    """Go to the place and do the deed; the first function of every child."""
    settings.HOME, settings.RAW_STORE = home, home / "raw"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.CACHES["default"]["LOCATION"] = home / "cache"
    connections.settings["default"]["NAME"] = database
    at, dies_at = more.pop("at", NOON), more.pop("dies_at", None)
    try:
        with ExitStack() as stack:
            if at is not None:
                stack.enter_context(clock.travelling(at))
            if dies_at is not None:
                stack.enter_context(connection.execute_wrapper(_dies_at(dies_at)))
            answer = globals()[name](*given, **more)
    except BaseException:
        told.send((None, traceback.format_exc()))
        raise SystemExit(1) from None
    finally:
        connections.close_all()
    told.send((answer, ""))


def _dies_at(place: float) -> Callable[..., Any]:
    """The process kills itself at a statement: before it when the place is whole, after it when it ends in a half."""
    done = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal done
        if done == place:
            os.kill(os.getpid(), signal.SIGKILL)
        found = execute(sql, params, many, context)
        done += 1
        if done == place + 0.5:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return count


def migrate() -> None:
    call_command("migrate", verbosity=0)


def count_statements(deed: str, *given: Any) -> int:
    """How many statements a deed takes: the places at which it can die."""
    done = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal done
        done += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        globals()[deed](*given)
    return done


def bring_in_and_turn(folder: Path) -> None:
    """The whole loop, from wherever the process before it was killed."""
    intake.AT_ONCE = SMALL_PIECES
    if not Delivery.objects.exists():
        intake.receive_folder(folder, source="demo", form="CSV", by=None)
    intake.work_off_all()
    turn()


def receive(*folders: Path) -> None:
    """Take these in without reading them, each a minute after the one before."""
    for number, folder in enumerate(folders):
        with clock.travelling(clock.now() + timedelta(minutes=number)):
            intake.receive_folder(folder, source="demo", form="CSV", by=None)


def work_and_turn() -> dict[str, int]:
    intake.AT_ONCE = SMALL_PIECES
    intake.work_off_all()
    return asdict(turn())


def work_with_others() -> dict[str, int]:
    """As one of several workers: until nothing is left to read, then one turn."""
    intake.AT_ONCE = SMALL_PIECES
    until = time.monotonic() + 60
    while collected.being_read() and time.monotonic() < until:
        intake.work_off_all()
        turn()
    return asdict(turn())


def command(*arguments: str, patience: float = 20, room: int = 0, read_only: bool = False) -> tuple[int, str]:
    """A `tending` command as at a terminal: its status and everything it said."""
    _impatient(patience, read_only)
    if room:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    sys.argv = ["tending", *arguments]
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
        except BaseException:
            return 2, said.getvalue() + traceback.format_exc()
    return 0, said.getvalue()


def _impatient(seconds: float, read_only: bool) -> None:
    options = connections.settings["default"]["OPTIONS"]
    if connection.vendor == "sqlite":
        options["timeout"] = seconds
        options["init_command"] += " PRAGMA query_only=ON;" if read_only else ""
    else:
        words = " -c default_transaction_read_only=on" if read_only else ""
        options["options"] = f"-c lock_timeout={int(seconds * 1000)}ms{words}"


def said() -> dict[str, Any]:
    return saying.said()


def meant() -> dict[str, Any]:
    return saying.meant()


def doubled() -> list[tuple[str, str]]:
    return saying.doubled()


def sound() -> str:
    """What the database itself says about its file."""
    if connection.vendor != "sqlite":
        return "ok"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


def rebuild() -> list[str]:
    """The tables that differ when everything is made anew."""
    return [each.table for each in rebuilding.rebuild().tables if not each.same]


def seal_audit() -> str:
    """Close what is older than a minute; what a check of the whole chain finds broken."""
    with clock.travelling(clock.now() + timedelta(minutes=5)):
        seal.seal()
    return seal.verify().broken


def write_slowly(seconds: float) -> None:
    """A transaction that writes its line of the audit trail long before it ends."""
    with transaction.atomic():
        audit.wrote(by=None, what="began something long")
        (settings.HOME / "began").touch()
        time.sleep(seconds)


def write_at_once() -> None:
    audit.wrote(by=None, what="did something short")


def make_cast() -> str:
    """The cast of tests/support/world.py, and a link for Pat to answer; returns its token."""
    world = make_world()
    return answering.ask(
        by=world.account("alice"), person_id=world.people["pat"].pk, instrument="PHQ-9", language="en"
    )


def answer(token: str, number: int, value: int) -> int:
    """Pat's phone sends one answer; the status of the page that follows."""
    settings.CRISIS_TEXT = {"en": "Call Riverside on 555 0100."}
    page = Client().post(f"/answer/{token}/{number}/", {"answer": str(value)})
    return page.status_code


def pages() -> dict[str, str]:
    """What the supervisor sees: Monday, the team's caseload and three people on it."""
    client = Client()
    account = Account.objects.get(email=SUPERVISOR)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = ["/", "/caseload/?whose=team"]
    visible = people_visible(viewer_of(account)).order_by("code")
    addresses += [f"/people/{pk}/" for pk in visible.values_list("pk", flat=True)[:3]]
    return {address: _text(client.get(address)) for address in addresses}


def _text(page: Any) -> str:
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page.content.decode(), flags=re.S)
    return f"{page.status_code} {' '.join(words.split())}"


def urgent() -> list[tuple[str, str]]:
    """Signals that cannot wait, and who owns the review each is in."""
    found = ReviewSignal.objects.filter(signal__severity="URGENT", review__states__left_at=None)
    return list(found.values_list("signal__trigger", "review__states__owner__code"))


def handed_in() -> int:
    return Delivery.objects.filter(form="ANSWERS").count()


def only_read() -> None:
    """Read what has arrived; do not turn."""
    intake.work_off_all()


def answer_with_broken_turn(token: str, number: int, value: int) -> tuple[int, bool]:
    """The triggers cannot be read while somebody answers; the status, and whether the crisis text was shown."""
    right, settings.DEFINITIONS = settings.DEFINITIONS, settings.HOME / "nowhere"
    settings.DEFINITIONS.joinpath("triggers").mkdir(parents=True)
    for name in ("instruments", "templates"):
        settings.DEFINITIONS.joinpath(name).symlink_to(right / name)
    settings.DEFINITIONS.joinpath("triggers", "broken.yaml").write_text("code: [")
    settings.CRISIS_TEXT = {"en": "Call Riverside on 555 0100."}
    phone = Client()
    first = phone.post(f"/answer/{token}/{number}/", {"answer": str(value)})
    after = phone.get(f"/answer/{token}/check/")
    return first.status_code, "Call Riverside on 555 0100." in after.text


def open_account() -> None:
    """The supervisor of the first team may sign in."""
    role = StaffRole.objects.filter(role="SUPERVISOR", team__isnull=False).order_by("staff__code").first()
    assert role is not None
    role.staff.account = Account.objects.create(email=SUPERVISOR, password="!")
    role.staff.save()
