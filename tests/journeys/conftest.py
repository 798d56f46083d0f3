"""A real site for the journeys: the demonstration provider, served by `tending serve`."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tending.web.demonstration.setting.cast import CAST
from tending.web.demonstration.sign_ins import PASSWORD
from tests.support.accessibility import watch

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, DAYS = 300, 60
WAIT_SECONDS = 120


@dataclass(frozen=True)
class Member:
    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class Site:
    address: str
    cast: dict[str, Member]  # by role
    environment: dict[str, str]

    def tending(self, *words: str) -> str:
        """Run the command line on this site's records, as its administrator would."""
        return run(self.environment, "-c", "from tending.web.cli import main; main()", *words)

    def python(self, program: str) -> str:
        """Bring about what no page can: time that has passed, something that broke."""
        return run(self.environment, "-c", program)


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """The kind of database the suite runs on, for this site alone: SQLite in its home, or a new PostgreSQL one."""
    address = os.environ.get("TENDING_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {}
        return
    import dj_database_url
    import psycopg

    parts = dj_database_url.parse(address)
    name = f"journeys_{uuid.uuid4().hex[:12]}"
    given = {"host": parts["HOST"], "user": parts["USER"], "dbname": parts["NAME"]}
    with psycopg.connect(**given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')  # template1 may be in use
        yield {"TENDING_DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(WAIT_SECONDS * 5):
        assert process.poll() is None, "the site ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/account/sign-in/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the site did not answer within {WAIT_SECONDS} s")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One site for all journeys of this process; the browser tests run in one process (xdist group "browser")."""
    with tempfile.TemporaryDirectory(prefix="tending-journeys-") as home, own_database() as database:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TENDING_")},
            **database,
            "DJANGO_SETTINGS_MODULE": "tending.web.settings",
            "TENDING_HOME": home,
            "TENDING_INSECURE": "1",
            "TENDING_PROXY": "127.0.0.1",  # so that a journey can come from an address of its own
            "TENDING_CRISIS_TEXT_EN": "Call Riverbend's crisis line on 555 0100, day or night.",
            "TENDING_CRISIS_TEXT_ES": "Llame a la línea de crisis de Riverbend, 555 0100, de día o de noche.",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        run(environment, "-m", "tests.journeys.make_site")
        cast = {m.role: Member(m.role, f"{m.given_name} {m.family_name}", m.email, PASSWORD) for m in CAST}
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        serving = [sys.executable, "-c", "from tending.web.cli import main; main()", "serve", "--port", str(port)]
        with open(Path(home) / "site.log", "wb") as log:
            process = subprocess.Popen(serving, env=environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                wait_for(address, process)
                yield Site(address, cast, environment)
            finally:
                process.terminate()
                process.wait(timeout=20)


class Opener:
    """``page = opener("SUPERVISOR")``: a fresh browser, signed in through the form as one of the cast."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.contexts: list[BrowserContext] = []

    def __call__(self, role: str | None, *, come_from: str = "", **options: Any) -> Page:
        """``come_from``: an address of its own, for who must not use up the tries of everybody else here."""
        options.setdefault("viewport", {"width": 1280, "height": 900})
        options.setdefault("reduced_motion", "reduce")  # a colour half-way to the next is nobody's
        if come_from:
            options["extra_http_headers"] = {"X-Forwarded-For": come_from}
        context = self.browser.new_context(base_url=self.site.address, **options)
        self.contexts.append(context)
        page = context.new_page()
        watch(page)
        if role:
            self.sign_in(page, self.site.cast[role])
        return page

    def sign_in(self, page: Page, member: Member) -> None:
        page.goto("/account/sign-in/")
        page.locator("[name=login]").fill(member.email)
        page.locator("[name=password]").fill(member.password)
        page.locator("form").filter(has=page.locator("[name=password]")).get_by_role("button").click()
        page.wait_for_url(f"{self.site.address}/")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(site: Site, browser: Browser) -> Iterator[SignIn]:
    opener = Opener(site, browser)
    yield opener
    opener.close()
