"""Every address in the URL list is visited by somebody who may, and nothing keeps anybody out of it.

The pages are found as people find them: by following links from each role's own Monday. A page no link leads to is
a finding too.
"""

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Page

from tests.architecture.test_what_import_linter_cannot_see import views
from tests.journeys.pictures import take_pictures
from tests.support.accessibility import check_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

ROLES = (
    "PRACTITIONER",
    "SUPERVISOR",
    "CLINICAL_LEAD",
    "MANAGER",
    "DATA_STEWARD",
    "ADMINISTRATOR",
    "BOARD_MEMBER",
    "REVIEWER",
    "CARE_COORDINATOR",
    "PEER_WORKER",
    "PARTNER",
)
# Addresses no link leads to, and why that is right. Each is tried elsewhere.
NOT_BY_LINK = {
    "stylesheet": "a stylesheet",
    "script": "a script",
    "person_chart": "a picture in a page",
    "evidence_picture": "a picture in a page",
    "set_language": "answers a form only",
    "health": "a monitor asks it; no page",
    "answer": "by its own link: test_answering_on_a_phone",
    "answer_question": "by its own link: test_answering_on_a_phone",
    "answer_check": "by its own link: test_answering_on_a_phone",
    "answer_thank_you": "by its own link: test_answering_on_a_phone",
    "gallery": "for who builds pages: base/design's own browser test",
    "offered": "after giving a file: web/deliveries' own browser test",
}


def names() -> set[str]:
    return {str(view.name) for view in views() if view.callback.__module__.startswith("tending.")}


def name_of(address: str) -> str | None:
    try:
        return str(resolve(urlsplit(address).path).url_name)
    except Resolver404:
        return None


@dataclass
class Walk:
    """Breadth first over the links of one role, one example of each address."""

    page: Page
    site: str
    seen: dict[str, str] = field(default_factory=dict)  # url name -> address

    def links(self) -> list[str]:
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        return [link.split("#")[0] for link in found if link.startswith(self.site)]

    def go(self) -> None:
        waiting = deque([f"{self.site}/"])
        while waiting:
            address = waiting.popleft()
            name = name_of(address)
            if name is None or name in self.seen or name in NOT_BY_LINK:
                continue
            answer = self.page.request.get(address)
            if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
                if answer.ok:
                    self.seen[name] = address  # a file or a picture: nothing to look at, but it is reachable
                continue
            self.page.goto(address)
            self.seen[name] = address
            waiting.extend(self.links())


def look_at(page: Page, name: str, address: str, role: str) -> list[str]:
    """The findings on one page; pictures on the way, when somebody asked for them."""
    answer = page.goto(address)
    if not answer or "text/html" not in answer.headers.get("content-type", ""):
        return []
    findings = [f"{role}: {name} ({urlsplit(address).path}) {finding}" for finding in check_page(page)]
    take_pictures(page, f"{name}-{role.lower()}" if name == "monday" else name)
    return findings


def answers_forms_only(page: Page, name: str) -> bool:
    """Does the address refuse to be looked at? Tried with made-up numbers: the method is asked before the thing."""
    pattern = next(view for view in views() if view.name == name)
    guesses = {
        key: 1 if type(value).__name__ == "IntConverter" else "x" for key, value in pattern.pattern.converters.items()
    }
    return page.request.get(reverse(name, kwargs=guesses)).status == 405


@pytest.mark.parametrize(
    ("path", "words"), [("/no-such-page/", "There is no such page here"), ("/administration/", "Not open")]
)
def test_an_error_page_says_what_to_do_and_is_open_to_everybody(path, words, sign_in):
    page = sign_in("PRACTITIONER")
    page.goto(path)
    assert words in page.inner_text("main")
    assert check_page(page, allow=["console error"]) == []  # the browser itself notes that the answer was an error


def test_every_page_any_role_can_reach_is_open_to_everybody_and_none_is_forgotten(site, sign_in):
    visited: set[str] = set()
    findings: list[str] = []
    for role in ROLES:
        page = sign_in(role)
        walk = Walk(page, site.address)
        walk.go()
        for name, address in walk.seen.items():
            if name not in visited or name == "monday":  # Monday differs by role; the others are drawn alike
                findings += look_at(page, name, address, role)
        visited |= set(walk.seen)
    assert findings == []
    lead = sign_in("DATA_STEWARD")
    care = sign_in("CLINICAL_LEAD")
    forgotten = {
        name
        for name in names() - visited - set(NOT_BY_LINK)
        if not answers_forms_only(lead, name) and not answers_forms_only(care, name)
    }
    assert forgotten == set()
