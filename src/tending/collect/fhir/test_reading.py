"""Whatever a file holds, reading it gives rows or faults, never an exception, and goes on to the next line."""

import gzip
import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.fhir import whole

from tending.collect.fhir import reading
from tending.collect.fhir.files import lines
from tending.collect.fhir.notes import in_words

GOOD = b'{"resourceType":"Patient","id":"p1"}'


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
    assert found.field == "period.start"
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


@given(where=st.floats(0, 1, exclude_max=True), length=st.integers(1, 400), by=st.integers(1, 255))
def test_a_packed_file_damaged_anywhere_says_so(where, length, by):
    packed = gzip.compress(b"".join(GOOD.replace(b"p1", b"p%d" % n) + b"\n" for n in range(500)), mtime=0)
    begin = int(where * len(packed))
    damaged = bytes(byte ^ by for byte in packed[begin : begin + length])
    chunk, _notes = whole(packed[:begin] + damaged + packed[begin + length :])
    assert chunk.faults or len(chunk.rows) == 500


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


def test_two_faults_on_one_line_are_told_apart_by_their_resource():
    wrong = [{"resource": {"resourceType": "Patient", "id": key, "birthDate": 5}} for key in "ab"]
    chunk, _notes = whole(b"\n" + json.dumps(bundle(*wrong)).encode() + b"\n{}\n")
    fields = [(found.line, found.field) for found in chunk.faults]
    assert fields[:2] == [(2, "Patient/a birthDate"), (2, "Patient/b birthDate")]


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


def test_what_was_noticed_is_said_in_words():
    said = in_words(
        {
            "NOT_READ Location": 1500,
            "NOT_WHOLE Observation PHQ-9": 1,
            "ABSENT Practitioner": 7,
            "ABSENT Practitioner/a": 4,
            "ABSENT Practitioner/b": 3,
            "ABSENT Organization": 2,
            "ABSENT Organization/x": 2,
        }
    )
    assert said == [
        "Not read: Location (1,500).",
        "2 Practitioners are referred to 7 times and are not in the export, such as Practitioner/a, Practitioner/b.",
        "1 Organization is referred to 2 times and is not in the export: Organization/x.",
        "Observation PHQ-9: a total that is not a whole number, kept as it was sent (1).",
    ]


def test_an_export_with_endless_codes_does_not_make_endless_notes():
    lines = (
        b'{"resourceType":"Observation","id":"o%d","code":{"coding":[{"code":"c%d"}]}}' % (n, n) for n in range(1000)
    )
    _chunk, notes = whole(b"\n".join(lines))
    assert len(notes) == 401
    assert notes["NOT_READ (others)"] == 600
    assert sum(notes.values()) == 1000
