"""A made-up mart with something in every table, for tests of all metrics at once on every engine.

Not a picture of a clinic: the people of the triggers' population with the columns that only the mart has. Each metric
has rows that are met, not met, open and left out, and there are ties enough to tell a rule from an accident.
"""

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
from tests.spec.metrics.story import EPOCH, around, exported
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF

from outcometables.mart import MART, Mart, mart_schema

WORDS = {
    "sex": ["FEMALE", "MALE", "INTERSEX", "UNKNOWN", "NOT_ASKED", "DECLINED"],
    "gender_identity": ["WOMAN", "MAN", "NOT_ASKED"],
    "race_ethnicity": ["BLACK", "WHITE", "LATINO", "DECLINED"],
    "language": ["en", "es", "NOT_ASKED"],
    "payer": ["MEDICAID", "MEDICARE", "NONE"],
    "deprivation_quintile": ["1", "2", "3", "4", "5", "NOT_ASKED"],
    "end_reason": ["COMPLETED", "DROPPED_OUT", "MOVED", "DIED"],
    "medium": ["IN_PERSON", "HOME", "VIDEO", "PHONE", "TEXT", ""],
    "kind": ["ASSESSMENT", "THERAPY", "OUTREACH", "MEDICATION"],
    "destination": ["HOME", "TRANSFER", "RESIDENTIAL", "PRISON", "DIED", ""],
    "urgency": ["ROUTINE", "URGENT", "EMERGENCY", ""],
    "status": ["WAITING", "ACCEPTED", "DECLINED", "WITHDRAWN"],
    "severity": ["URGENT", "HIGH", "ROUTINE"],
    "trigger": ["phq-9-worsening", "no-contact-30d"],
    "state": ["OPENED", "UNDER_WAY", "ACTING", "CLOSED", "LOOKED_BACK"],
    "domain": ["HOUSING", "WORK", ""],
    "system": ["ICD10", "SNOMED"],
    "code": ["F32.1", "F33.0", "F31.9", "F20.0", "F34.1", "Z51.5"],
    "caseload_role": ["PRIMARY", "COORDINATOR", "PEER"],
}
# A table's own words where they differ from those above.
OF_TABLE = {
    ("review_actions", "kind"): ["SAME_DAY_OUTREACH", "SAFETY_PLAN", "CARE_PLAN", "PARTNER", "OTHER"],
    ("review_actions", "state"): ["OPEN", "DONE", "DECLINED"],
    ("goals", "status"): ["ACTIVE", "ACHIEVED", "CHANGED", "DROPPED"],
    ("consents", "kind"): ["PART_2_TPO", "SHARE_WITH_PARTNERS"],
    ("contacts", "code"): ["", "", "90791", "90834", "99999", "305284002"],
    ("stays", "code"): ["", "", "305336008"],
    ("stays", "destination"): ["HOME", "TRANSFER", "RESIDENTIAL", "HOSPICE", "PRISON", "DIED", ""],
    ("diagnoses", "plain_code"): ["F321", "F329", "F330", "F341", "370143000", "F319", "F200", "Z515", "F0390"],
    ("diagnoses", "certainty"): ["CONFIRMED", "CONFIRMED", "PROVISIONAL"],
    ("diagnoses", "activity"): ["", "ACTIVE", "INACTIVE"],
    ("procedures", "code"): ["225337009", "385763009", "99408", "96777-8", "395669003", "88122-7"],
    ("procedures", "status"): ["DONE", "DONE", "ORDERED"],
    ("procedures", "system"): ["SNOMED", "LOINC", "CPT"],
    ("care_plan_events", "kind"): ["PLAN_AGREED", "PLAN_REVIEWED", "PLAN_UPDATED", "SAFETY_PLAN_AGREED"],
}
ROWS_EACH = {"referrals": 1.3, "care_plan_events": 1.0, "reviews": 0.5, "signals": 0.7, "review_actions": 0.8}


def mart_tables(people: int, *, seed: int = 2, back: int = 400) -> dict[str, pl.DataFrame]:
    """Every table of a mart of so many people, whose days lie up to `back` days before the day asked about."""
    draw = np.random.default_rng(seed)
    told = population(people, seed=seed)
    tables = around()
    for table, frame in told.items():
        tables[table] = _widened(table, frame, draw, people, back)
    for table, columns in MART.items():
        if table not in tables and any(column.name == "person_id" for column in columns):
            rows = int(ROWS_EACH.get(table, 0.6) * people)
            bare = pl.DataFrame({"person_id": draw.integers(0, people, rows)}, schema={"person_id": pl.Int64})
            tables[table] = _widened(table, bare, draw, people, back)
    return tables


def mart(people: int, *, seed: int = 2) -> Mart:
    return Mart.from_polars(mart_tables(people, seed=seed), as_of=AS_OF)


def _widened(table: str, frame: pl.DataFrame, draw: np.random.Generator, people: int, back: int) -> pl.DataFrame:
    """The frame with every column of the mart's table that it has not: drawn, and empty at times where it may be."""
    drawn = {
        column.name: _drawn(table, column, draw, frame.height, people, back)
        for column in MART[table]
        if column.name not in frame.columns
    }
    wide = frame.with_columns(**drawn)
    if table == "contacts":
        wide = wide.with_columns(kind=pl.Series(draw.choice(WORDS["kind"], frame.height)))
    if table == "crisis":
        kinds = ["CRISIS_LINE", "MOBILE_CRISIS", "WALK_IN", "EMERGENCY_DEPARTMENT", "POLICE"]
        wide = wide.with_columns(kind=pl.Series(draw.choice(kinds, frame.height)))
        wide = wide.with_columns(minute=pl.col("day").cast(pl.Int64) * 1440 + 600)
    if "arrived_day" in wide.columns:
        wide = wide.with_columns(arrived_day=pl.col("day") + pl.Series(draw.integers(0, 20, frame.height)))
    if table == "people":
        born = (pl.lit(EPOCH) + pl.duration(days="birth_day")).cast(pl.Date)
        wide = wide.with_columns(birth_day=pl.Series(draw.integers(-7_000, 17_000, frame.height)))
        ymd = born.dt.year() * 10_000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day().cast(pl.Int32)
        wide = wide.with_columns(birth_ymd=ymd)
    if "end_day" in wide.columns and "day" in wide.columns:
        wide = wide.with_columns(end_day=pl.col("day"))
    return exported(table, wide.select(pl.col(name).cast(dtype) for name, dtype in mart_schema(table).items()))


def _drawn(table: str, column, draw: np.random.Generator, rows: int, people: int, back: int) -> pl.Series:
    if column.name in {"row_id", "signal_id", "action_id"} or (table, column.name) == ("reviews", "review_id"):
        return pl.Series(np.arange(rows))
    if column.dtype == nw.String:
        return pl.Series(draw.choice(OF_TABLE.get((table, column.name), WORDS.get(column.name, ["", "SOME"])), rows))
    if column.name.endswith("_minute") or column.name == "minute":
        values = (AS_OF + 3 - draw.integers(0, back, rows)) * 1440 + draw.integers(0, 1440, rows)
    elif column.name.endswith("day"):
        values = AS_OF + 5 - draw.integers(0, back, rows)
    elif column.name == "team_id":
        values = draw.integers(1, 3, rows)
    elif column.name.endswith("_id"):
        values = draw.integers(0, max(2, people // 20), rows)
    else:
        values = draw.integers(0, 2, rows)
    series = pl.Series(values)
    if not column.nullable:
        return series
    return pl.select(pl.when(pl.lit(pl.Series(draw.random(rows) < 0.3))).then(None).otherwise(series)).to_series()
