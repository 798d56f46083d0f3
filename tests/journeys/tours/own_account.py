"""Signing in, the second step, one's own account, and everything that can go wrong on the way."""

import uuid

from playwright.sync_api import Page

from tests.journeys.tours.looking import AN_ERROR_IS_NOTED, Tour
from tests.support.one_time_codes import code_for, wait_if_about_to_end

FIRST = "given by the administrator"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
ELSEWHERE = {"en": "203.0.113.21", "es": "203.0.113.22"}  # whose wrong tries lock nobody else out


def send(page: Page, **fields: str) -> None:
    """Fill the page's main form and send it."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form button.button[type=submit]:not(.button-quiet)").last.click()
    page.wait_for_load_state()


def sign_in(tour: Tour, page: Page, email: str, password: str) -> None:
    tour.go(page, "/account/sign-in/")
    send(page, login=email, password=password)


def before_signing_in(tour: Tour) -> None:
    page = tour.open(None, come_from=ELSEWHERE[tour.language])
    tour.go(page, "/account/sign-in/")
    tour.look(page, "sign-in")
    tour.read(page)
    email = f"nobody.{tour.language}@riverbend.example"
    sign_in(tour, page, email, "not the password")
    tour.look(page, answers_a_form=True)
    tour.read(page)
    for _ in range(5):
        sign_in(tour, page, email, "not the password")
    tour.look(page, "sign-in-locked", answers_a_form=True)
    tour.read(page)
    for address, picture in (("/account/sign-up/", "sign-up-closed"), ("/account/inactive/", "sign-in-closed")):
        tour.go(page, address)
        tour.look(page, picture)
        tour.read(page)


def password(tour: Tour, page: Page) -> None:
    tour.go(page, "/account/password/set/")  # who has one is led to changing it
    tour.go(page, "/account/password/")
    tour.look(page, "account-password")
    tour.read(page)
    send(page, oldpassword="not mine", password1="short", password2="different")
    tour.look(page, answers_a_form=True)
    tour.read(page)


def second_step(tour: Tour, page: Page) -> str:
    """Set up; the secret."""
    tour.go(page, "/account/second-step/")
    tour.look(page, "second-step-off")
    tour.read(page)
    tour.go(page, "/account/second-step/totp/activate/")
    tour.look(page, "account-is-it-you")
    tour.read(page)
    send(page, password=FIRST)
    tour.look(page, "second-step-set-up", answers_a_form=True)
    tour.read(page)
    secret = page.locator("#authenticator_secret").input_value()
    send(page, code="000000")
    tour.look(page, answers_a_form=True)
    tour.read(page)
    wait_if_about_to_end()
    tour.visited.add("mfa_activate_totp")
    send(page, code=code_for(secret))
    tour.look(page, "second-step-codes", answers_a_form=True)
    tour.read(page)
    return secret


def with_a_second_step(tour: Tour, page: Page) -> None:
    tour.go(page, "/account/second-step/")
    tour.look(page, "second-step-on")
    tour.read(page)
    tour.go(page, "/account/second-step/recovery-codes/generate/")
    tour.look(page)
    tour.read(page)
    codes = page.request.get("/account/second-step/recovery-codes/download/")
    assert len(codes.text().split()) == 10
    tour.visited.add("mfa_download_recovery_codes")  # a file
    tour.go(page, "/account/second-step/reauthenticate/")
    tour.look(page)
    tour.read(page)
    tour.go(page, "/account/second-step/totp/deactivate/")
    tour.look(page, "second-step-take-away")
    tour.read(page)


def with_a_code(tour: Tour, email: str, secret: str) -> None:
    page = tour.open(None, user_agent=FIREFOX)
    sign_in(tour, page, email, FIRST)
    tour.look(page, "sign-in-second-step", answers_a_form=True)
    tour.read(page)
    page.locator("main [name=code]").fill("000000")
    page.locator("main form button.button").first.click()
    tour.look(page, answers_a_form=True)
    tour.read(page)
    wait_if_about_to_end()
    page.locator("main [name=code]").fill(code_for(secret))
    page.locator("main form button.button").first.click()
    page.wait_for_url(f"{tour.site.address}/")


def tour(tour: Tour) -> None:
    before_signing_in(tour)
    email = f"ines.{uuid.uuid4().hex[:8]}@riverbend.example"
    named = ("--name", "Ines Marchetti", "--role", "PEER_WORKER", "--team", "T02", "--password", FIRST)
    tour.site.tending("account", email, *named)
    page = tour.open(None)
    sign_in(tour, page, email, FIRST)
    tour.go(page, "/account/")
    tour.look(page)
    password(tour, page)
    secret = second_step(tour, page)
    with_a_code(tour, email, secret)
    tour.go(page, "/account/")
    tour.look(page, "account")
    tour.read(page)
    tour.go(page, "/account/sessions/")
    tour.look(page, "account-sessions")
    tour.read(page)
    with_a_second_step(tour, page)
    tour.go(page, "/account/again/")
    tour.go(page, "/account/sign-out/")
    tour.look(page, "sign-out")
    tour.read(page)
    for _ in range(6):  # one may try to change the password five times a minute
        answer = page.request.post(
            "/account/password/",
            form={"csrfmiddlewaretoken": page.locator("main [name=csrfmiddlewaretoken]").first.input_value()},
            headers={"Referer": tour.site.address},
        )
    assert answer.status == 429
    tour.go(page, "/account/password/")
    send(page, oldpassword="a", password1="b", password2="c")
    tour.look(page, "error-429", allow=AN_ERROR_IS_NOTED, answers_a_form=True)
    tour.read(page)
