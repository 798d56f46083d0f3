"""Noor, on her first day: by links only, from Monday, to a sign-in that is hers alone."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.support.one_time_codes import code_for, wait_if_about_to_end

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST, OWN = "given by the administrator", "four quiet words together"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def noor(site: Site) -> str:
    """A new practitioner, made as an administrator makes one; her address."""
    email = f"noor.{uuid.uuid4().hex[:8]}@riverbend.example"
    named = ("--name", "Noor Haddad", "--role", "PRACTITIONER", "--team", "T02")
    site.tending("account", email, *named, "--password", FIRST)
    return email


def give_password(page: Page, email: str, password: str) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def change_the_password(page: Page) -> None:
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Change Password").click()
    page.get_by_label("Your password now").fill(FIRST)
    page.get_by_label("Your new password", exact=True).fill("short")
    page.get_by_label("Your new password once more").fill("short")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    page.get_by_label("Your password now").fill(FIRST)
    page.get_by_label("Your new password", exact=True).fill(OWN)
    page.get_by_label("Your new password once more").fill(OWN)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()


def set_up_the_second_step(page: Page) -> str:
    """The secret, as a phone would keep it."""
    page.get_by_role("banner").get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Set up Second step").click()
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Your password").fill(OWN)
    page.get_by_role("button", name="Go on").click()
    secret = page.get_by_label("The key, where there is no camera").input_value()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn the second step on").click()
    expect(page.get_by_text("This code is not correct.").first).to_be_visible()
    assert page.get_by_label("The key, where there is no camera").input_value() == secret
    wait_if_about_to_end()
    page.get_by_label("Code").fill(code_for(secret))
    page.get_by_role("button", name="Turn the second step on").click()
    expect(page.get_by_text("The second step is on.")).to_be_visible()
    expect(page.get_by_role("list", name="Codes not used yet").get_by_role("listitem")).to_have_count(10)
    return secret


def sign_in_with_a_code(page: Page, email: str, code: str) -> None:
    give_password(page, email, OWN)
    expect(page.get_by_role("heading", name="Your second step")).to_be_visible()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What needs you")).to_be_visible()


def test_from_monday_by_links_to_a_password_a_second_step_and_no_open_door(site: Site, sign_in, noor: str):
    page = sign_in(None)
    give_password(page, noor, FIRST)
    change_the_password(page)
    secret = set_up_the_second_step(page)
    spare = page.get_by_role("list", name="Codes not used yet").get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes left.")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()

    wait_if_about_to_end()
    sign_in_with_a_code(page, noor, code_for(secret))
    elsewhere = sign_in(None, user_agent=FIREFOX)
    sign_in_with_a_code(elsewhere, noor, spare)
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_text("9 recovery codes left.")).to_be_visible()
    page.get_by_role("link", name="See Where you are signed in").click()
    page.get_by_role("button", name="Sign out there (Firefox on Windows").click()
    expect(page.get_by_text("Signed out there: Firefox on Windows.")).to_be_visible()
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_every_role_reaches_my_account_from_its_monday_on_a_desk_and_on_a_phone(site: Site, sign_in):
    for role in site.cast:
        page = sign_in(role)
        for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
            page.set_viewport_size(size)
            page.goto("/")
            link = page.get_by_role("banner").get_by_role("link", name="My account")
            expect(link).to_be_in_viewport()
            link.click()
            expect(page.get_by_role("heading", name="My account")).to_be_visible()
            expect(page.get_by_role("main").get_by_text(site.cast[role].name)).to_be_visible()
