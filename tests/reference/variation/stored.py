"""Reads the rows and the stored reference outputs that lie beside this file."""

import csv
from functools import cache
from pathlib import Path

import numpy as np

from outcomestats.variation.sums import Sums

HERE = Path(__file__).parent
CASES = ("dyestuff", "dyestuff2", "sleepstudy", "pastes", "oats", "simulated")
NESTED = ("pastes", "oats", "simulated")


@cache
def figures(file: str) -> dict[tuple[str, str, str], float]:
    with (HERE / file).open() as rows:
        return {(row["case"], row["method"], row["figure"]): float(row["value"]) for row in csv.DictReader(rows)}


def effects(case: str, method: str, level: str) -> dict[int, tuple[float, float]]:
    with (HERE / "lme4_effects.csv").open() as rows:
        return {
            int(row["key"]): (float(row["estimate"]), float(row["sd"]))
            for row in csv.DictReader(rows)
            if (row["case"], row["method"], row["level"]) == (case, method, level)
        }


@cache
def sums(case: str) -> Sums:
    with (HERE / f"rows_{case}.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    y, group, team = columns.pop("y"), columns.pop("group"), columns.pop("team", None)
    return Sums.from_rows(
        y, group=group.astype(int), team=None if team is None else team.astype(int), covariates=columns
    )
