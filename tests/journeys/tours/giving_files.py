"""A file is offered, what it would do is shown, and it is loaded."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journeys.tours.looking import AN_ERROR_IS_NOTED, Tour

LINES = """contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status
TOUR-{0}-1,P000001,S-MARISOL,T02,2026-03-02T10:00,50,THERAPY,VIDEO,ATTENDED
TOUR-{0}-2,P000001,S-MARISOL,T02,soon,50,THERAPY,VIDEO,ATTENDED
TOUR-{0}-3,NOBODY,S-MARISOL,T02,2026-03-02T10:00,50,THERAPY,VIDEO,ATTENDED
"""


def tour(tour: Tour) -> None:
    page = tour.open("DATA_STEWARD")
    tour.go(page, "/deliveries/give/")
    tour.look(page)
    page.locator("main form button.button[type=submit]").first.click()
    tour.look(page, allow=AN_ERROR_IS_NOTED, answers_a_form=True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.csv"
        path.write_text(LINES.format(tour.language))
        page.locator("main input[type=text]").first.fill("riverbend")
        page.locator("input[type=file]").first.set_input_files(path)
        page.locator("main form button.button[type=submit]").first.click()
        page.wait_for_url("**/deliveries/offered/**")
    tour.look(page, "offered")
    page.locator("form[action$='/give/'] button").first.click()
    page.wait_for_url(re.compile(r"/deliveries/\d+/$"))
    tour.look(page)
