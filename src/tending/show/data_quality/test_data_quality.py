"""One queue, scoped: Dara the steward sees all, Sana her own team, Alice may not, and nobody's names leak."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.collect.models import QuarantinedRow
from tending.keep import queries as keep
from tending.keep.models import Contact, DataQualityFinding
from tending.measure import actions as measure
from tending.show.data_quality import surveyed

NOW = datetime(2026, 3, 31, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    surveyed.forget()
    with clock.travelling(to=NOW):
        yield
    surveyed.forget()


def finding(world, name, kind="BEFORE_BIRTH", role="DATA_STEWARD", key=None):
    return DataQualityFinding.objects.create(
        person=world.people[name],
        kind=kind,
        key=key or f"{kind}:{name}",
        message=f"A contact of {world.people[name].code} is dated before birth.",
        fix="Correct the date.",
        role=role,
        found_at=NOW - timedelta(days=2),
    )


def quarantined(record, n=1, reason="BAD_DATE"):
    QuarantinedRow.objects.bulk_create(
        QuarantinedRow(
            submission=record.submission,
            line=line,
            kind="contacts",
            field="starts_at",
            reason=reason,
            message=f"Line {line} of contacts: “soon” is not a date.",
            fix="Write it as 2026-01-31.",
            quarantined_at=NOW,
        )
        for line in range(2, n + 2)
    )


def supported(world, record, n, *, team="east", scored=()):
    """People of a team with an episode since January; those in ``scored`` have answered in January."""
    for number in range(n):
        name = f"{team}{number}"
        world.person(name, team=team)
        record.episode(name, "2026-01-05", team=team)
        if number in scored:
            record.answers(name, "2026-01-12", "PHQ-9", "111111111")
    measure.score(heads=keep.heads())


def see(world, name, **asked):
    page = world.client(name).get("/data-quality/", asked)
    assert page.status_code == 200
    return page


def lines(page):
    return [(line.kind, line.n, line.where) for line in page.context["page"].object_list]


def test_five_thousand_rows_of_one_fault_are_one_line_that_opens(world, record):
    quarantined(record, 5000)
    page = see(world, "dara")
    (line,) = page.context["page"].object_list
    assert (line.kind, line.n) == ("QUARANTINE", 5000)
    assert "5,000" in page.text
    opened = world.client("dara").get(line.url)
    assert opened.context["n"] == 5000
    assert len(opened.context["rows"]) == 50
    assert "page=2" in opened.text


def test_a_finding_says_what_where_why_the_next_step_and_who_can_mend_it(world):
    finding(world, "pat")
    text = see(world, "dara").text
    for words in (
        "Dated before birth",
        "1 person",
        "One of the two dates is wrong",
        "Correct the date.",
        "Data steward",
    ):
        assert words in text


def test_a_total_that_is_not_what_the_answers_add_up_to_is_one_line_that_opens_to_the_person(world, record):
    record.episode("pat", "2026-03-01")
    record.total("pat", "2026-03-12", "PHQ-9", 17)
    record.answers("pat", "2026-03-12", "PHQ-9", "222222222")
    record.total("wren", "2026-03-12", "PHQ-9", 9)
    record.answers("wren", "2026-03-12", "PHQ-9", "111111111")
    measure.score(heads=keep.heads())
    (line,) = (each for each in see(world, "dara").context["page"].object_list if each.kind == "TOTAL_DISAGREES")
    assert (line.n, line.role) == (1, "DATA_STEWARD")
    opened = world.client("dara").get(line.url).text
    assert "PAT" in opened
    assert "WREN" not in opened
    assert re.search(r">\s*19\s*<", opened)  # days since it was sent


def test_the_trail_says_in_english_and_in_words_what_was_looked_at(world):
    finding(world, "pat")
    world.client("dara").get("/data-quality/findings/BEFORE_BIRTH/", headers={"accept-language": "es"})
    world.client("dara").get("/data-quality/people/OVERDUE/", headers={"accept-language": "es"})
    said = list(AuditEvent.objects.filter(kind="VIEW").order_by("id").values_list("what", flat=True))
    assert said == [
        "looked at findings: Dated before birth",
        "looked at people listed under: A measure is due again",
    ]


def test_the_supervisor_sees_her_own_team_and_no_quarantine(world, record):
    finding(world, "pat")
    finding(world, "wren")
    quarantined(record)
    page = see(world, "sana")
    assert lines(page) == [("BEFORE_BIRTH", 1, "1 person")]
    assert "WREN" not in page.text
    opened = world.client("sana").get("/data-quality/findings/BEFORE_BIRTH/")
    assert "Pat Test" in opened.text
    assert "Wren" not in opened.text
    west = world.teams["west"].pk
    assert "WREN" not in world.client("sana").get(f"/data-quality/findings/BEFORE_BIRTH/?team={west}").text
    assert lines(see(world, "sana", team=west)) == [("BEFORE_BIRTH", 1, "1 person")]  # no choice of hers: left out


def test_who_may_open_no_record_sees_codes_and_no_names(world):
    finding(world, "pat")
    for name in ("dara", "mona", "ada"):
        text = world.client(name).get("/data-quality/findings/BEFORE_BIRTH/").text
        assert "PAT" in text
        assert "Pat Test" not in text
        assert "/people/" not in text


@pytest.mark.parametrize("name", ["alice", "bob", "carl", "petra", "lena", "boris", "rita", "paolo"])
def test_the_others_may_not(world, name):
    for path in ("/data-quality/", "/data-quality/findings/TWO_PRIMARY/", "/data-quality/people/OVERDUE/"):
        assert world.client(name).get(path).status_code == 403, path


def test_bobs_supervisor_of_west_would_never_see_east(world):
    finding(world, "pat")
    world.staff["sana"].roles.update(team=world.teams["west"])
    assert lines(see(world, "sana")) == []
    assert "Pat Test" not in world.client("sana").get("/data-quality/findings/BEFORE_BIRTH/").text


def test_filters_lie_in_the_url_and_a_wrong_word_is_left_out(world, record):
    finding(world, "pat")
    finding(world, "quinn", kind="TWO_PRIMARY", role="SUPERVISOR")
    quarantined(record)
    assert [kind for kind, *_ in lines(see(world, "dara", role="SUPERVISOR"))] == ["TWO_PRIMARY"]
    assert [kind for kind, *_ in lines(see(world, "dara", kind="QUARANTINE"))] == ["QUARANTINE"]
    assert len(lines(see(world, "dara", kind="NONSENSE", team="nine"))) == 3
    nothing = see(world, "dara", kind="LATE_ENTRY")
    assert "Nothing of this kind wants mending" in nothing.text


def test_a_missing_first_score_is_a_line_of_its_team_that_opens_to_people(world, record):
    supported(world, record, 6, scored=range(5))
    page = see(world, "dara")
    assert ("MISSING_BASELINE", 1, "East team") in lines(page)
    (line,) = (line for line in page.context["page"].object_list if line.kind == "MISSING_BASELINE")
    assert line.role == "PRACTITIONER"
    opened = world.client("sana").get(line.url)
    assert "East5 Test" in opened.text
    assert "East4 Test" not in opened.text
    assert "PHQ-9" in opened.text


def test_a_measure_due_again_is_listed_with_the_days(world, record):
    supported(world, record, 1, scored=[0])
    page = see(world, "dara", kind="OVERDUE")
    assert lines(page) == [("OVERDUE", 1, "East team")]
    due = page.context["page"].object_list[0]
    assert "EAST0" in world.client("dara").get(due.url).text


def test_visits_that_came_more_than_a_week_later_are_counted_by_team_and_never_by_practitioner(world, record):
    record.submission.received_at = datetime(2026, 1, 1, tzinfo=UTC)
    record.submission.save()
    late = record.contact("pat", "2026-03-10", team=world.teams["east"], staff=world.staff["alice"])
    prompt = record.contact("pat", "2026-03-20", team=world.teams["east"], staff=world.staff["alice"])
    Contact.objects.filter(pk=late.pk).update(recorded_at=datetime(2026, 3, 25, tzinfo=UTC))
    Contact.objects.filter(pk=prompt.pk).update(recorded_at=datetime(2026, 3, 21, tzinfo=UTC))
    page = see(world, "sana")
    assert "1 of 2 visits of the last 30 days" in page.text
    assert "Alice" not in page.text
    opened = world.client("sana").get(page.context["page"].object_list[0].url)
    assert "Alice" not in opened.text
    assert "2026-03-10" in opened.text


def test_completeness_is_shown_by_team_for_six_months_with_its_numbers(world, record):
    supported(world, record, 6, scored=range(3))
    page = see(world, "dara")
    assert page.context["complete"][0]["cells"][2]["text"] == "50%"
    assert page.context["complete"][0]["cells"][3]["text"] == "0%"  # the answers of January are more than 60 days old
    assert "50% (3 of 6)" in page.text
    assert len(page.context["month_columns"]) == 2 + 6
    assert lines(see(world, "sana"))
    assert see(world, "sana").context["complete"]
    world.staff["sana"].roles.update(team=world.teams["west"])
    assert not see(world, "sana").context["complete"]


def test_the_months_end_where_they_end():
    assert surveyed.month_ends(date(2026, 3, 31)) == [
        date(2025, 10, 31),
        date(2025, 11, 30),
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


def test_the_survey_is_made_again_when_the_record_has_changed_and_a_minute_has_passed(world, record):
    supported(world, record, 1)
    first = surveyed.surveyed()
    record.episode("pat", "2026-03-01")
    assert surveyed.surveyed() is first
    with clock.travelling(to=NOW + timedelta(minutes=2)):
        second = surveyed.surveyed()
        assert second is not first
        with clock.travelling(to=NOW + timedelta(minutes=10)):
            assert surveyed.surveyed() is second
        with clock.travelling(to=NOW + timedelta(minutes=40)):
            assert surveyed.surveyed() is not second


def test_an_empty_provider_is_told_what_will_fill_the_page(world):
    text = see(world, "dara").text
    assert "Nothing wants mending" in text
    assert "As soon as somebody has an open episode" in text


def test_an_unknown_kind_is_not_found_and_an_unknown_finding_is_empty(world):
    assert world.client("dara").get("/data-quality/people/NONSENSE/").status_code == 404
    assert "Nothing is left of this" in world.client("dara").get("/data-quality/findings/NONSENSE/").text


def test_looking_leaves_one_line(world):
    see(world, "dara")
    assert AuditEvent.objects.filter(kind="VIEW", actor="dara@example.org").count() == 1


def test_the_page_costs_the_same_for_many_as_for_one(world, record):
    def cost(path="/data-quality/"):
        surveyed.forget()
        with CaptureQueriesContext(connection) as found:
            assert dara.get(path).status_code == 200
        return len(found)

    dara = world.client("dara")
    finding(world, "pat")
    quarantined(record, 1)
    supported(world, record, 6, scored=range(5))
    cost()  # the first visit writes down when the session was last used
    few = cost(), cost("/data-quality/findings/BEFORE_BIRTH/"), cost("/data-quality/people/MISSING_BASELINE/")
    finding(world, "wren")
    finding(world, "quinn", kind="TWO_PRIMARY")
    quarantined(record, 40, reason="MISSING_VALUE")
    supported(world, record, 9, team="west", scored=range(5))
    assert (
        cost(),
        cost("/data-quality/findings/BEFORE_BIRTH/"),
        cost("/data-quality/people/MISSING_BASELINE/"),
    ) == few
    assert few[0] <= 30
