"""Alma answers on an old phone: no account, no JavaScript; what she says reaches the supervisor at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import check_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 360, "height": 640}}


def make_a_link(page: Page, language: str) -> tuple[str, str]:
    """As the practitioner, for the first person of the caseload: the link, and the person's name."""
    page.goto("/caseload/")
    person = page.get_by_role("rowheader").get_by_role("link").first
    name = person.inner_text()
    person.click()
    page.get_by_role("link", name="Ask a measure").click()
    page.get_by_label(re.compile(r"PHQ-9")).check()
    page.get_by_label(language, exact=True).check()
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_label(re.compile("Link to answer")).input_value(), name


def test_without_javascript_a_self_harm_answer_shows_the_crisis_text_and_reaches_the_supervisor(sign_in):
    link, name = make_a_link(sign_in("PRACTITIONER"), "English")
    phone = sign_in(None, java_script_enabled=False, **PHONE)
    phone.goto(link)
    phone.get_by_role("link", name=re.compile("Begin")).click()
    for number in range(1, 10):
        expect(phone.get_by_text(f"Question {number} of 9").first).to_be_visible()
        phone.get_by_role("radio").nth(2 if number == 9 else 1).check()
        phone.get_by_role("button", name="Save and go on").click()
    expect(phone.get_by_text("555 0100")).to_be_visible()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you", exact=True)).to_be_visible()
    expect(phone.get_by_text("555 0100")).to_be_visible()

    supervisor = sign_in("SUPERVISOR")
    monday = supervisor.get_by_role("main")
    expect(monday.get_by_text(name).first).to_be_visible()
    expect(monday.get_by_text("An answer about self-harm").first).to_be_visible()


def test_in_spanish_by_keyboard_with_a_question_left_out_and_every_page_open_to_everybody(sign_in):
    link, _ = make_a_link(sign_in("PRACTITIONER"), "Spanish")
    phone = sign_in(None, **PHONE)
    phone.goto(link)
    assert phone.locator("html").get_attribute("lang") == "es"
    findings = check_page(phone)
    phone.locator("main a.button, main a[class*=button]").first.press("Enter")
    for number in range(1, 10):
        phone.wait_for_url(f"**/{number}/")
        if number == 1:
            findings += check_page(phone)
        phone.get_by_role("radio").first.focus()
        if number == 4:
            phone.get_by_role("radio").last.check()
        else:
            phone.keyboard.press("Space")
        phone.keyboard.press("Enter")
    phone.wait_for_url("**/check/")
    findings += check_page(phone)
    phone.locator("main form button").press("Enter")
    phone.wait_for_url("**/thank-you/")
    findings += check_page(phone)
    assert findings == []
