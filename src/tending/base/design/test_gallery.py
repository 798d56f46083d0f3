"""The gallery in a real browser: open to everybody, in both themes, from both sides, and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import check_page, watch

from tending.base.design import assets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Every example stands there twice, once in each density, so landmarks and links repeat.
TWICE = ("axe landmark-unique", "link text")


@pytest.fixture
def gallery(live_server) -> str:
    return live_server.url + reverse("design:gallery")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_is_open_to_everybody(page: Page, gallery: str, theme: str):
    watch(page)
    page.emulate_media(color_scheme=theme)
    page.goto(gallery)
    expect(page.locator(".gallery-part")).to_have_count(len(assets.components()))
    assert check_page(page, allow=TWICE) == []


def test_nothing_runs_off_the_side_from_right_to_left_in_forced_colours_or_on_paper(page: Page, gallery: str):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(gallery)
    page.evaluate("document.documentElement.dir = 'rtl'")
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wider)
    page.emulate_media(forced_colors="active")
    assert not page.evaluate(wider)
    page.evaluate("document.documentElement.dir = 'ltr'")
    page.set_viewport_size({"width": 680, "height": 990})
    page.emulate_media(media="print", forced_colors="none")
    assert not page.evaluate(wider)


def test_where_a_person_answers_targets_are_large(page: Page, gallery: str):
    page.goto(gallery)
    page.set_viewport_size({"width": 390, "height": 844})
    text = "input.control:not([type=checkbox])"
    for selector in (".button:not([hidden])", ".choice label", text, "select.control", ".tabs a"):
        found = page.locator(f"[data-density=person] {selector}:visible").all()
        assert found, selector
        assert min(box["height"] for item in found if (box := item.bounding_box())) >= 56, selector


def test_a_table_becomes_cards_where_it_would_be_squeezed(page: Page, gallery: str):
    page.goto(gallery)
    row = page.locator("#worklist [data-density=worklist] tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "table-row"
    page.set_viewport_size({"width": 390, "height": 844})
    assert row.evaluate("row => getComputedStyle(row).display") == "grid"
    expect(page.locator("#worklist").get_by_role("columnheader", name="Why now").first).to_be_attached()


def test_a_consequential_button_asks_first(page: Page, gallery: str):
    page.goto(gallery)
    button = page.locator("#confirm_dialog").get_by_role("button", name="Close this review").first
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The review closes and its owner is told.")
    expect(dialog.get_by_role("button", name="No, go back")).to_be_focused()
    dialog.get_by_role("button", name="No, go back").click()
    expect(dialog).not_to_be_visible()
    expect(button).to_be_focused()
    assert "confirmed" not in page.url
    button.click()
    dialog.get_by_role("button", name="Close this review").click()
    page.wait_for_url(lambda url: "confirmed=yes" in url)


def test_without_javascript_the_button_goes_to_the_server(browser: Browser, gallery: str):
    page = browser.new_page(java_script_enabled=False)
    page.goto(gallery)
    page.locator("#confirm_dialog").get_by_role("button", name="Close this review").first.click()
    page.wait_for_url(lambda url: "?" in url)
    assert "confirmed=yes" not in page.url
    page.close()


def test_the_link_is_copied(browser: Browser, gallery: str):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(gallery)
    page.locator("#copy_link").get_by_role("button").first.click()
    expect(page.locator("#copy_link").get_by_role("status").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://tending.example/a/K7QF-2M9D"
    context.close()


def test_the_language_is_switched_where_one_stands(page: Page, gallery: str):
    page.goto(gallery)
    page.get_by_role("banner").get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert page.url == gallery
