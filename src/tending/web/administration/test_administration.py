import pytest
from django.core.cache import cache
from django.test import Client

from tending.base.audit.models import AuditEvent
from tending.base.people.models import StaffRole
from tending.review import actions as turning
from tending.review.test_opening import NOW, signal


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


def test_the_administrator_reads_health_and_the_trail_and_is_recorded_doing_so(world):
    client = world.client("ada")
    page = client.get("/administration/")
    assert page.status_code == 200
    assert "Worker" in page.text
    found = client.get("/administration/audit/", {"words": "sign", "since": "2020-01-01"})
    assert found.status_code == 200
    search = AuditEvent.objects.get(kind="SEARCH")
    assert search.actor == "ada@example.org"
    assert "words sign" in search.why


def test_nobody_else_may_and_the_attempt_is_recorded(world):
    assert world.client("sana").get("/administration/audit/").status_code == 403
    refused = AuditEvent.objects.get(result="DENIED")
    assert (refused.actor, refused.what) == ("sana@example.org", "was refused /administration/audit/")


def test_search_narrows_by_result_and_pages_backwards(world):
    for number in range(130):
        AuditEvent.objects.create(at="2026-01-01T00:00Z", kind="VIEW", actor="x", what=f"look {number}")
    client = world.client("ada")
    first = client.get("/administration/audit/", {"kind": "VIEW"})
    assert "look 129" in first.text
    assert "look 29<" not in first.text
    older = client.get("/administration/audit/", {"kind": "VIEW", "before_id": first.context["older"]})
    assert "look 29<" in older.text
    assert client.get("/administration/audit/", {"kind": "VIEW", "result": "DENIED"}).context["found"] == 0


def test_health_answers_a_monitor_without_sign_in_and_says_only_states(db):
    answer = Client().get("/health/")
    assert answer.status_code == 503  # no worker has ever run
    assert answer.json()["checks"]["Database"] == "OK"
    assert set(answer.json()["checks"].values()) <= {"OK", "WARNING", "FAILED"}


def test_health_says_that_a_signal_has_nobody_to_answer_it(world):
    StaffRole.objects.exclude(role="ADMINISTRATOR").delete()
    signal(world.people["pat"], world.teams["east"])
    turning.open_reviews(now=NOW)
    page = world.client("ada").get("/administration/")
    owners = next(row for row in page.context["rows"] if row["label"] == "Owners")
    assert owners["value"] == "Signals with nobody to answer them: 1. Give somebody a role."


def test_sign_in_both_ways_and_failures_leave_a_line(world):
    account = world.account("alice")
    account.set_password("a long pass phrase")
    account.save()
    client = Client()
    refused = client.post("/account/sign-in/", {"login": "alice@example.org", "password": "wrong\nFAKE LINE"})
    assert refused.status_code == 200
    assert "not correct" in refused.text
    done = client.post("/account/sign-in/", {"login": "alice@example.org", "password": "a long pass phrase"})
    assert done.status_code == 302
    client.post("/account/sign-out/")
    lines = list(AuditEvent.objects.order_by("id").values_list("kind", "what", "result"))
    assert lines == [
        ("SIGN_IN", "could not sign in as alice@example.org", "FAILED"),
        ("SIGN_IN", "signed in with password", "OK"),
        ("SIGN_OUT", "signed out", "OK"),
    ]


def test_the_sixth_wrong_password_locks_the_account_for_a_while(world):
    account = world.account("alice")
    account.set_password("a long pass phrase")
    account.save()
    client = Client()
    for _ in range(5):
        client.post("/account/sign-in/", {"login": "alice@example.org", "password": "guess"})
    right = client.post("/account/sign-in/", {"login": "alice@example.org", "password": "a long pass phrase"})
    assert right.status_code != 302
    assert "Too many" in right.text


def test_nobody_signs_themselves_up(db):
    assert "closed" in Client().get("/account/sign-up/").text.lower()


@pytest.mark.parametrize("path", ["/account/password/", "/account/second-step/", "/account/sessions/"])
def test_ones_own_account_pages_are_drawn_with_our_design(world, path):
    page = world.client("alice").get(path, follow=True)
    assert page.status_code == 200
    assert "site-header" in page.text


def test_every_response_carries_the_security_headers(world):
    for path in ("/account/sign-in/", "/administration/", "/no-such-page/"):
        answer = world.client("ada").get(path, follow=True)
        assert "default-src 'none'" in answer["Content-Security-Policy"], path
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
