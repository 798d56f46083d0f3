"""A mart written as a manager would tell it: an event a line, by its day relative to the day asked about or its date.

    -90 referred                         (words may follow: "referred ROUTINE", "referred URGENT")
    2024-07-03 referred                  (a date, for holidays and leap days; the day asked about is 2024-10-04)
    -80 contact ASSESSMENT ATTENDED      (kind and status; ATTENDED THERAPY unless said)
    -80 born 1990-02-28                  (whatever the day says)
    -7 referrals status=WITHDRAWN closed_day=-5 team_id=2      (any table of the mart by its columns)
    person 2                             (the next lines are about somebody else)

and everything a trigger's story may say (tests/spec/triggers/story.py): episode opens, PHQ-9 10, visit NO_SHOW,
crisis, admitted, discharged, housing, goal, died. Any line may end in column=value for what it left out; in a column
of days the value is a day as above, in a column of minutes a day and a time of day, in UTC: -5@14:30.
Row numbers follow the order of the lines in each table, so of two lines with one day the lower one was entered later.
"""

from collections import defaultdict
from datetime import date, timedelta

import narwhals.stable.v2 as nw
import polars as pl
from tests.spec.triggers.story import AS_OF, Story

from outcometables.mart import MART, Holiday, Mart, calendar, mart_schema
from outcometables.record.schema import SCHEMA

EPOCH = date(1970, 1, 1)
ROW_TABLES = {name for name, columns in MART.items() if any(column.name == "row_id" for column in columns)}
# What a line of a table says about its day when it names none.
DAY_OF = {"stays": "admit_day", "episodes": "start_day", "caseload": "from_day", "consents": "given_day"}
HOLIDAYS = [
    Holiday("Independence Day", date(2024, 7, 4), date(2024, 7, 4)),
    Holiday("Labor Day", date(2024, 9, 2), date(2024, 9, 2)),
    Holiday("Independence Day", date(2020, 7, 4), date(2020, 7, 3)),  # a Saturday, observed on the Friday
    Holiday("Christmas Day", date(2022, 12, 25), date(2022, 12, 26)),  # a Sunday, observed on the Monday
]
TEAMS = [
    {"team_id": 1, "name": "East", "programme": "ADULT", "service_model": "OUTPATIENT", "site": "North"},
    {"team_id": 2, "name": "West", "programme": "YOUTH", "service_model": "FACT", "site": "South"},
]
ORGANISATIONS = [{"organisation_id": 1, "name": "County hospital", "kind": "HOSPITAL"}]


def day_of(word: str) -> int:
    """-5, 2024-07-03 or 20000 (written +0) as a day number."""
    if len(word) == 10 and word[4] == "-":
        return (date.fromisoformat(word) - EPOCH).days
    return AS_OF + int(word)


class MartStory(Story):
    """Collects the rows of one or more people's stories into a mart."""

    def __init__(self) -> None:
        super().__init__()
        self.more: dict[tuple, dict] = defaultdict(dict)  # table and first column of a row -> what else it says
        self.others: dict[str, list[dict]] = defaultdict(list)  # the rows of tables that only the mart has
        self.people: dict[int, dict] = {}

    def tell(self, text: str, *, person: int = 1) -> "MartStory":
        for line in filter(None, (line.strip() for line in text.splitlines())):
            if line.startswith("person "):
                person = int(line.split()[1])
                continue
            words = [word for word in line.split() if "=" not in word]
            given = dict(word.split("=", 1) for word in line.split() if "=" in word)
            self._line(person, day_of(words[0]), words[1], words[2:], given)
        for each in self.people:
            self.more["people", each] = self.people[each]
            self.rows["people"].append((each, None, None))
        return self

    def _line(self, person: int, day: int, kind: str, words: list[str], given: dict) -> None:
        about = self.people.setdefault(person, {})
        if kind == "born":
            born = date.fromisoformat(words[0])
            about["birth_day"] = (born - EPOCH).days
            about["birth_ymd"] = born.year * 10_000 + born.month * 100 + born.day
        elif kind == "died":
            about["died_day"] = day
        elif kind == "is":
            about.update(_values("people", given))
        elif kind == "referred":
            urgency = {"urgency": words[0]} if words else {}
            self._add("referrals", person, day, {"status": "ACCEPTED", **urgency} | given)
        elif kind == "contact":
            said = dict(zip(["kind", "status"], words, strict=False))
            self._add("contacts", person, day, {"kind": "THERAPY", "status": "ATTENDED"} | said | given)
        elif kind in MART and not words:
            self._add(kind, person, day, given)
        else:
            before = {table: len(rows) for table, rows in self.rows.items()}
            self._event(person, day, kind, words)
            for table, rows in self.rows.items():
                if len(rows) > before.get(table, 0):
                    self.more[table, rows[-1][0]] = _values(table, given)

    def _add(self, table: str, person: int, day: int, given: dict) -> None:
        own = {"row_id": self._next_row(table)} if table in ROW_TABLES else {}
        own |= {"person_id": person, DAY_OF.get(table, "day"): day}
        known = {column.name for column in MART[table]}
        row = _empty_row(table) | {name: own[name] for name in own if name in known} | _values(table, given)
        if table not in SCHEMA:
            self.others[table].append(row)
            return
        self.rows[table].append(tuple(row[column.name] for column in SCHEMA[table]))
        later = {column.name for column in SCHEMA[table]}  # may still change: a stay ends on a later line
        self.more[table, self.rows[table][-1][0]] = {name: row[name] for name in row if name not in later}

    def _next_row(self, table: str) -> int:
        return len(self.rows[table] if table in SCHEMA else self.others[table]) + 1

    def tables(self) -> dict[str, pl.DataFrame]:
        said = {table: rows for table, rows in self.others.items()}
        for table, frame in super().tables().items():
            number = {"ordinal"} if table == "scores" else set()
            said[table] = [
                _empty_row(table)
                | row
                | {name: value for name, value in self._said(table, row) if name not in number}
                for row in frame.rows(named=True)
            ]
        return {table: exported(table, pl.DataFrame(rows, schema=mart_schema(table))) for table, rows in said.items()}

    def _said(self, table: str, row: dict):
        return self.more[table, next(iter(row.values()))].items()

    def mart(self, *, as_of: int = AS_OF, calendar_from: date = date(2019, 1, 1)) -> Mart:
        return Mart.from_polars(self.tables() | around(calendar_from), as_of=as_of)


def around(calendar_from: date = date(2019, 1, 1)) -> dict[str, pl.DataFrame]:
    """The tables every mart has, whoever is in it."""
    last = EPOCH + timedelta(days=AS_OF + 800)
    return {
        "calendar": calendar(calendar_from, last, HOLIDAYS),
        "teams": pl.DataFrame(TEAMS, schema=mart_schema("teams")),
        "organisations": pl.DataFrame(ORGANISATIONS, schema=mart_schema("organisations")),
    }


def exported(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The exporter's part: columns that follow from others."""
    if table == "measures":
        return rows.with_columns(
            reliable_hundredths=(pl.col("reliable_change") * 100).round().cast(pl.Int64),
            cutoff_hundredths=(pl.col("cutoff") * 100).round().cast(pl.Int64),
        )
    if table == "scores":
        return rows.with_columns(hundredths=(pl.col("value") * 100).round().cast(pl.Int64))
    if table in {"contacts", "procedures"}:
        return rows.with_columns(end_day=pl.max_horizontal("day", "end_day"))
    return rows


def _empty_row(table: str) -> dict:
    return {
        column.name: None if column.nullable else "" if column.dtype == nw.String else 0 for column in MART[table]
    }


def _values(table: str, given: dict) -> dict:
    return {name: _value(table, name, word) for name, word in given.items()}


def _value(table: str, name: str, word):
    column = next((column for column in MART[table] if column.name == name), None)
    if column is None:
        raise ValueError(f"the table {table} has no column {name}")
    if column.dtype == nw.String:
        return word
    if name.endswith("day"):
        return day_of(word)
    if name.endswith("minute"):
        day, _, time = word.partition("@")
        hours, _, minutes = time.partition(":")
        return day_of(day) * 1440 + int(hours or 0) * 60 + int(minutes or 0)
    return float(word) if column.dtype == nw.Float64 else int(word)
