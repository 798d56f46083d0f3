"""Backup, destroy, restore: everything is there again. And a file that was damaged on the disk is found and named."""

import os
import random
import shutil
from pathlib import Path

import pytest
from django.db import connection

from tending.web import backup
from tests.faults import children, deeds, places
from tests.support import postgresql


@pytest.fixture
def programs(monkeypatch):
    """pg_dump and pg_restore, wherever this machine keeps them."""
    if connection.vendor == "postgresql":
        monkeypatch.setenv("PATH", f"{postgresql.programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def lived_in(place, folder, programs):
    """A place with people, scores and reviews, whose worker has run and whose audit trail is sealed."""
    children.do(deeds.bring_in_and_turn, place, folder)
    children.do(deeds.open_account, place)
    assert children.do(deeds.seal_audit, place) == ""
    assert place.tending("worker", "--once").returncode == 0
    return place


def raw_files(place) -> list[Path]:
    return sorted(path for path in place.raw_store.rglob("*") if path.is_file())


@pytest.mark.slow
def test_backup_destroy_restore_and_everybody_sees_what_they_saw(lived_in, copied, tmp_path):
    archive = tmp_path / "backup.tgz"
    (lived_in.raw_store / ".arriving-left-over").write_text("a process was killed here")
    made = lived_in.tending("backup", str(archive))
    assert made.returncode == 0, made.stderr
    said = children.do(deeds.said, lived_in)
    seen = children.do(deeds.pages, copied(lived_in))  # a look is itself seen on the page: so at a copy
    assert all(page.startswith("200") for page in seen.values())

    destroyed = _destroyed(lived_in)
    restored = destroyed.tending("restore", str(archive), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert "whole" in restored.stdout

    assert children.do(deeds.said, destroyed) == said
    assert children.do(deeds.pages, destroyed) == seen
    checked = destroyed.tending("check")
    assert "FAILED" not in checked.stdout, checked.stdout
    assert checked.returncode == 0
    assert not list(destroyed.raw_store.rglob(".*"))


def _destroyed(place):
    """The disk is gone: an empty folder, and an empty database of the same name."""
    shutil.rmtree(place.home)
    place.home.mkdir()
    if connection.vendor == "postgresql":
        places.on_server(f'DROP DATABASE "{place.database}" WITH (FORCE)')
        places.on_server(f'CREATE DATABASE "{place.database}" TEMPLATE template0')
    return place


@pytest.mark.slow
def test_a_raw_file_damaged_on_the_disk_is_named_and_comes_back_from_the_backup(lived_in, tmp_path):
    archive = tmp_path / "backup.tgz"
    assert lived_in.tending("backup", str(archive)).returncode == 0
    path = raw_files(lived_in)[3]
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    path.chmod(0o400)

    checked = lived_in.tending("check")

    assert checked.returncode == 1
    line = next(line for line in checked.stdout.splitlines() if "Raw submissions" in line)
    assert line.startswith("FAILED")
    assert path.name[:12] in line
    assert "backup" in line

    assert lived_in.tending("restore", str(archive), "--replace").returncode == 0
    assert lived_in.tending("check").returncode == 0


@pytest.mark.slow
def test_a_raw_file_that_is_gone_is_named(lived_in):
    path = raw_files(lived_in)[0]
    path.unlink()
    checked = lived_in.tending("check")
    assert checked.returncode == 1
    assert path.name[:12] in checked.stdout


@pytest.mark.slow
def test_a_damaged_backup_changes_nothing(lived_in, tmp_path):
    archive = tmp_path / "backup.tgz"
    assert lived_in.tending("backup", str(archive)).returncode == 0
    said = children.do(deeds.said, lived_in)
    content = bytearray(archive.read_bytes())
    for place in range(len(content) // 3, len(content) // 3 + 200):
        content[place] ^= 0xFF
    archive.write_bytes(content)

    restored = lived_in.tending("restore", str(archive), "--replace")

    assert restored.returncode == 1
    assert "Traceback" not in restored.stderr
    assert "earlier" in restored.stderr
    assert children.do(deeds.said, lived_in) == said


@pytest.mark.slow
def test_an_archive_damaged_anywhere_is_told_from_a_whole_one(lived_in, tmp_path):
    archive = tmp_path / "backup.tgz"
    assert lived_in.tending("backup", str(archive)).returncode == 0
    whole, content = backup.unpack(archive, tmp_path / "whole"), archive.read_bytes()
    chance = random.Random(1)
    for place in range(150):
        begin, by = chance.randrange(len(content)), chance.randrange(1, 256)
        end = begin + chance.randrange(1, 400)
        damaged = content[:begin] + bytes(byte ^ by for byte in content[begin:end]) + content[end:]
        archive.write_bytes(damaged if place % 5 else content[:begin])
        try:
            assert backup.unpack(archive, tmp_path / f"{place}") == whole
        except backup.BackupTrouble as trouble:
            assert "earlier" in str(trouble)  # noqa: PT017 - an archive may also be whole: its padding was hit
        shutil.rmtree(tmp_path / f"{place}", ignore_errors=True)


@pytest.mark.slow
def test_a_backup_made_while_files_arrive_is_whole(place, folder, programs, tmp_path):
    children.do(deeds.receive, place, folder)
    working = children.Child(deeds.work_with_others, place)
    archive = tmp_path / "backup.tgz"
    made = place.tending("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert working.ended().status == 0
    meant = children.do(deeds.meant, place)

    restored = place.tending("restore", str(archive), "--replace")

    assert restored.returncode == 0, restored.stderr
    children.do(deeds.work_and_turn, place)  # from wherever it was when the copy was made
    assert children.do(deeds.meant, place) == meant


@pytest.mark.slow
def test_made_anew_from_what_arrived_the_rows_are_the_same(lived_in):
    assert children.do(deeds.rebuild, lived_in) == []
