"""Only plain files come in, from where they were sent, and no archive unpacks into more than an export holds."""

import io
import os
import stat
import zipfile

import pytest

from tending.collect import arrivals
from tending.collect.arrivals import Refused, in_folder, landed, one_file, unpacked


@pytest.fixture(autouse=True)
def landing_place(settings, tmp_path):
    settings.RAW_STORE = tmp_path / "home" / "raw"
    return tmp_path / "home" / "arriving"


def archive(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    content.seek(0)
    return content


def test_an_archive_is_unpacked_and_gone_afterwards(landing_place):
    with unpacked(archive(**{"people.csv": "a", "__MACOSX/._people.csv": "x"}), "export.zip") as folder:
        assert [path.name for path in folder.iterdir()] == ["people.csv"]
        assert folder.is_relative_to(landing_place)
    assert list(landing_place.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../people.csv", "/etc/people.csv", "export/people.csv", "a\\people.csv", "C:people.csv", "..", ".hidden", "d/"],
)
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(Refused, match="points elsewhere") as caught, unpacked(archive(**{name: "x"}), "e.zip"):
        pass
    assert "without folders" in caught.value.fix


def test_a_link_inside_an_archive_is_refused():
    link = zipfile.ZipInfo("people.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(link, "/etc/passwd")
    with pytest.raises(Refused, match="a link"), unpacked(content, "e.zip"):
        pass


def test_too_many_files_are_refused():
    many = {f"{n}.csv": "" for n in range(arrivals.MOST_ENTRIES + 1)}
    with pytest.raises(Refused, match="201 files"), unpacked(archive(**many), "e.zip"):
        pass


def test_an_archive_made_to_burst_is_refused_before_it_is_unpacked(landing_place):
    bomb = archive(**{"people.csv": b"0" * (64 << 20)})
    with pytest.raises(Refused, match="far more than an export holds"), unpacked(bomb, "e.zip"):
        pass
    assert not landing_place.exists()


def test_an_archive_that_lies_about_its_size_is_stopped_while_it_is_unpacked(landing_place, monkeypatch):
    bomb = archive(**{"people.csv": b"0" * (64 << 20)})
    monkeypatch.setattr(arrivals, "_check_entries", lambda entries, name: None)
    with pytest.raises(Refused, match="far more than an export holds"), unpacked(bomb, "e.zip"):
        pass
    assert list(landing_place.iterdir()) == []


def test_an_archive_within_an_archive_is_a_file_like_any_other():
    inner = archive(**{"people.csv": b"0" * (1 << 20)}).getvalue()
    with unpacked(archive(**{"inner.zip": inner}), "e.zip") as folder:
        files, _ = in_folder(folder)
        assert [file.name for file in files] == ["inner.zip"]


def test_a_protected_archive_is_refused():
    content = bytearray(archive(**{"people.csv": "x"}).getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    with pytest.raises(Refused, match="password"), unpacked(io.BytesIO(bytes(content)), "e.zip"):
        pass


@pytest.mark.parametrize("damage", [lambda whole: b"no archive", lambda whole: whole[:40]])
def test_what_is_no_archive_is_refused(damage):
    whole = archive(**{"people.csv": "x" * 1000}).getvalue()
    with pytest.raises(Refused, match="damaged"), unpacked(io.BytesIO(damage(whole)), "e.zip"):
        pass


def test_a_damaged_file_in_an_archive_is_refused():
    content = bytearray(archive(**{"people.csv": os.urandom(5000)}).getvalue())
    content[200] ^= 0xFF
    with pytest.raises(Refused, match="cannot be unpacked"), unpacked(io.BytesIO(bytes(content)), "e.zip"):
        pass


def test_a_sent_file_lands_under_its_own_name_and_nowhere_else(landing_place):
    with landed(io.BytesIO(b"x"), "..\\..\\evil/../people.csv") as folder:
        assert [path.name for path in folder.iterdir()] == ["people.csv"]
        assert folder.parent == landing_place


def test_links_and_folders_in_a_folder_are_not_read_and_said(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "people.csv").write_text("x")
    (folder / "teams.csv").symlink_to("/etc/passwd")
    (folder / "more").mkdir()
    (folder / ".hidden").write_text("x")
    os.mkfifo(folder / "pipe.csv")
    files, not_read = in_folder(folder)
    assert [file.name for file in files] == ["people.csv"]
    assert set(not_read) == {"teams.csv", "more", "pipe.csv"}
    assert "link" in not_read["teams.csv"]


def test_a_file_replaced_by_a_link_after_the_look_is_not_followed(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("x")
    file = one_file(path)
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(Refused):
        file.opened()


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(Refused, match="no folder"):
        in_folder(tmp_path / "none")
    with pytest.raises(Refused, match="cannot be opened"):
        one_file(tmp_path / "none.csv")
    with pytest.raises(Refused, match="not a plain file"):
        one_file(tmp_path)
