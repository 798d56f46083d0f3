"""Without JavaScript a consequential POST asks on a page that sends the same fields again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from tending.base.design.confirm_page import confirm_page, confirmed


def post(data, path="/people/3/close/?page=2"):
    request = RequestFactory().post(path, data)
    request.viewer = None
    return request


def test_only_the_word_yes_on_a_post_confirms():
    assert confirmed(post({"confirmed": "yes"}))
    assert not confirmed(post({"confirmed": "no"}))
    assert not confirmed(post({}))
    assert not confirmed(RequestFactory().get("/", {"confirmed": "yes"}))


def test_every_field_is_sent_again_escaped_and_the_token_is_new():
    request = post(
        {"why": '"><b>entered twice</b>', "rows": ["4", "5"], "csrfmiddlewaretoken": "old", "confirmed": ""}
    )
    page = confirm_page(request, question="Leave these rows out?", what_happens="They stay in the file.", back="/x/")
    text = page.content.decode()
    assert "<h1>Leave these rows out?</h1>" in text
    assert 'name="why" value="&quot;&gt;&lt;b&gt;entered twice&lt;/b&gt;"' in text
    assert 'name="rows" value="4"' in text
    assert 'name="rows" value="5"' in text
    assert 'action="/people/3/close/?page=2"' in text
    assert 'value="old"' not in text
    assert text.count('name="confirmed"') == 1
    assert 'href="/x/"' in text


def test_a_file_cannot_be_asked_about_here():
    request = post({"file": SimpleUploadedFile("people.csv", b"person_id\n")})
    with pytest.raises(ValueError, match="keep it first"):
        confirm_page(request, question="Send it?", back="/")
