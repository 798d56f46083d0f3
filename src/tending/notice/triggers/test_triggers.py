from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tending.base import clock
from tending.notice.definitions import in_force
from tending.notice.models import Signal
from tending.notice.triggers import wording

DAY = date(2026, 3, 20)


@pytest.fixture
def met(record):
    """Quinn missed two visits: noticed today, and again two days later inside the quiet period."""
    record.episode("quinn", "2026-01-05")
    for day in ("2026-03-10", "2026-03-17"):
        record.contact("quinn", day, status="NO_SHOW")
    record.notice(DAY)
    record.contact("quinn", "2026-03-22", status="NO_SHOW")
    record.notice(DAY + timedelta(days=2))
    with clock.travelling(clock.at(DAY + timedelta(days=2), 9)):
        yield record


def test_the_list_says_what_each_trigger_means_and_how_often_it_was_met(met, world):
    page = world.client("lena").get("/triggers/").content.decode()
    assert "Two visits missed in a row" in page
    assert "at least two visits in a row within 45 days" in page
    assert Signal.objects.filter(trigger="repeated-missed-visits").count() == 2


def test_urgent_ones_come_first(met, world):
    page = world.client("lena").get("/triggers/").content.decode()
    assert page.index("An answer about self-harm") < page.index("Two visits missed in a row")


def test_one_trigger_in_plain_words(met, world):
    response = world.client("mona").get("/triggers/repeated-missed-visits/")
    page = response.content.decode()
    for words in (
        "Visits were missed",
        "45 days",
        "In a row",
        "2 days",
        "Care coordinator",
        "14 days",
        "Clinical lead",
    ):
        assert words in page
    assert (response.context["shown"].met.days_30, response.context["shown"].met.repeats_90) == (1, 1)


def test_signals_older_than_thirty_days_are_counted_apart(met, world):
    Signal.objects.update(as_of=DAY - timedelta(days=40))
    shown = world.client("lena").get("/triggers/repeated-missed-visits/").context["shown"]
    assert (shown.met.days_30, shown.met.days_90, shown.met.repeats_90) == (0, 1, 1)


@pytest.mark.parametrize(
    ("code", "said", "unsaid"),
    [
        ("self-harm-answer", "every new sign asks again", "New signs inside it"),
        ("housing-slipping", "worse by 1 point or step, or more, asks again", "every new sign asks again"),
        ("measure-overdue", "New signs inside it", "or more, asks again"),
    ],
)
def test_what_breaks_the_quiet_is_said(met, world, code, said, unsaid):
    page = world.client("lena").get(f"/triggers/{code}/").content.decode()
    assert said in page
    assert unsaid not in page


def test_an_unknown_trigger_is_not_found(met, world):
    assert world.client("lena").get("/triggers/never-heard-of/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("rita", 200), ("boris", 403), ("paolo", 403)])
def test_whoever_may_see_triggers_sees_them(met, world, name, status):
    client = world.client(name)
    assert client.get("/triggers/").status_code == status
    assert client.get("/triggers/repeated-missed-visits/").status_code == status


def test_the_pages_speak_spanish_where_the_definition_does(met, world):
    with translation.override("es"):
        client = world.client("lena")
        client.cookies["django_language"] = "es"
        page = client.get("/triggers/", headers={"accept-language": "es"}).content.decode()
        one = client.get("/triggers/repeated-missed-visits/", headers={"accept-language": "es"}).content.decode()
    assert "Dos visitas perdidas seguidas" in page
    assert "Acercarse pronto es lo que mantiene el contacto." in one
    assert "Todavía no revisado por un profesional clínico" in one
    assert "Dirección clínica" in page


def test_the_list_costs_the_same_number_of_queries_however_much_was_noticed(met, world):
    client = world.client("lena")
    client.get("/triggers/")
    with CaptureQueriesContext(connection) as few:
        client.get("/triggers/")
    for name in ("pat", "wren"):
        met.answers(name, "2026-03-20", "PHQ-9", "333333333")
    met.notice(DAY + timedelta(days=2))
    with CaptureQueriesContext(connection) as many:
        client.get("/triggers/")
    assert len(many) == len(few)


def parameters_in_use():
    for trigger in in_force().by_code.values():
        yield trigger.condition, trigger.parameters
        for sign in trigger.parameters.get("signs", ()):
            yield sign["condition"], sign.get("parameters", {})


def test_every_condition_and_setting_in_use_has_words():
    for condition, parameters in parameters_in_use():
        assert condition in wording.CONDITIONS
        assert set(parameters) - {"signs"} <= set(wording.SETTINGS)
