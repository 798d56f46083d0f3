"""Whatever is wrong with a file: one clear message that names the place and the next step, and the rest is read."""

import io
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from tending.collect.csv_files import lines, reading
from tending.collect.csv_files.mapping import Mapping, read_mapping

PEOPLE = "person_id,given_name,family_name,birth_date\n"
CONTACTS = "contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status\n"


def read(text, kind="people", mapping=None, after=0, size=800):
    content = text if isinstance(text, bytes) else text.encode()
    of_file = (read_mapping(mapping) if mapping else Mapping()).of(kind)
    return list(reading.chunks(io.BytesIO(content), kind=kind, mapping=of_file, after=after, size=size))


def rows_of(chunks):
    return [row for chunk in chunks for row in chunk.rows]


def faults_of(chunks):
    return [fault for chunk in chunks for fault in chunk.faults]


def only_fault(chunks):
    (fault,) = faults_of(chunks)
    assert fault.message
    assert fault.fix
    return fault


def test_a_row_becomes_typed_values():
    (row,) = rows_of(read(CONTACTS + "C1,P1,S1,,2024-07-01T09:30,50,THERAPY,VIDEO,ATTENDED\n", "contacts"))
    assert (row.kind, row.key, row.line) == ("contacts", "C1", 2)
    assert row.fields["starts_at"] == datetime(2024, 7, 1, 13, 30, tzinfo=UTC)  # New York's summer
    assert row.fields["minutes"] == 50
    assert row.fields["team_id"] is None


def test_a_date_and_an_offset_are_understood():
    (row,) = rows_of(read(CONTACTS + "C1,P1,S1,,2024-07-01T09:30+02:00,50,THERAPY,VIDEO,ATTENDED\n", "contacts"))
    assert row.fields["starts_at"] == datetime(2024, 7, 1, 7, 30, tzinfo=UTC)
    (person,) = rows_of(read(PEOPLE + "P1,Pat,X,1990-05-17\n"))
    assert person.fields["birth_date"] == date(1990, 5, 17)


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks():
    header = "goal_id,person_id,stated_date,words,domain,status,closed_date\n"
    first = 'G1,P1,2024-01-01,"to say ""no"", calmly\r\nand mean it",,ACTIVE,\n'
    text = header + first + 'G2,P1,2024-01-01,5" taller,,ACTIVE,\n'
    first, second = rows_of(read(text, "goals"))
    assert first.fields["words"] == 'to say "no", calmly\r\nand mean it'
    assert (first.line, second.line) == (2, 4)
    assert second.fields["words"] == '5" taller'


def test_text_that_looks_like_a_formula_is_data():
    rows = rows_of(read(PEOPLE + 'P1,"=HYPERLINK(""http://x"")",@sum,\nP2,-1+2,+x,\n'))
    assert rows[0].fields["given_name"] == '=HYPERLINK("http://x")'
    assert rows[1].fields["given_name"] == "-1+2"


@pytest.mark.parametrize(
    ("text", "reason", "says"),
    [
        (PEOPLE + "P1,Pat\n", "RAGGED_ROW", "2 cells where the header has 4"),
        (PEOPLE + "P1,Pat,X,1990-05-17,more\n", "RAGGED_ROW", "5 cells"),
        (PEOPLE + "P1,Pat,X,17/05/1990\n", "BAD_DATE", "17/05/1990"),
        (PEOPLE + "P1,Pat,X,1990-02-30\n", "BAD_DATE", "1990-02-30"),
        (PEOPLE + ",Pat,X,\n", "MISSING_VALUE", "person_id"),
        (PEOPLE + "P1,P\x00at,X,\n", "NUL_BYTE", "NUL"),
        (PEOPLE + 'P1,"Pat,X,\n', "BAD_QUOTES", "never closes"),
        (PEOPLE + 'P1,"Pat" y,X,\n', "BAD_QUOTES", "do not match"),
        (PEOPLE.encode() + b"P1,Jos\xe9,X,\n", "BAD_ENCODING", "José"),
        (PEOPLE + "P1," + "x" * (lines.LONGEST_LINE + 5) + ",X,\n", "LINE_TOO_LONG", "million"),
    ],
)
def test_a_line_that_cannot_be_read_is_one_fault_and_the_next_line_is_read(text, reason, says):
    content = text if isinstance(text, bytes) else text.encode()
    chunks = read(content + b"P9,Wren,Y,1980-01-01\n")
    fault = only_fault(chunks)
    assert fault.reason == reason
    assert fault.line == 2
    assert says in fault.message
    assert [row.key for row in rows_of(chunks)] == ["P9"]


def test_a_hundred_megabytes_without_a_line_break_cost_no_memory():
    class Endless(io.RawIOBase):
        left = 100 << 20

        def readable(self):
            return True

        def readinto(self, buffer):
            n = min(len(buffer), self.left)
            buffer[:n] = b"x" * n
            self.left -= n
            return n

    file = io.BufferedReader(_Chain(PEOPLE.encode() + b"P1,", Endless(), b"\nP2,Wren,Y,1980-01-01\n"))
    chunks = list(reading.chunks(file, kind="people", mapping=Mapping().of("people")))
    assert only_fault(chunks).reason == "LINE_TOO_LONG"
    assert [row.key for row in rows_of(chunks)] == ["P2"]
    assert chunks[-1].lines_read == 3


class _Chain(io.RawIOBase):
    def __init__(self, *parts):
        self.parts = [part if isinstance(part, io.RawIOBase) else io.BytesIO(part) for part in parts]

    def readable(self):
        return True

    def readinto(self, buffer):
        while self.parts:
            n = self.parts[0].readinto(buffer)
            if n:
                return n
            self.parts.pop(0)
        return 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY_FILE"),
        (b"\n\n", "EMPTY_FILE"),
        (PEOPLE.encode("utf-16"), "BAD_ENCODING"),
        (b"\xff" + PEOPLE.encode() + b"P1,Pat,X,\n", "BAD_ENCODING"),
        (b"given_name\nPat\n", "MISSING_COLUMN"),
        (b"person_id,person_id\nP1,P2\n", "REPEATED_COLUMN"),
    ],
)
def test_a_file_that_says_nothing_is_one_fault(content, reason):
    fault = only_fault(read(content))
    assert (fault.reason, fault.line) == (reason, 1)


def test_a_missing_column_names_the_column_and_a_likely_one():
    fault = only_fault(read("PersonId,given_name\nP1,Pat\n"))
    assert "person_id" in fault.message
    assert "PersonId, given_name" in fault.message
    assert "columns: {person_id: personid}" in fault.fix


def test_a_byte_order_mark_and_blank_lines_are_nothing():
    (row,) = rows_of(read(b"\xef\xbb\xbf" + PEOPLE.encode() + b"\n\nP1,Pat,X,\n\n"))
    assert (row.key, row.line) == ("P1", 4)


def test_an_unknown_code_names_the_nearest():
    row = "C1,P1,S1,,2024-07-01T09:30,50,THERAPY,VIDEO,NOSHOW\n"
    fault = only_fault(read(CONTACTS + row, "contacts"))
    assert fault.reason == "UNKNOWN_CODE"
    assert "“NOSHOW: NO_SHOW”" in fault.fix


def test_a_mapping_translates_names_dates_codes_and_constants():
    mapping = {
        "delimiter": ";",
        "encoding": "cp1252",
        "files": {
            "contacts": {
                "columns": {"contact_id": "Visit No", "starts_at": "When", "status": "Kept?"},
                "dates": {"starts_at": "%m/%d/%Y %H:%M"},
                "codes": {"status": {"Y": "ATTENDED", "N": "NO_SHOW"}, "staff_id": {"none": ""}},
                "constants": {"kind": "OTHER", "medium": "IN_PERSON"},
            }
        },
    }
    text = "VISIT NO;person_id;staff_id;When;Kept?\n7;José;none;07/01/2024 09:30;N\n"
    (row,) = rows_of(read(text.encode("cp1252"), "contacts", mapping))
    assert row.key == "7"
    assert row.fields["person_id"] == "José"
    assert row.fields["staff_id"] is None
    assert row.fields["starts_at"] == datetime(2024, 7, 1, 13, 30, tzinfo=UTC)
    assert (row.fields["status"], row.fields["kind"], row.fields["medium"]) == ("NO_SHOW", "OTHER", "IN_PERSON")


def test_columns_nobody_knows_are_noted():
    notes = []
    content = io.BytesIO(b"person_id,shoe_size\nP1,44\n")
    list(reading.chunks(content, kind="people", mapping=Mapping().of("people"), notes=notes))
    assert notes == ["shoe_size"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_reading_that_stops_anywhere_goes_on_there(size):
    text = PEOPLE + "".join(
        f"P{n},Pat,X,1990-0{n % 10}-01\n" if n % 5 else f'P{n},"Pat\nPaul",X,\n' for n in range(1, 30)
    )
    whole = read(text, size=1000)
    pieces = read(text, size=size)
    assert rows_of(pieces) == rows_of(whole)
    assert sorted(fault.line for fault in faults_of(pieces)) == sorted(fault.line for fault in faults_of(whole))
    assert all(one.lines_read < other.lines_read for one, other in pairwise(pieces[:-1]))
    for stopped in pieces:
        rest = read(text, size=size, after=stopped.lines_read)
        after = [row for row in rows_of(whole) if row.line > stopped.lines_read]
        assert rows_of(rest) == after


def test_lines_can_be_read_again():
    content = io.BytesIO((PEOPLE + "P1,A,B,\nP2,A,B,bad\nP3,A,B,\n").encode())
    again = reading.lines(content, kind="people", mapping=Mapping().of("people"), wanted={3, 4})
    assert [row.key for row in again.rows] == ["P3"]
    assert [fault.line for fault in again.faults] == [3]


ANSWERS = "response_id,person_id,instrument,answered_date,item,value\n"


def test_neighbouring_answers_become_one_response():
    rows = rows_of(
        read(
            ANSWERS
            + "R1,P1,PHQ-9,2024-01-01,1,2\nR1,P1,PHQ-9,2024-01-01,2,\nR2,P1,PHQ-9,2024-01-08,1,0\n"
            + "R1,P1,PHQ-9,2024-01-01,3,1\n",
            "answers",
        )
    )
    assert [(row.key, row.line, row.fields["items"], row.partial) for row in rows] == [
        ("R1", 2, {"1": 2, "2": None}, True),
        ("R2", 4, {"1": 0}, True),
        ("R1", 5, {"3": 1}, True),
    ]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_response_is_never_torn_apart_by_the_size_of_a_piece(size):
    text = ANSWERS + "".join(f"R{n},P1,PHQ-9,2024-01-01,{item},1\n" for n in range(4) for item in range(1, 10))
    assert [len(row.fields["items"]) for row in rows_of(read(text, "answers", size=size))] == [9, 9, 9, 9]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("R1,P2,PHQ-9,2024-01-01,2,1\n", "person_id"),
        ("R1,P1,GAD-7,2024-01-01,2,1\n", "instrument"),
        ("R1,P1,PHQ-9,2024-01-02,2,1\n", "answered_date"),
        ("R1,P1,PHQ-9,2024-01-01,1,3\n", "second, different answer"),
        ("R1,P1,PHQ-9,2024-01-01,,3\n", "no item"),
    ],
)
def test_answers_that_contradict_their_response_are_put_aside(row, says):
    chunks = read(ANSWERS + "R1,P1,PHQ-9,2024-01-01,1,2\n" + row, "answers")
    fault = only_fault(chunks)
    assert (fault.reason, fault.line) == ("CONTRADICTION", 3)
    assert says in fault.message
    assert rows_of(chunks)[0].fields["items"] == {"1": 2}
