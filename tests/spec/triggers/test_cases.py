"""Every worked case in `cases/`: the story of a person, and what must be found in it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from tests.spec.triggers.story import AS_OF, Story

from outcometables.triggers import CONDITIONS, evaluate

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def cases():
    for file in FILES:
        content = yaml.safe_load(file.read_text())
        for case in content["cases"]:
            parameters = content["parameters"] | case.get("parameters", {})
            yield pytest.param(file.stem, parameters, case, id=f"{file.stem}: {case['case']}")


def trigger(condition, parameters, cohort=None):
    cohort = {"programmes": [], "service_models": []} | (cohort or {})
    return SimpleNamespace(
        code=condition, condition=condition, parameters=parameters, cohort=SimpleNamespace(**cohort)
    )


def told(rows, *, with_row):
    """Evidence as a case writes it: day, role, value if any, row number if asked for, a star at the anchor."""
    for row in rows.iter_rows(named=True):
        value = "" if row["value"] is None else f" {row['value']:g}"
        number = f" #{row['row_id']}" if with_row else ""
        yield f"{row['day'] - AS_OF} {row['role']}{value}{number}{' *' if row['anchor'] else ''}"


@pytest.mark.parametrize(("condition", "parameters", "case"), list(cases()))
def test_case(condition, parameters, case):
    # The episode is open unless the case tells otherwise.
    story = case["story"]
    if "episode" not in story and not case.get("no_episode"):
        story = f"-400 episode opens\n{story}"
    record = Story().tell(story).record()
    found = evaluate(record, [trigger(condition, parameters, case.get("cohort"))], as_of=AS_OF)[condition]
    wanted = [] if case["fires"] == "no" else [line.strip() for line in case["fires"].strip().splitlines()]
    assert sorted(told(found, with_row="#" in case["fires"])) == sorted(wanted), case.get("because", "")


def test_every_condition_has_cases_that_fire_and_cases_that_do_not():
    outcomes = {(condition, case["fires"] == "no") for condition, _, case in (each.values for each in cases())}
    assert outcomes == {(condition, quiet) for condition in CONDITIONS for quiet in (True, False)}
