"""Dara gives a file, looks at what waits and sets a row aside, in a browser and without JavaScript."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import check_page, watch
from tests.support.files import write

from tending.collect.models import QuarantinedRow
from tending.show.data_quality import surveyed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visits(world, raw_store, tmp_path):
    surveyed.forget()
    row = {
        "person_id": "pat",
        "staff_id": "alice",
        "team_id": "east",
        "kind": "THERAPY",
        "medium": "PHONE",
        "status": "ATTENDED",
    }
    return write(
        tmp_path / "given",
        "contacts",
        [
            row | {"contact_id": "C1", "starts_at": "2026-03-02T10:00"},
            row | {"contact_id": "C2", "starts_at": "soon"},
            row | {"contact_id": "C3", "starts_at": "2026-03-02T10:00", "person_id": "nobody"},
        ],
    )


def sign_in(context, world, live_server):
    name = settings.SESSION_COOKIE_NAME
    value = world.client("dara").cookies[name].value
    # A browser sends a Secure cookie to 127.0.0.1 without TLS too, but takes it only from an https address.
    url = live_server.url.replace("http:", "https:") if settings.SESSION_COOKIE_SECURE else live_server.url
    context.add_cookies([{"name": name, "value": value, "url": url, "secure": settings.SESSION_COOKIE_SECURE}])


def give(page: Page, url: str, visits) -> None:
    page.goto(f"{url}/deliveries/give/")
    page.get_by_label("The file").set_input_files(visits)
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="Load it", exact=True).click()
    expect(page.get_by_role("heading", name="contacts.csv")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_on_the_way_is_open_to_everybody(page: Page, live_server, world, visits, theme):
    watch(page)
    page.emulate_media(color_scheme=theme)
    sign_in(page.context, world, live_server)
    page.goto(f"{live_server.url}/deliveries/give/")
    assert check_page(page) == []
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    # The refusal itself is what the browser complains of.
    assert check_page(page, allow=("console error: Failed to load resource",)) == []
    page.get_by_label("The file").set_input_files(visits)
    page.get_by_role("button", name="See what it would do").click()
    assert check_page(page) == []
    page.get_by_role("button", name="Load it", exact=True).click()
    assert check_page(page) == []
    for path in ("/deliveries/", "/data-quality/"):
        page.goto(live_server.url + path)
        assert check_page(page) == [], path
    page.get_by_role("link", name="Open Rows that could not be read").first.click()
    assert check_page(page) == []
    page.get_by_role("link", name="See the row").first.click()
    assert check_page(page) == []


def test_without_javascript_setting_aside_asks_on_a_page(browser: Browser, live_server, world, visits):
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, world, live_server)
    page = context.new_page()
    give(page, live_server.url, visits)
    row = QuarantinedRow.objects.get(field="starts_at")
    page.goto(f"{live_server.url}/data-quality/quarantine/{row.pk}/")
    page.get_by_text("Leave it out for good").click()
    page.get_by_label("Why are they left out?").fill("a test row")
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_role("heading", name="Set 1 row aside?")).to_be_visible()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside on")).to_be_visible()
    row.refresh_from_db()
    assert row.resolution == "a test row"
    context.close()


def test_with_javascript_the_dialog_asks_and_the_page_does_not(page: Page, live_server, world, visits):
    sign_in(page.context, world, live_server)
    give(page, live_server.url, visits)
    row = QuarantinedRow.objects.get(field="starts_at")
    page.goto(f"{live_server.url}/data-quality/quarantine/{row.pk}/")
    page.get_by_text("Leave it out for good").click()
    page.get_by_label("Why are they left out?").fill("a test row")
    page.get_by_role("button", name="Set aside").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Set this row aside?")
    dialog.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside on")).to_be_visible()


def test_a_page_that_waits_moves_on_by_itself(page: Page, live_server, world, visits, monkeypatch):
    from tending.web import intake
    from tending.web.deliveries import offered

    monkeypatch.setattr(offered, "AT_ONCE", 10)
    watch(page)
    sign_in(page.context, world, live_server)
    page.goto(f"{live_server.url}/deliveries/give/")
    page.get_by_label("The file").set_input_files(visits)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_text("It is being read through")).to_be_visible()
    assert check_page(page) == []
    offered.rehearse_waiting()
    page.get_by_role("button", name="Load it", exact=True).click(timeout=10_000)
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    assert check_page(page) == []
    intake.work_off_all()
    expect(page.get_by_text("Read, some rows wait")).to_be_visible(timeout=10_000)
