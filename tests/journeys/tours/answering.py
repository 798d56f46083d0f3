"""The person's own pages, on an old phone without JavaScript, and every way a link can lead nowhere."""

from playwright.sync_api import Page

from tests.journeys.tours.looking import AN_ERROR_IS_NOTED, Tour

PHONE = {"width": 360, "height": 640}
GUESSER = {"en": "203.0.113.31", "es": "203.0.113.32"}
EXPIRE = """
import django; django.setup()
from datetime import timedelta
from tending.base import clock
from tending.collect.answer.actions import digest
from tending.collect.models import Ask
Ask.objects.filter(token_digest=digest(token="{token}")).update(expires_at=clock.now() - timedelta(days=1))
"""


def make_a_link(tour: Tour) -> tuple[str, Page]:
    """A link for the first person of the practitioner's caseload, and the staff page it was made on."""
    page = tour.open("PRACTITIONER")
    page.goto("/caseload/")
    page.locator("th[scope=row] a").first.click()
    page.locator("a[href$='/ask/']").first.click()
    page.locator("input[name=instrument][value='PHQ-9']").check()
    page.locator(f"input[name=language][value={tour.language}]").check()
    page.locator("main form:has([name=instrument]) button[type=submit]").click()
    link = page.locator("tending-copy input").input_value()
    return link, page


def answered(tour: Tour, link: str) -> None:
    phone = tour.open(None, viewport=PHONE)
    tour.go(phone, link)
    tour.look(phone, "answer")
    phone.locator("main a.button").click()
    phone.locator("main form button.button").click()
    tour.look(phone, "answer-question-unanswered", allow=AN_ERROR_IS_NOTED, answers_a_form=True)
    for number in range(1, 10):
        tour.go(phone, f"{link}{number}/")
        tour.look(phone, "answer-question" if number == 1 else "")
        phone.locator("main input[type=radio]").nth(2 if number == 9 else number % 4).check()
        phone.locator("main form button.button").click()
        phone.wait_for_load_state()
    tour.look(phone, "answer-check")  # with the crisis text
    tour.read(phone)
    tour.go(phone, f"{link}9/")
    tour.look(phone, "answer-question-crisis")
    tour.go(phone, f"{link}check/")
    phone.locator("main form button.button").click()
    phone.wait_for_url("**/thank-you/")
    tour.look(phone, "answer-thank-you")
    tour.read(phone)
    tour.go(phone, link)
    assert phone.url.endswith("/thank-you/")  # a link that was used leads nowhere else


def closed(tour: Tour) -> None:
    phone = tour.open(None, viewport=PHONE, come_from=GUESSER[tour.language])
    expired, _ = make_a_link(tour)
    tour.site.python(EXPIRE.format(token=expired.rstrip("/").rsplit("/", 1)[1]))
    tour.go(phone, expired, status=410)
    tour.look(phone, "answer-expired", allow=AN_ERROR_IS_NOTED)
    withdrawn, staff = make_a_link(tour)
    staff.locator("form[action*='withdraw']").first.evaluate(
        "form => form.submit()"
    )  # past the dialog, as without scripts
    staff.wait_for_url("**/withdraw/")
    tour.look(staff, "please-confirm", answers_a_form=True)
    staff.locator("main form button.button").click()
    staff.wait_for_load_state()
    tour.go(phone, withdrawn, status=410)
    tour.look(phone, allow=AN_ERROR_IS_NOTED)
    for guess in range(20):
        tour.go(phone, f"/answer/guess-{guess}/", status=404)
    tour.look(phone, "answer-unknown", allow=AN_ERROR_IS_NOTED)
    tour.read(phone)
    tour.go(phone, "/answer/one-more-guess/", status=429)
    tour.look(phone, "answer-too-many", allow=AN_ERROR_IS_NOTED)
    tour.read(phone)


def tour(tour: Tour) -> None:
    link, staff = make_a_link(tour)
    tour.look(staff, "ask-made", answers_a_form=True)
    answered(tour, link)
    closed(tour)
