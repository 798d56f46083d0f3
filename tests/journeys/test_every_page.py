"""Every address in the URL list is visited by somebody who may, and nothing keeps anybody out of it.

The pages are found as people find them: by following links from each role's own Monday. A page no link leads to is
a finding too.
"""

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

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
    "set_language": "answers a form only",
    "person_chart": "a picture of the person's page",
    "evidence_picture": "a picture of the evidence page",
    "account_sign_up": "closed",
}


def names(resolver: URLResolver | None = None) -> set[str]:
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("tending."):
            found.add(str(entry.name))
    return found


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


visited: dict[str, str] = {}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_this_role_can_reach_is_open_to_everybody(role, site, sign_in):
    page = sign_in(role)
    walk = Walk(page, site.address)
    walk.go()
    assert "monday" in walk.seen
    findings = []
    for name, address in walk.seen.items():
        first = name not in visited
        visited[name] = address
        if first or name == "monday":  # Monday differs by role; the others are drawn alike
            answer = page.goto(address)
            if answer and "text/html" in answer.headers.get("content-type", ""):
                findings += [f"{name} ({urlsplit(address).path}) {finding}" for finding in check_page(page)]
                take_pictures(page, f"{name}-{role.lower()}" if name == "monday" else name)
    assert findings == []
