"""Alice supports Pat; Bob works in another team; Boris may see no record. The clock stands at 1 June 2026."""

import re
from datetime import UTC, date, datetime

import pytest
from tests.support.turning import turn

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.collect import raw_store
from tending.collect.models import Delivery, DeliveryItem, Submission
from tending.keep import models as keep
from tending.show.charts.look import VARIANTS

NOW = datetime(2026, 6, 1, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def first_of_june():
    with clock.travelling(NOW):
        yield


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.RAW_STORE = tmp_path, tmp_path / "raw"


@pytest.fixture
def pat(world, record):
    record.episode("pat", "2026-01-05")
    record.contact("pat", "2026-01-06")
    for month, value in enumerate((12, 11, 10, 9, 20), start=1):
        record.total("pat", f"2026-0{month}-20", "PHQ-9", value)
    record.contact("pat", "2026-04-02")
    record.contact("pat", "2026-04-20", status="NO_SHOW")
    record.contact("pat", "2026-05-04", status="NO_SHOW")
    record.contact("pat", "2026-05-20")
    record.contact("pat", "2026-06-04", status="BOOKED")
    record.crisis("pat", "2026-05-10")
    record.stay("pat", "2026-05-11", "2026-05-15")
    record.housing("pat", "2026-05-16", "TEMPORARY")
    goal = record._row(
        keep.Goal,
        "pat",
        {"stated_date": date(2026, 1, 8), "words": "Sleep with the light off", "status": "ACTIVE"},
        {},
    )
    for day, rating in ((8, 2), (28, 5)):
        fields = {"goal_key": goal.source_key, "rated_date": date(2026, 2, day), "rating": rating}
        record._row(keep.GoalRating, "pat", {**fields, "rated_by": "PERSON"}, {})
    record._row(keep.CarePlanEvent, "pat", {"event_date": date(2026, 3, 1), "kind": "SAFETY_PLAN_AGREED"}, {})
    record._row(keep.Consent, "pat", {"kind": "CONTACT_BY_TEXT", "given_date": date(2026, 1, 5)}, {})
    turn()
    return world.people["pat"]


def open_page(world, person, who="alice", query=""):
    return world.client(who).get(f"/people/{person.pk}/{query}")


def test_the_page_tells_the_whole_story(world, pat):
    page = open_page(world, pat)
    assert page.status_code == 200
    for said in (
        "Pat Test",
        "East team",
        "Alice Cast",
        "4 Jun 2026",
        "Low mood is getting worse",
        "Sleep with the light off",
        "Rated 2 of 10 at first, 5 on 28 Feb 2026",
        "Safety plan agreed",
        "Contact by text message",
        "Psychiatric hospital",
        "Temporary housing",
        "Latest 20 on 20 May 2026, severe.",
        "Worse by 8 (12 to 20), more than chance explains.",
    ):
        assert said in page.text, said


def test_what_changed_is_counted_from_the_visit_before_the_last(world, pat):
    page = open_page(world, pat)
    assert page.context["story"].since == date(2026, 4, 2)
    changes = [change.text for change in page.context["story"].changes]
    assert "1 crisis contact, the latest on 10 May 2026" in changes
    assert "Came to 1 of 3 visits" in changes
    assert "PHQ-9 worse, from 10 to 20" in changes
    assert "Temporary housing, since 16 May 2026" in changes


def test_only_those_who_support_the_person_and_one_line_of_the_trail_a_look(world, pat):
    for who in ("bob", "boris", "rita", "mona", "ada"):
        assert open_page(world, pat, who).status_code in (403, 404), who
    assert open_page(world, pat, "bob").status_code == 404
    before = AuditEvent.objects.filter(kind="VIEW", person=pat).count()
    page = open_page(world, pat)
    looks = AuditEvent.objects.filter(kind="VIEW", person=pat)
    assert looks.count() == before + 1
    for address in re.findall(r'(?:srcset|src)="(/people/[^"]+)"', page.text):
        assert world.client("alice").get(address.replace("&amp;", "&")).status_code == 200
    assert looks.count() == before + 1
    assert "looked at the story" in open_page(world, pat, "sana").text


def test_queries_do_not_grow_with_the_history(world, record, pat):
    alice = world.client("alice")
    address = f"/people/{pat.pk}/"
    alice.get(address)
    with count_queries() as few:
        alice.get(address)
    for number in range(40):
        day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
        record.contact("pat", day)
        record.total("pat", day, "GAD-7", number % 20)
        record.crisis("pat", day)
    turn()
    with count_queries() as many:
        alice.get(address)
    assert len(many) == len(few), "\n".join(each["sql"][:150] for each in many)
    assert len(few) <= 45


def count_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_the_timeline_is_filtered_and_paged_in_the_address(world, record, pat):
    page = open_page(world, pat, query="?show=missed")
    entries = page.context["story"].timeline.entries
    assert [(entry.day, entry.tag) for entry in entries] == [
        (date(2026, 5, 4), "Missed"),
        (date(2026, 4, 20), "Missed"),
    ]
    assert "Call to the crisis line" not in page.text
    for number in range(50):
        record.contact("pat", f"2025-03-{number % 25 + 1:02}")
    first = open_page(world, pat, query="?show=visits")
    older = first.context["story"].timeline.older
    assert f"show=visits&amp;before={older}" in first.text
    second = open_page(world, pat, query=f"?show=visits&before={older}")
    assert all(entry.day < older for entry in second.context["story"].timeline.entries)
    assert "Back to the newest" in second.text


def test_nonsense_in_the_address_is_left_out(world, pat):
    assert open_page(world, pat, query="?show=everything&before=soon").status_code == 200


def test_a_person_nobody_knows_anything_about_yet_has_a_page(world):
    page = open_page(world, world.people["quinn"])
    assert "No measure yet" in page.text
    assert "No goal has been written down yet" in page.text


def chart_address(page, variant="wide"):
    return re.search(rf"(/people/\d+/charts/\w+/{variant}\.svg)", page.text)[1]


def test_a_picture_is_kept_by_no_browser_and_refused_to_others(world, pat):
    page = open_page(world, pat)
    for variant in VARIANTS:
        picture = world.client("alice").get(chart_address(page, variant), {"measure": "PHQ-9"})
        assert picture["Content-Type"] == "image/svg+xml"
        assert picture["Cache-Control"] == "no-store"
        assert picture.content.startswith(b"<svg")
    address = chart_address(page)
    assert world.client("bob").get(address).status_code == 404
    assert world.client("boris").get(address).status_code == 403
    elsewhere = address.replace(f"/people/{pat.pk}/", f"/people/{world.people['quinn'].pk}/")
    assert world.client("alice").get(elsewhere, {"measure": "PHQ-9"}).status_code == 404


def test_an_old_picture_address_gives_the_chart_as_it_is_now_not_to_be_kept_and_is_written_down(world, record, pat):
    address = chart_address(open_page(world, pat))
    record.total("pat", "2026-05-30", "PHQ-9", 3)
    turn()
    before = AuditEvent.objects.filter(kind="VIEW", person=pat).count()
    picture = world.client("alice").get(address, {"measure": "PHQ-9"})
    assert picture["Cache-Control"] == "no-store"
    assert AuditEvent.objects.filter(kind="VIEW", person=pat).count() == before + 1
    guessed = re.sub(r"charts/\w+/", "charts/" + "0" * 40 + "/", address)
    assert world.client("alice").get(guessed, {"measure": "NONE"}).status_code == 404
    assert world.client("alice").get(guessed.replace("wide", "huge"), {"measure": "PHQ-9"}).status_code == 404


SENT = b"score_id,person_id,instrument,scale,scored_date,value\nS1,pat,PHQ-9,TOTAL,2026-05-20,18\n"
CORRECTED = SENT.replace(b",18", b",21")


def delivered(content: bytes, name: str) -> Submission:
    stored = raw_store.keep([content])
    submission = Submission.objects.create(
        sha256=stored.sha256, source="ehr", kind="scores", media_type="text/csv", size=stored.size, received_at=NOW
    )
    delivery = Delivery.objects.create(form="CSV", source="ehr", name="export", received_at=NOW, finished_at=NOW)
    DeliveryItem.objects.create(delivery=delivery, submission=submission, order=0, name=name)
    return submission


def test_a_score_leads_to_its_line_its_correction_and_what_it_set_in_motion(world, record, pat):
    first, second = delivered(SENT, "scores.csv"), delivered(CORRECTED, "scores-2.csv")
    row = keep.ScoreReceived.objects.get(date=date(2026, 5, 20))
    later = record.corrected(row, value=21.0)
    for each, submission in ((row, first), (later, second)):
        keep.ScoreReceived.objects.filter(pk=each.pk).update(submission=submission, line=2)
    turn()
    page = world.client("alice").get(f"/people/{pat.pk}/source/scores/{row.source_key}/")
    assert page.status_code == 200
    assert page.text.index("scores-2.csv, line 2") < page.text.index("scores.csv, line 2")
    assert "S1,pat,PHQ-9,TOTAL,2026-05-20,21" in page.text
    assert "S1,pat,PHQ-9,TOTAL,2026-05-20,18" in page.text
    assert "score_id,person_id,instrument" in page.text
    assert "A later version has taken its place." in page.text
    assert "byte for byte what arrived" in page.text
    assert "21 (Severe)" in page.text
    assert "It no longer counts: The answers were corrected." in page.text
    assert "Low mood is getting worse" in page.text
    line = AuditEvent.objects.filter(kind="VIEW", person=pat).latest("pk")
    assert line.what == "looked at where a fact comes from"
    assert row.source_key in line.subject


def test_a_source_is_shown_only_with_its_own_person(world, record, pat):
    record.contact("quinn", "2026-05-01")
    others = keep.Contact.objects.get(person=world.people["quinn"])
    alice = world.client("alice")
    assert alice.get(f"/people/{pat.pk}/source/contacts/{others.source_key}/").status_code == 404
    assert alice.get(f"/people/{pat.pk}/source/nowhere/{others.source_key}/").status_code == 404
    mine = keep.Contact.objects.filter(person=pat).first()
    assert world.client("bob").get(f"/people/{pat.pk}/source/contacts/{mine.source_key}/").status_code == 404
    lost = alice.get(f"/people/{pat.pk}/source/contacts/{mine.source_key}/")
    assert "is not in the raw store" in lost.text
