"""What followed a review? Read from the record as it was when somebody looked back, and said with its numbers."""

import random
from collections.abc import Mapping

import polars as pl

from tending.web.demonstration.living import phrases

MEASURES = ("PHQ-9", "CORE-10", "GAD-7", "PCL-5", "K10")
ENOUGH = 0.5  # of a reliable change: what people would call better or worse a month later
MIXED = 0.8  # how often nothing measured is said to be the same rather than not known


class Following:
    """Scores and crises by person, for many short questions."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        measures = tables["measures"].filter(pl.col("measure").is_in(MEASURES))
        scores = tables["scores"].join(measures, on="measure").sort("person_id", "measure", "day", "ordinal")
        self._scores: dict[int, list[tuple[str, int, float, float]]] = {}
        for person, measure, day, value, direction, change in scores.select(
            "person_id", "measure", "day", "value", "direction", "reliable_change"
        ).iter_rows():
            self._scores.setdefault(person, []).append((measure, day, value, direction * change))
        self._crises: dict[int, list[int]] = {}
        for person, day in tables["crisis"].select("person_id", "day").iter_rows():
            self._crises.setdefault(person, []).append(day)

    def followed(self, person: int, *, opened: int, today: int, rng: random.Random) -> tuple[str, str]:
        """Better, about the same, worse or not known, and the words; nothing after ``today`` is looked at."""
        change, numbers = self._change(person, opened, today)
        crises = sum(opened < day <= today for day in self._crises.get(person, ()))
        if crises > 1 or (change is not None and change >= ENOUGH):
            state = "WORSE"
        elif change is None:
            state = "SAME" if rng.random() >= MIXED else "NOT_KNOWN"
        else:
            state = "BETTER" if change <= -ENOUGH else "SAME"
        words = rng.choice(phrases.FOLLOWED[state]).format(numbers=numbers)
        return state, " ".join(words.split())

    def _change(self, person: int, opened: int, today: int) -> tuple[float | None, str]:
        """In reliable changes, worse above nought, of the first of the measures that was taken both times."""
        for measure in MEASURES:
            mine = [row for row in self._scores.get(person, ()) if row[0] == measure and row[1] <= today]
            before = [row for row in mine if row[1] <= opened]
            after = [row for row in mine if row[1] > opened]
            if before and after:
                _, _, first, unit = before[-1]
                last = after[-1][2]
                return (last - first) / unit, f"{measure} went from {first:.0f} to {last:.0f}."
        return None, ""
