import gzip
import hashlib

import pytest

from tending.collect import raw_store


def test_bytes_come_back_as_they_arrived_and_are_kept_once(raw_store_folder):
    blocks = [b"first\r\n", b"", b"\x00\xff second"]
    stored = raw_store.keep(blocks)
    again = raw_store.keep([b"".join(blocks)])
    whole = b"".join(blocks)
    assert stored == again
    assert stored.sha256 == hashlib.sha256(whole).hexdigest()
    assert stored.size == len(whole)
    assert b"".join(raw_store.read(stored.sha256)) == whole
    with raw_store.opened(stored.sha256) as file:
        assert file.read() == whole
    assert [path.name for path in raw_store_folder.rglob("*") if path.is_file()] == [f"{stored.sha256}.gz"]


def test_what_is_stored_cannot_be_written_to_by_mistake(raw_store_folder):
    stored = raw_store.keep([b"x"])
    assert raw_store.path_of(stored.sha256).stat().st_mode & 0o222 == 0


def test_an_arrival_that_breaks_off_leaves_nothing(raw_store_folder):
    def breaking():
        yield b"some"
        raise OSError("the line went down")

    with pytest.raises(OSError, match="went down"):
        raw_store.keep(breaking())
    assert [path for path in raw_store_folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: gzip.compress(b"another content"),
        lambda packed: packed[: len(packed) // 2],
        lambda packed: b"not gzip at all",
        *(
            lambda packed, at=at: packed[:at] + bytes(255 - byte for byte in packed[at:])
            for at in (10, 12, 15, 20, 30)
        ),
    ],
)
def test_damage_is_noticed_before_anything_is_read(raw_store_folder, damage):
    stored = raw_store.keep([b"a,b\n1,2\n" * 100])
    path = raw_store.path_of(stored.sha256)
    packed = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(damage(packed))
    with pytest.raises(raw_store.RawStoreError, match="backup"):
        raw_store.opened(stored.sha256)


def test_what_is_not_there_is_said(raw_store_folder):
    with pytest.raises(raw_store.RawStoreError, match="not in the raw store"):
        raw_store.opened("0" * 64)
    with pytest.raises(raw_store.RawStoreError, match="not the digest"):
        raw_store.path_of("../../etc/passwd")


@pytest.fixture
def raw_store_folder(settings, tmp_path):
    settings.RAW_STORE = tmp_path / "raw"
    return settings.RAW_STORE
