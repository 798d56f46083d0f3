import html
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.base.people.models import CaseloadEntry, StaffRole
from tending.keep.models import DataQualityFinding
from tending.review import actions as turning
from tending.review.case_review import actions, commitments
from tending.review.models import Action
from tending.review.test_opening import NOW, current, opened, signal
from tending.review.worklist.needs import Need


@pytest.fixture(autouse=True)
def _morning():
    with clock.travelling(to=NOW + timedelta(minutes=30)):
        yield


def see(world, name, url="monday", **asked):
    response = world.client(name).get(reverse(url), asked)
    assert response.status_code == 200
    return response


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_owner_reads_first_what_is_most_urgent(world):
    world.person("rosa", team="east", practitioner="alice")
    opened(world, "pat", severity="ROUTINE", hours=72)
    opened(world, "rosa", severity="URGENT", hours=4, trigger="crisis-contacts")
    page = see(world, "alice")

    assert page.context["first"].who == "Rosa Test"
    assert "Due in 3 hours" in text_of(page)
    assert page.context["n_mine"] == 2


def test_a_risk_answer_stands_before_every_other_urgent_review(world):
    world.person("rosa", team="east", practitioner="alice")
    opened(world, "rosa", severity="URGENT", hours=1, trigger="crisis-contacts", owner_role="SUPERVISOR")
    review = opened(world, "pat", severity="URGENT", hours=4, trigger="risk-answer", owner_role="SUPERVISOR")
    version = review.signals.get().signal.trigger_version
    version.body = {"condition": "risk_answer", "title": {"en": "An answer about self-harm", "es": "…"}}
    version.save()

    page = see(world, "sana")
    assert page.context["first"].who == "Pat Test"
    assert "An answer about self-harm" in text_of(page)


@pytest.mark.parametrize("name", ["bob", "petra", "boris", "rita", "paolo", "ada", "dara"])
def test_monday_shows_nothing_for_anybody_elses_eyes(world, name):
    opened(world, "pat", severity="URGENT")
    page = text_of(see(world, name))
    assert "Pat Test" not in page
    assert "Nothing needs you today" in page


def test_whoever_has_something_to_mend_is_not_told_that_nothing_needs_them(world):
    said = {"kind": "DUPLICATE_PERSON", "key": "pat", "message": "Twice.", "fix": "Merge them.", "found_at": NOW}
    DataQualityFinding.objects.create(person=world.people["pat"], role="ADMINISTRATOR", **said)
    page = html.unescape(text_of(see(world, "ada")))
    assert "1 thing in the record waits for you to mend it" in page
    assert "Nobody's review or next step waits for you today." in page
    assert "Nothing needs you today" not in page


def test_a_lead_sees_what_others_have_not_begun_and_a_peer_does_not(world):
    opened(world, "pat", severity="URGENT", hours=4)
    assert [need.who for need in see(world, "sana").context["team_needs"]] == ["Pat Test"]
    assert "With Alice Cast" in text_of(see(world, "sana"))


def test_each_kind_of_need_stands_with_its_one_action(world):
    review = opened(world)
    alice = world.account("alice")
    actions.begin(review_id=review.pk, leaves=current(review).pk, by=alice)
    commitments.add_action(
        review_id=review.pk,
        kind="CARE_PLAN",
        what="Weekly calls",
        owner_id=world.staff["carl"].pk,
        due_date=None,
        organisation_id=None,
        token="a",
        by=alice,
    )
    commitments.propose_decision(
        review_id=review.pk, kind="STEP_UP", what="Day care", reason="Worse", token="d", by=alice
    )

    assert see(world, "alice").context["first"].kind == "GO_ON"
    assert "Change the care plan: Weekly calls" in text_of(see(world, "carl"))
    assert "Waits for your decision: Day care" in text_of(see(world, "sana"))


def test_a_manager_is_told_the_duty_and_never_whose_it_is(world):
    review = opened(world, severity="URGENT", hours=4)
    turning.escalate(now=NOW + timedelta(hours=40))
    with clock.travelling(to=NOW + timedelta(hours=40)):
        page = text_of(see(world, "mona"))
    assert f"Review {review.pk}" in page
    assert "Nobody has begun this review in time" in page
    assert "Pat" not in page


def test_what_was_told_disappears_when_it_is_met(world):
    review = opened(world, severity="URGENT", hours=4)
    late = NOW + timedelta(hours=5)
    turning.escalate(now=late)
    with clock.travelling(to=late):
        assert see(world, "sana").context["first"].kind == "TOLD"
        actions.begin(review_id=review.pk, leaves=current(review).pk, by=world.account("sana"))
        assert see(world, "sana").context["first"] is None


def test_everything_late_about_one_review_is_one_line(world):
    review = opened(world, severity="HIGH", hours=4)
    alice = world.account("alice")
    actions.begin(review_id=review.pk, leaves=current(review).pk, by=alice)
    for number in (1, 2):
        commitments.add_action(
            review_id=review.pk,
            kind="CARE_PLAN",
            what=f"Call {number}",
            owner_id=world.staff["carl"].pk,
            due_date=clock.local_date(NOW),
            organisation_id=None,
            token=f"call-{number}",
            by=alice,
        )
    late = NOW + timedelta(days=30)
    turning.escalate(now=late)
    with clock.travelling(to=late):
        page = see(world, "sana")
    assert page.context["first"].what == "This review is open past its day. 2 actions are past their deadline"
    assert page.context["n_mine"] == 1


def test_a_late_look_back_stands_behind_a_self_harm_answer_nobody_has_begun(world):
    told = Need(**told_of(kind="TOLD", severity="URGENT"), answered=True)
    unbegun = Need(**told_of(kind="BEGIN", severity="URGENT"))
    assert unbegun.order(NOW) < told.order(NOW)
    assert Need(**told_of(kind="TOLD", severity="URGENT"), answered=False).order(NOW)[0] == 0


def told_of(**given):
    return {
        "review_id": 1,
        "person_id": 1,
        "who": "Pat",
        "team": "East",
        "signals": (),
        "what": "",
        "since": NOW,
        "due_at": NOW - timedelta(days=1),
        "url": "/",
        "do": "",
        **given,
    }


def test_a_signal_nobody_owns_shouts_on_the_administrators_monday(world):
    StaffRole.objects.exclude(role="ADMINISTRATOR").delete()
    signal(world.people["pat"], world.teams["east"])
    turning.open_reviews(now=NOW)
    assert "1 warning sign has nobody to answer it" in text_of(see(world, "ada"))


def test_monday_costs_the_same_for_one_need_and_for_thirty(world, django_assert_max_num_queries):
    opened(world, severity="URGENT", hours=1)
    client = world.client("sana")
    client.get("/")
    with CountedQueries() as one:
        client.get("/")
    for number in range(30):
        world.person(f"n{number}", team="east", practitioner="alice")
        signal(world.people[f"n{number}"], world.teams["east"], severity="URGENT", hours=1)
    turning.open_reviews(now=NOW)
    with django_assert_max_num_queries(one.count):
        client.get("/")


class CountedQueries:
    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.captured = CaptureQueriesContext(connection)
        self.captured.__enter__()
        return self

    def __exit__(self, *raised):
        self.captured.__exit__(*raised)
        self.count = len(self.captured)


def test_the_caseload_shows_each_their_own_and_the_filters_live_in_the_url(world):
    opened(world)
    assert [row.name for row in see(world, "alice", "caseload").context["shown"].rows] == ["Pat Test"]
    team = see(world, "alice", "caseload", whose="team")
    assert [row.name for row in team.context["shown"].rows] == ["Pat Test", "Quinn Test"]
    looking = see(world, "alice", "caseload", whose="team", look="on")
    assert [row.name for row in looking.context["shown"].rows] == ["Pat Test"]
    for words, found in (("qui", ["Quinn Test"]), ("test pa", ["Pat Test"]), ("WREN", []), ("quinn", ["Quinn Test"])):
        page = see(world, "alice", "caseload", whose="team", words=words)
        assert [row.name for row in page.context["shown"].rows] == found
    assert see(world, "alice", "caseload", whose="team", trigger="no-such").context["shown"].rows


def test_a_caseload_entry_that_has_ended_shows_nobody(world):
    CaseloadEntry.objects.filter(staff=world.staff["alice"]).update(to_date=date(2026, 3, 2))
    assert see(world, "alice", "caseload", whose="mine").context["shown"].rows == ()


@pytest.mark.parametrize("name", ["boris", "rita", "paolo", "ada", "dara", "mona"])
def test_the_caseload_is_closed_to_those_who_give_no_support(world, name):
    assert world.client(name).get(reverse("caseload")).status_code == 403


def test_the_caseload_turns_pages_and_costs_the_same_on_each(world, django_assert_max_num_queries):
    for number in range(60):
        world.person(f"n{number:02}", team="east", practitioner="alice")
        if number < 30:
            signal(world.people[f"n{number:02}"], world.teams["east"])
    turning.open_reviews(now=NOW)
    client = world.client("alice")
    seen = []
    with CountedQueries() as one:
        seen += [row.name for row in client.get("/caseload/?whose=team").context["shown"].rows]
    for number in (2, 3):
        with django_assert_max_num_queries(one.count):
            page = client.get(f"/caseload/?whose=team&page={number}")
        seen += [row.name for row in page.context["shown"].rows]
    assert len(seen) == len(set(seen)) == 62
    assert one.count <= 26


def test_the_next_page_is_of_the_same_people_when_nothing_was_chosen(world):
    for number in range(30):
        world.person(f"n{number:02}", team="east", practitioner="alice")
    first = see(world, "sana", "caseload").context["shown"]
    second = see(world, "sana", "caseload", page="2").context["shown"]
    assert second.page.paginator.count == first.page.paginator.count > len(first.rows)
    assert second.rows
    assert {row.name for row in first.rows}.isdisjoint(row.name for row in second.rows)


def test_one_look_at_a_list_is_one_line(world):
    opened(world)
    see(world, "alice")
    see(world, "alice", "caseload")
    lines = AuditEvent.objects.filter(kind="VIEW").values_list("what", "count")
    assert list(lines) == [("Monday list", 1), ("caseload", 1)]


def test_an_action_finished_counts_as_handled(world):
    review = opened(world)
    alice = world.account("alice")
    actions.begin(review_id=review.pk, leaves=current(review).pk, by=alice)
    commitments.add_action(
        review_id=review.pk,
        kind="OTHER",
        what="Call",
        owner_id=world.staff["alice"].pk,
        due_date=None,
        organisation_id=None,
        token="a",
        by=alice,
    )
    action = Action.objects.get()
    commitments.finish_action(action_id=action.pk, leaves=current(action).pk, came_of_it="Spoke", by=alice)
    assert "1 review begun · 1 action done · 0 decisions taken" in text_of(see(world, "alice"))
