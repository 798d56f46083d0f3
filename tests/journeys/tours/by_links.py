"""The pages as people find them: by following links from each role's own Monday."""

from collections import deque
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.journeys.tours.looking import Tour, name_of

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
OWN_TOURS = "account"  # another tour looks at these pages in each of their states


@dataclass
class Walk:
    """Breadth first over the links of one role, one example of each address."""

    page: Page
    site: str
    seen: dict[str, str] = field(default_factory=dict)  # name in the URL list -> address

    def links(self) -> list[str]:
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        return [link.split("#")[0] for link in found if link.startswith(self.site)]

    def go(self) -> None:
        waiting = deque([f"{self.site}/"])
        while waiting:
            address = waiting.popleft()
            name = name_of(address)
            if name is None or name in self.seen or address.startswith(f"{self.site}/{OWN_TOURS}/"):
                continue
            answer = self.page.request.get(address)
            if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
                if answer.ok:
                    self.seen[name] = address  # a file or a picture: nothing to look at, but it is reachable
                continue
            self.page.goto(address)
            self.seen[name] = address
            waiting.extend(self.links())


def tour(tour: Tour) -> None:
    for role in ROLES:
        page = tour.open(role)
        walk = Walk(page, tour.site.address)
        walk.go()
        for name, address in walk.seen.items():
            if name in tour.visited and name != "monday":  # Monday differs by role; the others are drawn alike
                continue
            tour.visited.add(name)
            answer = page.goto(address)
            if answer and "text/html" in answer.headers.get("content-type", ""):
                tour.look(page, f"monday-{role.lower()}" if name == "monday" else name)
