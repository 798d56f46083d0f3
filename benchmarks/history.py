"""Two years of a large provider, straight into mart tables: for timing what reads them, not for showing.

Everything is drawn from one seed. A person has about 45 contacts in 24 months, 12 scores on two measures, and
sometimes a crisis, a stay, a move or a rated goal.
"""

import numpy as np
import polars as pl

from outcometables.mart import MART, Mart, mart_schema

AS_OF = 20_700
DAYS = 730
STATUSES = np.array(["ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER"])
STATES = np.array(["STABLE", "AT_RISK", "TEMPORARY", "SHELTER", "UNSHELTERED", "INSTITUTION"])
MEASURES = [("PHQ-9", 1, 6.0, 10.0, 14), ("GAD-7", 1, 4.0, 8.0, 14)]


def history(people: int) -> Mart:
    """A mart of so many people, complete up to AS_OF, in memory."""
    return Mart.from_polars(history_tables(people), as_of=AS_OF)


def history_tables(people: int, *, contacts: int = 45, scores: int = 12, seed: int = 7) -> dict[str, pl.DataFrame]:
    """Its tables."""
    draw = np.random.default_rng(seed)
    start = AS_OF - draw.integers(0, DAYS + 365, people)
    length = draw.exponential(400, people).astype(np.int64) + 14
    end = start + length
    care = _Care(draw, start, np.minimum(end, AS_OF))
    staff = max(people // 40, 1)
    ended = end <= AS_OF
    tables = {
        "people": {"person_id": np.arange(people)},
        "episodes": {
            "row_id": np.arange(people),
            "person_id": np.arange(people),
            "team_id": np.arange(people) % 60,
            "programme": np.array(["ADULT", "YOUTH", "COMMUNITY"])[np.arange(people) % 3],
            "service_model": np.array(["OUTPATIENT", "ACT"])[np.arange(people) % 2],
            "start_day": start,
            "end_day": pl.Series(np.where(ended, end, 0)).replace(0, None),
            "end_reason": np.where(ended, np.where(draw.random(people) < 0.25, "DROPPED_OUT", "COMPLETED"), ""),
        },
        "caseload": {
            "row_id": np.arange(people),
            "person_id": np.arange(people),
            "staff_id": np.arange(people) % staff,
            "caseload_role": np.full(people, "PRIMARY"),
            "from_day": start,
            "to_day": pl.Series(np.where(ended, end, 0)).replace(0, None),
        },
        "contacts": care.rows(contacts, lambda n: {
            "staff_id": draw.integers(0, staff, n),
            "team_id": draw.integers(0, 60, n),
            "kind": np.array(["THERAPY", "MEDICATION", "OUTREACH", "ASSESSMENT"])[draw.integers(0, 4, n)],
            "status": STATUSES[draw.choice(4, n, p=[0.78, 0.14, 0.05, 0.03])],
        }),
        "scores": care.rows(scores, lambda n: {
            "measure": np.array(["PHQ-9", "GAD-7"])[draw.integers(0, 2, n)], "value": draw.integers(3, 22, n),
        }),
        "risk_answers": care.rows(0.4, lambda n: {
            "instrument": np.full(n, "PHQ-9"), "item": np.full(n, "9"), "value": draw.integers(1, 4, n),
        }),
        "crisis": care.rows(0.8, lambda n: {"kind": np.array(["CRISIS_LINE", "POLICE"])[draw.integers(0, 2, n)]}),
        "stays": _stays(care),
        "housing": care.rows(1.2, lambda n: {"state": STATES[draw.choice(6, n, p=[0.5, 0.2, 0.1, 0.1, 0.05, 0.05])]}),
        "goal_ratings": care.rows(3, lambda n: {
            "goal_id": draw.integers(0, 2, n), "rating": draw.integers(0, 11, n), "rated_by": np.full(n, "PERSON"),
        }),
    }  # fmt: skip
    frames = {name: _frame(name, columns) for name, columns in tables.items()}
    frames["scores"] = frames["scores"].sort("day", "row_id").with_columns(
        ordinal=pl.int_range(pl.len(), dtype=pl.Int32).over("person_id", "measure")
    )  # fmt: skip
    kinds = ["measure", "direction", "reliable_change", "cutoff", "due_every_days"]
    frames["measures"] = _frame("measures", dict(zip(kinds, zip(*MEASURES, strict=True), strict=True)))
    return frames


class _Care:
    """Rows that fall on days on which the person was in care."""

    def __init__(self, draw: np.random.Generator, start: np.ndarray, end: np.ndarray) -> None:
        self.draw, self.start, self.end = draw, start, end

    def rows(self, each: float, columns) -> dict:
        n = int(each * self.start.size)
        who = np.sort(self.draw.integers(0, self.start.size, n))
        day = self.start[who] + (self.draw.random(n) * (self.end[who] - self.start[who] + 1)).astype(np.int64)
        return {"row_id": np.arange(n), "person_id": who, "day": day} | columns(n)


def _stays(care: _Care) -> dict:
    rows = care.rows(0.15, lambda n: {"kind": np.full(n, "PSYCHIATRIC_INPATIENT")})
    left = rows["day"] + care.draw.integers(1, 30, rows["day"].size)
    rows["admit_day"] = rows.pop("day")
    rows["discharge_day"] = pl.Series(np.where(left <= AS_OF, left, 0)).replace(0, None)
    return rows


def _frame(table: str, columns: dict) -> pl.DataFrame:
    """The columns drawn, and for the others nothing, 0 or empty text."""
    schema = mart_schema(table)
    height = len(next(iter(columns.values())))
    given = pl.DataFrame({name: pl.Series(columns[name]).cast(schema[name]) for name in columns})
    blank = {pl.String: ""}
    may_be_empty = {column.name for column in MART[table] if column.nullable and column.name.endswith("_day")}
    return given.with_columns(
        pl.lit(blank.get(dtype, None if name in may_be_empty else 0), dtype=dtype).alias(name)
        for name, dtype in schema.items()
        if name not in columns
    ).select(list(schema)).head(height)  # fmt: skip
