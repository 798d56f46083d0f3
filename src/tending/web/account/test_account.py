"""Whoever is signed in sees and changes their own sign-in, and nobody else's."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from click.testing import CliRunner
from django.test import Client

from tending.base.access.models import Account
from tending.base.audit.models import AuditEvent
from tending.web.account.queries import device
from tending.web.commands import account as account_command

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
PAGES = ("/account/", "/account/sessions/", "/account/password/", "/account/second-step/")


def elsewhere(world, name: str) -> tuple[Client, UserSession]:
    """The same person in a second browser, and the place it makes."""
    client = world.client(name)
    client.get("/account/", headers={"user-agent": FIREFOX})
    return client, UserSession.objects.get(user=world.account(name), user_agent=FIREFOX)


def test_the_page_says_who_one_is_and_how_one_signs_in(world):
    page = world.client("sana").get("/account/").text
    for words in ("Sana Cast", "sana@example.org", "Supervisor, East team", "Not set up", "In 1 place"):
        assert words in page
    assert "Manager, the whole organisation" in world.client("mona").get("/account/").text


def test_somebody_whose_roles_have_ended_still_minds_their_own_sign_in(world):
    Account.objects.create(email="new@example.org", password="!")
    client = Client()
    client.force_login(
        Account.objects.get(email="new@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/").status_code == 403
    assert "None today" in client.get("/account/").text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_an_account_page_without_signing_in(db, path):
    assert Client().get(path).url.startswith("/account/sign-in/")


@pytest.mark.parametrize("path", PAGES[1:])
def test_every_page_about_ones_sign_in_leads_back_to_my_account(world, path):
    account = world.account("alice")
    account.set_password("a long pass phrase")
    account.save(update_fields=["password"])
    page = world.client("alice").get(path).text
    assert '<ol><li><a href="/account/">My account</a></li></ol>' in page


def test_one_other_place_is_signed_out_and_this_one_stays(world):
    here = world.client("alice")
    there, place = elsewhere(world, "alice")
    assert "Firefox on Windows" in here.get("/account/sessions/").text
    answer = here.post(f"/account/sessions/{place.pk}/end/", follow=True)
    assert "Signed out there: Firefox on Windows." in answer.text
    assert there.get("/").url.startswith("/account/sign-in/")
    assert here.get("/").status_code == 200
    assert AuditEvent.objects.filter(kind="SIGN_OUT", what="signed out another place of their own").count() == 1


def test_nobody_signs_out_somebody_else_nor_this_place_by_that_way(world):
    _, place = elsewhere(world, "bob")
    assert world.client("alice").post(f"/account/sessions/{place.pk}/end/").status_code == 404
    bobs, own = elsewhere(world, "sana")
    assert bobs.post(f"/account/sessions/{own.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk__in=[place.pk, own.pk]).count() == 2


def test_every_other_place_is_signed_out_at_once(world):
    here = world.client("alice")
    here.get("/account/sessions/")
    others = [world.client("alice") for _ in range(2)]
    for other in others:
        other.get("/")
    assert "Signed out in 2 other places." in here.post("/account/sessions/others/end/", follow=True).text
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert "You are signed in nowhere else." in here.get("/account/sessions/").text


def test_changes_of_how_somebody_signs_in_leave_a_line(world):
    account = world.account("alice")
    account.set_password("a long pass phrase")
    account.save(update_fields=["password"])
    client = world.client("alice")
    new = "another long pass phrase"
    given = {"oldpassword": "a long pass phrase", "password1": new, "password2": new}
    assert client.post("/account/password/", given).status_code == 302
    assert AuditEvent.objects.filter(kind="WRITE", actor=account.email, what="changed their own password").exists()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "A browser that does not say its name"),
        ("", "A browser that does not say its name"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert device(user_agent) == words


def test_a_lost_phone_is_helped_by_whoever_runs_the_command_line(world):
    account = world.account("alice")
    TOTP.activate(account, generate_totp_secret())
    RecoveryCodes.activate(account)
    assert "10 recovery codes left." in world.client("alice").get("/account/").text
    done = CliRunner().invoke(account_command.command, ["alice@example.org", "--lost-phone"])
    assert "signs in with the password alone" in done.output
    assert not Authenticator.objects.filter(user=account).exists()
    again = CliRunner().invoke(account_command.command, ["alice@example.org", "--lost-phone"])
    assert again.exit_code == 1
    assert "has no second step" in again.output


def test_who_comes_back_to_an_address_for_forms_is_told_that_nothing_was_sent(world):
    answer = world.client("alice").get("/account/sessions/others/end/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Nothing was sent" in answer.text


@pytest.mark.parametrize(
    ("path", "words"), [("/no-such-page/", "somebody sent you a link"), ("/answer/x/y/z/", "sent")]
)
def test_who_is_not_signed_in_is_not_sent_to_monday_by_a_wrong_address(db, path, words):
    answer = Client().get(path)
    assert answer.status_code == 404
    assert words in answer.text
    assert "Go to Monday" not in answer.text


def signs_in(account: Account, *, language: str = "en") -> Client:
    """By the form, as somebody would, in a browser that asks for this language."""
    account.set_password("four quiet words together")
    account.save(update_fields=["password"])
    browser = Client(headers={"accept-language": language})
    given = {"login": account.email, "password": "four quiet words together"}
    assert browser.post("/account/sign-in/", given).status_code == 302
    return browser


def test_a_language_is_there_wherever_one_signs_in_next(world):
    world.client("sana").post("/language/", {"language": "es"})
    assert AuditEvent.objects.filter(account=world.account("sana"), what="chose the language es").count() == 1
    elsewhere = signs_in(world.account("sana"))
    page = elsewhere.get("/account/").text
    assert '<html lang="es"' in page
    elsewhere.post("/language/", {"language": "en"})
    assert '<html lang="en"' in signs_in(world.account("sana"), language="es").get("/account/").text


def test_whoever_chose_no_language_is_spoken_to_in_the_browsers(world):
    assert '<html lang="es"' in signs_in(world.account("sana"), language="es").get("/account/").text
    assert world.account("sana").language == ""


def test_a_choice_without_an_account_or_of_no_language_is_kept_nowhere(world):
    Client().post("/language/", {"language": "es"})
    world.client("sana").post("/language/", {"language": "tlh"})
    assert set(Account.objects.values_list("language", flat=True)) == {""}
