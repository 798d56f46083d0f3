"""Every address in the URL list is visited by somebody who may, and nothing keeps anybody out of it.

Tours go there (tests/journeys/tours): by links from each role's own Monday, through signing in and one's own account,
answering by link, giving a file, and everything that says that something went wrong. Each page is looked at in light
and dark, and once more in Spanish.
"""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Opener, Site
from tests.journeys.tours import answering, by_links, giving_files, own_account, troubles
from tests.journeys.tours.looking import Tour

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOURS: dict[str, Callable[[Tour], None]] = {
    "by links": by_links.tour,
    "own account": own_account.tour,
    "answering": answering.tour,
    "giving files": giving_files.tour,
    "troubles": troubles.tour,
}
LANGUAGES = ("en", "es")
# Addresses where there is no page to look at, and why. Those that answer forms only are found by asking them.
NOT_A_PAGE = {
    "design:stylesheet": "a stylesheet: part of every page that was looked at",
    "design:script": "a script: part of every page that was looked at",
    "person_chart": "a picture: part of the person's page",
    "evidence_picture": "a picture: part of the evidence page",
    "set_language": "answers the language buttons in every page's header, and sends back to the page",
    "health": "a monitor asks it and is answered in JSON",
}


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The whole URL list, ours and allauth's: names with their namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry


def answers_forms_only(page: Page, name: str, entry: URLPattern) -> bool:
    """Does the address refuse to be looked at? Tried with made-up numbers: the method is asked before the thing."""
    guesses = {
        key: 1 if type(value).__name__ == "IntConverter" else "x" for key, value in entry.pattern.converters.items()
    }
    try:
        return page.request.get(reverse(name, kwargs=guesses), max_redirects=0).status == 405
    except Exception:  # an address that cannot even be made up is no form's
        return False


@pytest.fixture(scope="session")
def toured(site: Site, browser: Browser) -> Callable[[str, str], Tour]:
    """A tour, gone once however many tests ask about it."""

    @cache
    def go(name: str, language: str) -> Tour:
        opener = Opener(site, browser)
        tour = Tour(site, opener, language)
        try:
            TOURS[name](tour)
        finally:
            opener.close()
        return tour

    return go


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOURS)
def test_every_page_on_a_tour_is_open_to_everybody(toured, name, language):
    tour = toured(name, language)
    assert tour.findings == []
    assert tour.visited


def test_no_address_is_forgotten(toured, sign_in):
    visited = set().union(*(toured(name, "en").visited for name in TOURS))
    everything = dict(addresses())
    asked = [sign_in("DATA_STEWARD"), sign_in("CLINICAL_LEAD")]
    forgotten = {
        name
        for name, entry in everything.items()
        if name not in visited | set(NOT_A_PAGE) and not any(answers_forms_only(page, name, entry) for page in asked)
    }
    assert forgotten == set()
    assert set(NOT_A_PAGE) - set(everything) == set(), "an exemption for an address that does not exist"
    assert set(NOT_A_PAGE) & visited == set(), "an exemption for an address that was visited"
