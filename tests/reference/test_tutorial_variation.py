"""The tutorial on variation is run as it stands: what it prints, draws and says is compared with what comes out."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "variation.md"
DATA = ROOT.parent / "shared" / "data" / "nhs_talking_therapies"
PIECE = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w])")
LARGEST = 150_000  # bytes of a committed picture
# Of the text around the pieces: what is no result, but a rule, a licence or a word for a year.
NO_RESULT = {"5", "100", "1,000", "0", "3.0", "2017-18", "2024-25", "2021-22", "2022-23"}


def pieces() -> list[tuple[str, str]]:
    return PIECE.findall(TUTORIAL.read_text())


def run(pictures: Path) -> str:
    """The text of the tutorial with what it prints now in place of what it says it prints."""
    names: dict[str, object] = {}
    printed = ""
    told = TUTORIAL.read_text()
    at = 0
    for found in PIECE.finditer(told):
        kind, body = found.groups()
        if kind == "text":
            told_now = told[: found.start() + at] + f"```text\n{printed}```" + told[found.end() + at :]
            at += len(told_now) - len(told)
            told = told_now
            continue
        out = io.StringIO()
        code = body.replace('Path("docs/tutorials/variation")', f"Path({str(pictures)!r})")
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(TUTORIAL), "exec"), names)
        printed = out.getvalue()
    return told


def said_in(picture: Path) -> list[str]:
    """What each mark of a picture stands for, which does not hang on the fonts of a machine."""
    return re.findall(r'aria-label="([^"]*)"', picture.read_text())


@pytest.mark.slow
def test_it_prints_and_draws_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not DATA.is_dir():
        pytest.skip("not here: the figures of English providers, ../shared/data/nhs_talking_therapies")
    monkeypatch.chdir(ROOT)
    assert run(tmp_path) == TUTORIAL.read_text()
    committed = TUTORIAL.parent / "variation"
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in committed.iterdir()}
    for picture in tmp_path.iterdir():
        assert said_in(picture) == said_in(committed / picture.name), picture.name


def test_pictures_are_small_drawn_and_described() -> None:
    text = TUTORIAL.read_text()
    for picture in (TUTORIAL.parent / "variation").iterdir():
        assert picture.stat().st_size < LARGEST
        assert len(said_in(picture)) > 8, "there are marks in it"
        assert re.search(rf"!\[[^\]]{{40,}}\]\(variation/{picture.name}\)", text), "with words for who cannot see it"


def test_no_figure_in_the_prose_is_anybodys_memory() -> None:
    """Every number in a sentence stands in a piece of code or in what one printed."""
    prose = PIECE.sub("", TUTORIAL.read_text())
    computed = set(NUMBER.findall(" ".join(body for _, body in pieces())))
    years = re.sub(r"20\d\d-\d\d", "", prose)
    assert {number for number in NUMBER.findall(years) if number not in computed | NO_RESULT} == set()


def test_nobody_is_named_and_nobody_is_ranked() -> None:
    text = TUTORIAL.read_text().lower()
    for word in ("rank", "league", "best provider", "worst", "trust ", "good provider", "bad provider"):
        assert word not in text, word


if __name__ == "__main__":  # python -m tests.reference.test_tutorial_variation: write what it prints and draws
    TUTORIAL.write_text(run(TUTORIAL.parent / "variation"))
