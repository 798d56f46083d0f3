"""A response whose answers come in pieces is the same response whatever the order."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from tending.collect.mapped import Chunk, Mapped
from tending.collect.models import Submission
from tending.keep import actions
from tending.keep.models import Response

T0 = datetime(2024, 6, 1, 12, tzinfo=UTC)


def piece(line, items, **head):
    fields = {"person_id": "pat", "instrument": "PHQ-9", "answered_date": date(2024, 5, 1), "items": items} | head
    return Mapped("answers", "R1", line, fields, partial=True)


@pytest.fixture
def keep(world):
    def kept(*rows, file=1, day=0):
        submission, _ = Submission.objects.get_or_create(
            sha256=f"{file:064d}",
            source="ehr",
            kind="answers",
            defaults={"media_type": "text/csv", "size": 1, "received_at": T0},
        )
        return actions.keep_chunk(
            chunk=Chunk(list(rows), [], lines_read=99),
            submission_id=submission.pk,
            source="ehr",
            by=None,
            received_at=T0 + timedelta(days=day),
        )

    return kept


def current():
    return Response.objects.current().get()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_pieces_of_one_file_are_joined(keep, order):
    pieces = [piece(2, {"1": 0, "2": 1}), piece(40, {"3": 2}), piece(90, {"4": 3})]
    for number in order:
        assert keep(pieces[number]).faults == []
    assert current().items == {"1": 0, "2": 1, "3": 2, "4": 3}
    assert current().line == 2
    n_versions = Response.objects.count()
    for number in order:
        assert keep(pieces[number]).same == 1
    assert Response.objects.count() == n_versions


def test_pieces_of_one_chunk_are_joined(keep):
    kept = keep(piece(2, {"1": 0}), piece(40, {"3": 2}))
    assert (kept.new, current().items) == (1, {"1": 0, "3": 2})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_each_answer_has_its_latest_value_whatever_the_order_of_arrival(keep, order):
    said = [
        lambda: keep(piece(2, {"1": 0, "2": 0, "3": 0}), file=1, day=0),
        lambda: keep(piece(2, {"1": 1, "2": 1}), file=2, day=1),
        lambda: keep(piece(2, {"1": 2}), file=3, day=2),
    ]
    for number in order:
        said[number]()
    assert current().items == {"1": 2, "2": 1, "3": 0}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_different_answers_in_one_file_are_named_and_the_first_counts(keep, order):
    pieces = [piece(2, {"1": 0, "2": 1}), piece(40, {"2": 3})]
    faults = [fault for number in order for fault in keep(pieces[number]).faults]
    assert [(fault.reason, fault.field, fault.line) for fault in faults] == [("CONTRADICTION", "2", 40)]
    assert current().items == {"1": 0, "2": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_pieces_about_different_people_are_no_response(keep, order):
    pieces = [piece(2, {"1": 0}), piece(40, {"2": 3}, person_id="quinn")]
    faults = [fault for number in order for fault in keep(pieces[number]).faults]
    assert [(fault.reason, fault.line) for fault in faults] == [("DUPLICATE_ID", 40)]
    assert (current().person.code, current().items) == ("PAT", {"1": 0})


@pytest.mark.parametrize("apart", [True, False])
def test_a_piece_about_somebody_else_does_not_separate_the_others(keep, apart):
    pieces = [piece(2, {"1": 0}), piece(40, {"2": 3}, person_id="quinn"), piece(60, {"3": 1})]
    for rows in [[one] for one in pieces] if apart else [pieces]:
        keep(*rows)
    assert (current().person.code, current().items) == ("PAT", {"1": 0, "3": 1})


def test_a_piece_read_again_with_a_better_mapping_replaces_itself(keep):
    keep(piece(2, {"1": 0, "x2": 1}), piece(40, {"3": 1}))
    kept = keep(piece(2, {"1": 0, "2": 1}))
    assert (kept.corrected, kept.faults) == (1, [])
    assert current().items == {"1": 0, "2": 1, "3": 1}


def test_a_whole_response_replaces_whatever_was_there(keep):
    keep(piece(2, {"1": 0, "2": 1}))
    whole = Mapped("answers", "R1", 2, piece(2, {"1": 3}).fields)
    assert keep(whole, file=2, day=1).corrected == 1
    assert current().items == {"1": 3}
