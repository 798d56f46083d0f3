"""The summary prepared before anybody meets: every fact with its date, and what is missing said as missing."""

from datetime import date

import pytest

from tending.base import clock
from tending.keep import models as keep
from tending.review import actions as turning
from tending.review.case_review.brief import brief
from tending.review.models import Review

DAY = date(2026, 3, 2)
NOW = clock.at(DAY, 9)


@pytest.fixture
def prepared(world, record):
    """Prepare Pat's summary and look lines up by their label."""

    def prepare(part):
        return {line.label: line for line in getattr(brief(person_id=world.people["pat"].pk, as_of=NOW), part)}

    return prepare


def test_engagement_counts_what_could_have_been_attended(record, prepared):
    for day in ("2026-01-05", "2026-01-12", "2026-01-19"):
        record.contact("pat", day)
    record.contact("pat", "2026-01-26", status="CANCELLED_BY_PROVIDER")
    record.contact("pat", "2026-02-16", status="NO_SHOW")
    record.contact("pat", "2026-02-23", status="NO_SHOW")
    record.contact("pat", "2026-03-09", status="BOOKED")
    lines = prepared("engagement")

    assert lines["Last ten visits"].value == "3 of 5 attended, 2 missed without notice"
    assert lines["Last ten visits"].note == "1 more cancelled by us"
    assert lines["Missed without notice"].value == "2 in a row"
    assert lines["Last attended"].value == "19 Jan 2026 (42 days ago)"
    assert lines["Last attended"].pressing
    assert lines["Next visit"].value.startswith("Monday 9 March")


def test_a_visit_that_was_corrected_counts_as_corrected(record, prepared):
    row = record.contact("pat", "2026-02-23", status="NO_SHOW")
    record.corrected(row, status="ATTENDED")
    assert prepared("engagement")["Last ten visits"].value == "1 of 1 attended, 0 missed without notice"


def test_adherence_keeps_therapy_and_medication_apart_and_says_what_is_old(record, world, prepared):
    record.contact("pat", "2026-02-02", status="NO_SHOW", kind="MEDICATION")
    record.contact("pat", "2026-02-09", kind="MEDICATION")
    record.contact("pat", "2026-02-10", kind="THERAPY")
    for day, kind in (("2025-03-01", "SAFETY_PLAN_AGREED"), ("2026-02-20", "MEDICATION_CHANGED")):
        record._row(keep.CarePlanEvent, "pat", {"event_date": date.fromisoformat(day), "kind": kind}, {})
    lines = prepared("adherence")

    assert lines["Therapy visits"].value == "1 of 1 attended, 0 missed without notice"
    assert lines["Medication visits"].value == "1 of 2 attended, 1 missed without notice"
    assert lines["Medication last changed"].value == "20 Feb 2026 (10 days ago)"
    assert lines["Care plan last agreed or reviewed"].missing
    assert lines["Safety plan last agreed"].pressing  # a year old


def test_risk_gathers_answers_crises_stays_and_housing_inside_their_days(record, prepared):
    record.answers("pat", "2026-02-27", "PHQ-9", "111111112")
    record.crisis("pat", "2026-02-01")
    record.crisis("pat", "2025-11-01")  # before the 90 days
    record.stay("pat", "2025-12-01", "2025-12-08")
    record.stay("pat", "2025-01-01", "2025-01-08")  # before the 180 days
    record.housing("pat", "2026-02-20", "AT_RISK")
    lines = prepared("risk")

    answer = lines["Answers about self-harm, last 180 days"]
    assert answer.value == "Thoughts of self-harm: Most days (27 Feb 2026 (3 days ago))"
    assert lines["Crisis contacts, last 90 days"].value == "1"
    assert lines["Stays, last 180 days"].value == "1"
    assert (lines["Housing"].value, lines["Housing"].pressing) == ("At risk", True)


def test_an_empty_record_says_so_everywhere_and_claims_no_safety(prepared):
    assert prepared("engagement")["Last attended"].missing
    assert prepared("scores")["Measures"].missing
    assert prepared("goals")["Goals"].missing
    assert prepared("risk")["Housing"].missing
    answers = prepared("risk")["Answers about self-harm, last 180 days"]
    assert "no proof of safety" in answers.value


def test_goals_show_the_latest_rating_and_who_gave_it(record, prepared):
    stated = {"stated_date": date(2026, 1, 1), "words": "Back to the choir", "status": "ACTIVE"}
    goal = record._row(keep.Goal, "pat", stated, {})
    for day, rating in (("2026-01-10", 6), ("2026-02-10", 3)):
        rated = {"rated_date": date.fromisoformat(day), "rating": rating, "rated_by": "PERSON"}
        record._row(keep.GoalRating, "pat", {**rated, "goal_key": goal.source_key}, {})
    line = prepared("goals")["Back to the choir"]
    assert line.value == "3 of 10"
    assert line.note == "6 before; by the person, 10 Feb 2026 (20 days ago)"
    assert line.pressing


def test_an_abbreviation_inside_a_range_keeps_its_capitals(record, prepared):
    record.episode("pat", "2025-09-01")
    record.answers("pat", "2026-02-27", "PCL-5", "2" * 20)
    record.notice(DAY)
    assert prepared("scores")["Checklist after trauma (PCL-5)"].value == "40, at or above the usual line for PTSD"


def test_from_the_answer_to_the_page_and_down_to_the_line(world, record):
    record.episode("pat", "2025-09-01")
    record.answers("pat", "2025-10-01", "PHQ-9", "111111000")
    last = record.answers("pat", "2026-02-27", "PHQ-9", "333333001")
    record.notice(DAY)
    with clock.travelling(to=NOW):
        turning.open_reviews(now=NOW)
        review = Review.objects.get()
        page = world.client("sana").get(f"/reviews/{review.pk}/").content.decode()

    assert review.states.get().owner == world.staff["sana"]
    assert "An answer about self-harm" in page
    assert f"line {last.line}" in page
    assert "Worse by 13 (6 to 19), more than chance explains." in page
