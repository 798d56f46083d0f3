"""Every address tried by every role, made from the URL list and the permission table: a new page cannot be forgotten.

East supports Pat, whose self-harm answer has opened a review. Bob works in West and must not learn that Pat exists.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from tending.base import clock
from tending.base.access.permissions import PERMISSIONS
from tending.base.audit.models import AuditEvent
from tending.collect.answer import actions as answering
from tending.notice.models import Signal
from tending.review.models import Review
from tending.web.turn import turn
from tests.architecture.test_what_import_linter_cannot_see import views
from tests.support.world import CAST

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
OWN = [view for view in views() if view.callback.__module__.startswith("tending.") and view.name]
GUARDED = [view for view in OWN if getattr(view.callback, "permission", None)]
# One's own account: open in every role, and to nobody who has not signed in.
OF_ONESELF = [view for view in OWN if getattr(view.callback, "signed_in_because", None)]
# Whose team the thing at the address belongs to: nobody outside that team may open it, whatever their role.
OF_A_PERSON = [view for view in GUARDED if {"person_id", "review_id"} & set(view.pattern.converters)]


@pytest.fixture
def east(world, record, settings, tmp_path) -> dict[str, Any]:
    settings.RAW_STORE = tmp_path / "raw"
    with clock.travelling(to=NOW):
        record.episode("pat", "2026-01-05")
        record.answers("pat", "2026-03-01", "PHQ-9", "111111112")
        turn()
        token = answering.ask(
            by=world.account("alice"), person_id=world.people["pat"].pk, instrument="PHQ-9", language="en"
        )
        yield {
            "person_id": world.people["pat"].pk,
            "review_id": Review.objects.get().pk,
            "signal_id": Signal.objects.first().pk,
            "token": token,
            "code": "self-harm-answer",
            "frame": "scores",
            "key": "nothing",
            "kind": "DUPLICATE_PERSON",
        }


def address(view: URLPattern, known: dict[str, Any]) -> str:
    """The address with what we know filled in; what nobody has (an action 1, a digest) as a plausible guess."""
    guess = {"int": 1, "str": "x", "slug": "x", "path": "x"}
    converters = view.pattern.converters
    names = {"IntConverter": "int", "SlugConverter": "slug", "PathConverter": "path"}
    arguments = {
        name: known.get(name, guess[names.get(type(converter).__name__, "str")])
        for name, converter in converters.items()
    }
    try:
        return reverse(str(view.name), kwargs=arguments)
    except NoReverseMatch:
        return reverse(f"design:{view.name}", kwargs=arguments)


def statuses(client: Client, path: str) -> set[int]:
    return {client.get(path).status_code, client.post(path, {}).status_code}


@pytest.mark.parametrize("name", CAST)
def test_each_role_opens_what_the_permission_table_says_and_nothing_else(world, east, name):
    client, role = world.client(name), CAST[name][0]
    wrong = []
    for view in GUARDED:
        path = address(view, east)
        refused = statuses(client, path) == {403}
        allowed = role in PERMISSIONS[view.callback.permission]
        if refused == allowed:
            wrong.append(f"{path} is {'refused' if refused else 'open'} to {role}")
    assert wrong == []


@pytest.mark.parametrize("view", [*GUARDED, *OF_ONESELF], ids=lambda view: str(view.name))
def test_nobody_who_is_not_signed_in_gets_further_than_the_sign_in_page(east, view):
    for answer in (Client().get(address(view, east)), Client().post(address(view, east), {})):
        assert answer.status_code == 302
        assert answer.url.startswith("/account/sign-in/")


@pytest.mark.parametrize("view", OF_A_PERSON, ids=lambda view: str(view.name))
def test_another_teams_practitioner_learns_nothing_from_a_guessed_number(world, east, view):
    path = address(view, east)
    assert statuses(world.client("bob"), path) <= {404, 405}
    assert "Pat Test" not in world.client("bob").get(path).text


def everything() -> dict[str, int]:
    """How many rows each of our tables has, the audit trail's aside."""
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("tending.") and model._meta.app_label != "audit"
    }


@pytest.mark.parametrize("name", ["alice", "sana", "dara", "ada", "mona"])
def test_looking_changes_nothing_but_the_trail(world, east, name):
    client, before = world.client(name), everything()
    for view in OWN:
        client.get(address(view, east))
    assert everything() == before
    assert not AuditEvent.objects.filter(kind="WRITE", at__gte=NOW, account=world.account(name)).exclude(
        what__startswith="made a link"
    )


PICTURES = {"person_chart"}  # part of the page that was recorded; one line a look, not one a picture


@pytest.mark.parametrize("name", ["alice", "sana", "lena"])
def test_every_look_at_a_persons_record_leaves_exactly_one_line(world, east, name):
    client, pat = world.client(name), world.people["pat"]
    wrong = []
    for view in OF_A_PERSON:
        if view.name in PICTURES:
            continue
        seen = AuditEvent.objects.filter(kind="VIEW", person=pat).count()
        answer = client.get(address(view, east))
        lines = AuditEvent.objects.filter(kind="VIEW", person=pat).count() - seen
        if answer.status_code == 200 and lines != 1:
            wrong.append(f"{view.name} left {lines} lines")
    assert wrong == []


@pytest.mark.parametrize("view", OWN, ids=lambda view: str(view.name))
def test_every_answer_carries_the_policy_and_is_not_kept_by_the_browser(world, east, view):
    answer = world.client("sana").get(address(view, east))
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "object-src 'none'" in answer["Content-Security-Policy"]
    assert "base-uri 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    if view in [*GUARDED, *OF_ONESELF] and "text/html" in answer["Content-Type"]:
        assert "no-store" in answer.get("Cache-Control", ""), "the back button after signing out would show it"


@pytest.mark.parametrize("view", [*GUARDED, *OF_ONESELF], ids=lambda view: str(view.name))
def test_a_form_from_elsewhere_is_not_obeyed(world, east, view):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.account("sana"), backend="allauth.account.auth_backends.AuthenticationBackend")
    before = everything()
    assert client.post(address(view, east), {}).status_code in {403, 405}
    assert everything() == before
