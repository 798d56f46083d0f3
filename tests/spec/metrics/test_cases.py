"""Every worked case in `cases/`: the story of a few people, and the opportunities that must be found in it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from tests.spec.metrics.story import AS_OF, MartStory, day_of

from outcometables.metrics import COUNTS, Period, opportunities

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def cases():
    for file in FILES:
        content = yaml.safe_load(file.read_text())
        for case in content["cases"]:
            unit = case.get("unit", content.get("unit", "NONE"))
            parameters = content["parameters"] | case.get("parameters", {})
            name = f"{file.stem}: {case['case']}"
            yield pytest.param(content.get("counts", file.stem), unit, parameters, case, id=name)


def metric(counts, unit, parameters, cohort=None, code="the-metric"):
    cohort = SimpleNamespace(**({"programmes": [], "service_models": []} | (cohort or {})))
    return SimpleNamespace(
        code=code, version=1, counts=counts, unit=unit, parameters=parameters, cohort=cohort, lag_days=0
    )


def told(rows, wanted):
    """Opportunities as a case writes them, by day: `-30 MET 3`, `-30 NOT_MET LATE 12`, `-30 left out: WITHDRAWN`.

    A case that writes `until` sees the last day of the window, one that writes `#` the row, one that writes `<`
    the row that answered, one that writes `team=` the team, one that writes `person 2` who it was.
    """
    for row in rows.iter_rows(named=True):
        said = [row["outcome"]] if row["eligible"] else [f"left out: {row['why_not']}"]
        said += [row["reason"]] if row["reason"] else []
        said += [str(row["value"])] if row["value"] is not None else []
        said += [f"until {row['closes_day'] - AS_OF}"] if "until" in wanted else []
        said += [f"#{row['row_id']}"] if "#" in wanted else []
        said += [f"< {row['answer_row_id']}"] if "<" in wanted else []
        said += [f"team={row['team_id']}"] if "team=" in wanted else []
        said += [f"staff={row['staff_id']}"] if "staff=" in wanted else []
        said += [f"person {row['person_id']}"] if "person " in wanted else []
        yield " ".join([str(row["day"] - AS_OF), *said])


def relative(line):
    """A date at the front of an expected line as the day it is."""
    day, _, rest = line.strip().partition(" ")
    return f"{day_of(day) - AS_OF} {rest}" if len(day) == 10 else line.strip()


@pytest.mark.parametrize(("counts", "unit", "parameters", "case"), list(cases()))
def test_case(counts, unit, parameters, case):
    as_of = day_of(str(case.get("as_of", "0")))
    first, last = (day_of(str(day)) for day in case.get("period", ["2019-01-01", "0"]))
    mart = MartStory().tell(case["story"]).mart()
    asked = [metric(counts, unit, parameters, case.get("cohort"))]
    found = opportunities(mart, asked, as_of=as_of, period=Period(first, last))["the-metric"]
    wanted = "" if case["gives"] == "nothing" else case["gives"]
    lines = [relative(line) for line in wanted.strip().splitlines()]
    assert sorted(told(found, wanted)) == sorted(lines), case.get("because", "")


def test_every_count_has_cases_that_are_met_and_cases_that_are_not():
    found = {
        (counts, word) for counts, _, _, case in (each.values for each in cases()) for word in case["gives"].split()
    }
    missing = {(counts, word) for counts in COUNTS for word in ("MET", "NOT_MET")} - found
    assert missing == set()
