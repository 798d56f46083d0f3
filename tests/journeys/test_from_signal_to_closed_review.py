"""The tutorial, walked: a supervisor begins the first review on her Monday, works it through and closes it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tending.base import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "from-clone-to-a-closed-review.md"
SEEN_ON_THE_SIGN_IN_PAGE_OF_A_DEMONSTRATION = {"This is a demonstration", "Priya Raman"}
SECTIONS = (
    "Engagement",
    "Medication and therapy",
    "Risk and safety",
    "Recent service contacts",
    "What the person says",
    "What is uncertain",
)


def section(page: Page, title: str):
    return page.locator("section").filter(has=page.get_by_role("heading", name=title, exact=True)).last


def open_the_first_review(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile("Begin")).first.click()
    expect(page.get_by_role("button", name="Begin this review")).to_be_visible()


def begin_it(page: Page) -> None:
    page.get_by_role("button", name="Begin this review").click()
    expect(page.get_by_text("You have begun. The response clock has stopped.")).to_be_visible()


def write_every_section(page: Page) -> None:
    """One press keeps what was written in all of them."""
    for title in SECTIONS:
        section(page, title).get_by_label("What you know").fill(f"Talked through {title.lower()} together.")
    section(page, SECTIONS[-1]).get_by_role("button", name=re.compile("^Save what you wrote")).click()
    for title in SECTIONS:
        expect(section(page, title).get_by_text(f"Talked through {title.lower()} together.")).to_be_visible()


def everybody_required_takes_part(page: Page) -> None:
    while (here := section(page, "Who takes part").get_by_role("button", name=re.compile("^Took part"))).count():
        required = here.first
        required.click()
        page.wait_for_load_state()


def give_an_action_and_finish_it(page: Page) -> None:
    part = section(page, "Who does what, by when")
    if part.get_by_label("What kind of action").is_hidden():
        part.get_by_text("Assign an action").click()
    part.get_by_label("What kind of action").select_option(index=1)
    part.get_by_label("What is to be done").fill("Call today and agree on the next visit.")
    part.get_by_label("By when").fill((clock.today() + timedelta(days=1)).isoformat())
    part.get_by_role("button", name="Assign", exact=True).click()
    part = section(page, "Who does what, by when")
    expect(part.get_by_role("paragraph").filter(has_text="Call today and agree on the next visit.")).to_be_visible()
    part.locator("summary").filter(has_text=re.compile(r"^\s*Done")).first.click()
    part.get_by_label("What came of it").fill("Reached by phone; comes on Thursday.")
    part.get_by_role("button", name=re.compile("^Done")).first.click()
    expect(
        section(page, "Who does what, by when").get_by_text("Reached by phone; comes on Thursday.").first
    ).to_be_visible()


def close_it(page: Page) -> None:
    page.get_by_label("What came of this review").fill("Contact is back, and the plan fits again.")
    page.get_by_role("button", name="Close the review").click()
    page.get_by_role("button", name="Yes, close it").click()
    expect(page.get_by_text("Closed; somebody looks again")).to_be_visible()


STEPS: tuple[Callable[[Page], None], ...] = (
    open_the_first_review,
    begin_it,
    write_every_section,
    everybody_required_takes_part,
    give_an_action_and_finish_it,
    close_it,
)


def test_a_signal_becomes_a_closed_review_and_the_tutorial_names_what_is_there(sign_in):
    page = sign_in("SUPERVISOR")
    seen = page.locator("body").text_content() or ""
    for step in STEPS:
        step(page)
        seen += page.locator("body").text_content() or ""
    seen = re.sub(r"\s+", " ", seen)
    named = {re.sub(r"\s+", " ", words) for words in re.findall(r"\*\*([^*]+)\*\*", TUTORIAL.read_text())}
    named -= SEEN_ON_THE_SIGN_IN_PAGE_OF_A_DEMONSTRATION
    assert {words for words in named if words not in seen} == set()
