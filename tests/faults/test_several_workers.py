"""Several workers at once: each is a process of its own, and together they do what one would have done."""

import time
from pathlib import Path

import polars as pl
import pytest

from tests.faults import children, deeds


@pytest.fixture(scope="module")
def corrected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same provider's files a minute later: some contacts and totals say something else."""
    later = tmp_path_factory.mktemp("corrected")
    contacts = pl.read_csv(folder / "contacts.csv", infer_schema=False)
    missed = pl.when(pl.int_range(pl.len()) % 7 == 0).then(pl.lit("NO_SHOW")).otherwise("status")
    contacts.with_columns(missed.alias("status")).write_csv(later / "contacts.csv")
    scores = pl.read_csv(folder / "scores.csv", infer_schema=False)
    scores.with_columns(pl.lit("3").alias("value")).write_csv(later / "scores.csv")
    return later


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
def test_they_read_the_same_deliveries_and_double_nothing(workers, folder, corrected, empty, copied):
    prepared = copied(empty)
    children.do(deeds.receive, prepared, folder, corrected, folder)
    alone, together = copied(prepared), copied(prepared)
    children.do(deeds.work_and_turn, alone)

    crew = [children.Child(deeds.work_with_others, together) for _ in range(workers)]
    for ended in [each.ended() for each in crew]:
        assert ended.status == 0, ended.trouble

    assert children.do(deeds.doubled, together) == []
    assert children.do(deeds.meant, together) == children.do(deeds.meant, alone)
    assert children.do(deeds.work_and_turn, together)["signals"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
def test_they_turn_the_same_people_and_each_signal_is_made_and_answered_once(workers, folder, place, copied):
    children.do(deeds.receive, place, folder)
    children.do(deeds.only_read, place)
    alone = copied(place)
    expected = children.do(deeds.work_and_turn, alone)
    assert expected["signals"]

    crew = [children.Child(deeds.work_and_turn, place) for _ in range(workers)]
    answers = []
    for ended in [each.ended() for each in crew]:
        assert ended.status == 0, ended.trouble
        answers.append(ended.answer)

    assert sum(each["signals"] for each in answers) == expected["signals"]
    assert sum(each["reviews"] for each in answers) == expected["reviews"]
    assert children.do(deeds.said, place) == children.do(deeds.said, alone)


@pytest.mark.slow
def test_they_seal_the_audit_trail_and_the_chain_stays_whole(folder, place):
    children.do(deeds.receive, place, folder)
    children.do(deeds.work_and_turn, place)
    crew = [children.Child(deeds.seal_audit, place) for _ in range(4)]
    for ended in [each.ended() for each in crew]:
        assert (ended.status, ended.answer) == (0, ""), ended.trouble


@pytest.mark.slow
def test_a_line_of_the_audit_trail_that_is_committed_late_does_not_break_the_chain(place):
    """An import or a rebuild may take minutes; others write and seal meanwhile."""
    slow = children.Child(deeds.write_slowly, place, 4, at=None)
    until = time.monotonic() + 20
    while not (place.home / "began").exists() and time.monotonic() < until:
        time.sleep(0.02)
    children.do(deeds.write_at_once, place, at=None)
    assert children.do(deeds.seal_audit, place, at=None) == ""
    assert slow.ended().status == 0
    assert children.do(deeds.seal_audit, place, at=None) == ""
