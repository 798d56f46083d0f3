"""Whatever a file holds, reading it gives rows or faults, never an exception, and goes on to the next line."""

import gzip
import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tending.collect.fhir import reading
from tending.collect.fhir.files import lines
from tending.collect.fhir.resources import READ
from tending.collect.mapped import Chunk

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
SYNTHEA = SHARED / "synthea_bulk"
ECQM = SHARED / "ecqm_cms159"
GOOD = b'{"resourceType":"Patient","id":"p1"}'


def whole(content: bytes, **how: Any) -> tuple[Chunk, Counter[str]]:
    found = reading.read(BytesIO(content), size=1_000_000, **how)
    chunks = list(found.chunks)
    assert len(chunks) <= 1
    return (chunks[0] if chunks else Chunk([], [], 0)), found.notes


def reasons(content: bytes) -> list[tuple[int, str]]:
    chunk, _notes = whole(content)
    return [(found.line, found.reason) for found in chunk.faults]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not JSON at all", "BAD_JSON"),
        (b'{"resourceType":"Patient","id":"p2"', "BAD_JSON"),
        (b'{"resourceType":"Patient","id":"p2"} {}', "BAD_JSON"),
        (b'{"id":"p2"}', "NOT_A_RESOURCE"),
        (b"[1, 2]", "NOT_A_RESOURCE"),
        (b"7", "NOT_A_RESOURCE"),
        (b'{"resourceType":7}', "NOT_A_RESOURCE"),
        (b'{"resourceType":"Patient"}', "NO_ID"),
        (b'{"resourceType":"Patient","id":"%s"}' % (b"x" * 81), "NO_ID"),
        (b'{"resourceType":"Patient","id":"p2","birthDate":1990}', "WRONG_TYPE"),
        (b'{"resourceType":"Patient","id":"p2","name":{"family":"A"}}', "WRONG_TYPE"),
        (b'{"resourceType":"Patient","id":"p2","gender":"\xe9"}', "BAD_ENCODING"),
        (b'{"resourceType":"Patient","id":"p2","gender":"\\u0000"}', "NUL_BYTE"),
        (b'{"resourceType":"Bundle","entry":{}}', "WRONG_TYPE"),
        (b'{"resourceType":"Patient","id":"p2","x":' + b"[" * 100_000, "BAD_JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_one_fault_and_the_others_are_read(line, reason):
    content = GOOD + b"\n" + line + b"\n" + GOOD.replace(b"p1", b"p3") + b"\n"
    chunk, _notes = whole(content)
    assert [(found.line, found.reason) for found in chunk.faults] == [(2, reason)]
    assert [row.key for row in chunk.rows] == ["p1", "p3"]
    assert chunk.lines_read == 3
    assert chunk.faults[0].fix


def test_a_wrong_type_names_resource_element_and_next_step():
    chunk, _notes = whole(b'{"resourceType":"Encounter","id":"e9","period":{"start":5}}\n')
    (found,) = chunk.faults
    assert found.message == "Line 1, Encounter/e9: period.start is a whole number where FHIR R4 has text."
    assert found.field == "Encounter/e9 period.start"
    assert "R4" in found.fix


def test_a_last_line_that_was_cut_off_is_said_to_be():
    assert reasons(GOOD + b"\n" + GOOD[:-9]) == [(2, "TRUNCATED")]
    assert reasons(GOOD + b"\n" + GOOD) == []  # a missing line break at the end is no fault


def test_a_line_of_a_hundred_megabytes_is_refused_and_the_next_is_read():
    class Long(BytesIO):
        """Lets the test see how much is asked for at once."""

        most = 0

        def readline(self, size: int | None = -1) -> bytes:
            line = super().readline(size)
            self.most = max(self.most, len(line))
            return line

    file = Long(b'{"resourceType":"Patient","id":"' + b"x" * (100 << 20) + b'"}\n' + GOOD + b"\n")
    (chunk,) = reading.read(file).chunks
    assert [(found.line, found.reason) for found in chunk.faults] == [(1, "LINE_TOO_LONG")]
    assert [(row.key, row.line) for row in chunk.rows] == [("p1", 2)]
    assert file.most <= lines.LONGEST_LINE + 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_one_fault_for_the_file(encoding):
    assert reasons((GOOD + b"\n" + GOOD + b"\n").decode().encode(encoding)) == [(1, "BAD_ENCODING")]


def test_a_byte_order_mark_empty_lines_and_windows_line_ends_are_no_fault():
    chunk, _notes = whole(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + GOOD.replace(b"p1", b"p2") + b"\r\n")
    assert [(row.key, row.line) for row in chunk.rows] == [("p1", 1), ("p2", 3)]
    assert chunk.faults == []


def test_an_empty_file_is_one_empty_piece():
    chunk, _notes = whole(b"")
    assert (chunk.rows, chunk.faults, chunk.lines_read) == ([], [], 0)


def test_a_packed_file_is_unpacked_one_that_is_cut_off_is_read_so_far_and_a_bomb_is_refused():
    packed = gzip.compress(b"".join(GOOD.replace(b"p1", b"p%d" % n) + b"\n" for n in range(20_000)))
    assert len(whole(packed)[0].rows) == 20_000
    chunk, _notes = whole(packed[: len(packed) // 2])
    assert chunk.rows
    assert [found.reason for found in chunk.faults] == ["TRUNCATED"]
    bomb = gzip.compress((b" " * 1023 + b"\n") * (80 << 10))
    assert [reason for _line, reason in reasons(bomb)] == ["UNPACKS_TOO_FAR"]


def test_types_nobody_reads_are_listed_with_their_number():
    _chunk, notes = whole(b'{"resourceType":"Location","id":"1"}\n' * 3 + b'{"resourceType":"Patient"}\n')
    assert notes == {"NOT_READ Location": 3}


def test_reading_goes_on_after_any_line_as_if_it_had_not_stopped():
    content = b"".join(
        json.dumps(
            {"resourceType": "Patient", "id": f"p{n}", "birthDate": 3 if n % 7 == 0 else "1990-01-01"}
        ).encode()
        + b"\n"
        for n in range(50)
    )
    all_at_once, _notes = whole(content)
    for stop in (0, 1, 13, 49, 50):
        rest, _notes = whole(content, from_line=stop)
        assert rest.rows == [row for row in all_at_once.rows if row.line > stop]
        assert rest.faults == [found for found in all_at_once.faults if found.line > stop]
    pieces = list(reading.read_chunks(BytesIO(content), size=8))
    assert [row for piece in pieces for row in piece.rows] == all_at_once.rows
    assert [piece.lines_read for piece in pieces][-1] == 50
    assert all(len(piece.rows) + len(piece.faults) <= 8 for piece in pieces)


def test_lines_that_had_to_wait_are_read_again_alone():
    content = b"".join(GOOD.replace(b"p1", b"p%d" % n) + b"\n" for n in range(9))
    chunk = reading.read_lines(BytesIO(content), wanted={2, 7})
    assert [row.key for row in chunk.rows] == ["p1", "p6"]


# Bundles


def bundle(*entries: dict[str, Any], kind: str = "transaction") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


PERSON = {"fullUrl": "urn:uuid:11", "resource": {"resourceType": "Patient"}}
VISIT = {
    "fullUrl": "urn:uuid:22",
    "resource": {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "urn:uuid:11"},
        "period": {"start": "2026-03-02T14:00:00Z"},
    },
}


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_bundle_fills_a_file_and_its_entries_name_one_another(kind, indent):
    content = json.dumps(bundle(VISIT, PERSON, kind=kind), indent=indent).encode()
    chunk, _notes = whole(content)
    assert chunk.faults == []
    assert [(row.kind, row.key, row.line) for row in chunk.rows] == [("contacts", "22", 1), ("people", "11", 2)]
    assert chunk.rows[0].fields["person_id"] == "11"
    assert chunk.lines_read == 2
    after, _notes = whole(content, from_line=1)
    assert [row.key for row in after.rows] == ["11"]


def test_bundles_one_a_line_keep_the_line_of_the_file():
    content = b"".join(json.dumps(one).encode() + b"\n" for one in (bundle(PERSON), bundle(VISIT, PERSON)))
    chunk, _notes = whole(content)
    assert [(row.kind, row.line) for row in chunk.rows] == [("people", 1), ("contacts", 2), ("people", 2)]


def test_an_entry_without_an_id_takes_the_one_it_is_put_under():
    put = {"resource": {"resourceType": "Patient"}, "request": {"method": "PUT", "url": "Patient/p77"}}
    assert [row.key for row in whole(json.dumps(bundle(put)).encode())[0].rows] == ["p77"]


def test_a_deletion_takes_back_every_row_the_resource_may_have_become():
    gone = {"request": {"method": "DELETE", "url": "Encounter/e1"}}
    chunk, _notes = whole(json.dumps(bundle(gone)).encode())
    assert [(row.kind, row.key, row.withdrawn) for row in chunk.rows] == [
        ("contacts", "e1", True),
        ("stays", "e1", True),
        ("crisis_contacts", "e1", True),
    ]


def test_an_entry_that_cannot_be_read_leaves_the_others():
    wrong = {"resource": {"resourceType": "Patient", "id": "w", "birthDate": 5}}
    chunk, _notes = whole(json.dumps(bundle(wrong, PERSON, {"request": {"method": "GET"}})).encode())
    assert [(found.line, found.reason) for found in chunk.faults] == [(1, "WRONG_TYPE")]
    assert [row.key for row in chunk.rows] == ["11"]


def test_a_document_that_is_cut_off_is_one_fault():
    content = json.dumps(bundle(VISIT, PERSON), indent=2).encode()[:-40]
    assert reasons(content) == [(1, "TRUNCATED")]


# Broken on purpose


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
        **VISIT["resource"],
        "id": "e",
        "subject": {"reference": "Patient/p"},
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


# Real files, where they lie beside the checkout

needs_shared = pytest.mark.skipif(not SYNTHEA.is_dir(), reason="the shared data folder is not beside this checkout")


def all_of(folder: Path) -> tuple[Counter[str], Counter[str], list[str]]:
    files = sorted(folder.glob("*.ndjson"))
    survey = reading.survey_of(files)
    kinds: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    faults = []
    for file in files:
        found = reading.read(file, survey=survey)
        for chunk in found.chunks:
            kinds.update(row.kind for row in chunk.rows)
            faults += [one.reason for one in chunk.faults]
        notes += found.notes
    return kinds, notes, faults


@needs_shared
def test_the_synthetic_export_is_read_whole_with_its_traps():
    kinds, notes, faults = all_of(SYNTHEA)
    assert faults == []
    assert kinds == {
        "people": 50,
        "staff": 44,
        "teams": 10,
        "organisations": 10,
        "contacts": 1353,
        "stays": 119,
        "crisis_contacts": 26,
        "scores": 215,
        "housing": 233,
        "diagnoses": 577,
        "goals": 159,
        "care_plan_events": 183,
    }
    assert notes == {
        "NOT_READ Location": 15,
        "NOT_READ MedicationRequest": 527,
        "NOT_READ Procedure": 1509,
        "NOT_READ CareTeam.participant (role not told)": 183,
        "NOT_READ Organization (who pays)": 7,
        "NOT_READ Observation 28245-9 Abuse Status [OMAHA]": 23,
        "NOT_READ Observation 55758-7 Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]": 162,
        "NOT_READ Observation 63513-6 Are you covered by health insurance or some other kind of health care plan "
        "[PhenX]": 23,
        "NOT_READ Observation 72166-2 Tobacco smoking status": 223,
        "NOT_READ Observation 76690-7 Sexual orientation": 23,
        "NOT_READ Observation 82667-7 Total score [DAST-10]": 59,
        "NOT_WHOLE Observation GAD-7": 1,
    }


@needs_shared
def test_the_measure_bundles_are_read_whole_but_for_what_their_authors_made_wrong():
    kinds, notes, faults = all_of(ECQM)
    assert kinds == {"people": 34, "scores": 58, "diagnoses": 41, "contacts": 38, "stays": 5}
    # Two totals of 300, one score and one encounter whose status is "unknown".
    assert sorted(faults) == ["OUT_OF_RANGE", "OUT_OF_RANGE", "UNKNOWN_STATUS", "UNKNOWN_STATUS"]
    assert notes["NOT_READ ServiceRequest (not a referral)"] == 2
    assert sum(count for note, count in notes.items() if note.startswith("CLASS_NOT_KNOWN")) == 3
