"""A locked, read-only or full database: one clear message, nothing lost, and afterwards it goes on where it was."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.faults import children, deeds
from tests.faults.places import Place


@contextmanager
def held(place: Place) -> Iterator[None]:
    """Somebody else writes and does not come to an end."""
    if connection.vendor == "sqlite":
        holder = sqlite3.connect(place.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.close()
        return
    import psycopg

    given = connection.settings_dict
    with psycopg.connect(host=given["HOST"], user=given["USER"], dbname=place.database) as server:
        server.execute("LOCK TABLE collect_delivery, keep_personhead IN ACCESS EXCLUSIVE MODE")
        yield
        server.rollback()


def load(folder: Path) -> tuple[str, ...]:
    return "load", "csv", str(folder), "--source", "demo"


def assert_it_goes_on(place: Place, folder: Path, copied) -> None:
    """After the trouble the very same command does the rest, as if there had been none."""
    untroubled = children.do(deeds.command, place, *load(folder))
    assert untroubled[0] == 0, untroubled[1]
    children.do(deeds.work_and_turn, place)
    assert children.do(deeds.sound, place) == "ok"
    assert children.do(deeds.doubled, place) == []


@pytest.fixture(scope="module")
def undisturbed(empty: Place, folder: Path, tmp_path_factory: pytest.TempPathFactory):
    place = empty.copy(tmp_path_factory.mktemp("untroubled") / "place")
    children.do(deeds.bring_in_and_turn, place, folder)
    meant = children.do(deeds.meant, place)
    place.remove()
    return meant


@pytest.mark.slow
def test_a_lock_of_five_seconds_is_waited_for(folder, place, undisturbed):
    with held(place):
        waiting = children.Child(deeds.bring_in_and_turn, place, folder)
        assert not waiting.wait(5)
    ended = waiting.ended()
    assert ended.status == 0, ended.trouble
    assert children.do(deeds.meant, place) == undisturbed


@pytest.mark.slow
def test_a_lock_that_is_not_given_back_is_said_in_one_message(folder, place, copied, undisturbed):
    with held(place):
        began = time.monotonic()
        status, said = children.do(deeds.command, place, *load(folder), patience=0.5)
        assert time.monotonic() - began < 20
    assert status == 1
    assert "Traceback" not in said
    assert "held the database" in said
    assert "run the same command again" in said
    assert_it_goes_on(place, folder, copied)
    assert children.do(deeds.meant, place) == undisturbed


@pytest.mark.slow
def test_a_database_that_may_only_be_read_is_said_in_one_message(folder, place, copied, undisturbed):
    status, said = children.do(deeds.command, place, *load(folder), read_only=True)
    assert status == 1
    assert "Traceback" not in said
    assert "may only be read" in said
    assert_it_goes_on(place, folder, copied)
    assert children.do(deeds.meant, place) == undisturbed


@pytest.mark.slow
def test_a_full_disk_under_the_raw_store_leaves_no_half_file(folder, place, copied, undisturbed):
    status, said = children.do(deeds.command, place, *load(folder), room=2000)
    assert status == 1
    assert "Traceback" not in said
    assert "Make room" in said
    assert not [path for path in place.raw_store.rglob("*") if path.name.startswith(".")]
    assert_it_goes_on(place, folder, copied)
    assert children.do(deeds.meant, place) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("room", [100_000, 300_000, 700_000, 1_500_000])
def test_a_full_disk_under_the_database_leaves_it_whole(room, folder, place, copied, undisturbed):
    """On PostgreSQL the server's disk is not ours to fill; there the same is tried with the raw store's."""
    size = Path(place.database).stat().st_size if connection.vendor == "sqlite" else 0
    status, said = children.do(deeds.command, place, *load(folder), room=size + room)
    assert "Traceback" not in said
    if status:
        assert status == 1
        assert "Make room" in said
    assert children.do(deeds.sound, place) == "ok"
    assert_it_goes_on(place, folder, copied)
    assert children.do(deeds.meant, place) == undisturbed
