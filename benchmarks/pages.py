"""How long do the pages take with everybody's records behind them, for eight people who click without a pause?"""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import provider
from benchmarks.measured import Measured

HOST, PORT = "127.0.0.1", 8114
AT_ONCE = 8
ROUNDS = 5  # each with new connections: which of the two processes gets how many of the eight is chance
EACH = 20  # requests a browser, page and round, after the first ones that fill caches
WARM = 4
PASSWORD = "Seven calm rivers bend"
AIM = "p95 < 150 ms"


def measure(*, quick: bool) -> list[Measured]:
    from tending.base.people.models import Person
    from tending.base.tables import statistics
    from tending.web.turn import turn

    if not Person.objects.exists():
        provider.make(n_people=5_000 if quick else 100_000)
        turn()
    statistics.refresh()  # as the worker does after such a turn
    n_people = Person.objects.count()
    staff = _with_sign_ins()
    each = 5 if quick else EACH
    with _site() as site:
        browsers = [Browser(email, person) for email, person in staff]
        for browser in browsers:
            browser.sign_in()
        found = []
        for name, address in (("Monday", "/"), ("caseload", "/caseload/"), ("person", None)):
            took, used = [], 0.0
            for _round in range(ROUNDS):
                for browser in browsers:
                    browser.connect_anew()
                _clicking(browsers, address, WARM)
                began = _processor_seconds(site)
                took += _clicking(browsers, address, each)
                used += _processor_seconds(site) - began
            found.append(_said(name, n_people, sorted(took), used / len(took)))
    return found


def _processor_seconds(site: int) -> float:
    """What the site's processes have used so far: how long a page takes where nothing else runs."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == site:
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Browser:
    """One person's browser: it keeps its cookies and its connection."""

    email: str
    person_ids: list[int]
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def sign_in(self) -> None:
        page = self.ask("GET", "/account/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "login": self.email, "password": PASSWORD}
        self.ask("POST", "/account/sign-in/", urlencode(form), expected=302)

    def connect_anew(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def ask(self, method: str, address: str, body: str = "", expected: int = 200) -> str:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://{HOST}:{PORT}{address}"
        self.connection.request(method, address, body or None, headers)
        answer = self.connection.getresponse()
        content = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        assert answer.status == expected, (address, answer.status, content[:500])
        return content


def _clicking(browsers: list[Browser], address: str | None, times: int) -> list[float]:
    """Everybody at once, one page after the other; how long each took, in milliseconds."""
    took: list[float] = []
    troubles: list[BaseException] = []
    ready = threading.Barrier(len(browsers))

    def click(browser: Browser) -> None:
        try:
            ready.wait(60)
            for number in range(times):
                person = browser.person_ids[number % len(browser.person_ids)]
                began = time.perf_counter()
                browser.ask("GET", address or f"/people/{person}/")
                took.append((time.perf_counter() - began) * 1000)
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return took


def _said(name: str, n_people: int, took: list[float], processor: float) -> Measured:
    def share(part: float) -> float:
        return took[min(len(took) - 1, int(part * len(took)))]

    beside = f"median {share(0.5):,.0f} ms, {len(took)} requests of {processor * 1000:,.0f} ms processor time each"
    return Measured(f"p95 of the {name} page, {n_people:,} people, {AT_ONCE} at once", share(0.95), "ms", AIM, beside)


def _with_sign_ins() -> list[tuple[str, list[int]]]:
    """Practitioners and supervisors of several teams, each with some of the people they support."""
    from tending.base.access.viewer import viewer_of
    from tending.base.access.visibility import people_visible
    from tending.base.people.accounts import give_account
    from tending.base.people.models import StaffRole

    found = []
    for role, n in (("PRACTITIONER", 5), ("SUPERVISOR", 3)):
        held = StaffRole.objects.filter(role=role, team__isnull=False, to_date=None).select_related("staff")
        for one in held.order_by("team_id", "pk")[:: max(1, held.count() // n)][:n]:
            email = f"bench{one.staff_id}@example.org"
            give_account(email=email, password=PASSWORD, staff_code=one.staff.code)
            one.staff.refresh_from_db()
            people = people_visible(viewer_of(one.staff.account)).values_list("pk", flat=True)[:20]
            found.append((email, list(people)))
    return found


@contextmanager
def _site() -> Iterator[int]:
    command = [sys.executable, "-c", "from tending.web.cli import main; main()", "serve", "--port", str(PORT)]
    site = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, PORT)) == 0:
                    break
            time.sleep(0.2)
        yield site.pid
    finally:
        site.terminate()
        site.wait(20)
