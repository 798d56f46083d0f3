"""The tutorial on the mart is run as it stands, on a made-up provider: what it prints and draws is what it says."""

import contextlib
import io
import re
import shutil
from datetime import date
from pathlib import Path

from tests.support.mart_of_provider import tables_of

from outcometables.mart import write_mart
from tending.web.demonstration import provider

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "ask-the-mart.md"
PICTURES = TUTORIAL.parent / "ask-the-mart"
PIECE = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)
TODAY = date(2026, 11, 23)
LARGEST = 150_000  # bytes of a committed picture


def run(place: Path) -> str:
    """The tutorial with what it prints now, run in `place`, where its pictures are drawn."""
    made = provider.generate(people=4000, seed=20, today=TODAY)
    write_mart(place / "mart", tables_of(made), as_of=(TODAY - date(1970, 1, 1)).days - 1)
    shutil.copytree(ROOT / "definitions", place / "definitions")
    (place / "docs" / "tutorials" / "ask-the-mart").mkdir(parents=True)
    names: dict[str, object] = {}
    told, printed = [], ""
    for part in re.split(r"(```(?:python|text)\n.*?```)", TUTORIAL.read_text(), flags=re.DOTALL):
        piece = PIECE.fullmatch(part)
        if piece and piece[1] == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.chdir(place):
                exec(compile(piece[2], str(TUTORIAL), "exec"), names)
            printed = out.getvalue()
        told.append(f"```text\n{printed}```" if piece and piece[1] == "text" else part)
    return "".join(told)


def said_in(picture: Path) -> list[str]:
    """What each mark of a picture stands for, which does not hang on the fonts of a machine."""
    return re.findall(r'aria-label="([^"]*)"', picture.read_text())


def test_it_prints_and_draws_what_it_says(tmp_path: Path) -> None:
    assert run(tmp_path) == TUTORIAL.read_text()
    drawn = tmp_path / "docs" / "tutorials" / "ask-the-mart"
    assert {path.name for path in drawn.iterdir()} == {path.name for path in PICTURES.iterdir()}
    for picture in drawn.iterdir():
        assert said_in(picture) == said_in(PICTURES / picture.name), picture.name


def test_pictures_are_small_drawn_and_described() -> None:
    for picture in PICTURES.iterdir():
        assert picture.stat().st_size < LARGEST
        assert len(said_in(picture)) > 8
        assert re.search(rf"!\[[^\]]{{40,}}\]\(ask-the-mart/{picture.name}\)", TUTORIAL.read_text())


def test_the_answer_takes_ten_lines() -> None:
    """From opening the mart to the printed table: statements, imports apart."""
    first = next(body for kind, body in PIECE.findall(TUTORIAL.read_text()) if kind == "python")
    asked = [line for line in first[first.index("mart = ") :].splitlines() if line.strip()]
    assert len(asked) <= 11


if __name__ == "__main__":  # python -m tests.reference.test_tutorial_mart: write what it prints and draws
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        TUTORIAL.write_text(run(Path(folder)))
        shutil.rmtree(PICTURES, ignore_errors=True)
        shutil.copytree(Path(folder) / "docs" / "tutorials" / "ask-the-mart", PICTURES)
