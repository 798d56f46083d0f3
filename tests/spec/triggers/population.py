"""A made-up population with something in every table, for tests and benchmarks of all conditions at once.

Not a picture of a clinic: everything happens often enough, close enough to the day asked about and with enough ties
that each condition fires for some people and stays silent for others.
"""

import numpy as np
import polars as pl
from tests.spec.triggers.story import AS_OF, MEASURES

from outcometables.record.frames import polars_schema


def population(people: int, *, seed: int = 1, contacts: int = 10, scores: int = 6) -> dict[str, pl.DataFrame]:
    """Tables of a record; the last three arguments say how many rows a person has on average."""
    draw = np.random.default_rng(seed)
    one = Draws(draw, people)
    died = np.where(draw.random(people) < 0.02, one.day(200, people), 0)
    tables = {
        "people": {
            "person_id": np.arange(people),
            "birth_day": np.full(people, 5000),
            "died_day": pl.Series(died).replace(0, None),
        },
        "episodes": one.rows(
            1.2,
            lambda n: {
                "team_id": draw.integers(0, 30, n),
                "programme": draw.choice(["ADULT", "YOUTH"], n),
                "service_model": draw.choice(["OUTPATIENT", "FACT"], n),
                "start_day": one.day(400, n),
                "end_day": _mostly_empty(draw, one.day(60, n), 0.8),
            },
        ),
        "contacts": one.rows(
            contacts,
            lambda n: {
                "team_id": draw.integers(0, 30, n),
                "staff_id": draw.integers(0, 300, n),
                "day": one.day(180, n),
                "kind": draw.choice(["THERAPY", "OUTREACH"], n),
                "status": draw.choice(
                    ["ATTENDED", "NO_SHOW", "BOOKED", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER"],
                    n,
                    p=[0.7, 0.15, 0.05, 0.05, 0.05],
                ),
            },
        ),
        "scores": one.rows(
            scores,
            lambda n: {
                "measure": draw.choice([measure[0] for measure in MEASURES], n, p=[0.5, 0.25, 0.1, 0.05, 0.05, 0.05]),
                "day": one.day(180, n),
                "ordinal": np.zeros(n),
                "value": draw.integers(0, 28, n),
            },
        ),
        "risk_answers": one.rows(
            0.1,
            lambda n: {
                "instrument": draw.choice(["PHQ-9", "CORE-10"], n),
                "item": draw.choice(["9", "6"], n),
                "day": one.day(30, n),
                "value": draw.integers(1, 4, n),
            },
        ),
        "crisis": one.rows(
            0.5,
            lambda n: {"day": one.day(70, n), "kind": draw.choice(["CRISIS_LINE", "MOBILE_CRISIS", "POLICE"], n)},
        ),
        "stays": one.rows(0.2, lambda n: _stays(draw, one, n)),
        "housing": one.rows(
            1.5,
            lambda n: {
                "day": one.day(200, n),
                "state": draw.choice(
                    ["STABLE", "AT_RISK", "TEMPORARY", "SHELTER", "UNSHELTERED", "INSTITUTION", "UNKNOWN"],
                    n,
                    p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05],
                ),
            },
        ),
        "goal_ratings": one.rows(
            3,
            lambda n: {
                "goal_id": draw.integers(0, 2, n),
                "day": one.day(200, n),
                "rating": draw.integers(0, 11, n),
                "rated_by": draw.choice(["PERSON", "STAFF"], n, p=[0.8, 0.2]),
            },
        ),
    }
    frames = {name: _frame(name, columns) for name, columns in tables.items()}
    frames["measures"] = pl.DataFrame(MEASURES, schema=polars_schema("measures"), orient="row")
    frames["scores"] = numbered(frames["scores"])
    return frames


def numbered(scores: pl.DataFrame) -> pl.DataFrame:
    """The exporter's part: each person's scores of a measure counted from 0 by day, then row."""
    order = pl.int_range(pl.len(), dtype=pl.Int32).over("person_id", "measure")
    return scores.sort("day", "row_id").with_columns(order.alias("ordinal"))


class Draws:
    """Rows spread over people, and days up to a few after the day asked about."""

    def __init__(self, draw: np.random.Generator, people: int) -> None:
        self.draw = draw
        self.people = people

    def day(self, back: int, n: int) -> np.ndarray:
        return AS_OF + 5 - self.draw.integers(0, back, n)

    def rows(self, each: float, columns) -> dict:
        n = int(each * self.people)
        who = {"row_id": np.arange(n), "person_id": self.draw.integers(0, self.people, n)}
        return who | columns(n)


def _stays(draw: np.random.Generator, one: Draws, n: int) -> dict:
    admitted = one.day(100, n)
    return {
        "kind": draw.choice(["PSYCHIATRIC_INPATIENT", "MEDICAL_INPATIENT"], n, p=[0.8, 0.2]),
        "admit_day": admitted,
        "discharge_day": _mostly_empty(draw, admitted + draw.integers(0, 30, n), 0.1),
    }


def _mostly_empty(draw: np.random.Generator, days: np.ndarray, share: float) -> pl.Series:
    return pl.select(
        pl.when(pl.lit(pl.Series(draw.random(len(days)) < share))).then(None).otherwise(days)
    ).to_series()


def _frame(table: str, columns: dict) -> pl.DataFrame:
    schema = polars_schema(table)
    return pl.DataFrame({name: pl.Series(columns[name]).cast(schema[name]) for name in schema})
