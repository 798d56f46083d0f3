"""`tending past` at a terminal: what it says, what it refuses, two settings side by side."""

import json

import polars as pl
import pytest
from click.testing import CliRunner
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF
from tests.support.engines import filled

from outcometables.mart import write_mart
from tending.web.cli import tending


@pytest.fixture(scope="module")
def mart(tmp_path_factory):
    tables = population(400)
    held = pl.DataFrame({"row_id": range(400), "person_id": range(400), "staff_id": [n % 10 for n in range(400)]})
    tables["caseload"] = held.with_columns(caseload_role=pl.lit("PRIMARY"), from_day=AS_OF - 300, to_day=None)
    folder = tmp_path_factory.mktemp("mart")
    write_mart(folder, filled(tables), as_of=AS_OF)
    return folder


def past(mart, *words):
    return CliRunner().invoke(tending, ["past", "--mart", str(mart), *words])


def test_a_trigger_is_tried_and_told(mart):
    done = past(mart, "--trigger", "repeated-missed-visits")
    assert done.exit_code == 0, done.output
    assert "Two visits missed in a row (repeated-missed-visits, version" in done.output
    for line in (
        "Alerts that ask for an answer",
        "a clinician a month",
        "Followed by a crisis contact within 30 days",
        "Followed by losing touch within 90 days",
        "Admissions without an alert before",
        "as it is: within 30",
    ):
        assert line in done.output


def test_two_settings_stand_side_by_side(mart):
    words = ["--trigger", "repeated-missed-visits", "--compare", "within_days=21", "--compare", "quiet_days=0"]
    done = past(mart, *words, "--json")
    tried = json.loads(done.output)["tried"]
    assert list(tried) == ["as it is", "within_days=21 quiet_days=0"]
    usual, other = tried.values()
    assert (usual["parameters"]["within_days"], other["parameters"]["within_days"]) == (45, 21)
    assert usual["quiet"]["days"] == 14
    assert other["repeats"] == 0
    assert usual["alerts"] > 0
    shown = past(mart, *words).output
    assert f"{usual['alerts']:,}" in shown
    assert "within_days=21 quiet_days=0: within 30 days" in shown


def test_a_sign_of_a_combination_has_settings_too(mart):
    done = past(mart, "--trigger", "two-weak-signs", "--set", "signs.1.within_days=10", "--json")
    (tried,) = json.loads(done.output)["tried"].values()
    assert tried["parameters"]["signs"][0]["parameters"]["within_days"] == 10
    assert tried["parameters"]["signs"][2]["parameters"]["within_days"] == 30


def test_days_are_chosen(mart):
    done = past(mart, "--trigger", "no-contact-30d", "--from", "2024-08-01", "--to", "2024-09-30", "--json")
    (tried,) = json.loads(done.output)["tried"].values()
    assert (tried["first_day"], tried["last_day"]) == ("2024-08-01", "2024-09-30")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trigger", "no-such"], "There is no trigger no-such: use one of core-10-worsening"),
        (["--trigger", "no-contact-30d", "--set", "weeks=3"], "weeks"),
        (["--trigger", "no-contact-30d", "--set", "days=soon"], "Expected `int`"),
        (["--trigger", "no-contact-30d", "--set", "days"], "NAME=VALUE"),
        (["--trigger", "no-contact-30d", "--set", "signs.1.days=3"], "no setting signs.1.days"),
        (["--trigger", "two-weak-signs", "--set", "signs.9.within_days=3"], "numbered from 1"),
        (["--trigger", "no-contact-30d", "--set", "quiet_days=-1"], "quiet_days"),
        (["--trigger", "no-contact-30d", "--set", "days=[1"], "is no value"),
        (["--trigger", "no-contact-30d", "--to", "2031-01-01"], "knows nothing after"),
        (["--trigger", "no-contact-30d", "--from", "2031-01-01"], "earlier day"),
    ],
)
def test_what_cannot_be_tried_is_said_in_one_line(mart, words, said):
    done = past(mart, *words)
    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_folder_without_a_mart_is_named(tmp_path):
    done = past(tmp_path, "--trigger", "no-contact-30d")
    assert done.exit_code == 1
    assert "tending mart" in done.output
