"""A provider of a million people as a mart, for timing what reads marts, not for showing.

Everything is drawn from one seed, a part of the people at a time, and kept for the next run. A person has on average
1.2 referrals, one episode, 10 contacts, 5 scores, and at times a crisis, a stay, a signal and its review.
"""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from outcometables.mart import MART, MartError, calendar, mart_schema
from outcometables.mart.manifest import columns_digest, read_manifest
from outcometables.mart.schema import ROWS_A_PERSON
from outcometables.mart.writing import writing

AS_OF = 20_700
BACK = 1_000  # how many days before AS_OF the first referral may have come
PEOPLE_A_PART = 125_000
TEAMS, STAFF = 60, 3_000
MEASURES = [("PHQ-9", 1, 6.0, 10.0, 30), ("GAD-7", 1, 4.0, 8.0, 30), ("DIALOG", -1, 0.6, None, 90)]
WORDS = {
    "sex": ["FEMALE", "MALE", "UNKNOWN"],
    "gender_identity": ["WOMAN", "MAN", "NOT_ASKED"],
    "race_ethnicity": ["BLACK", "WHITE", "LATINO", "ASIAN", "DECLINED", "NOT_ASKED"],
    "language": ["en", "es"],
    "payer": ["MEDICAID", "MEDICARE", "COMMERCIAL", "NONE"],
    "deprivation_quintile": ["1", "2", "3", "4", "5"],
    "medium": ["IN_PERSON", "HOME", "VIDEO", "PHONE", "TEXT"],
    "urgency": ["ROUTINE", "ROUTINE", "ROUTINE", "URGENT", "EMERGENCY"],
    "severity": ["URGENT", "HIGH", "ROUTINE"],
    "trigger": ["phq-9-worsening", "repeated-missed-visits", "no-contact-30d"],
    "system": ["ICD10"],
    "plain_code": ["F321", "F330", "F331", "F411", "F431", "F319", "F209"],
    "certainty": ["CONFIRMED"],
    "activity": ["ACTIVE"],
    "destination": ["HOME", "HOME", "TRANSFER", "RESIDENTIAL", ""],
    "domain": ["HOUSING", "WORK", "HEALTH"],
    "caseload_role": ["PRIMARY"],
    "rated_by": ["PERSON"],
}
KINDS = {
    "contacts": ["THERAPY", "THERAPY", "ASSESSMENT", "MEDICATION", "CARE_COORDINATION", "OUTREACH"],
    "crisis": ["CRISIS_LINE", "MOBILE_CRISIS", "EMERGENCY_DEPARTMENT"],
    "stays": ["PSYCHIATRIC_INPATIENT", "PSYCHIATRIC_INPATIENT", "MEDICAL_INPATIENT", "EMERGENCY_DEPARTMENT"],
    "care_plan_events": ["PLAN_AGREED", "PLAN_REVIEWED", "PLAN_UPDATED", "SAFETY_PLAN_AGREED"],
    "review_actions": ["SAME_DAY_OUTREACH", "SAFETY_PLAN", "CARE_PLAN", "PARTNER"],
    "consents": ["PART_2_TPO"],
}
STATES = {
    "housing": ["STABLE", "STABLE", "AT_RISK", "TEMPORARY", "SHELTER"],
    "reviews": ["CLOSED", "CLOSED", "ACTING", "UNDER_WAY"],
    "review_actions": ["DONE", "DONE", "OPEN"],
}
STATUSES = {"referrals": ["ACCEPTED"] * 8 + ["WITHDRAWN", "DECLINED"], "goals": ["ACTIVE", "ACHIEVED", "CHANGED"]}
# How many rows a person has, on average.
EACH = {
    "caseload": 1.0, "contacts": 10.0, "scores": 5.0, "referrals": 1.2, "crisis": 0.3, "stays": 0.16, "housing": 1.0,
    "goals": 0.5, "goal_ratings": 2.0, "care_plan_events": 0.7, "diagnoses": 1.0, "consents": 0.5, "signals": 0.4,
    "reviews": 0.3, "review_actions": 0.5, "looks": 1.0, "procedures": 0.1, "risk_answers": 0.1,
}  # fmt: skip


def mart_folder(people: int) -> Path:
    """The folder of a mart of so many people: written once, and kept below the temporary files."""
    script = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"tending-bench-mart-{people}-{columns_digest()[:8]}-{script}"
    try:
        read_manifest(folder)
    except MartError:
        _write(folder, people)
    return folder


def _write(folder: Path, people: int) -> None:
    rows = dict.fromkeys(MART, 0)
    with writing(folder) as mart:
        for table, frame in _about_nobody().items():
            mart.add(table, frame)
            rows[table] = frame.height
        for first in range(0, people, PEOPLE_A_PART):
            part = range(first, min(first + PEOPLE_A_PART, people))
            for table, frame in _Part(part).tables():
                mart.add(table, frame, people=part)
                rows[table] += frame.height
        mart.finish(as_of=AS_OF, rows_in_record=rows, people_a_part=PEOPLE_A_PART)


def _about_nobody() -> dict[str, pl.DataFrame]:
    day = date(1970, 1, 1) + timedelta(days=AS_OF)
    teams = np.arange(TEAMS)
    named = {
        "teams": {
            "team_id": teams,
            "name": [f"Team {number}" for number in teams],
            "programme": np.array(["ADULT", "YOUTH", "COMMUNITY"])[teams % 3],
            "service_model": np.array(["OUTPATIENT", "ACT"])[teams % 2],
            "site": np.array(["NORTH", "SOUTH", "EAST", "WEST"])[teams % 4],
        },
        "organisations": {
            "organisation_id": [1, 2],
            "name": ["Hospital", "Line"],
            "kind": ["HOSPITAL", "CRISIS_LINE"],
        },
        "measures": {
            "measure": [each[0] for each in MEASURES],
            "direction": [each[1] for each in MEASURES],
            "reliable_change": [each[2] for each in MEASURES],
            "cutoff": [each[3] for each in MEASURES],
            "due_every_days": [each[4] for each in MEASURES],
            "reliable_hundredths": [round(100 * each[2]) for each in MEASURES],
            "cutoff_hundredths": [None if each[3] is None else round(100 * each[3]) for each in MEASURES],
        },
    }
    frames = {table: pl.DataFrame(columns, schema=mart_schema(table)) for table, columns in named.items()}
    first = day - timedelta(days=BACK + 1_500)
    return frames | {"calendar": calendar(first, day + timedelta(days=800), [])}


class _Part:
    """Some of the people, each in care from a start to an end; what happens to them lies between."""

    def __init__(self, people: range) -> None:
        self.people, self.size = people, len(people)
        self.draw = np.random.default_rng([7, people.start])
        self.referred = AS_OF - self.draw.integers(0, BACK, self.size)
        self.start = np.minimum(self.referred + self.draw.exponential(15, self.size).astype(np.int64), AS_OF)
        self.end = self.start + 14 + self.draw.exponential(300, self.size).astype(np.int64)
        self.team = self.draw.integers(0, TEAMS, self.size)

    def tables(self) -> "list[tuple[str, pl.DataFrame]]":
        told = [("people", self._people()), ("episodes", self._episodes())]
        return told + [(table, self._rows(table, each)) for table, each in EACH.items()]

    def _people(self) -> pl.DataFrame:
        born = AS_OF - self.draw.integers(12 * 365, 85 * 365, self.size)
        dates = pl.Series(born).cast(pl.Int32).cast(pl.Date)
        died = np.where(self.draw.random(self.size) < 0.01, AS_OF - self.draw.integers(0, 300, self.size), 0)
        ymd = dates.dt.year().cast(pl.Int64) * 10_000 + dates.dt.month().cast(pl.Int64) * 100
        given = {
            "person_id": np.arange(self.people.start, self.people.stop),
            "birth_day": born,
            "died_day": pl.Series(died).replace(0, None),
            "birth_ymd": ymd + dates.dt.day().cast(pl.Int64),
        }
        return self._filled("people", given, self.size)

    def _episodes(self) -> pl.DataFrame:
        ended = self.end <= AS_OF
        who = np.arange(self.people.start, self.people.stop)
        reasons = np.array(["COMPLETED", "COMPLETED", "DROPPED_OUT", "MOVED"])[self.draw.integers(0, 4, self.size)]
        given = {
            "row_id": who * ROWS_A_PERSON,
            "person_id": who,
            "team_id": self.team,
            "programme": np.array(["ADULT", "YOUTH", "COMMUNITY"])[self.team % 3],
            "service_model": np.array(["OUTPATIENT", "ACT"])[self.team % 2],
            "start_day": self.start,
            "end_day": pl.Series(np.where(ended, self.end, 0)).replace(0, None),
            "end_reason": np.where(ended, reasons, ""),
            "derived": np.zeros(self.size),
        }
        return self._filled("episodes", given, self.size)

    def _rows(self, table: str, each: float) -> pl.DataFrame:
        rows = int(each * self.size)
        who = np.sort(self.draw.integers(0, self.size, rows))
        first, last = self.start[who], np.minimum(self.end[who], AS_OF)
        day = first + (self.draw.random(rows) * (last - first + 1)).astype(np.int64)
        if table == "referrals":
            day = self.referred[who] + np.where(self.draw.random(rows) < 0.2, self.draw.integers(0, 200, rows), 0)
        given = {"person_id": who + self.people.start, "day": day, "team_id": self.team[who]}
        frame = self._filled(table, given | _OF.get(table, lambda *_: {})(self.draw, day), rows)
        return _numbered(table, frame)

    def _filled(self, table: str, given: dict, rows: int) -> pl.DataFrame:
        """Columns that nobody spoke of: words of their kind, days and minutes around the row's day, small numbers."""
        day = given.get("day", np.full(rows, AS_OF - 100))
        columns = {}
        for name, dtype in mart_schema(table).items():
            values = given[name] if name in given else self._drawn(table, name, dtype, day, rows)
            columns[name] = pl.Series(name, values).cast(dtype)
        return pl.DataFrame(columns)

    def _drawn(self, table: str, name: str, dtype: object, day: np.ndarray, rows: int) -> np.ndarray | pl.Series:
        if dtype == pl.String:
            of = {"kind": KINDS, "state": STATES, "status": STATUSES}.get(name, {}).get(table)
            words = np.array(of or WORDS.get(name, [""]))
            return words[self.draw.integers(0, len(words), rows)]
        if name.endswith("day"):
            return day + self.draw.integers(0, 14, rows)
        if name.endswith("minute"):
            return (day + self.draw.integers(0, 5, rows)) * 1440 + self.draw.integers(0, 1440, rows)
        highest = {"staff_id": STAFF, "organisation_id": 2, "minutes": 60}.get(name, 2)
        return self.draw.integers(1, highest + 1, rows)


_Draw = Callable[[np.random.Generator, np.ndarray], dict]


def _contacts(draw: np.random.Generator, day: np.ndarray) -> dict:
    statuses = np.array(["ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER", "BOOKED"])
    return {
        "status": statuses[draw.choice(5, day.size, p=[0.76, 0.13, 0.06, 0.04, 0.01])],
        "minute": day * 1440 + draw.integers(8 * 60, 18 * 60, day.size),
        "end_day": day,
        "arrived_day": day + draw.exponential(2, day.size).astype(np.int64),
        "code": np.full(day.size, "90837"),
    }


def _scores(draw: np.random.Generator, day: np.ndarray) -> dict:
    value = draw.integers(0, 25, day.size)
    return {
        "measure": np.array(["PHQ-9", "PHQ-9", "GAD-7", "DIALOG"])[draw.integers(0, 4, day.size)],
        "value": value,
        "hundredths": value * 100,
        "ordinal": np.zeros(day.size),
        "arrived_day": day + draw.exponential(2, day.size).astype(np.int64),
    }


def _stays(draw: np.random.Generator, day: np.ndarray) -> dict:
    left = day + draw.integers(0, 25, day.size)
    return {
        "admit_day": day,
        "discharge_day": pl.Series(np.where(left <= AS_OF, left, 0)).replace(0, None),
        "admit_minute": day * 1440 + 600,
        "discharge_minute": pl.Series(np.where(left <= AS_OF, left * 1440 + 900, 0)).replace(0, None),
    }


_OF: dict[str, _Draw] = {"contacts": _contacts, "scores": _scores, "stays": _stays}


def _numbered(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of person and day, numbered as the export numbers them."""
    day = next((name for name in ("day", "admit_day", "from_day", "given_day") if name in frame.columns), "person_id")
    frame = frame.sort("person_id", day)
    number = pl.col("person_id") * ROWS_A_PERSON + pl.int_range(pl.len(), dtype=pl.Int64).over("person_id")
    keys = [name for name in ("row_id", "signal_id", "action_id") if name in frame.columns]
    if table == "reviews":
        keys = ["review_id"]
    frame = frame.with_columns(number.alias(name) for name in keys)
    if table == "scores":
        ordinal = pl.int_range(pl.len(), dtype=pl.Int32).over("person_id", "measure")
        frame = frame.with_columns(ordinal.alias("ordinal"))
    return frame
