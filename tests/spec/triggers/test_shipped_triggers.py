"""The triggers a provider starts with: each can be evaluated, finds what it is for and leaves what is not."""

from pathlib import Path

import pytest
import yaml
from tests.spec.triggers.story import AS_OF, Story

from outcometables.definitions.loading import load_instruments, load_triggers
from outcometables.record import Record
from outcometables.record.measures import measures_of
from outcometables.triggers import evaluate

DEFINITIONS = Path(__file__).parents[3] / "definitions"
STORIES = yaml.safe_load((Path(__file__).parent / "shipped.yaml").read_text())
TRIGGERS = load_triggers(DEFINITIONS)
MEASURES = measures_of(load_instruments(DEFINITIONS).values())


def fires(code: str, story: str) -> bool:
    tables = Story().tell(f"-400 episode opens\n{story}").tables() | {"measures": MEASURES}
    found = evaluate(Record.from_polars(tables), [TRIGGERS[code]], as_of=AS_OF)
    return found[code].height > 0


def test_every_shipped_trigger_has_its_stories():
    assert set(STORIES) == set(TRIGGERS)


@pytest.mark.parametrize("code", TRIGGERS)
def test_it_finds_what_it_is_for(code):
    assert fires(code, STORIES[code]["finds"])


@pytest.mark.parametrize("code", TRIGGERS)
def test_it_leaves_what_is_close_but_not_it(code):
    assert not fires(code, STORIES[code]["leaves"])


def measures_named(parameters: dict) -> set[str]:
    signs = [measures_named(sign["parameters"]) for sign in parameters.get("signs", [])]
    return set(parameters.get("measures", [])).union(*signs)


@pytest.mark.parametrize("code", TRIGGERS)
def test_every_measure_it_names_is_defined(code):
    assert measures_named(TRIGGERS[code].parameters) <= set(MEASURES["measure"])


@pytest.mark.parametrize("code", TRIGGERS)
def test_the_meaning_is_said_in_both_languages(code):
    trigger = TRIGGERS[code]
    assert trigger.meaning.en != trigger.meaning.es
    assert trigger.title.en != trigger.title.es


def test_an_urgent_trigger_is_answered_within_a_working_day():
    slow = [code for code, each in TRIGGERS.items() if each.severity == "URGENT" and each.respond_within_hours > 8]
    assert slow == []
