"""`tending metrics` says what the metrics say of a mart, and what is wrong with the question, in one line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.spec.metrics.story import AS_OF, MartStory, around

from outcometables.mart import write_mart
from tending.web.commands.metrics import command

STORY = """
    -60 referred team_id=1
    -57 contact THERAPY ATTENDED team_id=1
    -50 referred team_id=2
    -20 referred status=WITHDRAWN closed_day=-19
    -2 referred team_id=1
    -9 contact THERAPY NO_SHOW team_id=2
"""


@pytest.fixture
def mart(tmp_path: Path) -> Path:
    write_mart(tmp_path / "mart", MartStory().tell(STORY).tables() | around(), as_of=AS_OF)
    return tmp_path / "mart"


def said(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command, list(words), env={"COLUMNS": "140"})
    assert result.exit_code == code, result.output
    return result.output


def test_every_metric_has_its_line(mart: Path) -> None:
    output = said("--mart", str(mart))
    assert "from 1 October 2023 to 4 October 2024, as known at the end of 4 October 2024" in output
    line = next(line for line in output.splitlines() if "(referral-to-first-contact)" in line)
    assert " ".join(line.split(")", 1)[1].split()) == "50 % (9 to 91) 2 not reached 100 % 1 provisional"


def test_one_metric_in_words(mart: Path) -> None:
    output = said("--mart", str(mart), "--metric", "referral-to-first-contact")
    assert "50 % (9 to 91) met: 1 of 2." in output
    assert "Middle: not reached; mean of those known 3 days." in output
    assert "Not met: not seen 1." in output
    assert "Left out: withdrawn 1." in output
    assert "Complete: 100 %. Still open: 1." in output
    assert "Provisional: windows are open" in output


def test_by_team_has_the_teams_names(mart: Path) -> None:
    output = said("--mart", str(mart), "--metric", "referral-to-first-contact", "--by", "team_id")
    assert [line.split()[0] for line in output.splitlines()[-3:]] == ["not", "East", "West"]


def test_by_month_for_a_script(mart: Path) -> None:
    told = json.loads(said("--mart", str(mart), "--metric", "referral-to-first-contact", "--by", "month", "--json"))
    assert [(each["group"]["month"], each["met"], each["not_met"], each["open_windows"]) for each in told] == [
        ("2024-08", 1, 1, 0),
        ("2024-09", 0, 0, 0),
        ("2024-10", 0, 0, 1),
    ]
    assert told[0]["left_out"] == {}
    assert told[1]["left_out"] == {"WITHDRAWN": 1}
    assert told[0]["percentile_25"] == 3


def test_other_days_than_the_last_year(mart: Path) -> None:
    words = ["--metric", "referral-to-first-contact", "--from", "2024-08-10", "--to", "2024-08-31", "--json"]
    (told,) = json.loads(said("--mart", str(mart), *words))
    assert (told["n"], told["from"], told["to"]) == (1, "2024-08-10", "2024-08-31")


def test_nothing_of_that_kind(mart: Path) -> None:
    output = said("--mart", str(mart), "--metric", "early-drop-out", "--by", "month")
    assert "Nothing of that kind happened in that time." in output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--metric", "moons"], "There is no metric moons: use one of "),
        (["--by", "colour"], "There is no stratum colour: use month, team_id"),
        (["--by", "staff_id"], "single members of staff are for them and their supervision"),
        (["--from", "2024-08-10", "--to", "2024-08-01"], "give the earlier day first"),
        (["--engine", "abacus"], "There is no engine called abacus"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(mart: Path, words: list[str], says: str) -> None:
    output = said("--mart", str(mart), *words, code=1)
    assert says in output
    assert output.startswith("Error: ")


def test_no_mart_says_how_to_make_one(tmp_path: Path) -> None:
    assert "tending mart" in said("--mart", str(tmp_path / "nowhere"), code=1)
