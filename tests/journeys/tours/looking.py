"""Looking at a page on a tour: its address is noted, it is checked light and dark, and its picture is taken."""

from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page, Request

from tests.architecture.test_pages_in_spanish import english_in
from tests.journeys.conftest import Opener, Site
from tests.journeys.pictures import take_pictures
from tests.support.accessibility import check_again, check_colours, check_page, forget

# What the browser itself notes when an answer is an error; the page is what is looked at.
AN_ERROR_IS_NOTED = ("console error: Failed to load resource",)


def name_of(address: str) -> str | None:
    """The name in the URL list, with its namespace, of what answers at an address."""
    try:
        return str(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return None


def _led_here(request: Request | None) -> list[str]:
    """The addresses of a request and of those that were answered by sending the browser on."""
    addresses = []
    while request is not None:
        addresses.append(request.url)
        request = request.redirected_from
    return addresses


@dataclass
class Tour:
    """What one tour met, in one language."""

    site: Site
    opener: Opener
    language: str
    visited: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)

    def open(self, role: str | None, **options: str | bool | dict[str, int]) -> Page:
        return self.opener(role, locale=self.language, **options)

    def go(self, page: Page, address: str, *, status: int = 200) -> None:
        """Go there, see that it answers so, and note the address and every one it led through."""
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address} answered {answer.status}"
        for each in _led_here(answer.request):
            self._note(each)

    def _note(self, address: str) -> None:
        name = name_of(address)
        if name:
            self.visited.add(name)

    def look(
        self, page: Page, picture: str = "", *, allow: Collection[str] = (), answers_a_form: bool = False
    ) -> None:
        """Everything that is asked of a page, of the page as it stands."""
        self._note(page.url)
        if self.language == "en":
            found = check_page(page, allow=allow)
            page.emulate_media(color_scheme="dark")
            found += [f"dark: {finding}" for finding in check_colours(page)]
            page.emulate_media(color_scheme="light")
            if picture:
                take_pictures(page, picture, reload=not answers_a_form)
                forget(page)
        else:
            found = check_again(page, allow=allow)
        where = f"{self.language} {urlsplit(page.url).path} {picture}".strip()
        self.findings += [f"{where}: {finding}" for finding in found]

    def read(self, page: Page) -> None:
        """No sentence in another language than the reader's; for pages that show no words somebody wrote."""
        if self.language == "es":
            self.findings += [f"English on {page.url}: {text}" for text in english_in(page.content())]
