"""Is this page open to everybody? One call, findings in words: ``assert check_page(page) == []``.

axe finds about half of what matters. The rest is looked at here: nothing runs off a 320 px screen (WCAG 1.4.10),
every target is at least 24 px (2.5.8), links that read alike lead to the same place (2.4.4), the keyboard's place is
always seen (2.4.7, 2.4.11), and the page needs nothing its Content-Security-Policy refuses.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

CHROMIUM = Path("/usr/bin/chromium")
LAUNCH = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]
NARROW = {"width": 320, "height": 800}
MOST_TABS = 60
EVERY_RULE = {"resultTypes": ["violations"]}
QUESTIONS = Path(__file__).with_suffix(".js").read_text()

_heard: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium where it is installed, otherwise the one Playwright brought."""
    own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
    return {**browser_type_launch_args, **own, "args": LAUNCH}


def watch(page: Page) -> None:
    """Begin to note what the browser complains of; call before the first visit, or check_page hears only later."""
    if page in _heard:
        return
    heard = _heard[page] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"console {message.type}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: heard.append(f"script error: {error}"))


def forget(page: Page) -> None:
    """What the browser complained of since is not the page's fault: a reload for a picture of an error page."""
    _heard[page].clear()


def check_page(page: Page, *, allow: Collection[str] = ()) -> list[str]:
    """Every finding about the page as it stands.

    allow: beginnings of findings that do not hold on this page ("axe landmark-unique"); write the reason beside.
    """
    watch(page)
    findings = [*_axe(page), *_asked(page, "structure"), *_asked(page, "inline")]
    findings += [*_asked(page, "targets"), *_asked(page, "links"), *_keyboard(page)]
    with _narrow(page):
        findings += [f"at 320 px: {finding}" for finding in [*_asked(page, "reflow"), *_asked(page, "targets")]]
    findings += _heard[page]
    _heard[page].clear()
    return _left(findings, allow)


def _left(findings: list[str], allow: Collection[str]) -> list[str]:
    told = dict.fromkeys(findings)
    return [finding for finding in told if not finding.removeprefix("at 320 px: ").startswith(tuple(allow))]


def check_again(page: Page, *, allow: Collection[str] = ()) -> list[str]:
    """Once more for another language: what axe reads, and what longer words push out."""
    watch(page)
    findings = [*_axe(page), *_asked(page, "structure"), *_asked(page, "links"), *_asked(page, "targets")]
    with _narrow(page):
        findings += [f"at 320 px: {finding}" for finding in [*_asked(page, "reflow"), *_asked(page, "targets")]]
    findings += _heard[page]
    _heard[page].clear()
    return _left(findings, allow)


def check_colours(page: Page) -> list[str]:
    """Once more for another colour scheme: every contrast axe can measure."""
    return list(_axe(page, {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}))


def _asked(page: Page, question: str) -> Any:
    return page.evaluate(f"({QUESTIONS}).{question}()")


def _axe(page: Page, options: dict[str, Any] | None = None) -> Iterator[str]:
    for violation in Axe().run(page, options=options or EVERY_RULE).response["violations"]:
        for node in violation["nodes"]:
            yield f"axe {violation['id']}: {violation['help']}: {node['html'][:160]}"


@contextmanager
def _narrow(page: Page) -> Iterator[None]:
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    try:
        yield
    finally:
        if before:
            page.set_viewport_size(before)


def _keyboard(page: Page) -> Iterator[str]:
    """Press Tab through the page and look, each time, whether a person could see where they are."""
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    begun = False
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen = _asked(page, "focus")
        # The first Tab may pass through the browser's own bar before it comes to the page.
        if seen["place"] == "again" or (begun and seen["place"] == "body"):
            break
        begun = begun or seen["place"] != "body"
        if seen["finding"]:
            yield f"keyboard: {seen['finding']}: {seen['place']}"
    page.evaluate("delete window.tendingFirst; document.activeElement?.blur(); window.scrollTo(0, 0)")
