"""Whatever a resource or a line is made of, reading it gives rows or faults, never an exception."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.fhir import encounter, whole

from tending.collect.fhir.resources import READ

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
WORDS = """
    id status class subject patient period start end code coding system value valueQuantity valueInteger item answer
    linkId answerOption participant actor individual meta lastUpdated effectiveDateTime birthDate extension url
    reference identifier display text category type name given family component entry resource request
"""
NAMES = st.sampled_from(WORDS.split())
resources = st.builds(
    lambda kind, rest: {"resourceType": kind, "id": "x", **rest},
    st.sampled_from([*READ, "Bundle", "Location"]),
    st.dictionaries(NAMES, json_values | st.dictionaries(NAMES, json_values, max_size=3), max_size=6),
)


def read_without_an_exception(content: bytes) -> None:
    chunk, _notes = whole(content)
    for found in chunk.faults:
        assert found.reason
        assert found.message
        assert found.fix


@settings(max_examples=300, deadline=None)
@given(st.lists(resources, min_size=1, max_size=4))
def test_resources_with_anything_in_them_give_rows_or_faults(made):
    read_without_an_exception(b"\n".join(json.dumps(one).encode() for one in made))


@settings(max_examples=300, deadline=None)
@given(resources, st.data())
def test_broken_bytes_give_rows_or_faults(made, data):
    content = bytearray(json.dumps(made).encode())
    for _time in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read_without_an_exception(bytes(content))


VALID = [
    {
        **encounter(),
        "participant": [{"type": [{"coding": [{"code": "PPRF"}]}], "individual": {"reference": "Practitioner/d"}}],
        "hospitalization": {"dischargeDisposition": {"coding": [{"code": "home"}]}},
    },
    {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-03-02",
        "valueQuantity": {"value": 12},
    },
    {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "status": "completed",
        "questionnaire": "http://loinc.org/q/44249-1",
        "subject": {"reference": "Patient/p"},
        "authored": "2026-03-02",
        "item": [{"linkId": "/44250-9", "answer": [{"valueInteger": 1}]}],
    },
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a resource."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inner for found in places(part, (*path, key)))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(VALID), st.data())
def test_a_valid_resource_with_one_value_changed_gives_rows_or_faults(valid, data):
    changed = json.loads(json.dumps(valid))
    path = data.draw(st.sampled_from(places(changed)[1:]))
    inside = changed
    for step in path[:-1]:
        inside = inside[step]
    words = st.sampled_from(
        ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026", "", "é", "1e999", "x" * 300]
    )
    inside[path[-1]] = data.draw(json_values | words)
    read_without_an_exception(json.dumps(changed).encode())
