"""Every page there is, opened by somebody who reads Spanish: no sentence on it is English."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from tending.collect.answer import actions as answering
from tests.architecture.test_who_may_open_what import OWN, address, east  # noqa: F401 - a fixture

# Small words no English sentence does without, and no Spanish one has.
ENGLISH = re.compile(
    r"\b(the|and|of|with|for|not|yet|is|are|was|were|by|from|this|that|who|what|which|nobody|somebody|there|it|to)\b"
)
NOT_READ_OUT = {"script", "style", "code", "pre", "option"}  # programs, files as they came, names of teams
AS_WRITTEN = {
    "audit_search": "the trail is shown as it was written down, so that a search finds what is read",
    "trigger": "the source of a trigger is cited as it was written",
    "answer": "the copyright line of a questionnaire is printed as its owner wrote it",
}


class _Sentences(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in NOT_READ_OUT
        self.said += [value or "" for name, value in attrs if name in {"aria-label", "alt", "title", "placeholder"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in NOT_READ_OUT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(" ".join(data.split()))


def english_in(html: str) -> list[str]:
    page = _Sentences()
    page.feed(html)
    return [text for text in page.said if ENGLISH.search(text)]


def _pages(world: Any, known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("alice", "sana", "dara", "ada", "mona"):
        client = world.client(name)
        for view in OWN:
            if view.name not in AS_WRITTEN and "design" not in view.callback.__module__:
                answer = client.get(address(view, known), headers={"accept-language": "es"})
                if "text/html" in answer.headers.get("content-type", "") and answer.status_code not in {302, 405}:
                    yield f"{name}: {view.name}", answer


def test_no_page_says_a_sentence_in_english(world: Any, east: dict[str, Any]) -> None:  # noqa: F811
    asked = {"by": world.account("alice"), "person_id": world.people["pat"].pk, "instrument": "PHQ-9"}
    token = answering.ask(**asked, language="es")
    seen, wrong = 0, []
    for where, answer in _pages(world, {**east, "token": token}):
        seen += 1
        assert 'lang="es"' in answer.text, where
        wrong += [f"{where}: {text}" for text in english_in(answer.text)]
    assert seen > 50
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.mark.parametrize("html", ["<p>Nothing is open</p>", '<a aria-label="See the record"></a>'])
def test_an_english_sentence_is_found(html: str) -> None:
    assert english_in(html) != []


def test_spanish_and_files_are_left_alone() -> None:
    assert english_in("<p>No hay nada abierto</p><pre>the line as it came</pre>") == []
