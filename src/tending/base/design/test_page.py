"""The frame every page stands in: who is signed in, where they can go, the language, the way out."""

import re

from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from tests.support.world import World


def page_for(client: Client) -> str:
    return client.get(reverse("design:gallery")).content.decode()


def test_a_signed_in_person_sees_their_name_role_and_the_way_out(world: World):
    page = page_for(world.client("sana"))
    assert "<strong>Sana Cast</strong><span>Supervisor</span>" in page
    assert f'<form method="post" action="{reverse("account_logout")}">' in page


def test_somebody_without_an_account_sees_neither(client: Client):
    page = page_for(client)
    assert reverse("account_logout") not in page
    assert "site-navigation" not in page


def test_the_navigation_shows_where_one_is():
    items = [{"title": "Monday", "url": "/", "current": True}, {"title": "<b>", "url": "/b/", "current": False}]
    page = Template('{% extends "base/design/page.html" %}').render(Context({"navigation": items}))
    assert '<a href="/" aria-current="page">Monday</a>' in page
    assert "&lt;b&gt;" in page
    assert page.count("aria-current") == 1
    assert 'popovertarget="site-navigation"' in page


def test_the_first_thing_on_a_page_leads_past_its_furniture(client: Client):
    page = page_for(client)
    assert re.search(r'<body[^>]*>\s*<a class="skip-link" href="#main">', page)
    assert '<main id="main" tabindex="-1">' in page


def test_the_language_of_the_page_is_said_and_the_others_are_offered_in_their_own_words(client: Client):
    page = page_for(client)
    assert '<html lang="en" dir="ltr">' in page
    assert 'value="es" lang="es">Español</button>' in page
    answer = client.post(reverse("set_language"), {"language": "es", "next": reverse("design:gallery")})
    assert answer.status_code == 302
    assert answer.url == reverse("design:gallery")
    assert '<html lang="es" dir="ltr">' in page_for(client)


def test_htmx_may_not_evaluate_or_leave_the_site_or_keep_pages(client: Client):
    page = page_for(client)
    for setting in (
        '"allowEval":false',
        '"selfRequestsOnly":true',
        '"historyCacheSize":0',
        '"includeIndicatorStyles":false',
    ):
        assert setting in page
    assert "htmx-2.min.js" in page


def test_where_a_person_answers_everything_is_large():
    page = Template('{% extends "base/design/answer_page.html" %}').render(Context({}))
    assert 'data-density="person" class="answer-page"' in page
    assert "<nav" not in page
