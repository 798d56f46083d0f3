"""Every page that says something went wrong; and the gallery, for who builds pages."""

from tests.journeys.tours.looking import AN_ERROR_IS_NOTED, Tour

# Every example stands in the gallery twice, once in each density, so landmarks and links repeat.
TWICE = ("axe landmark-unique", "link text")
MORE_FIELDS_THAN_ARE_READ = "&".join(["a=1"] * 1001)
BREAK_OR_MEND = """
import django; django.setup()
from tending.collect.answer.actions import digest
from tending.collect.models import Ask
Ask.objects.filter(token_digest=digest(token="{token}")).update(instrument="{instrument}")
"""


def tour(tour: Tour) -> None:
    page = tour.open("PRACTITIONER")
    for picture, address, status in (
        ("error-400", f"/caseload/?{MORE_FIELDS_THAN_ARE_READ}", 400),
        ("error-403", "/administration/", 403),
        ("error-404", "/no-such-page/", 404),
        ("error-405", "/account/sessions/others/end/", 405),
    ):
        tour.go(page, address, status=status)
        tour.look(page, picture, allow=AN_ERROR_IS_NOTED)
        tour.read(page)
    stranger = tour.open(None)
    tour.go(stranger, "/no-such-page/", status=404)
    tour.look(stranger, allow=AN_ERROR_IS_NOTED)
    tour.read(stranger)
    open_too_long(tour)
    broken(tour)
    tour.go(page, "/design/")
    tour.look(page, "gallery", allow=TWICE)


def open_too_long(tour: Tour) -> None:
    page = tour.open(None)
    tour.go(page, "/account/sign-in/")
    page.context.clear_cookies()
    page.locator("main form button.button[type=submit]").last.click()
    tour.look(page, "error-403-open-too-long", allow=AN_ERROR_IS_NOTED, answers_a_form=True)
    tour.read(page)


def broken(tour: Tour) -> None:
    """Something nobody foresaw: a link whose questionnaire is gone."""
    from tests.journeys.tours.answering import make_a_link

    link, _ = make_a_link(tour)
    token = link.rstrip("/").rsplit("/", 1)[1]
    tour.site.python(BREAK_OR_MEND.format(token=token, instrument="NO-SUCH"))
    page = tour.open(None)
    tour.go(page, link, status=500)
    tour.look(page, "error-500", allow=AN_ERROR_IS_NOTED)
    tour.read(page)
    tour.site.python(BREAK_OR_MEND.format(token=token, instrument="PHQ-9"))
